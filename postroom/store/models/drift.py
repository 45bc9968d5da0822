from django.db import models


class DriftRun(models.Model):
    """How a comparison of all platforms with what should be went. Only the newest ones are kept."""

    started_at = models.BigIntegerField()
    ended_at = models.BigIntegerField(null=True)  # null: at work, or its worker was killed
    found = models.IntegerField(default=0)
    lines = models.JSONField(default=list)  # what was found, in sentences; the first ones only
    failure = models.TextField(default="")  # why it did not come to its end
