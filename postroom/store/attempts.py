"""Counting wrong passwords: one statement, however many counts they belong to."""

from collections.abc import Collection

from postroom.store.models import SignInAttempt
from postroom.store.sql import execute

_TABLE = SignInAttempt._meta.db_table


def note(keys: Collection[str], now: int) -> None:
    """One more of each, in milliseconds."""
    rows = [(key, now) for key in sorted(keys)]  # those who meet take their locks in one order
    places = ", ".join(["(%s, 1, %s)"] * len(rows))
    execute(
        f"INSERT INTO {_TABLE} (key, failures, last_at) VALUES {places} ON CONFLICT (key) DO UPDATE SET "  # noqa: S608 -- the name is the model's
        f"failures = {_TABLE}.failures + 1, last_at = excluded.last_at",
        [value for row in rows for value in row],
    )
