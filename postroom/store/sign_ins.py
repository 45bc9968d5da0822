"""When each account was last signed in to, a service at a time. Not a change: no generation is raised."""

from collections.abc import Mapping

from postroom.store.sql import execute, is_sqlite, json_text

_SQLITE = (
    'UPDATE "store_mailbox" SET "last_sign_ins" = json_patch("last_sign_ins", told.value) FROM '
    '(SELECT l."mailbox_id", t.value FROM json_each(%s) t JOIN "mail_login" l ON l."login" = t.key) told '
    'WHERE "store_mailbox"."id" = told."mailbox_id" AND json_patch("last_sign_ins", told.value) <> "last_sign_ins"'
)
_POSTGRESQL = (
    'UPDATE "store_mailbox" SET "last_sign_ins" = "last_sign_ins" || told.value FROM '
    '(SELECT l."mailbox_id", t.value FROM jsonb_each(%s::jsonb) t JOIN "mail_login" l ON l."login" = t.key) told '
    'WHERE "store_mailbox"."id" = told."mailbox_id" AND NOT "last_sign_ins" @> told.value'
)


def keep(sign_ins: Mapping[str, Mapping[str, int]]) -> None:
    """`sign_ins`: login → service → milliseconds since 1970. One statement, whatever their number; logins that are
    unknown by now are passed over."""
    execute(_SQLITE if is_sqlite() else _POSTGRESQL, (json_text(sign_ins),))
