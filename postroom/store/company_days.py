"""What plots show, day by day: of domains, and added up for companies and for all of them."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, Final

from django.db.models import Q, QuerySet, Sum

from postroom.store.counting import Counts
from postroom.store.models import CompanyDay, DomainDay

ALL: Final = 0
"""In place of a company's number."""
STATE: Final = ("mailboxes", "stored_bytes", "quota_bytes")
FLOW: Final = (
    "delivered", "spam", "sent", "recipients", "logins_imap4", "logins_pop3", "logins_webmail", "logins_smtprelay",
)  # fmt: skip
_NAMES: Final = (*STATE, *FLOW)
_SUMS: Final = {f"sum_{name}": Sum(name) for name in _NAMES}


def of_domains(domains: Q, since: date) -> Iterator[tuple[date, Counts]]:
    """A day after the other; days that were not counted are left out."""
    return _days(DomainDay.objects.filter(domains), since)


def of_companies(companies: Collection[int], since: date) -> Iterator[tuple[date, Counts]]:
    return _days(CompanyDay.objects.filter(company_id__in=companies), since)


def _days(found: QuerySet[Any], since: date) -> Iterator[tuple[date, Counts]]:
    days = found.filter(day__gte=since.isoformat()).order_by("day").values_list("day").annotate(**_SUMS)
    for day, *numbers in days:
        yield date.fromisoformat(day), dict(zip(_NAMES, map(int, numbers), strict=True))


def add_up(companies: Collection[int], day: str) -> None:
    """After the domains of these companies were counted."""
    CompanyDay.objects.filter(day=day, company_id__in=companies).delete()
    found = DomainDay.objects.filter(day=day, company_id__in=companies).order_by()
    _put((company, day, numbers) for company, *numbers in found.values_list("company_id").annotate(**_SUMS))


def add_up_all(day: str) -> None:
    """After every company was added up."""
    CompanyDay.objects.filter(day=day, company_id=ALL).delete()
    found = CompanyDay.objects.filter(day=day).order_by()
    _put((ALL, day, numbers) for _, *numbers in found.values_list("day").annotate(**_SUMS))


def add_up_everything() -> None:
    """Anew, from the domains' numbers."""
    CompanyDay.objects.all().delete()
    found = DomainDay.objects.order_by().values_list("company_id", "day").annotate(**_SUMS)
    _put((company, day, numbers) for company, day, *numbers in found.iterator(1000))
    days = CompanyDay.objects.order_by().values_list("day").annotate(**_SUMS)
    _put([(ALL, day, numbers) for day, *numbers in days])


def _put(sums: Any) -> None:
    rows = (
        CompanyDay(company_id=company, day=day, **dict(zip(_NAMES, numbers, strict=True)))
        for company, day, numbers in sums
    )
    CompanyDay.objects.bulk_create(rows, batch_size=50)
