from django.db import models

from postroom.store.models.reconciled import Reconciled


class Context(models.Model):
    """A group of domains that share a directory. Each domain begins in one of its own."""

    name = models.CharField(max_length=160)
    created_at = models.BigIntegerField()


class Domain(Reconciled):
    company = models.ForeignKey("Company", on_delete=models.PROTECT, related_name="domains", db_index=False)
    context = models.ForeignKey(Context, on_delete=models.PROTECT, related_name="domains")
    platform = models.ForeignKey("Platform", on_delete=models.PROTECT, related_name="domains")
    name = models.CharField(max_length=160)  # unique while it lives: DomainName
    status = models.CharField(max_length=16)
    settings = models.JSONField(default=dict)
    aliases = models.JSONField(default=list)  # as written; DomainName holds the same names for look-ups
    suspended_by = models.JSONField(default=dict)
    check_at = models.BigIntegerField(null=True)  # when the platform is asked again whether control is proved
    check_details = models.JSONField(default=list)  # of the last one: every test
    checked_at = models.BigIntegerField(null=True)
    check_failure = models.TextField(default="")  # why the last try could not be made (core/domain_news.py)
    expected_records = models.JSONField(default=list)  # what its platform wants in DNS
    proved_at = models.BigIntegerField(null=True)  # since when control of it is proved
    support_email = models.CharField(max_length=254, default="")  # is told what becomes of it
    told = models.JSONField(default=list)  # what it was told, the newest last (core/domain_news.py)
    ownership = models.CharField(max_length=64, default="")  # what its owner must show in DNS; empty: nothing
    claimed_by = models.ForeignKey("Person", null=True, on_delete=models.SET_NULL, related_name="claims")
    gives_way_at = models.BigIntegerField(
        null=True
    )  # a claim not proved by then is anybody's; null: it never gives way

    class Meta:
        indexes = [
            models.Index(fields=["company", "name"], name="domain_company_name"),
            models.Index(fields=["due_at"], name="domain_due", condition=models.Q(due_at__isnull=False)),
            models.Index(
                fields=["status", "check_at"], name="domain_check", condition=models.Q(check_at__isnull=False)
            ),
        ]


class DomainName(models.Model):
    """A name is taken once, by a domain or by an alias of one: this table is where it is taken."""

    name = models.CharField(max_length=160, primary_key=True)
    domain = models.ForeignKey(Domain, on_delete=models.CASCADE, related_name="names")
    is_alias = models.BooleanField()


class Workgroup(models.Model):
    domain = models.ForeignKey(Domain, on_delete=models.CASCADE, related_name="workgroups")
    name = models.CharField(max_length=64)
    folded_name = models.CharField(max_length=64)
    created_at = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["domain", "folded_name"], name="workgroup_once_a_domain")]
