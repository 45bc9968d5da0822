"""What came in for each account and day: `mail_count` (docs/mailstack.md)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
from django.db.models import OuterRef, QuerySet, Subquery, Sum

from postroom.core.mail.traffic import COLUMNS, Arrived
from postroom.store.models import Mailbox, MailCount
from postroom.store.sql import execute, is_sqlite, json_text

_AT_ONCE = 500
"""Accounts a statement."""

_NAMES = ", ".join(f'"{name}"' for name in COLUMNS)
_TOLD_SQLITE = ", ".join(f'j.value ->> {number} AS "{name}"' for number, name in enumerate(COLUMNS, start=1))
_TOLD_POSTGRESQL = ", ".join(
    f'(j.value ->> {number})::bigint AS "{name}"' for number, name in enumerate(COLUMNS, start=1)
)
_SUMS = ", ".join(f'"{name}" = "mail_count"."{name}" + excluded."{name}"' for name in COLUMNS)
# Sorted, so that two helpers take the rows in the same order. WHERE, lest SQLite should take ON for a join's.
_ADD = (
    f'INSERT INTO "mail_count" ("mailbox_id", "day", {_NAMES}) '  # noqa: S608 -- names from the struct
    'SELECT l."mailbox_id", %s, {} FROM {} AS j JOIN "mail_login" l ON l."login" = j.value ->> 0 '
    f'WHERE TRUE ORDER BY l."mailbox_id" ON CONFLICT ("mailbox_id", "day") DO UPDATE SET {_SUMS}'
)
_ADD_SQLITE = _ADD.format(_TOLD_SQLITE, "json_each(%s)")
_ADD_POSTGRESQL = _ADD.format(_TOLD_POSTGRESQL, "jsonb_array_elements(%s::jsonb)")


def add(day: date, counts: Mapping[str, Arrived]) -> None:
    """To what is there, for each login that exists."""
    told = [(login, *msgspec.structs.astuple(arrived)) for login, arrived in sorted(counts.items())]
    statement = _ADD_SQLITE if is_sqlite() else _ADD_POSTGRESQL
    for begin in range(0, len(told), _AT_ONCE):
        execute(statement, (day.isoformat(), json_text(told[begin : begin + _AT_ONCE])))


def of_domains(company_id: int, day: date) -> QuerySet[Any, Any]:
    """(domain, the sums of COLUMNS)"""
    ours = Mailbox.objects.filter(domain__company_id=company_id)
    found = MailCount.objects.filter(day=day.isoformat(), mailbox_id__in=ours.values("id"))
    domain = Subquery(Mailbox.objects.filter(id=OuterRef("mailbox_id")).values("domain_id")[:1])
    sums = {f"sum_{name}": Sum(name) for name in COLUMNS}
    return found.annotate(of=domain).order_by().values_list("of").annotate(**sums)


def of_mailbox(mailbox_id: int, day: date) -> dict[str, int]:
    found = MailCount.objects.filter(mailbox_id=mailbox_id, day=day.isoformat()).values(*COLUMNS).first()
    return dict(found) if found else dict.fromkeys(COLUMNS, 0)


def forget_before(day: date) -> None:
    MailCount.objects.filter(day__lt=day.isoformat()).delete()
