"""Comparisons with the platforms: asked for, done by the worker, told."""

import msgspec
import pytest

from postroom.actions import drift_runs
from postroom.core.errors import OutOfReach
from postroom.core.plan import PutMailbox
from postroom.core.roles import OPERATOR
from postroom.drivers import make
from postroom.store import drift_runs as kept
from postroom.store.models import DriftRun, Job
from postroom.worker import jobs, loop
from tests import cast


def ahead():
    return loop.milliseconds() + 1000


@pytest.fixture
def platform(acme):
    loop.until_idle(ahead)
    return make("fake", {"path": ":memory:"})


def compare():
    drift_runs.begin(OPERATOR, cast.origin())
    loop.until_idle(ahead)
    return drift_runs.newest(OPERATOR)[0]


def test_nothing_has_been_compared_yet(acme):
    upcoming = drift_runs.next_one(OPERATOR, cast.origin())
    assert (drift_runs.newest(OPERATOR), upcoming.at, upcoming.at_work) == ([], None, False)


def test_a_comparison_that_finds_nothing(platform):
    run = compare()
    assert (run.found, run.lines, run.failure, run.ended_at >= run.started_at) == (0, [], "", True)


def test_what_was_found_is_told(platform):
    changed = msgspec.structs.replace(platform.observe_mailbox(cast.UMA), active=False)
    platform.apply(PutMailbox(changed))
    run = compare()
    assert (run.found, run.lines) == (1, ["mailbox uma@acme.example is missing or different"])


def test_what_was_found_is_put_right(platform):
    platform.apply(PutMailbox(msgspec.structs.replace(platform.observe_mailbox(cast.UMA), active=False)))
    compare()
    assert platform.observe_mailbox(cast.UMA).active


def test_a_comparison_is_asked_for_once(platform):
    for _ in range(2):
        drift_runs.begin(OPERATOR, cast.origin())
    assert Job.objects.filter(kind="compare").count() == 1


def test_the_next_one_comes_by_itself(platform):
    compare()
    assert drift_runs.next_one(OPERATOR, cast.origin()).at > loop.milliseconds() + 23 * 3_600_000


def test_why_it_did_not_come_to_its_end_is_told(platform, monkeypatch):
    def broken(now):
        yield "mailbox a@acme.example is missing or different"
        raise OSError("the platform is gone")

    monkeypatch.setattr(jobs.drift, "mend", broken)
    run = compare()
    assert (run.failure, run.found, run.ended_at) == ("OSError: the platform is gone", 1, None)


def test_of_very_many_the_first_ones_are_kept(platform, monkeypatch):
    monkeypatch.setattr(jobs.drift, "mend", lambda now: (f"line {n}" for n in range(kept.LINES + 5)))
    run = compare()
    assert (run.found, len(run.lines)) == (kept.LINES + 5, kept.LINES)


def test_old_comparisons_are_forgotten(platform):
    DriftRun.objects.bulk_create(DriftRun(started_at=n) for n in range(kept.KEPT + 3))
    compare()
    assert DriftRun.objects.count() == kept.KEPT


@pytest.mark.parametrize(
    "act",
    [
        drift_runs.newest,
        lambda by: drift_runs.next_one(by, cast.origin()),
        lambda by: drift_runs.begin(by, cast.origin()),
    ],
)
def test_only_the_operator_does_this(acme, act):
    with pytest.raises(OutOfReach):
        act(cast.actor(cast.ALICE))
