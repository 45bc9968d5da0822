"""Telling a remote platform, which keeps none of our keys, of one domain or one mailbox.

What we are about to tell is written down before (store/told.py). So an answer that got lost does no harm: what is there
is known to be ours, and what was there before us is not touched by the end of what we never told.
"""

import logging
from itertools import groupby

import msgspec

from postroom.core.address import is_pseudo
from postroom.core.plan import PutDomain, PutMailbox, RemoveDomain, RemoveMailbox
from postroom.core.records import AliasRecord, DomainRecord, MailboxRecord
from postroom.drivers.contract import LeftThere, PermanentFailure, Remote, TemporaryFailure
from postroom.store import due, rows, told
from postroom.store.models import Domain

log = logging.getLogger("postroom.worker")


def domain(driver: Remote, row: rows.DomainRow, applied: str, wanted: DomainRecord | None) -> str:
    """The name under which the platform knows it now. `wanted`: None where it is deleted."""
    if is_pseudo(row.name):
        return "" if wanted is None else row.name
    if wanted is None:
        _remove_domain(driver, row)
        return ""
    if _is_others(driver, row):
        return row.name
    _claim(row.platform_id, row.name, row.id)
    pairs = told.wanted_aliases(row.id, row.name) if wanted.active else set()
    withdraw = told.aliases(row.id) - pairs if wanted.active else set()
    told.keep_aliases(row.platform_id, row.id, pairs)
    record = msgspec.structs.replace(wanted, own_aliases=_records(pairs))
    driver.apply(PutDomain(record, applied or None, withdraw=tuple(sorted(withdraw))))
    told.forget_aliases(row.id, withdraw)
    told.forget_domain(row.id, but=row.name)
    return row.name


def _is_others(driver: Remote, row: rows.DomainRow) -> bool:
    """It was there before us. Until control of it is proved it is looked at and left as it is: anybody can claim."""
    return not row.is_proved and row.name not in told.names_of_domain(row.id) and driver.knows(row.name)


def _claim(platform_id: int, name: str, domain_id: int, mailbox_id: int | None = None) -> None:
    if not told.claim(platform_id, name, domain_id, mailbox_id):
        raise TemporaryFailure(f"{name} is still something else on the platform, which is to be renamed or removed")


def _remove_domain(driver: Remote, row: rows.DomainRow) -> None:
    for name in told.names_of_domain(row.id):
        try:
            driver.apply(RemoveDomain(name, row.id))
        except LeftThere as left:
            log.warning("domain %s: %s", name, left.reason)
    told.forget_domain(row.id)


def _records(pairs: set[told.Pair]) -> tuple[AliasRecord, ...]:
    by_address = groupby(sorted(pairs), key=lambda pair: pair[0])
    return tuple(
        AliasRecord(local_part=address.rpartition("@")[0], destinations=tuple(end for _, end in found))
        for address, found in by_address
    )


def mailbox(driver: Remote, row: rows.MailboxRow, applied: str, wanted: MailboxRecord | None, now: int) -> str:
    """The address under which the platform knows it now. What leads to it its domain tells: that is woken here."""
    if is_pseudo(row.domain.name):
        return "" if wanted is None else row.address
    if wanted is None:
        for address in told.names_of_mailbox(row.id):
            driver.apply(RemoveMailbox(address, row.id))
        told.forget_mailbox(row.id)
    elif row.domain.serves:
        _put_mailbox(driver, row, applied, wanted)
    else:
        # Switching every mailbox off would cost their calendars (docs/dimail-driver.md): nothing new is told.
        return applied
    if told.aliases_differ(row.id, row.address, row.domain_id):
        due.renew(Domain, row.domain_id, now)
    return "" if wanted is None else row.address


def _put_mailbox(driver: Remote, row: rows.MailboxRow, applied: str, wanted: MailboxRecord) -> None:
    _claim(row.domain.platform_id, row.address, row.domain_id, row.id)
    try:
        driver.apply(PutMailbox(wanted, applied or None))
    except PermanentFailure:
        if applied and applied != row.address:
            told.forget_mailbox(row.id, but=applied)  # the name was refused: it is not ours there
        raise
    told.forget_mailbox(row.id, but=row.address)
