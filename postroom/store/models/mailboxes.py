from django.db import models
from django.db.models.functions import Upper

from postroom.store.begins import AfterDot, Plain, SecondWord
from postroom.store.models.domains import Domain, Workgroup
from postroom.store.models.reconciled import Reconciled

# PostgreSQL walks along an index in its order only where what stands before is equal, which "is null" is not for it: so
# it is a condition. SQLite answers from the index alone only where `deleted_at` is in it all the same.
_LIVING = models.Q(deleted_at=None)


class Mailbox(Reconciled):
    domain = models.ForeignKey(Domain, on_delete=models.PROTECT, related_name="mailboxes", db_index=False)
    workgroup = models.ForeignKey(Workgroup, on_delete=models.PROTECT, related_name="mailboxes")
    address = models.CharField(max_length=254)  # unique while it lives: Address
    type = models.CharField(max_length=8)  # mailbox, forward or filter
    status = models.CharField(max_length=16)
    settings = models.JSONField(default=dict)
    aliases = models.JSONField(default=list)  # as written; Address holds the same ones for look-ups
    suspended_by = models.JSONField(default=dict)
    password = models.CharField(max_length=255, default="")  # {TYPE}…; empty: nobody can sign in
    old_passwords = models.JSONField(default=list)  # the last eight hashes, newest first
    first_name = models.CharField(max_length=200, default="")
    last_name = models.CharField(max_length=200, default="")
    secondary_email = models.CharField(max_length=254, default="")
    last_sign_ins = models.JSONField(default=dict)  # service → time
    search_text = models.CharField(max_length=500, default="")  # name and address as they are searched
    welcome = models.CharField(max_length=8, default="")  # the language to welcome its holder in; empty: not owed
    welcomed_at = models.BigIntegerField(null=True)  # when that e-mail was written

    class Meta:
        indexes = [
            models.Index(fields=["domain", "address"], name="mailbox_domain_address"),
            # The lists of a domain: each in its order, without looking into rows.
            models.Index(fields=["domain", "id", "deleted_at"], name="mailbox_newest", condition=_LIVING),
            models.Index(fields=["domain", "status", "id", "deleted_at"], name="mailbox_status", condition=_LIVING),
            models.Index(
                fields=["domain", "secondary_email", "id", "deleted_at"], name="mailbox_secondary", condition=_LIVING
            ),
            models.Index(
                "domain", Upper("last_name"), Upper("first_name"), "id", name="mailbox_names", condition=_LIVING
            ),
            # A directory of many thousands is searched in it alone.
            models.Index(fields=["domain", "search_text", "status", "deleted_at", "id"], name="mailbox_search"),
            models.Index(fields=["due_at"], name="mailbox_due", condition=models.Q(due_at__isnull=False)),
            models.Index(fields=["id"], name="mailbox_welcome", condition=~models.Q(welcome="")),
            models.Index(fields=["domain"], name="mailbox_pending", condition=models.Q(status="pending")),
            # Of all that there are, by how the first or the last name begins (store/finding.py).
            models.Index(Plain("search_text"), name="mailbox_first_name", condition=_LIVING),
            models.Index(SecondWord("search_text"), name="mailbox_last_name", condition=_LIVING),
        ]


class DomainSize(models.Model):
    """How many living mailboxes a domain has. Triggers of the database write it (migration 0014); no row: none yet."""

    domain = models.OneToOneField(Domain, primary_key=True, on_delete=models.CASCADE, related_name="size")
    mailboxes = models.BigIntegerField()


class Address(models.Model):
    """An address is taken once, by a mailbox or by an OMA alias of one: this table is where it is taken."""

    address = models.CharField(max_length=254, primary_key=True)
    domain = models.ForeignKey(Domain, on_delete=models.CASCADE, related_name="addresses", db_index=False)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="addresses")
    is_alias = models.BooleanField()

    class Meta:
        indexes = [
            models.Index(fields=["domain", "address"], name="address_domain_address"),
            models.Index(AfterDot("address"), name="address_after_dot"),  # dupont of jean.dupont@
        ]


class Alias(models.Model):
    """An alias of People's kind: an address that may have several destinations, one row each.

    Unlike OMA's it may carry the name of a mailbox (people.md section 2.5), so it is not in Address.
    """

    domain = models.ForeignKey(Domain, on_delete=models.CASCADE, related_name="own_aliases")
    local_part = models.CharField(max_length=100)
    destination = models.CharField(max_length=254)
    allow_to_send = models.BooleanField(default=False)  # a mailbox that it leads to may send under its name
    created_at = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["domain", "local_part", "destination"], name="alias_destination_once")
        ]
        indexes = [
            models.Index(fields=["destination"], name="alias_senders", condition=models.Q(allow_to_send=True)),
            models.Index(Plain("local_part"), name="alias_name"),
            models.Index(Plain("destination"), name="alias_destination"),
        ]


class AdminRole(models.Model):
    """One OMA role of a mailbox on one object; domain_id and company_id above it are filled in too."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="admin_roles")
    role = models.CharField(max_length=24)
    company = models.ForeignKey("Company", on_delete=models.CASCADE, related_name="admin_roles")
    domain = models.ForeignKey(Domain, null=True, on_delete=models.CASCADE, related_name="admin_roles")
    workgroup = models.ForeignKey(Workgroup, null=True, on_delete=models.CASCADE, related_name="admin_roles")
    created_at = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mailbox", "role", "company", "domain", "workgroup"],
                name="role_once_an_object",
            )
        ]
