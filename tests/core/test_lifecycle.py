import pytest

from postroom.core.errors import WrongState
from postroom.core.lifecycle import (
    DOMAIN_STEPS,
    MAILBOX_STEPS,
    DomainEvent,
    DomainState,
    MailboxEvent,
    MailboxState,
    possible,
    step,
)

CHECKS = (DomainEvent.CHECK_PASSED, DomainEvent.CHECK_FAILED_OUTSIDE, DomainEvent.CHECK_FAILED_INSIDE)


@pytest.mark.parametrize("state", [DomainState.PENDING, DomainState.ACTION_REQUIRED, DomainState.FAILED])
def test_a_passed_check_enables_an_unproven_domain(state):
    assert step(DOMAIN_STEPS, state, DomainEvent.CHECK_PASSED) == DomainState.ENABLED


@pytest.mark.parametrize("event", CHECKS)
@pytest.mark.parametrize("state", [DomainState.DISABLED, DomainState.DELETED])
def test_no_check_moves_a_disabled_or_deleted_domain(state, event):
    with pytest.raises(WrongState):
        step(DOMAIN_STEPS, state, event)


def test_an_enabled_domain_whose_owner_broke_dns_needs_action():
    assert step(DOMAIN_STEPS, DomainState.ENABLED, DomainEvent.CHECK_FAILED_OUTSIDE) == DomainState.ACTION_REQUIRED


def test_a_fault_of_ours_is_failed_not_action_required():
    assert step(DOMAIN_STEPS, DomainState.PENDING, DomainEvent.CHECK_FAILED_INSIDE) == DomainState.FAILED


def test_a_domain_that_is_switched_on_again_proves_itself_anew():
    assert step(DOMAIN_STEPS, DomainState.DISABLED, DomainEvent.ENABLE) == DomainState.PENDING


def test_a_mailbox_waits_for_its_domain():
    expected = [MailboxEvent.DOMAIN_ENABLED, MailboxEvent.DISABLE, MailboxEvent.DELETE]
    assert possible(MAILBOX_STEPS, MailboxState.PENDING) == expected


@pytest.mark.parametrize("state", [MailboxState.PENDING, MailboxState.ENABLED, MailboxState.FAILED])
def test_a_living_mailbox_can_be_disabled(state):
    assert step(MAILBOX_STEPS, state, MailboxEvent.DISABLE) == MailboxState.DISABLED


def test_a_mailbox_that_is_switched_on_again_waits_until_its_domain_says_otherwise():
    assert step(MAILBOX_STEPS, MailboxState.DISABLED, MailboxEvent.ENABLE) == MailboxState.PENDING


@pytest.mark.parametrize("event", [MailboxEvent.RETRY, MailboxEvent.ACCEPT])
def test_a_refused_mailbox_can_still_make_it(event):
    assert step(MAILBOX_STEPS, MailboxState.FAILED, event) == MailboxState.ENABLED


def test_a_restored_mailbox_waits_until_its_domain_says_otherwise():
    assert step(MAILBOX_STEPS, MailboxState.DELETED, MailboxEvent.RESTORE) == MailboxState.PENDING


def test_deleting_twice_is_refused_with_the_state():
    with pytest.raises(WrongState, match='"delete" is not possible while the state is "deleted"'):
        step(MAILBOX_STEPS, MailboxState.DELETED, MailboxEvent.DELETE)


@pytest.mark.parametrize("state", [s for s in DomainState if s is not DomainState.DELETED])
def test_every_living_domain_can_be_deleted(state):
    assert step(DOMAIN_STEPS, state, DomainEvent.DELETE) == DomainState.DELETED


def test_every_state_of_a_domain_can_be_left():
    assert {state for state, _ in DOMAIN_STEPS} == set(DomainState)


def test_every_event_of_a_mailbox_is_used():
    assert {event for _, event in MAILBOX_STEPS} == set(MailboxEvent)
