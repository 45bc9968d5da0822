"""What a domain's mailboxes take from it, written into `mail_login` for many of them in one statement.

A bit in `own` says which live attribute a mailbox sets itself: the statement leaves those alone (core/mail/live.py).
"""

from typing import Any

from postroom.core import inheritance
from postroom.core.catalogue.attribute import Level
from postroom.core.mail import live, values
from postroom.store import projection
from postroom.store.sql import execute
from postroom.store.working_copies import DomainRow

BATCH = 5000

# Column, and the live attribute behind it where a mailbox can set one itself.
_TAKEN: tuple[tuple[str, str | None], ...] = (
    ("stars", "spamlevel"),
    ("spam_tag", "spamtag"),
    ("spam_header", "spamheader"),
    ("spam_folder", "spamfolder"),
    ("spam_delivery", "filterdelivery"),
    ("sent_limit", "smtp_sent_limit"),
    ("rehash_to", None),
)


def _free(attribute: str | None) -> str:
    return f'"own" & {live.BITS[attribute]} = 0 AND ' if attribute else ""


def _assignment(column: str, attribute: str | None) -> str:
    if attribute is None:
        return f'"{column}" = %s'
    return f'"{column}" = CASE WHEN "own" & {live.BITS[attribute]} = 0 THEN %s ELSE "{column}" END'


_CAPPED = (
    'CASE WHEN "quota_own" < 0 THEN 0 WHEN %s > 0 AND ("quota_own" = 0 OR "quota_own" > %s) THEN %s '
    'ELSE "quota_own" END'
)
_LISTS = f'("lists" & {projection.OWN_LISTS}) + %s'
_SET = ", ".join(
    [*(_assignment(c, a) for c, a in _TAKEN), f'"quota" = {_CAPPED}', f'"lists" = {_LISTS}'],
)
_DIFFERS = " OR ".join(
    [*(f'({_free(a)}"{c}" <> %s)' for c, a in _TAKEN), f'"quota" <> {_CAPPED}', f'"lists" <> {_LISTS}'],
)
_UPDATE = (
    f'UPDATE "mail_login" SET {_SET} '  # noqa: S608 -- from the table above
    f'WHERE "domain_id" = %s AND "mailbox_id" > %s AND "mailbox_id" <= %s AND ({_DIFFERS})'
)
_LAST_OF_BATCH = (
    'SELECT "mailbox_id" FROM "mail_login" WHERE "domain_id" = %s AND "mailbox_id" > %s '
    'ORDER BY "mailbox_id" LIMIT 1 OFFSET %s'
)
_LARGEST = 2**63 - 1


def spread(row: DomainRow, after: int = 0, batch: int = BATCH) -> int | None:
    """One batch of the domain's mailboxes beyond the id `after`; the last one's id, or None when there are no more."""
    found = execute(_LAST_OF_BATCH, (row.id, after, batch - 1)).fetchone()
    last = found[0] if found else _LARGEST
    taken = _values(row)
    execute(_UPDATE, (*taken, row.id, after, last, *taken))
    return last if found else None


def _values(row: DomainRow) -> tuple[Any, ...]:
    """In the order of the marks in _SET, which is that of _DIFFERS."""
    in_force = inheritance.effective(Level.DOMAIN, row.settings, row.company.settings)
    taken = values.inherited(in_force)
    ceiling = values.quota_ceiling(row.settings)
    has_lists = projection.DOMAIN_LISTS if values.have_lists(row.settings, row.company.settings) else 0
    return (*(getattr(taken, column) for column, _ in _TAKEN), ceiling, ceiling, ceiling, has_lists)


def special_mailboxes(domain_id: int, after: int, limit: int) -> list[int]:
    """Those whose rows or keys hold more of the domain than one statement can write: filter accounts, and those that
    refuse spam at the door."""
    statement = (
        'SELECT l."mailbox_id" FROM "mail_login" l WHERE l."domain_id" = %s AND l."mailbox_id" > %s AND ('
        'EXISTS (SELECT 1 FROM "mail_exit" e WHERE e."mailbox_id" = l."mailbox_id" AND e."nexthop" <> %s) OR '
        'EXISTS (SELECT 1 FROM "mail_route" r WHERE r."mailbox_id" = l."mailbox_id" AND r."action" LIKE %s)) '
        'ORDER BY l."mailbox_id" LIMIT %s'
    )
    return [id for (id,) in execute(statement, (domain_id, after, "", "PREPEND %", limit)).fetchall()]
