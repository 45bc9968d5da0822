"""Counting a company's domains in a few statements, however many accounts they have."""

import csv
import io
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Any, Final

import msgspec
from django.conf import settings
from django.db.models import BigIntegerField, Case, Count, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from postroom.core import periods
from postroom.core.catalogue import MEGABYTE
from postroom.core.lifecycle import MailboxState
from postroom.core.mail.traffic import COLUMNS as ARRIVED
from postroom.store import arrived
from postroom.store.models import AccountList, Address, Domain, DomainDay, Mailbox, MailSent, MailUsage
from postroom.store.sent import SLOT

SERVICES: Final = ("imap4", "pop3", "webmail", "smtpin", "smtprelay", "smtprelay_webmail")
LOGINS: Final = ("imap4", "pop3", "webmail", "smtprelay")
STATE: Final = (
    "mailboxes", "forwards", "filters", "aliases", "deleted", "suspended", "quota_bytes",
    *(f"with_{service}" for service in SERVICES),
    "stored_bytes", "stored_items", "deleted_bytes", "deleted_items",
)  # fmt: skip
"""How things are at the end of a day."""
FLOW: Final = (
    *(f"logins_{service}" for service in LOGINS),
    "delivered", "spam", "autoresponses", "forwarded", "sent", "recipients", "bytes_in", "bytes_relay",
)  # fmt: skip
"""What happens in a day: several days are added up."""
HEADING: Final = "address,type,status,quota,storage,messages\r\n"

Counts = dict[str, int]


def _with_quota(found: QuerySet[Mailbox]) -> QuerySet[Any, Any]:
    """`allotted` is the quota in bytes, by the rule of core/catalogue/quota.py."""
    written = Cast(KeyTextTransform("quota", "settings"), BigIntegerField())
    in_megabytes = When(written__lte=settings.QUOTA_MEGABYTES_UP_TO, then=F("written") * MEGABYTE)
    allotted = Case(in_megabytes, default=F("written"), output_field=BigIntegerField())
    return found.annotate(written=written).annotate(allotted=allotted)


def count(company_id: int, span: tuple[int, int]) -> dict[int, Counts]:
    """Domain → counts. `span` is the day in milliseconds."""
    counts: dict[int, Counts] = defaultdict(lambda: dict.fromkeys((*STATE, *FLOW), 0))
    living = Mailbox.objects.filter(domain__company_id=company_id, deleted_at=None)
    cut_off = Q(settings__service_smtpin="suspended", settings__service_smtprelay="suspended")
    numbers = {
        "mailboxes": Count("id", filter=Q(type="mailbox")),
        "forwards": Count("id", filter=Q(type="forward")),
        "filters": Count("id", filter=Q(type="filter")),
        "suspended": Count("id", filter=cut_off | ~Q(status=MailboxState.ENABLED)),
        "quota_bytes": Coalesce(Sum("allotted"), 0, output_field=BigIntegerField()),
        **{f"with_{s}": Count("id", filter=Q(**{f"settings__service_{s}": "enabled"})) for s in SERVICES},
        **{
            f"logins_{s}": Count(
                "id", filter=Q(**{f"last_sign_ins__{s}__gte": span[0], f"last_sign_ins__{s}__lt": span[1]})
            )
            for s in LOGINS
        },
    }
    for row in _with_quota(living).order_by().values("domain_id").annotate(**numbers):
        counts[row.pop("domain_id")].update(row)
    others = {
        "aliases": _aliases(company_id),
        "deleted": _deleted(company_id),
    }
    for name, found in others.items():
        for domain_id, number in found:
            counts[domain_id][name] = number
    day = periods.today(span[0])
    groups = (
        (_STORED, _stored(company_id)),
        (_SENT, _sent(company_id, span)),
        (ARRIVED, arrived.of_domains(company_id, day)),
    )
    for names, sums in groups:
        for domain_id, *numbers in sums:
            counts[domain_id].update(zip(names, numbers, strict=True))
    return counts


_SENT = ("recipients", "sent", "bytes_relay")
_STORED = ("stored_bytes", "stored_items", "deleted_bytes", "deleted_items")


def _stored(company_id: int) -> QuerySet[Any, Any]:
    """As the mail servers have told last."""
    lives, gone = Q(mailbox__deleted_at=None), Q(mailbox__deleted_at__isnull=False)
    sums = {
        name: Coalesce(Sum(field, filter=which), 0, output_field=BigIntegerField())
        for name, field, which in zip(_STORED, ("bytes", "messages") * 2, (lives, lives, gone, gone), strict=True)
    }
    ours = MailUsage.objects.filter(mailbox__domain__company_id=company_id).order_by()
    return ours.values_list("mailbox__domain_id").annotate(**sums)


def _aliases(company_id: int) -> QuerySet[Any, Any]:
    found = Address.objects.filter(domain__company_id=company_id, is_alias=True).order_by()
    return found.values_list("domain_id").annotate(n=Count("address"))


