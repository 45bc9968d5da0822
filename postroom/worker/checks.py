"""Has control of a domain been proved? Asks its platform and moves the domain along (core/lifecycle.py)."""

import logging
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import F

from postroom.actions.action import DATABASE_ERRORS
from postroom.core.lifecycle import DOMAIN_STEPS, DomainEvent, DomainState, MailboxState, step
from postroom.core.records import Origin
from postroom.drivers.contract import CheckReport, CheckState, PermanentFailure, TemporaryFailure
from postroom.store import history, jobs, rows
from postroom.store.models import Domain, Mailbox
from postroom.worker.reconcile import driver_of

log = logging.getLogger("postroom.worker")

_HOUR = 3_600_000
_SOON = 60_000
_EVENTS = {
    CheckState.OK: DomainEvent.CHECK_PASSED,
    CheckState.ACTION_REQUIRED: DomainEvent.CHECK_FAILED_OUTSIDE,
    CheckState.FAILED: DomainEvent.CHECK_FAILED_INSIDE,
}


def due(now: int, limit: int) -> list[int]:
    found = Domain.objects.filter(check_at__lte=now, applied_generation__gt=0).order_by("check_at")
    return list(found.values_list("id", flat=True)[:limit])


def check(id: int, now: int) -> None:
    """One domain. A platform that does not answer is asked again soon; the domain stays what it is."""
    row = rows.domain_by_id(id)
    if row is None:
        return
    try:
        report = driver_of(row.platform_id).check_domain(row.name)
    except (TemporaryFailure, PermanentFailure) as failure:
        log.warning("check of %s: %s", row.name, failure.reason)
        Domain.objects.filter(id=id).update(check_at=now + _SOON)
        return
    except DATABASE_ERRORS:
        raise
    except Exception:
        # A fault of ours with one domain must not keep the others waiting.
        log.exception("check of %s", row.name)
        Domain.objects.filter(id=id).update(check_at=now + _HOUR)
        return
    with transaction.atomic():
        _record(id, report, now)


def _record(id: int, report: CheckReport, now: int) -> None:
    row = rows.domain_by_id(id, lock=True)
    if row is None or (DomainState(row.status), _EVENTS[report.state]) not in DOMAIN_STEPS:
        Domain.objects.filter(id=id).update(check_at=None)  # disabled or deleted meanwhile: no check changes that
        return
    before, row.status = row.status, step(DOMAIN_STEPS, DomainState(row.status), _EVENTS[report.state])
    row.check_at = None if row.status == DomainState.ENABLED else now + _HOUR
    if row.status != before:
        origin = Origin(face="worker", application="check", request_id="", at=datetime.fromtimestamp(now / 1000, UTC))
        row.changed(now)
        history.note(row, "postroom", origin, "checked", {"status": [before, row.status]})
    rows.save(row)
    failed = [{"name": t.name, "internal": t.internal, "code": t.code, "detail": t.detail} for t in report.failed]
    Domain.objects.filter(id=id).update(check_details=failed)
    if (row.status == DomainState.ENABLED) != (before == DomainState.ENABLED):
        jobs.enqueue("spread_domain", str(id), now)  # those that are on the platform already: on or off with it
        if row.status == DomainState.ENABLED:
            release_waiting(id, now)


def release_waiting(domain_id: int, now: int) -> None:
    """Send the mailboxes that waited for their domain."""
    waiting = Mailbox.objects.filter(domain_id=domain_id, status=MailboxState.PENDING)
    waiting.update(status=MailboxState.ENABLED, generation=F("generation") + 1, due_at=now)
