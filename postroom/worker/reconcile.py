"""One domain or one mailbox: what should be, what is there, make it so, write down how it went."""

import logging
from collections.abc import Callable
from typing import TypeVar

import msgspec
from django.db import transaction

from postroom.actions.action import DATABASE_GONE
from postroom.actions.person_mailboxes import names_of
from postroom.core import inheritance
from postroom.core.catalogue.attribute import Level
from postroom.core.lifecycle import MailboxState
from postroom.core.plan import (
    Change,
    PutDomain,
    PutMailbox,
    RemoveDomain,
    RemoveMailbox,
    diff_domain,
    diff_mailbox,
    honoured,
)
from postroom.core.records import DomainRecord, MailboxRecord
from postroom.drivers import make
from postroom.drivers.contract import Driver, PermanentFailure, TemporaryFailure
from postroom.store import due, rows
from postroom.store.models import AppPassword, Domain, Mailbox, Platform
from postroom.store.platform_records import domain_record
from postroom.worker import arrivals, remote

Record = TypeVar("Record", DomainRecord, MailboxRecord)
Result = TypeVar("Result")

log = logging.getLogger("postroom.worker")

LEASE = 120_000  # milliseconds: twice what all calls of one row together take (drivers/contract.py, CALL_LIMIT)
_LONGEST_WAIT = 3_600_000


def wait_after(failures: int, at_least_seconds: float) -> int:
    """Milliseconds until the next try: doubled with each failure in a row, an hour at most."""
    return int(min(_LONGEST_WAIT, max(at_least_seconds * 1000, 1000 * 2 ** min(failures, 12))))


def driver_of(platform_id: int) -> Driver:
    name, settings = Platform.objects.values_list("driver", "settings").get(id=platform_id)
    return make(name, settings)


def mailbox_record(row: rows.MailboxRow) -> MailboxRecord:
    first, last = names_of(row.first_name, row.last_name, row.settings.get("name"))
    return MailboxRecord(
        first_name=first,
        last_name=last,
        key=row.id,
        address=row.address,
        type=row.type,
        aliases=tuple(row.aliases),
        # One that was refused is asked for again as it should be.
        active=row.status in (MailboxState.ENABLED, MailboxState.FAILED) and row.domain.serves,
        password_hash=row.password,
        password_id=row.password_id,
        app_password_hashes=tuple(
            AppPassword.objects.filter(mailbox_id=row.id).order_by("id").values_list("hash", flat=True)
        ),
        settings=inheritance.effective(Level.MAILBOX, row.settings, row.domain.settings, row.domain.company.settings),
    )


class Failure(msgspec.Struct, frozen=True):
    reason: str
    wait: float = 60.0
    """Seconds, at least."""
    refused: bool = False
    """The platform will not do it, rather than cannot now."""


def _tried(kind: str, name: str, work: Callable[[], Result]) -> Result | Failure:
    """What `work` returns."""
    try:
        return work()
    except TemporaryFailure as failure:
        log.warning("%s %s: %s", kind, name, failure.reason)
        return Failure(failure.reason, failure.retry_in)
    except PermanentFailure as failure:
        log.warning("%s %s: %s", kind, name, failure.reason)
        return Failure(failure.reason, refused=True)
    except DATABASE_GONE:
        raise  # of our own database: nothing can be written down now
    except Exception as error:
        # One row that trips over a fault of ours must not keep the others waiting.
        log.exception("%s %s", kind, name)
        return Failure(f"a fault in Postroom ({type(error).__name__}); its log says more")


def _put_off(model: due.Reconciled, id: int, generation: int, failure: Failure, now: Callable[[], int]) -> None:
    attempts = model.objects.values_list("attempts", flat=True).get(id=id)
    due.put_off(model, id, generation, failure.reason, now() + wait_after(attempts, failure.wait))


def _apply(driver: Driver, changes: list[Change]) -> None:
    for change in changes:
        driver.apply(change)


def _seen(observe: Callable[[str], Record | None], key: int, *names: str) -> Record | None:
    """Our object under the first of `names` that it has on the platform; else what another object has put there."""
    other: Record | None = None
    for name in dict.fromkeys(names):
        found = observe(name) if name else None
        if found is not None and found.key == key:
            return found
        other = other or found
    return other


