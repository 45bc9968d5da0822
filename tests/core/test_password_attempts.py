import pytest

from postroom.core.passwords.attempts import AttemptLimit

LIMIT = AttemptLimit(free=5, base_seconds=5, max_seconds=900)


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [
        (0, 0),
        (1, 0),
        (5, 0),
        (6, 5),
        (7, 10),
        (8, 20),
        (9, 40),
        (13, 640),
        (14, 900),
        (15, 900),
        (10**9, 900),
    ],
)
def test_the_delay_doubles_after_the_free_failures(failures, seconds):
    assert LIMIT.delay(failures) == seconds


@pytest.mark.parametrize(
    ("failures", "now", "seconds"),
    [
        (5, 1000, 0),
        (6, 1000, 5),
        (6, 1002, 3),
        (6, 1005, 0),
        (6, 5000, 0),
        (14, 1900, 0),
        (14, 1899, 1),
    ],
)
def test_the_wait_counts_from_the_last_failure(failures, now, seconds):
    assert LIMIT.wait(failures, last_failure=1000, now=now) == seconds


def test_a_clock_set_back_locks_nobody_out_for_longer():
    assert LIMIT.wait(6, last_failure=1000, now=0) == 5


def test_no_free_failures_means_a_delay_from_the_first():
    assert AttemptLimit(free=0, base_seconds=1).delay(1) == 1
