"""What waited in a domain that was never proved, and is gone: its mailboxes, a few at a time."""

from collections.abc import Callable
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from postroom.core.lifecycle import MAILBOX_STEPS, MailboxEvent, MailboxState, step
from postroom.core.records import Origin
from postroom.store import history, jobs, rows, tombstones
from postroom.store.models import Address, AdminRole, Job, Mailbox, Token

_BATCH = 100
_ACTOR = "postroom"


def end_mailboxes(job: Job, now: Callable[[], int]) -> bool:
    """Of the domain in the job's key, those whose addresses were taken from them. False while there are more."""
    left = Mailbox.objects.filter(domain_id=int(job.key), deleted_at=None)
    left = left.exclude(Exists(Address.objects.filter(mailbox_id=OuterRef("id"))))
    ids = list(left.order_by("id").values_list("id", flat=True)[:_BATCH])
    if not ids:
        return True
    with transaction.atomic():
        for id in ids:
            _end(id, now())
    jobs.pause(job, job.progress + len(ids), now())
    return False


def _end(id: int, now: int) -> None:
    row = rows.mailbox_by_id(id, lock=True)
    if row is None or row.deleted_at is not None:
        return
    AdminRole.objects.filter(mailbox_id=id).delete()
    Token.objects.filter(mailbox_id=id).delete()
    tombstones.put(row, _ACTOR, now)
    row.status = step(MAILBOX_STEPS, MailboxState(row.status), MailboxEvent.DELETE)
    row.deleted_at = now
    row.changed(now)
    at = datetime.fromtimestamp(now / 1000, UTC)
    origin = Origin(face="worker", application="postroom", request_id="", at=at)
    history.note(row, _ACTOR, origin, "deleted", {"name": [row.address, None]})
    rows.save(row)
