"""Mail being copied from other people's servers (OMA calls it migration)."""

from django.db import models

from postroom.store.models.mailboxes import Mailbox


class CopyJob(models.Model):
    """What somebody asked for at once; its name is that person's own."""

    name = models.CharField(max_length=64)
    requester_id = models.BigIntegerField()  # mailbox; 0: the operator
    requester = models.CharField(max_length=254)
    created_at = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["requester_id", "name"], name="copy_job_once_a_requester")]
        indexes = [models.Index(fields=["created_at"], name="copy_job_created")]


class Copy(models.Model):
    """One mailbox there into one mailbox here. The row is its own queue, like those of domains and mailboxes."""

    job = models.ForeignKey(CopyJob, on_delete=models.CASCADE, related_name="copies")
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="copies")
    address = models.CharField(max_length=254)  # of the mailbox, when it was asked for
    method = models.CharField(max_length=8)  # imap4, imap4s, pop3 or pop3s
    host = models.CharField(max_length=255)
    port = models.IntegerField()
    login = models.CharField(max_length=320)
    secret = models.TextField()  # the password there, sealed; empty once the copy has ended
    skip = models.JSONField(default=list)  # folders there
    translate = models.JSONField(default=dict)  # folder there → folder here, parts with . between
    state = models.CharField(max_length=8)  # waiting, running, done or failed
    failure = models.TextField(default="")
    due_at = models.BigIntegerField(null=True)  # null: ended
    leased_until = models.BigIntegerField(null=True)
    attempts = models.IntegerField(default=0)  # failures in a row
    started_at = models.BigIntegerField(null=True)
    ended_at = models.BigIntegerField(null=True)
    worked = models.BigIntegerField(default=0)  # milliseconds

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "mailbox"], name="copy_once_a_job")]
        indexes = [models.Index(fields=["due_at"], name="copy_due", condition=models.Q(due_at__isnull=False))]


class CopyFolder(models.Model):
    """How far a folder is."""

    copy = models.ForeignKey(Copy, on_delete=models.CASCADE, related_name="folders")
    name = models.CharField(max_length=500)  # there, in Unicode
    path = models.JSONField()  # here, a list of parts
    delimiter = models.CharField(max_length=8, default="")
    validity = models.CharField(max_length=32, default="")  # UIDVALIDITY
    last_key = models.CharField(max_length=128, default="")  # the last message dealt with: UID or UIDL
    mark = models.CharField(max_length=64, default="")  # where our folder ended then (drivers/copying/contract.py)
    finished = models.BooleanField(default=False)
    broken = models.CharField(max_length=500, default="")  # why it could not be read at all
    remote_count = models.IntegerField(default=0)
    migrated = models.IntegerField(default=0)
    skipped = models.IntegerField(default=0)
    failed = models.IntegerField(default=0)
    retried_once = models.IntegerField(default=0)
    retried_twice = models.IntegerField(default=0)
    bytes = models.BigIntegerField(default=0)
    trying = models.CharField(max_length=128, default="")  # the message at which the connection broke, and how often
    tries = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["copy", "name"], name="copy_folder_once")]


class CopySeen(models.Model):
    """A message that was dealt with: its key where keys have no order, its digest where it may come again in another
    folder."""

    folder = models.ForeignKey(CopyFolder, on_delete=models.CASCADE, related_name="seen")
    key = models.CharField(max_length=128)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["folder", "key"], name="copy_seen_once")]


class CopyLine(models.Model):
    """What happened, for people. Only so many are kept."""

    copy = models.ForeignKey(Copy, on_delete=models.CASCADE, related_name="lines")
    at = models.BigIntegerField()
    text = models.CharField(max_length=500)
