"""Many domains are checked at once; none of them can stop the others, and rows are written by one thread."""

import threading

import pytest

from postroom.actions import domains
from postroom.core.lifecycle import DomainState
from postroom.core.roles import OPERATOR
from postroom.store.models import Domain
from postroom.worker import checks, loop
from tests import cast

AT_ONCE = 4


@pytest.fixture
def towns(platform, clock):
    """Eight domains that are due; the platform has them."""
    cast.company("town", "mayor@town.adm", trusted=False)
    for number in range(8):
        domains.change(OPERATOR, cast.origin(), f"t{number}.example", {"company": "town"}, create_only=True)
    while loop.round_once(clock):
        pass
    return platform


@pytest.fixture
def checker(clock):
    return checks.Checker(clock, AT_ONCE, give_up=1.0)


def status(name):
    return Domain.objects.get(name=name).status


def enabled():
    return Domain.objects.filter(name__regex="^t[0-7]", status=DomainState.ENABLED).count()


def finish(checker, turns=2000):
    for _ in range(turns):
        if not checker.turn(0.02):
            return
    raise AssertionError("it never ends")


def join_checks():
    """What was given up, too."""
    for thread in threading.enumerate():
        if thread.name.startswith("check-"):
            thread.join(10)


def test_all_that_is_due_is_checked(towns, checker):
    finish(checker)
    assert enabled() == 8


def test_an_idle_turn_says_so(db, checker):
    assert not checker.turn(0)


def test_they_wait_at_the_same_time(towns, clock, monkeypatch):
    together = threading.Barrier(AT_ONCE, timeout=20)
    really = towns.check_domain

    def check(record, ownership=""):
        together.wait()
        return really(record, ownership)

    monkeypatch.setattr(towns, "check_domain", check)
    finish(checks.Checker(clock, AT_ONCE))
    assert enabled() == 8


def test_never_more_at_once_than_allowed(towns, clock, monkeypatch):
    most, now, lock = [0], [0], threading.Lock()
    really = towns.check_domain

    def check(record, ownership=""):
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        try:
            return really(record, ownership)
        finally:
            with lock:
                now[0] -= 1

    monkeypatch.setattr(towns, "check_domain", check)
    finish(checks.Checker(clock, 2))
    assert most[0] <= 2


@pytest.fixture
def hanging(towns, monkeypatch):
    """The check of one domain never ends by itself."""
    release = threading.Event()
    really = towns.check_domain

    def check(record, ownership=""):
        if record.name == "t3.example":
            release.wait(30)
        return really(record, ownership)

    monkeypatch.setattr(towns, "check_domain", check)
    yield release
    release.set()


def test_a_check_that_never_ends_is_given_up(hanging, checker):
    finish(checker)
    assert Domain.objects.get(name="t3.example").check_failure == "took_too_long"


def test_the_others_go_on(hanging, checker):
    finish(checker)
    assert enabled() == 7


def test_what_it_says_too_late_is_not_listened_to(hanging, checker, clock):
    finish(checker)
    hanging.set()
    join_checks()
    Domain.objects.filter(name="t0.example").update(check_at=clock())  # one more, so that it listens
    finish(checker)
    assert status("t3.example") == DomainState.PENDING


def test_no_more_begin_while_too_many_hang(towns, clock, monkeypatch):
    release, begun = threading.Event(), []

    def check(record, ownership=""):
        begun.append(record.name)
        release.wait(30)
        raise KeyError

    monkeypatch.setattr(towns, "check_domain", check)
    checker = checks.Checker(clock, 1, give_up=0.01)
    for _ in range(30):
        checker.turn(0.01)
    release.set()
    join_checks()
    assert len(begun) == 4


def test_what_was_being_checked_is_given_back_at_the_end(hanging, clock):
    checker = checks.Checker(clock, 8, give_up=60)
    checker.turn(0.2)
    checker.leave()
    assert Domain.objects.get(name="t3.example").check_at <= clock()


def test_two_workers_never_ask_about_the_same_domain(towns, clock, monkeypatch):
    asked = []
    really = towns.check_domain

    def check(record, ownership=""):
        asked.append(record.name)
        return really(record, ownership)

    monkeypatch.setattr(towns, "check_domain", check)
    one, other = checks.Checker(clock, 3), checks.Checker(clock, 3)
    for _ in range(20):
        one.turn(0.02)
        other.turn(0.02)
    assert sorted(asked) == sorted(set(asked))


def test_a_fault_while_one_is_written_down_does_not_stop_the_others(towns, checker, monkeypatch):
    really = checks._write_down

    def write(question, answer, now):
        if question.record.name == "t5.example":
            raise KeyError
        really(question, answer, now)

    monkeypatch.setattr(checks, "_write_down", write)
    finish(checker)
    assert enabled() == 7
