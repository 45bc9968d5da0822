"""The columns of everything that a mail platform must be told about."""

from django.db import models


class Reconciled(models.Model):
    """Wanted and applied state (docs/architecture.md, "the life of a change").

    The row itself is the queue: it is due when `due_at` has come and nobody holds a lease. So a wake-up
    cannot be lost, and a killed worker's work comes back when its lease ends.
    """

    generation = models.BigIntegerField(default=1)  # raised by every change of the wanted state
    applied_generation = models.BigIntegerField(default=0)  # the newest one that the platform has
    applied_name = models.TextField(default="")  # the name under which the platform knows it; empty: it does not
    due_at = models.BigIntegerField(null=True)  # null: nothing to do
    leased_until = models.BigIntegerField(null=True)
    attempts = models.IntegerField(default=0)  # failures in a row
    failure = models.TextField(default="")  # why the last one failed, for people
    history_head = models.CharField(max_length=64, default="")  # hash of its newest history entry
    created_at = models.BigIntegerField()
    deleted_at = models.BigIntegerField(null=True)

    class Meta:
        abstract = True
