"""A platform that is down, that refuses, that breaks: nothing is lost, nothing is done twice."""

import pytest

from postroom.actions import mailboxes
from postroom.core.roles import OPERATOR
from postroom.store.models import Mailbox
from postroom.worker import reconcile
from tests import cast

HOUR = 3600
MANY = 1_000_000


def change_uma(quota=77):
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"quota": quota})


def puts(platform):
    calls = platform.command("calls", {"last": 10_000, "operation": "put_mailbox"})["calls"]
    return [call for call in calls if call["name"] == cast.UMA and call["outcome"] == "ok"]


def down(platform, **how):
    platform.command("fail_next", {"operation": "apply", "times": MANY, "retry_in": 0, **how})


def up(platform):
    """By the back door: `reset` would forget the objects too."""
    with platform._file.transaction() as file:
        file.execute("DELETE FROM failures")


@pytest.fixture
def changed(applied):
    change_uma()
    return applied


def test_a_failure_keeps_its_reason(changed, work):
    down(changed, reason="the disk is full")
    work()
    assert cast.row(cast.UMA).failure == "the disk is full"


def test_a_failure_is_counted(changed, work):
    down(changed)
    work()
    assert cast.row(cast.UMA).attempts == 1


def test_the_waits_grow(changed, work, clock):
    down(changed)
    waits = []
    for _ in range(5):
        work()
        waits.append(cast.row(cast.UMA).due_at - clock())
        clock.forward(waits[-1] / 1000 + 1)
    assert waits == sorted(set(waits))


def test_the_waits_end_at_an_hour():
    assert reconcile.wait_after(40, 1) == HOUR * 1000


def test_the_platform_may_ask_for_a_longer_wait(changed, work, clock):
    down(changed, retry_in=600)
    work()
    assert cast.row(cast.UMA).due_at - clock() >= 599_000


def test_before_its_time_a_row_is_not_tried_again(changed, work):
    down(changed)
    work()
    work()
    assert cast.row(cast.UMA).attempts == 1


def test_when_the_platform_is_back_the_change_is_applied(changed, work, clock):
    down(changed)
    work()
    up(changed)
    clock.forward(HOUR)
    work()
    assert changed.observe_mailbox(cast.UMA).settings["quota"] == 77


def test_when_the_platform_is_back_the_failure_is_forgotten(changed, work, clock):
    down(changed)
    work()
    up(changed)
    clock.forward(HOUR)
    work()
    uma = cast.row(cast.UMA)
    assert (uma.failure, uma.attempts, uma.due_at) == ("", 0, None)


def test_after_all_failures_it_is_applied_once(changed, work, clock):
    before = len(puts(changed))
    down(changed)
    for _ in range(3):
        work()
        clock.forward(HOUR)
    up(changed)
    work()
    assert len(puts(changed)) == before + 1


def test_after_a_day_down_everybody_arrives(platform, work, clock):
    down(platform)
    for _ in range(24):
        work()
        clock.forward(HOUR)
    up(platform)
    for _ in range(2):
        work()
        clock.forward(HOUR + 1)
    assert platform.command("count", {})["mailboxes"] == Mailbox.objects.count()


def test_a_new_change_does_not_wait_for_the_old_one(changed, work):
    down(changed)
    work()
    up(changed)
    change_uma(88)
    work()
    assert changed.observe_mailbox(cast.UMA).settings["quota"] == 88


def test_a_change_during_a_failing_call_is_tried_at_once(changed, work, monkeypatch):
    really, news = changed.apply, [lambda: change_uma(88)]

    def failing(change):
        if news:
            news.pop()()
            changed.command("fail_next", {"operation": "apply", "retry_in": 600})
        really(change)

    monkeypatch.setattr(changed, "apply", failing)
    work()
    assert changed.observe_mailbox(cast.UMA).settings["quota"] == 88


def test_a_refusal_keeps_its_reason(changed, work):
    down(changed, kind="permanent", reason="no such plan")
    work()
    assert cast.row(cast.UMA).failure == "no such plan"


def test_a_refusal_is_tried_again_after_a_minute(changed, work, clock):
    changed.command("fail_next", {"operation": "apply", "kind": "permanent"})
    work()
    clock.forward(61)
    work()
    assert changed.observe_mailbox(cast.UMA).settings["quota"] == 77


def test_one_refused_mailbox_does_not_hold_up_the_others(applied, work):
    change_uma()
    mailboxes.change(OPERATOR, cast.origin(), cast.DORA, {"quota": 77})
    applied.command("fail_next", {"operation": "apply", "kind": "permanent"})
    work()
    assert Mailbox.objects.exclude(failure="").count() == 1
    assert 77 in {applied.observe_mailbox(a).settings["quota"] for a in (cast.UMA, cast.DORA)}


def test_a_fault_of_ours_does_not_stop_the_worker(applied, work, monkeypatch):
    really = applied.apply

    def broken(change):
        if change.record.address == cast.UMA:
            raise KeyError("quota")
        really(change)

    monkeypatch.setattr(applied, "apply", broken)
    change_uma()
    mailboxes.change(OPERATOR, cast.origin(), cast.DORA, {"quota": 77})
    work()
    assert applied.observe_mailbox(cast.DORA).settings["quota"] == 77


def test_a_fault_of_ours_is_kept_for_people_to_see(changed, work, monkeypatch):
    def broken(change):
        raise KeyError("quota")

    monkeypatch.setattr(changed, "apply", broken)
    work()
    assert cast.row(cast.UMA).failure == "a fault in Postroom (KeyError); its log says more"
