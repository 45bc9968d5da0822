"""Domains as their people see them: lists, one of them, those that can be restored (people.md section 3.1)."""

from collections.abc import Mapping
from typing import Any, Final
from unicodedata import normalize

import msgspec
from django.conf import settings as configuration
from django.db.models import Case, Count, F, IntegerField, OrderBy, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from postroom.actions import entry
from postroom.actions.action import reads
from postroom.actions.entry import Ability
from postroom.core.address import shown_domain
from postroom.core.dns.records import DnsRecord, records_from
from postroom.core.dns.report import CheckResult, results_from
from postroom.core.errors import NotFound
from postroom.core.roles import Actor, Permission, Target, allows
from postroom.store import reach
from postroom.store.models import Domain, History, Mailbox, Tombstone
from postroom.store.one_of import one_of

_DAY = 86_400_000
_MAILBOXES: Final = Coalesce("size__mailboxes", 0)
ORDERS: Final[Mapping[str, F | Coalesce]] = {
    "created_at": F("created_at"),
    "name": F("name"),
    "status": F("status"),
    "count_mailboxes": _MAILBOXES,
    "company": F("company__name"),
}
"""What lists can be sorted by; those that are alike stand by name."""


class DomainCard(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    name: str
    status: str
    abilities: Ability
    created_at: int
    updated_at: int
    """Of the newest change by anybody."""
    mailboxes: int
    """Living ones; for whoever looks after workgroups of the domain only, those in them."""
    support_email: str
    checked_at: int | None
    """None: never."""
    check_failure: str
    results: list[CheckResult]
    expected: list[DnsRecord]
    ownership: str
    """What its owner must show in DNS; empty: nothing, or not for this asker to see."""
    proved_at: int | None
    is_claim: bool
    """Nobody has proved that it is theirs, so its name may go to somebody else."""
    context_id: int
    gives_way_at: int | None
    """When a claim that nobody has proved may go to somebody else."""
    company: str
    company_id: int
    generation: int
    in_step: bool
    """Whether the mail platform has the newest state."""
    failure: str
    """Why the platform has not."""


class DomainQuery(msgspec.Struct, frozen=True, kw_only=True):
    q: str = ""
    """Part of the name."""
    status: str = ""
    ordering: str = ""


class DeletedDomain(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    name: str
    deleted_at: int
    deleted_by: str
    restorable_until: int


_FIELDS = (
    "id", "name", "status", "company_id", "company__name", "context_id", "created_at", "support_email", "checked_at",
    "check_failure", "check_details", "expected_records", "ownership", "proved_at", "gives_way_at", "generation",
    "due_at", "failure", "updated_at", "living",
)  # fmt: skip


_Number = Coalesce | Case


def _number(parts: Mapping[int, frozenset[int]]) -> _Number:
    """Of the mailboxes of a domain; where only a part of them is for the asker, of that (`reach.parts`)."""
    if not parts:
        return _MAILBOXES
    groups = frozenset[int]().union(*parts.values())
    living = Mailbox.objects.filter(domain_id=OuterRef("id"), deleted_at=None, workgroup_id__in=groups)
    number = living.order_by().values("domain_id").annotate(number=Count("id")).values("number")
    told = When(id__in=parts, then=Coalesce(Subquery(number), 0))
    return Case(told, default=_MAILBOXES, output_field=IntegerField())


def _told(domains: QuerySet[Domain], number: _Number = _MAILBOXES) -> QuerySet[Domain, Any]:
    """With everything that a card says, in one statement."""
    newest = History.objects.filter(kind="domain", object_id=OuterRef("id")).order_by("-id").values("at")[:1]
    told = domains.annotate(updated_at=Coalesce(Subquery(newest), F("created_at")), living=number)
    return told.values(*_FIELDS)  # type: ignore[no-any-return]


def _card(actor: Actor, row: dict[str, Any]) -> DomainCard:
    target = Target(row["company_id"], row["id"])
    return DomainCard(
        id=row["id"],
        name=row["name"],
        status=row["status"],
        abilities=entry.abilities(actor, target),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        mailboxes=row["living"],
        support_email=row["support_email"],
        checked_at=row["checked_at"],
        check_failure=row["check_failure"],
        results=results_from(row["check_details"]),
        expected=records_from(row["expected_records"]),
        ownership=row["ownership"] if allows(actor, Permission.DOMAIN_CHECK, target) else "",
        proved_at=row["proved_at"],
        is_claim=row["gives_way_at"] is not None,
        context_id=row["context_id"],
        gives_way_at=row["gives_way_at"],
        company=row["company__name"],
        company_id=row["company_id"],
        generation=row["generation"],
        in_step=row["due_at"] is None,
        failure=row["failure"],
    )


@reads(Permission.DOMAIN_SEE)
def listed(actor: Actor, query: DomainQuery, first: int, limit: int) -> tuple[list[DomainCard], int]:
    """At most three statements, one more for text with accents, however many there are. An unknown order is ignored, as
    People does."""
    found = reach.domains(actor, Permission.DOMAIN_SEE)
    if query.q:
        found = _called(found, query.q)
    if query.status:
        found = found.filter(status=query.status)
    order = _order(query.ordering)
    # What a card tells is worked out for those on the page only.
    ids = list(found.order_by(*order).values_list("id", flat=True)[first : first + limit])
    total = first + len(ids) if 0 < len(ids) < limit else found.count()
    here = reach.keeping(actor, ids)
    return [_card(here, row) for row in _told(Domain.objects.filter(id__in=ids).order_by(*order))], total


@reads(Permission.DOMAIN_SEE, Permission.MAILBOXES_SEARCH)
def overview(actor: Actor, query: DomainQuery, first: int, limit: int) -> tuple[list[DomainCard], dict[str, int]]:
    """As `listed`, also those of which the actor looks after workgroups only; with how many there are in each status,
    whatever status is asked for. Three statements, one more for text with accents."""
    found, parts = reach.domains(actor, Permission.DOMAIN_SEE), reach.parts(actor, Permission.MAILBOXES_SEARCH)
    if parts:
        found |= Domain.objects.filter(deleted_at=None, id__in=parts)
    number = _number(parts)
    if query.q:
        found = _called(found, query.q)
    numbers = dict(found.order_by().values_list("status").annotate(Count("id")))
    if query.status:
        found = found.filter(status=query.status)
    order = _order(query.ordering, number)
    ids = list(found.order_by(*order).values_list("id", flat=True)[first : first + limit])
    here = reach.keeping(actor, ids)
    return [_card(here, row) for row in _told(Domain.objects.filter(id__in=ids).order_by(*order), number)], numbers


def _called(found: QuerySet[Domain], q: str) -> QuerySet[Domain]:
    """Those with this in their names. Accents are not in what is stored: those names are looked at here."""
    text = normalize("NFC", q.strip().lower())
    if text.isascii():
        return found.filter(name__contains=text)
    names = found.filter(name__contains="xn--").values_list("id", "name")
    return found.filter(id__in=[id for id, name in names if text in shown_domain(name)])


def _order(written: str, number: _Number = _MAILBOXES) -> tuple[OrderBy | str, ...]:
    by = written.removeprefix("-")
    if by not in ORDERS:
        by, written = "created_at", "-"
    return OrderBy({**ORDERS, "count_mailboxes": number}[by], descending=written.startswith("-")), "name"


@reads(Permission.DOMAIN_SEE)
def show(actor: Actor, name: str) -> DomainCard:
    row = reach.domain(actor, name, Permission.DOMAIN_SEE)
    return _card(actor, _told(Domain.objects.filter(id=row.id)).get())


@reads(Permission.DOMAIN_SEE)
def for_person(actor: Actor, name: str) -> DomainCard:
    """As `show`, however the name is typed. Raises DomainNotFound for what is not there, and for what is not theirs to
    know of."""
    row = reach.domain_for_person(actor, name, Permission.DOMAIN_SEE)
    return _card(actor, _told(Domain.objects.filter(id=row.id)).get())


@reads(Permission.MAILBOXES_SEARCH)
def for_mailboxes(actor: Actor, name: str) -> DomainCard:
    """As `for_person`, also for whoever looks after workgroups of the domain only."""
    row = reach.domain_for_person(actor, name, Permission.MAILBOXES_SEARCH, in_part=True)
    number = _number(reach.parts(actor, Permission.MAILBOXES_SEARCH))
    return _card(actor, _told(Domain.objects.filter(id=row.id), number).get())


def _restorable(actor: Actor, now: int) -> QuerySet[Tombstone]:
    """Newest first."""
    recent = Tombstone.objects.filter(kind="domain", deleted_at__gte=now - configuration.RESTORE_DAYS * _DAY)
    if not allows(actor, Permission.DOMAIN_RESTORE, Target()):
        companies, own = reach.companies_and_domains(actor, Permission.DOMAIN_RESTORE)
        recent = recent.filter(Q(company_id__in=companies) | Q(one_of("domain_id", own)))
    return recent.order_by("-deleted_at", "-id")


@reads(Permission.DOMAIN_RESTORE)
def deleted(actor: Actor, now: int, first: int, limit: int) -> tuple[list[DeletedDomain], int]:
    """Those that the actor may restore."""
    found = _restorable(actor, now)
    lasts = configuration.RESTORE_DAYS * _DAY
    stones = [
        DeletedDomain(
            id=stone.domain_id, name=stone.name, deleted_at=stone.deleted_at, deleted_by=stone.deleted_by,
            restorable_until=stone.deleted_at + lasts,
        )
        for stone in found[first : first + limit]
    ]  # fmt: skip
    return stones, found.count()


@reads(Permission.DOMAIN_RESTORE)
def restore_id(actor: Actor, name: str, now: int) -> str:
    """Of the one of that name which was deleted last. Raises NotFound."""
    stone = _restorable(actor, now).filter(name=name).first()
    if stone is None:
        raise NotFound
    return stone.restore_id
