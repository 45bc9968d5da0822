"""Days, weeks and months of statistics, written as OMA's clients know them (oma.md section 5.6)."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final

import msgspec

KINDS: Final = ("day", "week", "month")
KEPT: Final = {"day": 30, "week": 52, "month": 48}
"""How many of each, the present one among them."""


class Period(msgspec.Struct, frozen=True, order=True):
    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


_FORMS = (
    re.compile(r"(?P<day>\d{8})"),
    re.compile(r"(?P<day>\d{4}-\d\d-\d\d)"),
    re.compile(r"(?P<day>\d{8})-(?P<last>\d{8})"),
    re.compile(r"(?P<month>\d{4}-\d\d)"),
)


def today(milliseconds: int) -> date:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).date()


def milliseconds(day: date) -> int:
    """Its beginning."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)


def around(kind: str, day: date) -> Period:
    """The day, week (from Monday) or month that a day is in."""
    if kind == "week":
        monday = day - timedelta(days=day.weekday())
        return Period(monday, monday + timedelta(days=6))
    if kind == "month":
        return Period(day.replace(day=1), (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1))
    return Period(day, day)


def name(kind: str, period: Period) -> str:
    if kind == "month":
        return f"{period.first:%Y-%m}"
    return f"{period.first:%Y%m%d}-{period.last:%Y%m%d}" if kind == "week" else f"{period.first:%Y%m%d}"


def parse(text: str) -> Period | None:
    """None where it is none of the forms of stats_list, nor a date as YYYY-MM-DD, which the real server takes too."""
    found = next(filter(None, (form.fullmatch(text) for form in _FORMS)), None)
    if found is None or not text.isascii():
        return None
    parts = found.groupdict()
    try:
        if "month" in parts:
            return around("month", date.fromisoformat(f"{parts['month']}-01"))
        first = date.fromisoformat(parts["day"])
        last = date.fromisoformat(parts.get("last", parts["day"]))
    except ValueError:
        return None
    return Period(first, last) if first <= last else None


def since(kind: str, day: date) -> date:
    """The first day of the oldest period that is kept."""
    period = around(kind, day)
    for _ in range(KEPT[kind] - 1):
        if period.first.year <= 1:
            break
        period = around(kind, period.first - timedelta(days=1))
    return period.first


def worth_keeping(days: list[date], now: date) -> set[date]:
    """Of the days there are lists for, those that stand for a day, a week or a month: the last one in each."""
    kept: set[date] = set()
    for kind in KINDS:
        last: dict[Period, date] = {}
        for day in sorted(days):
            last[around(kind, day)] = day
        kept |= {day for period, day in last.items() if period.first >= since(kind, now)}
    return kept
