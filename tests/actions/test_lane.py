"""actions/lane.py: one request at a time on SQLite, and nobody waits for a hash."""

import threading

import pytest

from postroom.actions.lane import LANE, Aside, Lane


def passes(lane: Lane) -> bool:
    """Whether another thread gets into the lane now."""
    entered = threading.Event()

    def enter():
        with lane:
            entered.set()

    thread = threading.Thread(target=enter, daemon=True)
    thread.start()
    got_in = entered.wait(0.2)
    started.append(thread)
    return got_in


started: list[threading.Thread] = []


@pytest.fixture(autouse=True)
def _threads_end():
    yield
    for thread in started:
        thread.join(5)
    started.clear()


def test_on_sqlite_one_at_a_time(settings):
    settings.IS_SQLITE = True
    lane = Lane()
    with lane:
        assert not passes(lane)


def test_on_postgresql_all_at_once(settings):
    settings.IS_SQLITE = False
    lane = Lane()
    with lane:
        assert passes(lane)


def test_who_steps_aside_lets_others_pass_and_comes_back(settings, db, monkeypatch):
    settings.IS_SQLITE = True
    monkeypatch.setattr("postroom.actions.lane.connection", type("Open", (), {"in_atomic_block": False}))
    with LANE:
        with Aside():
            assert passes(LANE)
        assert not passes(LANE)


def test_nobody_steps_aside_within_a_transaction(settings, db):
    settings.IS_SQLITE = True
    with LANE, Aside():
        assert not passes(LANE)


def test_an_error_leaves_the_lane_free(settings):
    settings.IS_SQLITE = True
    lane = Lane()
    with pytest.raises(ZeroDivisionError), lane:
        _ = 1 // 0
    assert passes(lane)


def test_stepping_aside_outside_the_lane_does_nothing(settings):
    settings.IS_SQLITE = True
    with Aside():
        assert passes(LANE)
