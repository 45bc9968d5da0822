from django.db import models


class Brand(models.Model):
    company = models.ForeignKey("Company", on_delete=models.PROTECT, related_name="brands")
    name = models.CharField(max_length=128)
    folded_name = models.CharField(max_length=128)
    look = models.JSONField(default=dict)  # core/brand.py
    created_at = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "folded_name"], name="brand_once_a_company")]


class Company(models.Model):
    name = models.CharField(max_length=160, unique=True)  # folded
    settings = models.JSONField(default=dict)
    suspended_by = models.JSONField(default=dict)  # service → rank of who suspended it
    trusted = models.BooleanField(default=False)  # proves control of its domains elsewhere: no DNS check
    catchall_allowed = models.BooleanField(default=False)  # may switch catchall on for more domains
    registration_ids = models.JSONField(default=list)  # its numbers in public registers, such as SIRET
    generation = models.BigIntegerField(default=1)
    history_head = models.CharField(max_length=64, default="")
    created_at = models.BigIntegerField()


class Platform(models.Model):
    """A set of mail servers behind one driver."""

    name = models.CharField(max_length=64, unique=True)
    driver = models.CharField(max_length=32)
    settings = models.JSONField(default=dict)
    is_default = models.BooleanField(default=False)
    created_at = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="one_default_platform"
            )
        ]
