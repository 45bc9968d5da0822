"""What a mailbox on a platform is to be given or told once, and what may take longer than a caller waits."""

import logging
from collections.abc import Callable

from postroom.core.stored_mail import DEFAULT_SCRIPT
from postroom.drivers.contract import DriverError, NoMailbox, PermanentFailure, StoredMail
from postroom.store import jobs, rows
from postroom.store.models import Job, Mailbox, Reindexing
from postroom.worker.reconcile import driver_of

log = logging.getLogger("postroom.worker")

_MINUTE, _DAY = 60_000, 86_400_000
_LONGEST_WAIT = 60 * _MINUTE


def reindex(job: Job, now: Callable[[], int]) -> bool:
    """Job's key: the id of a Reindexing. Tried again for a day while the platform is away."""
    Reindexing.objects.filter(created_at__lt=now() - 7 * _DAY).delete()
    asked = Reindexing.objects.select_related("mailbox__domain").filter(id=job.key).first()
    if asked is None:
        return True
    _set_status(job.key, "active")
    try:
        mail = driver_of(asked.mailbox.domain.platform_id).stored_mail
        if mail is not None:
            mail.reindex(asked.mailbox.address, asked.folder)
    except DriverError as failure:
        log.warning("reindexing %s: %s", asked.mailbox.address, failure.reason)
        if isinstance(failure, PermanentFailure) or asked.created_at < now() - _DAY:
            _set_status(job.key, "failed")
        else:
            _set_status(job.key, "pending")
            jobs.enqueue(job.kind, job.key, _later(asked.created_at, now()))
        return True
    _set_status(job.key, "complete")
    return True


def _set_status(id: str, status: str) -> None:
    Reindexing.objects.filter(id=id).update(status=status)


def put_sieve(job: Job, now: Callable[[], int]) -> bool:
    """Job's key: a mailbox. Its attribute `sieve` becomes the active filter on the platform."""
    row = rows.mailbox_by_id(int(job.key))
    if row is None or row.deleted_at is not None:
        return True
    wanted = str(row.settings.get("sieve") or "")
    applied = Mailbox.objects.filter(id=row.id).exclude(applied_name="").exists()
    try:
        if not applied:
            raise NoMailbox("it has not reached its platform yet")
        mail = driver_of(row.domain.platform_id).stored_mail
        if mail is not None:
            _activate(mail, row.address, wanted)
    except DriverError as failure:
        log.info("filter of %s: %s", row.address, failure.reason)
        jobs.enqueue(job.kind, job.key, _later(job.due_at, now()))
    return True


def _activate(mail: StoredMail, address: str, text: str) -> None:
    active = next((script.name for script in mail.scripts(address) if script.active), None)
    if not text:
        if active is not None:
            mail.activate_script(address, "")
        return
    name = active or DEFAULT_SCRIPT
    errors = mail.put_script(address, name, text)
    if errors:
        # It was checked when it was set; the platform has changed its mind since.
        log.warning("filter of %s, line %s: %s", address, errors[0].line, errors[0].text)
    elif active is None:
        mail.activate_script(address, name)


def _later(since: int, now: int) -> int:
    """Ever more seldom."""
    return now + min(_LONGEST_WAIT, max(1000, now - since))
