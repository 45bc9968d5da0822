"""Where a platform differs from what it should be."""

from collections.abc import Iterable, Iterator

from django.db.models import Q

from postroom.core.plan import (
    Change,
    PutDomain,
    PutMailbox,
    Removal,
    RemoveDomain,
    RemoveMailbox,
    drift,
    guard_removals,
    honoured,
)
from postroom.core.records import DomainRecord, MailboxRecord
from postroom.drivers import make
from postroom.drivers.contract import Observing
from postroom.store import due, rows
from postroom.store.models import Domain, Mailbox, Platform
from postroom.store.platform_records import domain_record
from postroom.worker import remote_sync, table_readers
from postroom.worker.reconcile import mailbox_record


def differences(platform: Platform) -> Iterator[Change]:
    """What would bring the platform in step; objects that are due anyway are left to the worker."""
    driver = make(platform.driver, platform.settings).observing
    if driver is None:
        return
    yield from (change for change in _all_differences(platform, driver) if _stands(change, platform))


def _all_differences(platform: Platform, driver: Observing) -> Iterator[Change]:
    settled = Domain.objects.filter(platform=platform, deleted_at=None, due_at=None)
    # Read before anything is marked due: the mailboxes of a domain that differs are looked at too.
    names = list(settled.values_list("id", "name").order_by("id"))
    for change in drift(_wanted_domains(platform, driver), _observed_domains(driver)):
        if isinstance(change, RemoveDomain):
            yield from (RemoveMailbox(m.address, m.key) for m in _observed_mailboxes(driver, change.name))
        yield change
    for id, name in names:
        yield from drift(_wanted_mailboxes(id, driver), _observed_mailboxes(driver, name))


def _stands(change: Change, platform: Platform) -> bool:
    """Asks the rows once more: they move on while a platform is read, and what is due is the worker's anyway."""
    domains, mailboxes = Domain.objects.filter(platform=platform), Mailbox.objects.filter(domain__platform=platform)
    ours = Q(deleted_at=None) | Q(due_at__isnull=False)
    match change:
        case PutDomain(record=record):
            return domains.filter(id=record.key, deleted_at=None, due_at=None).exists()
        case PutMailbox(record=mailbox):
            return mailboxes.filter(id=mailbox.key, deleted_at=None, due_at=None).exists()
        case RemoveDomain(key=key):
            return key is None or not domains.filter(ours, id=key).exists()
        case RemoveMailbox(key=key):
            return key is None or not mailboxes.filter(ours, id=key).exists()
        case _:
            return True


def _wanted_domains(platform: Platform, driver: Observing) -> Iterator[DomainRecord]:
    names = Domain.objects.filter(platform=platform, deleted_at=None).values_list("name", "id")
    # Sorted here: databases sort text by rules of their own, the merge needs code point order.
    for _, id in sorted(names):
        row = rows.domain_by_id(id)
        if row is not None:
            yield honoured(domain_record(row), driver.abilities)


def _observed_domains(driver: Observing) -> Iterator[DomainRecord]:
    page = driver.domains()
    while page:
        yield from page
        page = driver.domains(after=page[-1].name)


def _wanted_mailboxes(domain_id: int, driver: Observing) -> Iterator[MailboxRecord]:
    living = Mailbox.objects.filter(domain_id=domain_id, deleted_at=None)
    living = living.exclude(status__in=due.WAITING, applied_name="")
    for _, id in sorted(living.values_list("address", "id")):
        row = rows.mailbox_by_id(id)
        if row is not None:
            yield honoured(mailbox_record(row), driver.abilities)


def _observed_mailboxes(driver: Observing, domain: str) -> Iterator[MailboxRecord]:
    page = driver.observe_mailboxes(domain)
    while page:
        yield from page
        page = driver.observe_mailboxes(domain, after=page[-1].address)


def told(change: Change) -> str:
    if isinstance(change, PutDomain):
        return f"domain {change.record.name} is missing or different"
    if isinstance(change, PutMailbox):
        return f"mailbox {change.record.address} is missing or different"
    if isinstance(change, RemoveDomain):
        return f"domain {change.name} is there and should not be"
    if isinstance(change, RemoveMailbox):
        return f"mailbox {change.address} is there and should not be"
    return change.reason


def mend(now: int) -> Iterator[str]:
    """Have the worker put right what is missing or different. What is there and unknown to us is only told."""
    for platform in Platform.objects.order_by("id"):
        yield from table_readers.mend(platform, now)
        yield from remote_sync.mend(platform, now)
        for change in differences(platform):
            yield told(change)
            if isinstance(change, PutDomain):
                due.mark(Domain, [change.record.key], now)
            elif isinstance(change, PutMailbox):
                due.mark(Mailbox, [change.record.key], now)


def remove_unknown(*, forced: bool) -> list[str]:
    """For the operator: remove from the platforms what we do not know. Raises MassRemoval (core/plan.py)."""
    return [line for platform in Platform.objects.order_by("id") for line in _remove_unknown(platform, forced)]


def _remove_unknown(platform: Platform, forced: bool) -> list[str]:
    removals: list[Removal] = [c for c in differences(platform) if isinstance(c, RemoveDomain | RemoveMailbox)]
    guard_removals(removals, _existing(platform), forced=forced)
    driver = make(platform.driver, platform.settings)
    for change in _mailboxes_first(removals):
        driver.apply(change)
    return [told(change) for change in removals]


def _existing(platform: Platform) -> int:
    domains = Domain.objects.filter(platform=platform, deleted_at=None)
    return domains.count() + Mailbox.objects.filter(domain__in=domains, deleted_at=None).count()


def _mailboxes_first(removals: Iterable[Removal]) -> list[Removal]:
    return sorted(removals, key=lambda change: isinstance(change, RemoveDomain))
