"""Bulletins on their way into the queue of e-mails: one batch a turn, so that other work goes on in between."""

from collections.abc import Callable

from django.db import transaction

from postroom.core.lifecycle import MailboxState
from postroom.store import bulletins, jobs, rows
from postroom.store.models import BulletinPosting, Job, Mailbox
from postroom.store.working_copies import domain_serves

_BATCH = 500
_DOMAIN = ("domain__status", "domain__proved_at", "domain__settings")
_SOONEST, _LATEST = 5_000, 3_600_000


def post(job: Job, now: Callable[[], int]) -> bool:
    """To everybody. The batch and the mark where to go on are kept together: nobody gets it twice."""
    posting = BulletinPosting.objects.select_related("company").filter(id=int(job.key)).first()
    owner = _owner(posting) if posting else None
    if posting is None or owner is None:
        return True
    taking = Mailbox.objects.filter(deleted_at=None, status=MailboxState.ENABLED, domain__deleted_at=None)
    taking = taking.filter(domain_id=owner.id) if posting.domain_id else taking.filter(domain__company_id=owner.id)
    wanted = taking.filter(id__gt=job.progress).order_by("id")
    batch = list(wanted.values_list("id", "address", "settings", *_DOMAIN)[:_BATCH])
    if not batch:
        return True
    recipients = [(address, settings) for _, address, settings, *domain in batch if domain_serves(*domain)]
    with transaction.atomic():
        if jobs.pause(job, batch[-1][0], now()):
            bulletins.mails(posting.pk, owner, recipients, now())
    return len(batch) < _BATCH


def _owner(posting: BulletinPosting) -> bulletins.Owner | None:
    """None where it has gone meanwhile."""
    if posting.domain_id is not None:
        domain = rows.domain_by_id(posting.domain_id)
        return None if domain is None or domain.deleted_at is not None else domain
    return rows.find_company(posting.company.name) if posting.company else None


def welcome(job: Job, now: Callable[[], int]) -> bool:
    """The automatic bulletins to a new mailbox, once the platform has it; until then asked for ever more seldom."""
    row = rows.mailbox_by_id(int(job.key))
    if row is None or row.deleted_at is not None:
        return True
    reached = Mailbox.objects.filter(id=row.id).exclude(applied_name="").exists()
    if not (reached and row.status == MailboxState.ENABLED and row.domain.serves):
        wait = min(_LATEST, max(_SOONEST, now() - row.created_at))
        jobs.pause(job, 0, now() + wait)
        return False
    with transaction.atomic():
        if not job.progress and jobs.pause(job, 1, now()):
            for bulletin in bulletins.automatic(row):
                owner = row.domain if bulletin.domain_id else row.domain.company
                posting = bulletins.posting(bulletin, now(), again=True)
                bulletins.mails(posting.pk, owner, [(row.address, row.settings)], now())
    return True
