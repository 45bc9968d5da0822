"""Mailboxes that wait for their domain, and welcomes that are still owed."""

from collections.abc import Callable

from django.db import transaction

from postroom.core.lifecycle import MAILBOX_STEPS, DomainState, MailboxEvent, MailboxState, step
from postroom.store import history, jobs, rows
from postroom.store.models import Domain, Job, Mailbox
from postroom.worker.arrivals import ACTOR, origin

_BATCH = 100
_TURN = 500  # milliseconds: then rows and other jobs have their turn
_MAY_SERVE = (DomainState.ENABLED, DomainState.ACTION_REQUIRED, DomainState.FAILED)


def release(job: Job, now: Callable[[], int]) -> bool:
    """Send the mailboxes that waited for a domain; whether it has none left. Those of a domain that is no longer
    enabled go on waiting. Doing this twice does no harm, so the job keeps no mark of where it is."""
    until = now() + _TURN
    while True:
        with transaction.atomic():
            ids = _of_enabled(int(job.key))
            for id in ids:
                _release(id, now())
        if not ids:
            return True
        if now() >= until:
            jobs.pause(job, 0, now())
            return False


def _of_enabled(domain_id: int) -> list[int]:
    """Should the domain be switched off at this very moment, its mailboxes are off with it, released or not."""
    waiting = Mailbox.objects.filter(domain_id=domain_id, status=MailboxState.PENDING, deleted_at=None)
    waiting = waiting.filter(domain__status=DomainState.ENABLED)
    return list(waiting.order_by("id").values_list("id", flat=True)[:_BATCH])


def _release(id: int, now: int) -> None:
    row = rows.mailbox_by_id(id, lock=True)
    if row is None or row.status != MailboxState.PENDING or row.deleted_at is not None:
        return
    row.status = step(MAILBOX_STEPS, MailboxState(row.status), MailboxEvent.DOMAIN_ENABLED)
    row.changed(now)
    history.note(row, ACTOR, origin(now), "released", {"status": [MailboxState.PENDING, row.status]})
    rows.save(row)


def look_after(job: Job, now: Callable[[], int]) -> bool:
    """Whatever else was forgotten or came in between: nobody waits for a domain that is enabled, or for a welcome to a
    mailbox that is there, while its domain serves mail."""
    forgotten = Mailbox.objects.filter(status=MailboxState.PENDING, deleted_at=None)
    forgotten = forgotten.filter(domain__status=DomainState.ENABLED, domain__deleted_at=None)
    for id in forgotten.values_list("domain_id", flat=True).distinct():
        jobs.enqueue("release_waiting", str(id), now())
    owed = Mailbox.objects.exclude(welcome="").exclude(applied_name="")
    owed = owed.filter(status=MailboxState.ENABLED, deleted_at=None, due_at=None)
    domains = Domain.objects.filter(status__in=_MAY_SERVE, deleted_at=None, id__in=owed.values("domain_id"))
    for id in domains.values_list("id", flat=True):
        row = rows.domain_by_id(id)
        if row is not None and row.serves:
            owed.filter(domain_id=id).update(due_at=now())
    return True
