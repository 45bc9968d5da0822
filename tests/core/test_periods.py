from datetime import date

import pytest

from postroom.core import periods
from postroom.core.periods import Period

TODAY = date(2026, 11, 21)  # a Saturday


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("20261121", date(2026, 11, 21), date(2026, 11, 21)),
        ("2026-11-21", date(2026, 11, 21), date(2026, 11, 21)),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
        ("20160104-20160110", date(2016, 1, 4), date(2016, 1, 10)),
    ],
)
def test_every_way_to_write_one(text, first, last):
    assert periods.parse(text) == Period(first, last)


@pytest.mark.parametrize(
    "text",
    ["", "x", "2026", "2026-13", "20261301", "20160110-20160104", "2026-11-21x", "٢٠٢٦-١١", "0000-01", "2026-1-1"],
)
def test_what_is_none(text):
    assert periods.parse(text) is None


@pytest.mark.parametrize("kind", periods.KINDS)
def test_a_name_is_read_back(kind):
    period = periods.around(kind, TODAY)
    assert periods.parse(periods.name(kind, period)) == period
    assert TODAY in period


def test_weeks_begin_on_monday():
    assert periods.around("week", TODAY) == Period(date(2026, 11, 16), date(2026, 11, 22))


@pytest.mark.parametrize(
    ("kind", "first"), [("day", date(2026, 10, 23)), ("week", date(2025, 11, 24)), ("month", date(2022, 12, 1))]
)
def test_how_far_back(kind, first):
    assert periods.since(kind, TODAY) == first


def test_the_last_day_of_each_period_is_kept():
    days = [date.fromordinal(TODAY.toordinal() - n) for n in range(1200)]
    kept = periods.worth_keeping(days, TODAY)
    assert set(days[:30]) <= kept
    assert {d for d in days[30:300] if d.weekday() == 6} <= kept
    assert date(2024, 2, 29) in kept
    assert date(2024, 2, 28) not in kept
    assert len(kept) < 30 + 52 + 40


def test_a_period_without_its_last_day_keeps_the_one_before():
    days = [date(2026, 8, 1), date(2026, 8, 3), date(2026, 8, 20)]
    assert periods.worth_keeping(days, TODAY) == {date(2026, 8, 1), date(2026, 8, 3), date(2026, 8, 20)}
    assert periods.worth_keeping([date(2024, 8, 1), date(2024, 8, 20)], TODAY) == {date(2024, 8, 20)}
