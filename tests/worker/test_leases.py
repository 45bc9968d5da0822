"""Any number of workers: no two hold the same row, and what a killed one held comes back."""

import pytest
from django.db import connection

from postroom.actions import mailboxes
from postroom.core.roles import OPERATOR
from postroom.store import due, due_checks, outgoing
from postroom.store.models import Domain, Mailbox
from postroom.store.outgoing import Mail
from postroom.worker import loop, reconcile
from tests import cast

LEASE = 120_000


def claim(now, limit=50):
    return due.claim(Mailbox, now, LEASE, limit)


def change_uma(quota=77):
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"quota": quota})


def test_a_claimed_row_is_nobody_elses(platform, clock):
    first = claim(clock(), 2)
    assert not set(first) & set(claim(clock()))


def test_a_claimed_row_is_claimed_once(platform, clock):
    assert claim(clock())
    assert claim(clock()) == []


def test_when_the_lease_ends_the_row_is_free(platform, clock):
    held = claim(clock())
    clock.forward(121)
    assert sorted(claim(clock())) == sorted(held)


def test_what_waits_longest_is_claimed_first(platform, clock):
    uma = cast.row(cast.UMA)
    Mailbox.objects.filter(pk=uma.pk).update(due_at=1)
    assert claim(clock(), 3)[0] == uma.pk


def test_what_a_killed_worker_held_is_done_by_the_next(applied, clock, work):
    change_uma()
    claim(clock())
    work()
    assert applied.observe_mailbox(cast.UMA).settings.get("quota") != 77
    clock.forward(121)
    work()
    assert applied.observe_mailbox(cast.UMA).settings["quota"] == 77


def test_a_row_that_is_done_is_free(applied):
    assert not Mailbox.objects.exclude(leased_until=None).exists()


def test_a_worker_that_was_too_slow_does_not_undo_what_the_next_has_done(applied, clock, work):
    """It applied an old state after its lease had ended: somebody must look again."""
    change_uma(77)
    old = cast.row(cast.UMA).generation
    stale = applied.observe_mailbox(cast.UMA)
    change_uma(88)
    work()
    applied.apply(reconcile.diff_mailbox(stale, None, None)[0])
    due.done(Mailbox, stale.key, old, cast.UMA)
    work()
    assert applied.observe_mailbox(cast.UMA).settings["quota"] == 88


def test_a_slow_failure_of_an_old_state_is_looked_at_again(applied, clock, work):
    change_uma(77)
    old = cast.row(cast.UMA).generation
    change_uma(88)
    work()
    due.put_off(Mailbox, cast.row(cast.UMA).pk, old, "timed out", clock() + 1000)
    assert cast.row(cast.UMA).due_at is not None


def test_slow_rows_are_given_back_when_others_should_have_their_turn(platform, clock, monkeypatch):
    Domain.objects.update(due_at=None, applied_generation=1)
    begun = []

    def slow(id, now):
        begun.append(id)
        clock.forward(1.5)

    monkeypatch.setattr(reconcile, "mailbox", slow)
    loop.round_once(clock)
    assert len(begun) == 2
    assert Mailbox.objects.exclude(leased_until=None).count() == 2


@pytest.fixture
def rescanning(db):
    """PostgreSQL as it may be at any time, by its statistics: runs a sub-select anew for each row it compares."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for way in ("hashjoin", "mergejoin", "hashagg", "sort", "material", "memoize", "bitmapscan"):
                cursor.execute(f"SET LOCAL enable_{way} = off")


def test_no_more_rows_are_claimed_than_were_asked_for(platform, clock, rescanning):
    assert len(claim(clock(), 2)) == 2


def test_no_more_checks_are_claimed_than_were_asked_for(applied, rescanning):
    Domain.objects.update(check_at=1)
    assert Domain.objects.count() > 1
    assert len(due_checks.claim(10, 1000, 1)) == 1


def test_no_more_e_mails_are_claimed_than_were_asked_for(rescanning):
    outgoing.put([Mail(recipient=f"u{n}@acme.example", purpose="test") for n in range(8)], 1)
    assert len(outgoing.claim(10, 1000, 2)) == 2
