"""One domain or one mailbox: what should be, what is there, make it so, write down how it went."""

import hashlib
import logging
from collections.abc import Callable
from typing import TypeVar

from postroom.actions.action import DATABASE_ERRORS
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

Record = TypeVar("Record", DomainRecord, MailboxRecord)

log = logging.getLogger("postroom.worker")

LEASE = 120_000  # milliseconds: twice what all calls of one row together take (drivers/contract.py, CALL_LIMIT)
_LONGEST_WAIT = 3_600_000


def wait_after(failures: int, at_least_seconds: float) -> int:
    """Milliseconds until the next try: doubled with each failure in a row, an hour at most."""
    return int(min(_LONGEST_WAIT, max(at_least_seconds * 1000, 1000 * 2 ** min(failures, 12))))


def driver_of(platform_id: int) -> Driver:
    name, settings = Platform.objects.values_list("driver", "settings").get(id=platform_id)
    return make(name, settings)


def domain_record(row: rows.DomainRow) -> DomainRecord:
    return DomainRecord(
        key=row.id,
        name=row.name,
        aliases=tuple(row.aliases),
        active=row.serves,
        settings=inheritance.effective(Level.DOMAIN, row.settings, row.company.settings),
    )


def mailbox_record(row: rows.MailboxRow) -> MailboxRecord:
    return MailboxRecord(
        key=row.id,
        address=row.address,
        type=row.type,
        aliases=tuple(row.aliases),
        active=row.status == MailboxState.ENABLED and row.domain.serves,
        password_hash=row.password,
        password_id=_password_id(row),
        app_password_hashes=tuple(
            AppPassword.objects.filter(mailbox_id=row.id).order_by("id").values_list("hash", flat=True)
        ),
        settings=inheritance.effective(Level.MAILBOX, row.settings, row.domain.settings, row.domain.company.settings),
    )


def _password_id(row: rows.MailboxRow) -> str:
    as_it_was_set = next(iter(row.old_passwords), row.password)
    return hashlib.sha256(as_it_was_set.encode()).hexdigest()[:16] if as_it_was_set else ""


def _attempt(
    model: due.Reconciled,
    id: int,
    generation: int,
    name: str,
    now: Callable[[], int],
    work: Callable[[], None],
) -> bool:
    """Run `work` and write down the outcome; whether it went well."""
    kind, wait = model.__name__.lower(), 60.0
    try:
        work()
    except TemporaryFailure as failure:
        reason, wait = failure.reason, failure.retry_in
        log.warning("%s %s: %s", kind, name, reason)
    except PermanentFailure as failure:
        reason = failure.reason
        log.warning("%s %s: %s", kind, name, reason)
    except DATABASE_ERRORS:
        raise  # of our own database: nothing can be written down now
    except Exception as error:
        # One row that trips over a fault of ours must not keep the others waiting.
        reason = f"a fault in Postroom ({type(error).__name__}); its log says more"
        log.exception("%s %s", kind, name)
    else:
        due.done(model, id, generation, name)
        return True
    attempts = model.objects.values_list("attempts", flat=True).get(id=id)
    due.put_off(model, id, generation, reason, now() + wait_after(attempts, wait))
    return False


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


def domain(id: int, now: Callable[[], int]) -> None:
    row = rows.domain_by_id(id)
    if row is None:
        return
    applied = Domain.objects.values_list("applied_name", flat=True).get(id=id)
    gone = row.deleted_at is not None

    def work() -> None:
        if gone and Mailbox.objects.filter(domain_id=id).exclude(applied_name="").exists():
            raise TemporaryFailure(f"{row.name} still has mailboxes on the platform", retry_in=0.5)
        driver = driver_of(row.platform_id)
        wanted = None if gone else honoured(domain_record(row), driver.abilities)
        if driver.observing is None:
            driver.apply(PutDomain(wanted, applied or None) if wanted else RemoveDomain(row.name, row.id))
            return
        seen = _seen(driver.observing.observe_domain, id, row.name, applied)
        _apply(driver, diff_domain(wanted, seen, applied or None, key=row.id))

    if _attempt(Domain, id, row.generation, "" if gone else row.name, now, work) and not applied:
        due.wake_mailboxes(id, now())


def mailbox(id: int, now: Callable[[], int]) -> None:
    row = rows.mailbox_by_id(id)
    if row is None:
        return
    applied = Mailbox.objects.values_list("applied_name", flat=True).get(id=id)
    gone = row.deleted_at is not None

    def work() -> None:
        if not gone and not Domain.objects.filter(id=row.domain_id).exclude(applied_name="").exists():
            raise TemporaryFailure(f"{row.domain.name} is not on the platform yet", retry_in=0.5)
        driver = driver_of(row.domain.platform_id)
        wanted = None if gone else honoured(mailbox_record(row), driver.abilities)
        if driver.observing is None:
            driver.apply(PutMailbox(wanted, applied or None) if wanted else RemoveMailbox(row.address, row.id))
            return
        seen = _seen(driver.observing.observe_mailbox, id, row.address, applied)
        _apply(driver, diff_mailbox(wanted, seen, applied or None, key=row.id))

    _attempt(Mailbox, id, row.generation, "" if gone else row.address, now, work)
