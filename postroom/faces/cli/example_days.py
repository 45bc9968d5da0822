"""What the fake platform cannot tell: a year of statistics, and when the holders of mailboxes signed in last.

Today's numbers, which the worker has counted, are drawn backwards.
"""

import json
import math
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final

from django.db import connection, transaction

from postroom.actions import statistics_series
from postroom.faces.cli.bench.seed import Row, insert
from postroom.faces.cli.terminal import origin

_DAYS: Final = 360
_STATES: Final = ("mailboxes", "forwards", "quota_bytes", "stored_bytes", "stored_items")
"""What grew to what it is now."""
_A_MAILBOX: Final = {
    "delivered": 21.0, "spam": 3.4, "sent": 4.2, "recipients": 6.5, "autoresponses": 0.2, "forwarded": 0.9,
    "logins_imap4": 0.8, "logins_pop3": 0.1, "logins_webmail": 0.5, "logins_smtprelay": 0.6,
}  # fmt: skip
"""On a working day."""
_BYTES_OF_ONE: Final = 61_000
_HOUR: Final = 3_600_000
"""Milliseconds."""


def fill() -> None:
    """Behind what was counted of today. Days that are there stay."""
    today = datetime.now(UTC).date()
    with transaction.atomic():
        insert("store_domainday", _rows(today), lambda _: None)
        statistics_series.add_up(origin())
        _sign_ins(time.time_ns() // 1_000_000)


def _sign_ins(now: int) -> None:
    """Of two in three; some have not been there for months."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM store_mailbox WHERE deleted_at IS NULL AND id % 3 > 0")
        for (id,) in cursor.fetchall():
            ago = _HOUR * (1 + id * 7 % 50 if id % 4 else id * 97 % 2900)
            services = ("imap4", "smtprelay", "webmail")[: 1 + id % 3]
            told = json.dumps({service: now - ago - n * _HOUR for n, service in enumerate(services)})
            cursor.execute("UPDATE store_mailbox SET last_sign_ins = %s WHERE id = %s", [told, id])


def _rows(today: date) -> Iterator[Row]:
    with connection.cursor() as cursor:
        cursor.execute('SELECT * FROM "store_domainday" WHERE "day" = %s ORDER BY "domain_id"', [today.isoformat()])
        assert cursor.description is not None
        names = [column[0] for column in cursor.description]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    for row in found:
        del row["id"]
        for back in range(1, _DAYS):
            yield _day(row, today - timedelta(days=back), back)


def _day(today: Row, day: date, back: int) -> Row:
    grown = 1 - 0.4 * back / _DAYS
    states = {name: round(today[name] * grown) for name in _STATES}
    busy = _busy(day, today["domain_id"])
    flows = {name: round(states["mailboxes"] * each * busy) for name, each in _A_MAILBOX.items()}
    flows["spam"] = round(flows["spam"] * (1 + 0.6 * math.sin(back / 23)))
    sizes = {"bytes_in": flows["delivered"] * _BYTES_OF_ONE, "bytes_relay": flows["sent"] * _BYTES_OF_ONE}
    return {**today, "day": day.isoformat(), "final": True, **states, **flows, **sizes}


def _busy(day: date, salt: int) -> float:
    """About 1: less on weekends and in summer, and no day like the one before. The same at every start."""
    week = 0.25 if day.weekday() > 4 else 1.0
    summer = 0.6 if day.month == 8 else 1.0
    return week * summer * (1 + 0.25 * math.sin(day.toordinal() * 1.7 + salt))
