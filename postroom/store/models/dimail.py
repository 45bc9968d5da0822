"""What the dimail face needs beside what everything else is made of (docs/dimail.md)."""

from django.db import models

from postroom.store.models.domains import Context, Domain
from postroom.store.models.mailboxes import Mailbox


class DimailAccount(models.Model):
    """A program that may call. Neither a person nor a mailbox."""

    name = models.CharField(max_length=150, unique=True)  # as it was written: programs use identity providers' keys
    uuid = models.UUIDField(unique=True)
    password_hash = models.CharField(max_length=255)  # {TYPE}…
    is_admin = models.BooleanField(default=False)
    perms = models.JSONField(default=list)  # actions/dimail_accounts.py: PERMS
    created_by = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="made")
    tokens_from = models.BigIntegerField()  # older tokens are void: made before this account, or this password
    history_head = models.CharField(max_length=64, default="")
    created_at = models.BigIntegerField()


class DimailAllow(models.Model):
    """The account manages mailboxes and aliases of the domain."""

    account = models.ForeignKey(DimailAccount, on_delete=models.CASCADE, related_name="allows")
    domain = models.ForeignKey(Domain, on_delete=models.CASCADE, related_name="allows")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "domain"], name="dimail_allow_once")]


class DimailDomain(models.Model):
    """What dimail says of a domain and Postroom does not know otherwise. Without such a row it has every feature."""

    domain = models.OneToOneField(Domain, on_delete=models.CASCADE, primary_key=True, related_name="dimail")
    features = models.JSONField(default=list)
    delivery = models.CharField(max_length=16, default="virtual")
    names = models.JSONField(default=dict)  # webmail_domain, imap_domain, …: shown as they were given
    transport = models.CharField(max_length=254, null=True)


class ContextMapping(models.Model):
    """A directory that serves a domain's name already, before the domain is here: brought along from elsewhere."""

    context = models.ForeignKey(Context, on_delete=models.CASCADE, related_name="mappings")
    domain_name = models.CharField(max_length=160, unique=True)
    created_at = models.BigIntegerField()


class DimailClash(models.Model):
    """This mailbox was refused a moment ago, since the owner has its display name: programs ask who (section 4.7)."""

    domain = models.ForeignKey(Domain, on_delete=models.CASCADE, related_name="clashes")
    local_part = models.CharField(max_length=64)
    owner = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="clashes")
    created_at = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["domain", "local_part"], name="dimail_clash_once")]