def _require_name_free(model: due.Reconciled, name: str, wanted: Record | None, seen: Record | None) -> None:
    """Another object of ours has the name on the platform: it is to be removed or renamed first. Raises
    TemporaryFailure."""
    if wanted and seen and seen.key != wanted.key and model.objects.filter(id=seen.key).exclude(due_at=None).exists():
        raise TemporaryFailure(
            f"{name} is still something else on the platform, which is to be renamed or removed", retry_in=0.5
        )


def domain(id: int, now: Callable[[], int]) -> None:
    row = rows.domain_by_id(id)
    if row is None:
        return
    applied = Domain.objects.values_list("applied_name", flat=True).get(id=id)
    gone = row.deleted_at is not None

    def work() -> str:
        if gone and Mailbox.objects.filter(domain_id=id).exclude(applied_name="").exists():
            raise TemporaryFailure(f"{row.name} still has mailboxes on the platform", retry_in=0.5)
        driver = driver_of(row.platform_id)
        wanted = None if gone else honoured(domain_record(row), driver.abilities)
        if driver.remote is not None:
            return remote.domain(driver.remote, row, applied, wanted)
        if driver.observing is None:
            driver.apply(PutDomain(wanted, applied or None) if wanted else RemoveDomain(row.name, row.id))
        else:
            seen = _seen(driver.observing.observe_domain, id, row.name, applied)
            _require_name_free(Domain, row.name, wanted, seen)
            _apply(driver, diff_domain(wanted, seen, applied or None, key=row.id))
        return "" if gone else row.name

    outcome = _tried("domain", row.name, work)
    if isinstance(outcome, Failure):
        _put_off(Domain, id, row.generation, outcome, now)
        return
    due.done(Domain, id, row.generation, outcome)
    if not applied:
        due.wake_mailboxes(id, now())


def mailbox(id: int, now: Callable[[], int]) -> None:
    row = rows.mailbox_by_id(id)
    if row is None:
        return
    applied, owed = Mailbox.objects.values_list("applied_name", "welcome").get(id=id)
    outcome = _tried("mailbox", row.address, lambda: _mailbox_told(row, applied, now))
    if isinstance(outcome, Failure):
        with transaction.atomic():
            if outcome.refused and not applied and row.status == MailboxState.ENABLED:
                arrivals.refused(row, outcome.reason, now())
            _put_off(Mailbox, id, row.generation, outcome, now)
        return
    if not outcome or not (owed or row.status == MailboxState.FAILED):
        due.done(Mailbox, id, row.generation, outcome)
        return
    _arrived(row, outcome, owed, now)


def _arrived(row: rows.MailboxRow, name: str, owed: str, now: Callable[[], int]) -> None:
    """The platform has it. Where that makes no way in now, its holder is welcomed with the next try."""
    credentials = driver_of(row.domain.platform_id).credentials
    way = _tried("mailbox", row.address, lambda: arrivals.way_in(row, owed, credentials))
    with transaction.atomic():
        due.done(Mailbox, row.id, row.generation, name)
        if isinstance(way, Failure):
            _put_off(Mailbox, row.id, row.generation, way, now)
        else:
            arrivals.arrived(row.id, way, now())


def _mailbox_told(row: rows.MailboxRow, applied: str, now: Callable[[], int]) -> str:
    gone = row.deleted_at is not None
    if not gone and not Domain.objects.filter(id=row.domain_id).exclude(applied_name="").exists():
        raise TemporaryFailure(f"{row.domain.name} is not on the platform yet", retry_in=0.5)
    driver = driver_of(row.domain.platform_id)
    wanted = None if gone else honoured(mailbox_record(row), driver.abilities)
    # Its turn has not come. If all the same it is there, a worker died before it could say so.
    waits = not gone and not applied and row.status in due.WAITING
    if waits and driver.observing is None:
        return ""
    if driver.remote is not None:
        return remote.mailbox(driver.remote, row, applied, wanted, now())
    if driver.observing is None:
        driver.apply(PutMailbox(wanted, applied or None) if wanted else RemoveMailbox(row.address, row.id))
        return "" if gone else row.address
    seen = _seen(driver.observing.observe_mailbox, row.id, row.address, applied)
    if waits and (seen is None or seen.key != row.id):
        return ""
    _require_name_free(Mailbox, row.address, wanted, seen)
    _apply(driver, diff_mailbox(wanted, seen, applied or None, key=row.id))
    return "" if gone else row.address
