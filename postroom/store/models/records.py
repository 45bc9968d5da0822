"""What was, what is gone, and what remains to be done."""

from django.db import models


class History(models.Model):
    """Who changed what. Rows are never changed or removed: triggers of the database see to it (migration 0002).

    The entries of one object form a chain: `hash` covers the entry and the hash before it, and the object's
    row holds the newest hash. So a changed, removed or slipped-in entry is found by `postroom history`.
    """

    at = models.BigIntegerField()
    kind = models.CharField(max_length=16)  # company, domain, mailbox, person or account
    object_id = models.BigIntegerField()
    name = models.CharField(max_length=254)  # of the object, at the time
    company_id = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=254)
    face = models.CharField(max_length=16)
    application = models.CharField(max_length=128)
    request_id = models.CharField(max_length=64)
    verb = models.CharField(max_length=32)  # created, changed, deleted, …
    changes = models.JSONField()  # field → [before, after]; never a secret
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["kind", "object_id", "id"], name="history_object")]


class Tombstone(models.Model):
    """A deleted object that can still be restored."""

    kind = models.CharField(max_length=8)  # domain or mailbox
    object_id = models.BigIntegerField()
    name = models.CharField(max_length=254)
    restore_id = models.CharField(max_length=24)  # epoch seconds as OMA has it, made unique for the name
    company_id = models.BigIntegerField()
    domain_id = models.BigIntegerField()
    deleted_at = models.BigIntegerField()
    deleted_by = models.CharField(max_length=254)
    kept = models.JSONField(default=dict)  # what the row no longer says: its aliases

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "name", "restore_id"], name="tombstone_once")]
        indexes = [models.Index(fields=["kind", "domain_id"], name="tombstone_domain")]


class IdempotentAnswer(models.Model):
    """What a request with an Idempotency-Key was answered, so that the same one gets the same answer again."""

    key = models.CharField(max_length=64, primary_key=True)  # digest of who asks and the key
    fingerprint = models.CharField(max_length=64)  # digest of method, path and body
    status = models.SmallIntegerField(null=True)  # null: still at work
    headers = models.JSONField(default=dict)
    body = models.TextField(default="")  # sealed
    created_at = models.BigIntegerField(db_index=True)


class RequestCount(models.Model):
    """How often somebody has asked in the time that is running: for limits that hold across processes."""

    key = models.CharField(max_length=64, primary_key=True)  # digest of who asks, for what, and the length of the time
    starts_at = models.BigIntegerField(db_index=True)
    count = models.IntegerField()


class Job(models.Model):
    """Work that is not a row's own: periodic passes, spreading a change over many rows."""

    kind = models.CharField(max_length=32)
    key = models.CharField(max_length=64)
    due_at = models.BigIntegerField()
    leased_until = models.BigIntegerField(null=True)
    attempts = models.IntegerField(default=0)
    failure = models.TextField(default="")
    progress = models.BigIntegerField(default=0)  # where a killed worker's successor goes on

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="job_once")]
        indexes = [models.Index(fields=["due_at"], name="job_due")]
