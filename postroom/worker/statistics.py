"""Counting every day: provisionally when it begins, so that there is something to see, and for good when it is over."""

from collections.abc import Callable
from datetime import date, timedelta

from django.db import transaction

from postroom.core import periods
from postroom.core.letters.statistics import statistics as statistics_letter
from postroom.store import arrived, brands, company_days, counting, jobs, outgoing, statistics
from postroom.store.models import Company, Job

_LEASE = 300_000
_TURN = 2_000
"""Milliseconds: then rows and other jobs have their turn."""


def tick(job: Job, now: Callable[[], int]) -> bool:
    """Ask for yesterday's final count and today's first one, where they are missing. The recipients that accounts
    sent to are known for a day and an hour (store/sent.py), so this is looked at more than once an hour."""
    today = periods.today(now())
    yesterday = today - timedelta(days=1)
    statistics.close_earlier(yesterday)
    if statistics.is_counted(yesterday, final=False) and not statistics.is_counted(yesterday, final=True):
        _ask(yesterday, now())
    if not statistics.is_counted(today, final=False):
        _ask(today, now())
        statistics.thin(today)
        arrived.forget_before(yesterday)
    return True


def _ask(day: date, now: int) -> None:
    """Not anew while it runs: it would begin again from the first company."""
    Job.objects.get_or_create(kind="count_day", key=day.isoformat(), defaults={"due_at": now})


def count_day(job: Job, now: Callable[[], int]) -> bool:
    """A company after the other, each in a transaction of its own."""
    day, began = date.fromisoformat(job.key), now()
    final = day < periods.today(began)
    while now() - began <= _TURN:
        company = Company.objects.filter(id__gt=job.progress).order_by("id").first()
        if company is None:
            company_days.add_up_all(job.key)
            return True
        with transaction.atomic():
            if not jobs.keep_progress(job, company.pk, now() + _LEASE):
                return False
            _count(company, day, final, now())
        job.progress = company.pk
    jobs.pause(job, job.progress, now())
    return False


def _count(company: Company, day: date, final: bool, now: int) -> None:
    begin = periods.milliseconds(day)
    span = (begin, begin + 86_400_000)
    changed = counting.keep(company.pk, day, counting.count(company.pk, span), final=final)
    company_days.add_up(changed, day.isoformat())
    recipients = company.settings.get("stats_mailout")
    month = periods.around("month", day)
    if final and recipients and day == month.last:
        _mail(company, month, [str(address) for address in recipients], now)


def _mail(company: Company, month: periods.Period, recipients: list[str], now: int) -> None:
    look, language = brands.look(company.pk, company.settings), brands.language(company.settings)
    name = periods.name("month", month)
    told = statistics_letter(look, language, company.name, name, statistics.of_month(company.pk, month))
    outgoing.put([brands.dressed(address, "statistics", look, told) for address in recipients], now)
