"""When domains are looked at again."""

from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from postroom.core import check_times
from postroom.core.lifecycle import DomainState

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
NOW = int(datetime(2026, 3, 1, 10, 20, 30, tzinfo=UTC).timestamp() * 1000)


def clock(milliseconds):
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%H:%M:%S")


@pytest.mark.parametrize(
    ("status", "time"),
    [
        (DomainState.PENDING, "11:00:00"),
        (DomainState.ACTION_REQUIRED, "10:30:00"),
        (DomainState.FAILED, "10:45:00"),
    ],
)
def test_what_waits_has_its_minute_of_the_hour(status, time):
    assert clock(check_times.regular(status, 7, NOW)) == time


def test_at_its_very_minute_the_next_one_is_an_hour_later():
    first = check_times.regular(DomainState.FAILED, 7, NOW)
    assert check_times.regular(DomainState.FAILED, 7, first) == first + HOUR


def test_a_millisecond_before_its_minute_that_minute_is_next():
    first = check_times.regular(DomainState.FAILED, 7, NOW)
    assert check_times.regular(DomainState.FAILED, 7, first - 1) == first


def test_an_enabled_domain_is_looked_at_once_a_day():
    first = check_times.regular(DomainState.ENABLED, 7, NOW)
    assert check_times.regular(DomainState.ENABLED, 7, first) == first + DAY


@pytest.mark.parametrize("id", [1, 7, 1440, 10**12])
def test_an_enabled_domain_comes_within_a_day(id):
    assert 0 < check_times.regular(DomainState.ENABLED, id, NOW) - NOW <= DAY


def test_enabled_domains_are_spread_over_all_minutes_of_the_day_alike():
    minutes = Counter(check_times.regular(DomainState.ENABLED, id, NOW) // MINUTE for id in range(1, 14_401))
    assert set(minutes.values()) == {10}


def test_enabled_domains_in_a_row_do_not_come_together():
    times = sorted(check_times.regular(DomainState.ENABLED, id, NOW) for id in range(1, 25))
    assert max(after - before for before, after in pairwise(times)) < 3 * HOUR


@pytest.mark.parametrize("status", [DomainState.DISABLED, DomainState.DELETED])
def test_what_is_switched_off_is_not_looked_at(status):
    assert check_times.regular(status, 7, NOW) is None


def test_a_check_that_could_not_be_made_is_tried_again_soon():
    assert check_times.after_failure(DomainState.ENABLED, 7, NOW, again=False) == NOW + MINUTE


def test_one_that_could_not_be_made_twice_is_tried_hourly():
    assert check_times.after_failure(DomainState.ENABLED, 7, NOW, again=True) == NOW + HOUR


def test_it_never_comes_later_than_the_regular_time():
    soon = check_times.regular(DomainState.ACTION_REQUIRED, 7, NOW)
    assert check_times.after_failure(DomainState.ACTION_REQUIRED, 7, NOW, again=True) == soon


def test_what_is_switched_off_is_not_tried_again():
    assert check_times.after_failure(DomainState.DISABLED, 7, NOW, again=False) is None
