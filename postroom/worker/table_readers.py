"""Platforms whose servers read our tables: what is compared, given back and erased there."""

import logging
from collections.abc import Iterator
from itertools import islice

from django.db import transaction
from django.db.models import QuerySet

from postroom.core.plan import Change, PutDomain, PutMailbox
from postroom.core.records import DomainRecord, MailboxRecord
from postroom.drivers import make
from postroom.drivers.contract import DriverError as DriverError  # for those who ask us
from postroom.drivers.contract import TableReader, TemporaryFailure
from postroom.store import due, projection, projection_aliases, projection_orphans, rows
from postroom.store.models import Domain, Mailbox, Platform
from postroom.store.platform_records import domain_record
from postroom.worker.reconcile import mailbox_record

log = logging.getLogger("postroom.worker")

_PAGE = 1000


def mend(platform: Platform, now: int) -> Iterator[str]:
    """The tables are put right at once; where a server still disagrees it is told again by the worker."""
    reader = make(platform.driver, platform.settings).reading
    if reader is None:
        return
    yield from projection_orphans.remove()
    yield from _mend_tables(platform)
    ids = {"domain": dict[str, int](), "mailbox": dict[str, int]()}

    def wanted() -> Iterator[DomainRecord | MailboxRecord]:
        for record in records(platform):
            kind = "domain" if isinstance(record, DomainRecord) else "mailbox"
            ids[kind][_name(record)] = record.key
            yield record

    for name, problem in reader.disagreements(wanted()):
        yield f"{name}: {problem}"
        model, kind = (Mailbox, "mailbox") if "@" in name else (Domain, "domain")
        due.mark(model, [ids[kind][name]], now)
    yield from _mail_of_nobody(reader)


def _mail_of_nobody(reader: TableReader) -> Iterator[str]:
    """Told and left alone: what hands have put there only hands should remove."""
    kept = reader.kept_mail()
    while page := list(islice(kept, _PAGE)):
        known = set(Mailbox.objects.filter(id__in=[key for key, _ in page]).values_list("id", flat=True))
        yield from (f"{place}: mail of no mailbox" for key, place in page if key not in known)


def _mend_tables(platform: Platform) -> Iterator[str]:
    for id in _ids(platform, Domain):
        with transaction.atomic():
            row = rows.domain_by_id(id, lock=True)
            differed = row is not None and _put_domain(row)
        if row is not None and differed:
            yield f"{row.name}: what the mail servers read of it was different"
    for id in _ids(platform, Mailbox):
        with transaction.atomic():
            mailbox = rows.mailbox_by_id(id, lock=True)
            differed = mailbox is not None and bool(projection.put_mailbox(mailbox))
        if mailbox is not None and differed:
            yield f"{mailbox.address}: what the mail servers read of it was different"


def _put_domain(row: rows.DomainRow) -> bool:
    differed = projection.put_domain(row)
    return projection_aliases.put_domain(row, rows.mailbox_by_id) or differed


def records(platform: Platform) -> Iterator[DomainRecord | MailboxRecord]:
    """All that should be there and that no worker is about to tell anyway."""
    for id in _ids(platform, Domain, due_at=None):
        row = rows.domain_by_id(id)
        if row is not None:
            yield domain_record(row)
    for id in _ids(platform, Mailbox, due_at=None):
        mailbox = rows.mailbox_by_id(id)
        if mailbox is not None:
            yield mailbox_record(mailbox)


def keys_of(platform: Platform) -> Iterator[Change]:
    """What a platform that lost its keys must be told: only those that have any."""
    domains = Domain.objects.filter(platform=platform, deleted_at=None, settings__has_key="dkim_key")
    for id in domains.order_by("id").values_list("id", flat=True).iterator():
        row = rows.domain_by_id(id)
        if row is not None:
            yield PutDomain(domain_record(row))
    refusing = Mailbox.objects.filter(domain__platform=platform, deleted_at=None, settings__reject_spam=True)
    for id in refusing.order_by("id").values_list("id", flat=True).iterator():
        mailbox = rows.mailbox_by_id(id)
        if mailbox is not None:
            yield PutMailbox(mailbox_record(mailbox))


def refill(platform: Platform) -> bool:
    """Give back the keys to servers that lost them; whether they had."""
    reader = make(platform.driver, platform.settings).reading
    if reader is None or reader.is_filled():
        return False
    reader.fill(keys_of(platform))
    return True


def fill_all() -> list[str]:
    """Begin anew on every platform that reads our tables, also where nothing is known to be lost; their names."""
    filled = []
    for platform in Platform.objects.filter(driver__in=projection.READERS).order_by("id"):
        reader = make(platform.driver, platform.settings).reading
        if reader is not None:
            for line in (*projection_orphans.remove(), *_mend_tables(platform)):
                log.warning("%s", line)
            reader.fill(keys_of(platform))
            filled.append(platform.name)
    return filled


def refill_all() -> list[str]:
    """The platforms that had lost their keys; one that does not answer is asked again soon."""
    refilled = []
    for platform in Platform.objects.filter(driver__in=projection.READERS).order_by("id"):
        try:
            if refill(platform):
                refilled.append(platform.name)
        except TemporaryFailure:
            continue
    return refilled


def erase_mail(mailboxes: QuerySet[Mailbox]) -> None:
    """Of mailboxes that are about to be forgotten. Where it cannot be erased they are not: the job is tried again."""
    platforms = Platform.objects.filter(driver__in=projection.READERS)
    for platform in platforms:
        reader = make(platform.driver, platform.settings).reading
        ids = list(mailboxes.filter(domain__platform=platform).values_list("id", flat=True))
        if reader is not None and ids:
            reader.erase(ids)


def _ids(platform: Platform, model: type[Domain] | type[Mailbox], **more: object) -> Iterator[int]:
    owner = "platform" if model is Domain else "domain__platform"
    last = 0
    while True:
        living = model.objects.filter(**{owner: platform, "deleted_at": None, "id__gt": last, **more})
        page = list(living.order_by("id").values_list("id", flat=True)[:_PAGE])
        if not page:
            return
        yield from page
        last = page[-1]


def _name(record: DomainRecord | MailboxRecord) -> str:
    return record.name if isinstance(record, DomainRecord) else record.address
