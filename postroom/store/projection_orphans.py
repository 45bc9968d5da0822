"""Rows for mail servers whose domain or mailbox is no longer there, or was moved to another platform."""

from collections.abc import Iterator

from postroom.store.projection import READERS
from postroom.store.sql import execute

_LIVING_DOMAIN = (
    'SELECT d."id" FROM "store_domain" d JOIN "store_platform" p ON p."id" = d."platform_id" '
    'WHERE d."deleted_at" IS NULL AND p."driver" IN ({readers})'
)
_LIVING_MAILBOX = (
    'SELECT m."id" FROM "store_mailbox" m JOIN "store_domain" d ON d."id" = m."domain_id" '
    'JOIN "store_platform" p ON p."id" = d."platform_id" '
    'WHERE m."deleted_at" IS NULL AND p."driver" IN ({readers})'
)
_TABLES = (
    ("mail_domain", "name", '"domain_id"', _LIVING_DOMAIN),
    ("mail_route", "address", '"mailbox_id" > 0 AND "mailbox_id"', _LIVING_MAILBOX),
    ("mail_route", "address", '"mailbox_id" < 0 AND -"mailbox_id"', _LIVING_DOMAIN),
    ("mail_sender", "address", '"domain_id"', _LIVING_DOMAIN),
    ("mail_login", "login", '"mailbox_id"', _LIVING_MAILBOX),
    ("mail_exit", "address", '"mailbox_id"', _LIVING_MAILBOX),
)


def remove() -> Iterator[str]:
    """What was removed, a line each."""
    readers = tuple(READERS)
    marks = ", ".join(["%s"] * len(readers))
    for table, key, owner, living in _TABLES:
        statement = (
            f'DELETE FROM "{table}" WHERE {owner} NOT IN ({living.format(readers=marks)}) '  # noqa: S608
            f'RETURNING "{key}"'
        )
        for (name,) in execute(statement, readers).fetchall():
            yield f"{name}: the mail servers still had it in {table}"
