"""A change of a domain or company on its way to the mailboxes that feel it.

Where mail servers read our tables their rows are updated many at a time; other platforms are told about each mailbox.
A turn is short, so that single changes never wait behind a large company.
"""

from collections.abc import Callable

from django.db import transaction
from django.db.models import F, Q, QuerySet

from postroom.core.lifecycle import MailboxState
from postroom.store import due, jobs, projection, projection_spread, rows
from postroom.store.models import Domain, Job, Mailbox

LEASE = 300_000
_BATCH = 1000
_TURN = 500  # milliseconds


def spread_domain(job: Job, now: Callable[[], int]) -> bool:
    """False while there is more to do, or when the job was asked for anew and must begin again."""
    row = rows.domain_by_id(int(job.key))
    if row is None:
        return True
    if not projection.is_read(row.platform_id):
        return _mark(job, Mailbox.objects.filter(domain_id=row.id), now)
    if job.progress == 0:
        _special_mailboxes(row.id, now())
    until, last = now() + _TURN, projection_spread.spread(row, job.progress)
    while last is not None:
        if now() >= until:
            jobs.pause(job, last, now())
            return False
        if not jobs.keep_progress(job, last, now() + LEASE):
            return False
        last = projection_spread.spread(row, last)
    return True


def spread_company(job: Job, now: Callable[[], int]) -> bool:
    """To platforms that must be told about each domain and mailbox."""
    told = ~Q(platform__driver__in=projection.READERS)
    domains = Domain.objects.filter(told, company_id=int(job.key))
    if job.progress == 0:
        domains.filter(deleted_at=None).update(generation=F("generation") + 1, due_at=now())
    return _mark(job, Mailbox.objects.filter(domain__in=domains), now)


def project_company(job: Job, now: Callable[[], int]) -> bool:
    """Into the tables that mail servers read. The job's progress is the id of the last domain that is done."""
    until = now() + _TURN
    readers = Domain.objects.filter(
        company_id=int(job.key), deleted_at=None, platform__driver__in=projection.READERS
    ).order_by("id")
    while ids := list(readers.filter(id__gt=job.progress).values_list("id", flat=True)[:_BATCH]):
        for id in ids:
            _spread_below(id, now())
            job.progress = id
            if now() >= until:
                jobs.pause(job, id, now())
                return False
        if not jobs.keep_progress(job, job.progress, now() + LEASE):
            return False
    return True


def _spread_below(domain_id: int, now: int) -> None:
    with transaction.atomic():
        row = rows.domain_by_id(domain_id, lock=True)
        if row is not None:
            projection.put_domain(row)
    if row is None:
        return
    _special_mailboxes(domain_id, now)
    if projection_spread.spread(row) is not None:
        jobs.enqueue("spread_domain", str(domain_id), now)  # too many for one statement


def _special_mailboxes(domain_id: int, now: int) -> None:
    """Those that one statement cannot write: written one by one, and their platform is told."""
    last = 0
    while ids := projection_spread.special_mailboxes(domain_id, last, _BATCH):
        for id in ids:
            with transaction.atomic():
                row = rows.mailbox_by_id(id, lock=True)
                if row is not None:
                    projection.put_mailbox(row)
        due.mark(Mailbox, ids, now)
        last = ids[-1]


def _mark(job: Job, mailboxes: QuerySet[Mailbox], now: Callable[[], int]) -> bool:
    """Have the platform told about each, a batch at a time."""
    settled = mailboxes.filter(deleted_at=None).exclude(status=MailboxState.PENDING)
    while True:
        ids = list(settled.filter(id__gt=job.progress).order_by("id").values_list("id", flat=True)[:_BATCH])
        if not ids:
            return True
        Mailbox.objects.filter(id__in=ids).update(generation=F("generation") + 1, due_at=now())
        job.progress = ids[-1]
        if not jobs.keep_progress(job, job.progress, now() + LEASE):
            return False
