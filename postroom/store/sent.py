"""How much each account has sent: `mail_sent`, in the quarter hours of a day (docs/mailstack.md)."""

from collections.abc import Sequence
from typing import Any

import msgspec
from django.db.models import F, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from postroom.core.mail.traffic import Outgoing
from postroom.store.models import Mailbox, MailSent
from postroom.store.sql import driver_connection, execute, is_sqlite, json_text

SLOT = 900
"""Seconds: as exact as the rolling day is."""
_SLOTS = 96
_OURS = 0x5E47  # tells these advisory locks from any others in the database

_ACCOUNT = (
    'SELECT l."mailbox_id", l."sent_limit", l."active" AND d."active", l."smtp", l."webmail_smtp" FROM "mail_login" l '
    'JOIN "mail_domain" d ON d."name" = %s WHERE l."login" = %s'
)
_ADD = (
    'WITH "day" AS (SELECT COALESCE(SUM("recipients"), 0) AS "sent" FROM "mail_sent" '
    'WHERE "mailbox_id" = %s AND "slot" > %s) '
    'INSERT INTO "mail_sent" ("mailbox_id", "slot", "recipients", "messages", "bytes") '
    'SELECT %s, %s, %s, 1, %s FROM "day" '
    'WHERE "sent" + %s <= %s ON CONFLICT ("mailbox_id", "slot") '
    'DO UPDATE SET "recipients" = "mail_sent"."recipients" + excluded."recipients", '
    '"messages" = "mail_sent"."messages" + 1, "bytes" = "mail_sent"."bytes" + excluded."bytes" RETURNING "recipients"'
)
_SLOTS_OF = 'SELECT "slot", "recipients" FROM "mail_sent" WHERE "mailbox_id" = %s AND "slot" > %s ORDER BY "slot"'
_SUM = 'SELECT COALESCE(SUM("recipients"), 0) FROM "mail_sent" WHERE "mailbox_id" = %s AND "slot" > %s'
_SUMS = (
    'SELECT "mailbox_id", SUM("recipients") FROM "mail_sent" '
    'WHERE "mailbox_id" {} AND "slot" > %s GROUP BY "mailbox_id"'
)
_SUMS_SQLITE = _SUMS.format("IN (SELECT value FROM json_each(%s))")
_SUMS_POSTGRESQL = _SUMS.format("= ANY(%s)")


class Account(msgspec.Struct, frozen=True):
    mailbox_id: int
    limit: int
    """Recipients in a day."""
    active: bool
    by_programs: bool
    """May mail programs send for it?"""
    by_webmail: bool


def slot_of(seconds: float) -> int:
    return int(seconds // SLOT)


def _before_window(now: float) -> int:
    """The newest slot that counts no more."""
    return slot_of(now) - _SLOTS


def account(login: str) -> Account | None:
    found = execute(_ACCOUNT, (login.rpartition("@")[2], login)).fetchone()
    return Account(found[0], found[1], bool(found[2]), found[3] == "e", found[4] == "e") if found else None


def lock(mailbox_id: int) -> None:
    """Until the transaction ends nobody else counts for this account. No row is locked: nothing has to be written
    for a message that is refused, and whoever changes the account does not wait for its mail."""
    if not is_sqlite():  # its IMMEDIATE transaction already holds the one write lock
        driver_connection().execute("SELECT pg_advisory_xact_lock(%s, %s)", (_OURS, mailbox_id & 0x7FFFFFFF))


def add(mailbox_id: int, message: Outgoing, limit: int, now: float) -> int | None:
    """How many the account has now sent to in this slot; None where the limit does not allow it. The caller has
    the account's lock."""
    slot, number = slot_of(now), message.recipients
    parameters = (mailbox_id, _before_window(now), mailbox_id, slot, number, message.bytes, number, limit)
    made = execute(_ADD, parameters).fetchone()
    return int(made[0]) if made else None


def free_at(mailbox_id: int, recipients: int, limit: int, now: float) -> int | None:
    """When so many may be sent to, in seconds since 1970; None: never in one message."""
    slots = execute(_SLOTS_OF, (mailbox_id, _before_window(now))).fetchall()
    too_many = sum(row[1] for row in slots) + recipients - limit
    for slot, sent in slots:
        too_many -= sent
        if too_many <= 0:
            return int(slot + _SLOTS) * SLOT
    return None


def sent(mailbox_id: int, now: float) -> int:
    return int(execute(_SUM, (mailbox_id, _before_window(now))).fetchone()[0])


def of_day(mailbox_id: int, begin: int) -> dict[str, int]:
    """Since `begin`, in milliseconds; by the names of store/counting.py."""
    found = MailSent.objects.filter(mailbox_id=mailbox_id, slot__gte=slot_of(begin / 1000))
    sums = found.aggregate(recipients=Sum("recipients"), sent=Sum("messages"), bytes_relay=Sum("bytes"))
    return {name: number or 0 for name, number in sums.items()}


def sent_of_each(mailbox_ids: Sequence[int], now: float) -> dict[int, int]:
    """Those that have sent nothing are left out."""
    if not mailbox_ids:
        return {}
    if is_sqlite():
        found = execute(_SUMS_SQLITE, (json_text(mailbox_ids), _before_window(now)))
    else:
        found = execute(_SUMS_POSTGRESQL, (list(mailbox_ids), _before_window(now)))
    return {int(id): int(total) for id, total in found.fetchall()}


def at_their_limit(domain_id: int, inherited: int, now: float) -> QuerySet[Any, Any]:
    """The ids of the domain's mailboxes that may send no more; `inherited`: the limit of those without one."""
    of_each = MailSent.objects.filter(mailbox_id=OuterRef("id"), slot__gt=_before_window(now))
    total = of_each.values("mailbox_id").annotate(total=Sum("recipients")).values("total")
    own = Cast(KeyTextTransform("smtp_sent_limit", "settings"), IntegerField())
    mailboxes = Mailbox.objects.filter(domain_id=domain_id)
    known = mailboxes.annotate(sent=Subquery(total, output_field=IntegerField()), limit=Coalesce(own, inherited))
    return known.filter(sent__gte=F("limit")).values("id")


def forget_a_slot(now: float) -> int | None:
    """Delete the oldest slot that counts no more and has done so for an hour; its number, or None: there is none."""
    oldest = MailSent.objects.order_by("slot").values_list("slot", flat=True).first()
    if oldest is None or oldest > slot_of(now - 3600) - _SLOTS:
        return None
    MailSent.objects.filter(slot=oldest).delete()
    return int(oldest)
