"""What was counted, day by day or month by month, for plots: of a domain, a company, everything that somebody sees."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Final, TypeAlias

import msgspec
from django.db.models import Q

from postroom.actions.action import reads, writes
from postroom.core import periods
from postroom.core.address import fold
from postroom.core.errors import BadRequest, OutOfReach
from postroom.core.periods import Period
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission, Target, allows
from postroom.store import company_days, history, reach
from postroom.store.counting import Counts

LENGTHS: Final = {"day": 30, "month": 12}
"""Kind of period → how many, the present one among them."""


Days: TypeAlias = Iterator[tuple[date, Counts]]


class Point(msgspec.Struct, frozen=True):
    period: Period
    counts: Counts
    """Empty where nothing is known."""
    days: int
    """Those of which is known what happened: today is not over."""


class Series(msgspec.Struct, frozen=True, kw_only=True):
    of: str
    """Domain or company; empty: everything that the asker sees."""
    is_everything: bool
    """Of all that there is."""
    points: list[Point]
    """Oldest first, each period once."""

    @property
    def is_empty(self) -> bool:
        return not any(point.counts for point in self.points)


@reads(Permission.DOMAIN_STATISTICS_SEE)
def of_domain(actor: Actor, origin: Origin, name: str, kind: str) -> Series:
    """Raises DomainNotFound, RoleTooSmall, BadRequest."""
    row = reach.domain_for_person(actor, name, Permission.DOMAIN_STATISTICS_SEE)
    own = Q(domain_id=row.id, company_id=row.company_id)
    points = _points(kind, origin, lambda since: [company_days.of_domains(own, since)])
    return Series(of=row.name, is_everything=False, points=points)


@reads(Permission.COMPANY_STATISTICS_SEE)
def of_company(actor: Actor, origin: Origin, name: str, kind: str) -> Series:
    """Raises OutOfReach, BadRequest."""
    row = reach.company(actor, fold(name), Permission.COMPANY_STATISTICS_SEE)
    points = _points(kind, origin, lambda since: [company_days.of_companies([row.id], since)])
    return Series(of=row.name, is_everything=False, points=points)


@reads(Permission.COMPANY_STATISTICS_SEE, Permission.DOMAIN_STATISTICS_SEE)
def of_all(actor: Actor, origin: Origin, kind: str) -> Series:
    """All that the actor may see. Raises OutOfReach where that is nothing, BadRequest."""
    if allows(actor, Permission.COMPANY_STATISTICS_SEE, Target()):
        everything = _points(kind, origin, lambda since: [company_days.of_companies([company_days.ALL], since)])
        return Series(of="", is_everything=True, points=everything)
    seen = reach.domains(actor, Permission.DOMAIN_STATISTICS_SEE)
    companies, _ = reach.companies_and_domains(actor, Permission.COMPANY_STATISTICS_SEE)
    if not companies and not seen.exists():
        raise OutOfReach
    # Of a domain that came from another company its past is not theirs.
    own = Q(domain_id__in=seen.values("id"), company_id__in=seen.values("company_id")) & ~Q(company_id__in=companies)
    points = _points(
        kind,
        origin,
        lambda since: [
            *([company_days.of_companies(companies, since)] if companies else []),
            company_days.of_domains(own, since),
        ],
    )
    return Series(of="", is_everything=False, points=points)


@writes()
def add_up(origin: Origin) -> None:
    """Anew, after the numbers of domains were written by other hands than the worker's."""
    company_days.add_up_everything()


@reads(Permission.DOMAIN_STATISTICS_SEE)
def domains(actor: Actor, limit: int = 50) -> list[str]:
    """Some of those that the actor may ask for, by name."""
    found = reach.domains(actor, Permission.DOMAIN_STATISTICS_SEE)
    return list(found.order_by("name").values_list("name", flat=True)[:limit])


def _points(kind: str, origin: Origin, read: Callable[[date], list[Days]]) -> list[Point]:
    """`read`: what is to be added up, from a day on."""
    if kind not in LENGTHS:
        raise BadRequest(hints={"by": f"must be one of {', '.join(LENGTHS)}"})
    today = periods.today(history.milliseconds(origin))
    wanted = _periods(kind, today)
    found: dict[Period, Point] = {}
    for day, counts in sorted(_together(read(wanted[0].first)).items()):
        period = periods.around(kind, day)
        before = found.get(period, Point(period, dict.fromkeys(company_days.FLOW, 0), 0))
        found[period] = _added(before, counts, is_over=day < today)
    return [found.get(period, Point(period, {}, 0)) for period in wanted]


def _together(parts: list[Days]) -> dict[date, Counts]:
    found: dict[date, Counts] = {}
    for part in parts:
        for day, counts in part:
            before = found.get(day, {})
            found[day] = {name: number + before.get(name, 0) for name, number in counts.items()}
    return found


def _periods(kind: str, today: date) -> list[Period]:
    found = [periods.around(kind, today)]
    while len(found) < LENGTHS[kind]:
        found.append(periods.around(kind, found[-1].first - timedelta(days=1)))
    return found[::-1]


def _added(before: Point, counts: Counts, *, is_over: bool) -> Point:
    """What is a state is that of the last day, what flows is added up."""
    flow = {name: before.counts[name] + (counts[name] if is_over else 0) for name in company_days.FLOW}
    return Point(before.period, {**counts, **flow}, before.days + is_over)
