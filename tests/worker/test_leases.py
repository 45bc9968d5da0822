"""Any number of workers: no two hold the same row, and what a killed one held comes back."""

from postroom.actions import mailboxes
from postroom.core.roles import OPERATOR
from postroom.store import due
from postroom.store.models import Domain, Mailbox
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


def test_a_worker_gives_back_what_it_cannot_do_within_its_lease(platform, clock, monkeypatch):
    """Slow calls: no row is begun so late that its lease could end under it."""
    Domain.objects.update(due_at=None, applied_generation=1)
    begun = []

    def slow(id, now):
        begun.append(id)
        clock.forward(50)

    monkeypatch.setattr(reconcile, "mailbox", slow)
    loop.round_once(clock)
    assert len(begun) == 2
    assert Mailbox.objects.exclude(leased_until=None).count() == 2