def _deleted(company_id: int) -> QuerySet[Any, Any]:
    gone = Mailbox.objects.filter(domain__company_id=company_id, deleted_at__isnull=False).order_by()
    return gone.values_list("domain_id").annotate(n=Count("id"))


def _sent(company_id: int, span: tuple[int, int]) -> QuerySet[Any, Any]:
    """What the accounts of each domain have sent; older than a day and an hour it is forgotten (store/sent.py)."""
    slot = SLOT * 1000
    ours = Mailbox.objects.filter(domain__company_id=company_id)
    found = MailSent.objects.filter(
        slot__gte=span[0] // slot, slot__lt=span[1] // slot, mailbox_id__in=ours.values("id")
    )
    domain = Subquery(Mailbox.objects.filter(id=OuterRef("mailbox_id")).values("domain_id")[:1])
    return (
        found.annotate(of=domain)
        .order_by()
        .values_list("of")
        .annotate(sum_recipients=Sum("recipients"), sum_messages=Sum("messages"), sum_bytes=Sum("bytes"))
    )


class Held(msgspec.Struct, frozen=True):
    """The living accounts of a domain that are in one status."""

    status: str
    number: int
    allotted: int
    """Bytes."""
    bytes: int
    messages: int
    full: int


class Fullest(msgspec.Struct, frozen=True):
    address: str
    bytes: int
    messages: int
    allotted: int
    """Bytes; 0: no limit."""


def held(domain_id: int) -> list[Held]:
    """As things are now. One statement."""
    living = _with_quota(Mailbox.objects.filter(domain_id=domain_id, deleted_at=None)).order_by()
    sums = {
        name: Coalesce(Sum(field), 0, output_field=BigIntegerField())
        for name, field in (("sum_allotted", "allotted"), ("bytes", "usage__bytes"), ("messages", "usage__messages"))
    }
    numbers = {"number": Count("id"), **sums, "full": Count("id", filter=Q(usage__full=True))}
    found = living.values("status").annotate(**numbers).values_list("status", *numbers)
    return sorted((Held(*row) for row in found), key=lambda line: -line.number)


def fullest(domain_id: int, limit: int) -> list[Fullest]:
    """The accounts that hold most."""
    fields = ("address", "usage__bytes", "usage__messages", "allotted")
    living = Mailbox.objects.filter(domain_id=domain_id, deleted_at=None, usage__bytes__gt=0)
    rows = _with_quota(living).order_by("-usage__bytes", "id").values_list(*fields)[:limit]
    return [Fullest(address, stored, messages, allotted or 0) for address, stored, messages, allotted in rows]


def account_lines(company_id: int, domain_id: int | None = None) -> Iterator[tuple[int, str]]:
    """(domain, its accounts as CSV lines), from one statement."""
    living = Mailbox.objects.filter(domain__company_id=company_id, deleted_at=None)
    if domain_id is not None:
        living = living.filter(domain_id=domain_id)
    fields = ("domain_id", "address", "type", "status", "allotted", "usage__bytes", "usage__messages")
    found = _with_quota(living).order_by("domain_id", "address").values_list(*fields)
    for domain, accounts in groupby(found.iterator(2000), key=lambda row: row[0]):
        lines = io.StringIO()
        writer = csv.writer(lines)
        for _, address, type, status, *numbers in accounts:
            writer.writerow((address, type, status, *(number or 0 for number in numbers)))
        yield domain, lines.getvalue()


def keep(company_id: int, day: date, counts: Mapping[int, Counts], *, final: bool) -> set[int]:
    """In place of what was counted before on that day. Domains without accounts are kept too.

    The companies whose numbers are others now: that of a domain that has come, too.
    """
    living = dict(Domain.objects.filter(company_id=company_id, deleted_at=None).values_list("id", "name"))
    written = day.isoformat()
    nothing = dict.fromkeys((*STATE, *FLOW), 0)
    ours = Domain.objects.filter(company_id=company_id, deleted_at=None).values("id")
    before = Q(day=written) & (Q(company_id=company_id) | Q(domain_id__in=ours))  # domains change companies
    there = DomainDay.objects.filter(before)
    changed = {company_id, *there.values_list("company_id", flat=True).distinct()}
    there.delete()
    DomainDay.objects.bulk_create(
        [
            DomainDay(
                day=written, company_id=company_id, domain_id=id, domain=name, final=final, **counts.get(id, nothing)
            )
            for id, name in living.items()
        ],
        batch_size=200,
    )  # fmt: skip
    AccountList.objects.filter(before).delete()
    AccountList.objects.bulk_create(
        [
            AccountList(day=written, company_id=company_id, domain_id=id, lines=zlib.compress(lines.encode()))
            for id, lines in account_lines(company_id)
            if id in living
        ],
        batch_size=20,
    )
    return changed
