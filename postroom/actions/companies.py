"""Companies: seen, changed; created by the operator."""

from collections.abc import Mapping
from typing import Any

import msgspec
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from postroom.actions.action import reads, writes
from postroom.actions.company_making import insert
from postroom.actions.settings_change import (
    check_suspensions,
    checked,
    differences,
    merged,
    settable_names,
    settle_brand,
)
from postroom.core import check_times, inheritance
from postroom.core.address import PSEUDO, fold
from postroom.core.bulletin import BulletinLine
from postroom.core.catalogue.attribute import Level, Value
from postroom.core.errors import BadAttribute, BadRequest, ExistsAlready
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission, Target
from postroom.store import bulletins, history, jobs, reach, rows
from postroom.store.models import Company, Domain


class CompanyView(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    name: str
    settings: dict[str, Value]
    inherited: dict[str, Value]
    settable: list[str]
    bulletins: list[BulletinLine]
    created_at: int


@reads(Permission.COMPANY_SEE)
def show(actor: Actor, name: str) -> CompanyView:
    row = reach.company(actor, name, Permission.COMPANY_SEE)
    return CompanyView(
        id=row.id,
        name=row.name,
        settings=row.settings,
        inherited=inheritance.inherited(),
        settable=settable_names(Level.COMPANY, actor, row.target),
        bulletins=bulletins.listed(row),
        created_at=row.created_at,
    )


class CompanyLine(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    domains: int
    """Living ones."""
    trusted: bool
    """Proves control of its domains elsewhere: they need no DNS check."""
    catchall_allowed: bool
    """May switch catchall on for more domains."""
    created_at: int


ORDERS = {"name": ("name",), "created_at": ("created_at", "id")}


@reads(Permission.COMPANY_SEE)
def listed(
    actor: Actor, q: str = "", *, ordering: str = "", first: int = 0, limit: int = 20
) -> tuple[list[CompanyLine], int]:
    """A page of those whose name contains the text, by name, and how many there are. An unknown order is ignored."""
    found = reach.companies(actor, Permission.COMPANY_SEE).filter(name__contains=fold(q))
    order = ORDERS.get(ordering.removeprefix("-"), ORDERS["name"])
    signed = [f"-{field}" for field in order] if ordering.startswith("-") else order
    return _lines(found.order_by(*signed)[first : first + limit]), found.count()


@reads(Permission.COMPANY_SEE)
def line(actor: Actor, name: str) -> CompanyLine:
    """Raises OutOfReach, also for one that is not there."""
    row = reach.company(actor, name, Permission.COMPANY_SEE)
    return _lines(Company.objects.filter(id=row.id))[0]


def _lines(found: QuerySet[Company]) -> list[CompanyLine]:
    living = Domain.objects.filter(company=OuterRef("id"), deleted_at=None).order_by().values("company")
    number = Subquery(living.annotate(number=Count("id")).values("number"), output_field=IntegerField())
    told = found.annotate(living=Coalesce(number, 0))
    fields = ("name", "living", "trusted", "catchall_allowed", "created_at")
    return [
        CompanyLine(name=name, domains=domains, trusted=trusted, catchall_allowed=catchall, created_at=created_at)
        for name, domains, trusted, catchall, created_at in told.values_list(*fields)
    ]


@writes(Permission.COMPANY_CREATE)
def trust(actor: Actor, origin: Origin, name: str, *, trusted: bool, catchall_allowed: bool) -> None:
    """For the operator. Domains that wait for their proof are looked at now; those that work go on working."""
    reach.require(actor, Permission.COMPANY_CREATE, Target())
    row = reach.company(actor, name, Permission.COMPANY_CREATE, lock=True)
    before = {"trusted": row.trusted, "catchall_allowed": row.catchall_allowed}
    after = {"trusted": trusted, "catchall_allowed": catchall_allowed}
    told = differences(before, after)
    if not told:
        return
    Company.objects.filter(id=row.id).update(**after)
    if trusted and not row.trusted:
        waiting = Domain.objects.filter(company_id=row.id, deleted_at=None, status__in=check_times.WAITING)
        waiting.exclude(name__endswith=PSEUDO).update(check_at=history.milliseconds(origin))
    history.note(row, actor.name, origin, "changed", told)
    rows.save(row)


@writes(Permission.COMPANY_CHANGE)
def change(actor: Actor, origin: Origin, name: str, attributes: Mapping[str, object]) -> None:
    row = reach.company(actor, name, Permission.COMPANY_CHANGE, lock=True)
    changes = checked(Level.COMPANY, actor, row.target, attributes, {"account": row.name})
    problem = settle_brand(changes, row)
    if problem:
        raise BadAttribute(hints={"brand": problem})
    row.suspended_by = check_suspensions(actor, row.target, changes, row.suspended_by, ())
    after = merged(row.settings, changes, Level.COMPANY, {})
    if "quota" in changes:
        _check_quota(after)
    told = differences(row.settings, after)
    if not told:
        return
    row.settings = after
    row.generation += 1
    history.note(row, actor.name, origin, "changed", told)
    rows.save(row)
    if told.keys() & (inheritance.LIVE_NAMES | {"allow", "block"}):
        for kind in ("spread_company", "project_company"):
            jobs.enqueue(kind, str(row.id), history.milliseconds(origin))


def _check_quota(after: Mapping[str, Value]) -> None:
    quota, ceiling = after.get("quota"), after.get("quota_maximum")
    if isinstance(quota, int) and isinstance(ceiling, int) and quota > ceiling:
        raise BadAttribute(hints={"quota": f"must be at most {ceiling} MB, the company's quota_maximum"})


@writes(Permission.COMPANY_CREATE)
def create(
    actor: Actor, origin: Origin, name: str, *, trusted: bool = False, catchall_allowed: bool = False
) -> CompanyView:
    """For the operator. `trusted`: its domains need no DNS check. Raises ExistsAlready."""
    reach.require(actor, Permission.COMPANY_CREATE, Target())
    name = name.strip().lower()
    if not 1 <= len(name) <= 160 or not name.isprintable() or "/" in name:
        raise BadRequest(hints={"company": "must be 1 to 160 printable characters without a slash"})
    if rows.find_company(name):
        raise ExistsAlready
    insert(actor.name, origin, name, trusted=trusted, catchall_allowed=catchall_allowed)
    return show(actor, name)


@reads(Permission.COMPANY_SEE)
def changes(actor: Actor, name: str, first: int, limit: int | None) -> tuple[list[Any], int]:
    row = reach.company(actor, name, Permission.COMPANY_SEE)
    return history.entries("company", row.id, first, limit)
