"""What was counted, read back: the days added up to weeks and months, and the lists of accounts."""

import zlib
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import msgspec
from django.db.models import Q, QuerySet, Sum

from postroom.core import periods
from postroom.core.periods import Period
from postroom.store.counting import FLOW, STATE, Counts
from postroom.store.models import AccountList, CompanyDay, Domain, DomainDay


class Scope(msgspec.Struct, frozen=True):
    """Whose numbers: a company's or one domain's."""

    company_id: int
    domain_id: int | None = None

    @property
    def rows(self) -> Q:
        """A domain's numbers stay with the company whose it was: no stranger's past comes with a bought domain."""
        return Q(company_id=self.company_id) & (Q() if self.domain_id is None else Q(domain_id=self.domain_id))


def summary(scope: Scope, kind: str, today: date) -> list[tuple[Period, Counts]]:
    """Oldest first. What is a state is that of the period's last day, what flows is added up."""
    since = periods.since(kind, today).isoformat()
    days = DomainDay.objects.filter(scope.rows, day__gte=since).order_by("day").values_list("day")
    sums: QuerySet[Any, Any] = days.annotate(**{f"sum_{name}": Sum(name) for name in (*STATE, *FLOW)})
    added: dict[Period, Counts] = {}
    for day, *numbers in sums:
        counts = dict(zip((*STATE, *FLOW), numbers, strict=True))
        period = periods.around(kind, date.fromisoformat(day))
        before = added.get(period, dict.fromkeys(FLOW, 0))
        added[period] = {**counts, **{name: before[name] + counts[name] for name in FLOW}}
    return list(added.items())


def days_listed(domains: QuerySet[Domain]) -> list[date]:
    """The days of which any of the domains has a list of accounts."""
    found = AccountList.objects.filter(domain_id__in=domains.values("id"))
    return sorted(date.fromisoformat(day) for day in found.order_by().values_list("day", flat=True).distinct())


def last_day_listed(scope: Scope, period: Period) -> date | None:
    found = AccountList.objects.filter(scope.rows, day__gte=period.first.isoformat(), day__lte=period.last.isoformat())
    day = found.order_by("-day").values_list("day", flat=True).first()
    return date.fromisoformat(day) if day else None


def lists(scope: Scope, day: date) -> Iterator[str]:
    """CSV lines, a domain at a time."""
    found = AccountList.objects.filter(scope.rows, day=day.isoformat()).order_by("domain_id")
    for lines in found.values_list("lines", flat=True).iterator(20):
        yield zlib.decompress(lines).decode()


def is_counted(day: date, *, final: bool) -> bool:
    found = DomainDay.objects.filter(day=day.isoformat())
    return found.filter(final=True).exists() if final else found.exists()


def close_earlier(day: date) -> None:
    """Days that ended while nobody counted stay as they were counted last."""
    DomainDay.objects.filter(final=False, day__lt=day.isoformat()).update(final=True)


def thin(today: date) -> None:
    """Keep the lists that stats_list offers, and the numbers of the months that stats_summary does."""
    written = AccountList.objects.order_by().values_list("day", flat=True).distinct()
    days = [date.fromisoformat(day) for day in written]
    old = set(days) - periods.worth_keeping(days, today)
    AccountList.objects.filter(day__in=[day.isoformat() for day in old]).delete()
    for model in (DomainDay, CompanyDay):
        model.objects.filter(day__lt=periods.since("month", today).isoformat()).delete()


HEADLINE: Final = ("mailboxes", "forwards", "filters", "aliases", "quota_bytes", "stored_bytes")
HEADLINE_FLOW: Final = ("delivered", "spam", "recipients")


def of_month(company_id: int, month: Period) -> list[dict[str, Any]]:
    """A line a domain: states of the last day counted in the month, flows of all of it."""
    in_month = DomainDay.objects.filter(
        company_id=company_id, day__gte=month.first.isoformat(), day__lte=month.last.isoformat()
    )
    last = in_month.order_by("-day").values_list("day", flat=True).first()
    if last is None:
        return []
    sums = in_month.order_by().values_list("domain_id").annotate(**{f"sum_{n}": Sum(n) for n in HEADLINE_FLOW})
    flows = {domain: dict(zip(HEADLINE_FLOW, numbers, strict=True)) for domain, *numbers in sums}
    lines = in_month.filter(day=last).order_by("domain").values("domain_id", "domain", *HEADLINE)
    return [{**line, **flows[line["domain_id"]]} for line in lines]
