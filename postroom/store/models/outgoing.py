from django.db import models

from postroom.store.models.bulletins import BulletinPosting
from postroom.store.models.credentials import OneTimeLink


class OutgoingMail(models.Model):
    """An e-mail of Postroom's own on its way out. The row is the queue, as everywhere (models/reconciled.py).

    What it says is forgotten once it has ended: mails hold one-time links.
    """

    purpose = models.CharField(max_length=32)  # bulletin, statistics, password_reset_test, …
    recipient = models.CharField(max_length=254)
    sender = models.CharField(max_length=600, default="")  # of the From header; empty: POSTROOM_MAIL_FROM
    reply_to = models.CharField(max_length=254, default="")
    subject = models.CharField(max_length=512, default="")
    text = models.TextField(default="")
    html = models.TextField(default="")
    posting = models.ForeignKey(BulletinPosting, null=True, on_delete=models.CASCADE, related_name="mails")
    variables = models.JSONField(default=dict)  # of the bulletin, for this recipient
    link = models.ForeignKey(OneTimeLink, null=True, on_delete=models.SET_NULL, related_name="mails")  # that it holds
    status = models.CharField(max_length=8)  # due, held (there is no SMTP server), sent or failed
    due_at = models.BigIntegerField(null=True)
    leased_until = models.BigIntegerField(null=True)
    attempts = models.IntegerField(default=0)
    failure = models.TextField(default="")
    created_at = models.BigIntegerField()
    ended_at = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], name="outgoing_due", condition=models.Q(due_at__isnull=False)),
            models.Index(fields=["ended_at"], name="outgoing_ended", condition=models.Q(ended_at__isnull=False)),
        ]
