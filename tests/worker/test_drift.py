"""What hands have changed on the platform."""

import msgspec
import pytest

from postroom.actions import mailbox_removal
from postroom.core.plan import MassRemoval, PutDomain, PutMailbox, RemoveDomain, RemoveMailbox
from postroom.core.records import DomainRecord, MailboxRecord
from postroom.core.roles import OPERATOR
from postroom.store.models import Domain, Mailbox
from postroom.worker import drift
from tests import cast


def mend(clock):
    return list(drift.mend(clock()))


def stranger(key=9001, address="stranger@acme.example"):
    return PutMailbox(MailboxRecord(key=key, address=address, type="mailbox", active=True, settings={}))


def by_hand(platform, mailbox, **fields):
    platform.apply(PutMailbox(msgspec.structs.replace(platform.observe_mailbox(mailbox), **fields)))


def test_nothing_differs_after_the_worker_was_there(applied, clock):
    assert mend(clock) == []


def test_a_mailbox_changed_by_hand_is_told(applied, clock):
    by_hand(applied, cast.UMA, active=False)
    assert mend(clock) == ["mailbox uma@acme.example is missing or different"]


def test_a_mailbox_changed_by_hand_is_put_right(applied, clock, work):
    by_hand(applied, cast.UMA, active=False)
    mend(clock)
    work()
    assert applied.observe_mailbox(cast.UMA).active


def test_a_mailbox_removed_by_hand_comes_back(applied, clock, work):
    applied.apply(RemoveMailbox(cast.UMA))
    mend(clock)
    work()
    assert applied.observe_mailbox(cast.UMA)


def test_a_mailbox_renamed_by_hand_gets_its_name_back(applied, clock, work):
    by_hand(applied, cast.UMA, address="una@acme.example")
    mend(clock)
    work()
    assert applied.observe_mailbox("una@acme.example") is None
    assert applied.observe_mailbox(cast.UMA)


def test_a_domain_removed_by_hand_comes_back_with_its_mailboxes(applied, clock, work):
    for address in (cast.DORA, cast.MAX, cast.UMA, cast.WES):
        applied.apply(RemoveMailbox(address))
    applied.apply(RemoveDomain(cast.ACME))
    mend(clock)
    work()
    assert applied.observe_mailbox(cast.UMA)


def test_a_stranger_is_told_and_left(applied, clock, work):
    applied.apply(stranger())
    assert mend(clock) == ["mailbox stranger@acme.example is there and should not be"]
    work()
    assert applied.observe_mailbox("stranger@acme.example")


def test_what_is_due_anyway_is_no_drift(platform, clock):
    assert mend(clock) == []


def test_a_change_that_was_not_applied_yet_is_no_drift(applied, clock):
    Mailbox.objects.filter(address=cast.UMA).update(due_at=clock(), settings={"quota": 1})
    assert mend(clock) == []


def test_a_mailbox_that_waits_for_its_domain_is_no_drift(applied, clock, work):
    mailbox_removal.delete(OPERATOR, cast.origin(), cast.UMA)
    work()
    Domain.objects.filter(name=cast.ACME).update(status="pending")
    mailbox_removal.restore(OPERATOR, cast.origin(), cast.UMA, None, None)
    assert not any(cast.UMA in line for line in mend(clock))


def test_an_unknown_mailbox_is_removed_when_the_operator_says_so(applied):
    applied.apply(stranger())
    drift.remove_unknown(forced=False)
    assert applied.observe_mailbox("stranger@acme.example") is None


def test_an_unknown_domain_goes_with_its_mailboxes(applied):
    applied.apply(PutDomain(DomainRecord(key=9000, name="stranger.example", active=True, settings={})))
    applied.apply(stranger(address="who@stranger.example"))
    drift.remove_unknown(forced=False)
    assert applied.observe_domain("stranger.example") is None


def test_removing_the_unknown_leaves_the_known(applied):
    before = Mailbox.objects.count()
    applied.apply(stranger())
    drift.remove_unknown(forced=False)
    assert applied.command("count", {})["mailboxes"] == before


def test_so_much_at_once_stops_and_asks(applied):
    for number in range(12):
        applied.apply(stranger(9000 + number, f"stranger{number}@acme.example"))
    with pytest.raises(MassRemoval):
        drift.remove_unknown(forced=False)
    assert applied.observe_mailbox("stranger0@acme.example")


def test_the_brake_can_be_released(applied):
    for number in range(12):
        applied.apply(stranger(9000 + number, f"stranger{number}@acme.example"))
    assert len(drift.remove_unknown(forced=True)) == 12


def test_the_mailboxes_of_unknown_domains_count_for_the_brake(applied):
    applied.apply(PutDomain(DomainRecord(key=9000, name="stranger.example", active=True, settings={})))
    for number in range(12):
        applied.apply(stranger(9001 + number, f"stranger{number}@stranger.example"))
    with pytest.raises(MassRemoval):
        drift.remove_unknown(forced=False)


def test_a_mailbox_made_while_we_compared_is_not_removed(applied, work, monkeypatch):
    """It reached the platform after the rows were read and before the platform was."""
    really, news = applied.observe_mailboxes, []

    def observe(domain, **kwargs):
        if domain == cast.ACME and not news:
            news.append(cast.mailbox("newcomer@acme.example"))
            work()
        return really(domain, **kwargs)

    monkeypatch.setattr(applied, "observe_mailboxes", observe)
    drift.remove_unknown(forced=False)
    assert applied.observe_mailbox("newcomer@acme.example")
