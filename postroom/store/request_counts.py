"""Counting requests: one statement for a count that begins anew when its time is over."""

from postroom.store.models import RequestCount
from postroom.store.sql import execute

_TABLE = RequestCount._meta.db_table
_ADD = f"""INSERT INTO {_TABLE} (key, starts_at, count) VALUES (%s, %s, 1)
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN {_TABLE}.starts_at <= %s THEN 1 ELSE {_TABLE}.count + 1 END,
        starts_at = CASE WHEN {_TABLE}.starts_at <= %s THEN excluded.starts_at ELSE {_TABLE}.starts_at END
    RETURNING count, starts_at"""  # noqa: S608 -- the name is the model's


def add(key: str, now: int, lasts: int) -> tuple[int, int]:
    """(how many with this one, since when), in milliseconds."""
    row = execute(_ADD, (key, now, now - lasts, now - lasts)).fetchone()
    return row[0], row[1]


def forget_before(time: int) -> None:
    RequestCount.objects.filter(starts_at__lt=time).delete()
