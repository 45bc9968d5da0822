from django.db import models

from postroom.store.models.mailboxes import Mailbox


class MailUsage(models.Model):
    """How much mail a mailbox holds, as its platform said a while ago (worker/usage.py)."""

    mailbox = models.OneToOneField(Mailbox, primary_key=True, on_delete=models.CASCADE, related_name="usage")
    bytes = models.BigIntegerField()
    messages = models.BigIntegerField()
    full = models.BooleanField()  # bytes ≥ the mailbox's quota
    at = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["mailbox"], name="mail_usage_full", condition=models.Q(full=True))]


class Reindexing(models.Model):
    """Somebody asked for a new index of a mailbox's folders; a job of the same key does it."""

    id = models.CharField(max_length=32, primary_key=True)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="reindexings")
    folder = models.CharField(max_length=1000)  # empty: all
    status = models.CharField(max_length=8)  # pending, active, complete or failed
    created_at = models.BigIntegerField(db_index=True)
