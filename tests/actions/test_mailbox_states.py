"""Switching mailboxes off and on, and trying again."""

from datetime import UTC, datetime

import pytest

from postroom.actions import domain_switch, mailbox_states, signin, tokens
from postroom.actions.tokens import TokenWish
from postroom.core.errors import AccountDisabled, DomainDisabled, DomainNotFound, RoleTooSmall, WrongState
from postroom.core.lifecycle import MailboxState
from postroom.core.roles import OPERATOR
from postroom.store.models import Domain, History, Mailbox, Token
from tests import cast

ACTIONS = [mailbox_states.disable, mailbox_states.enable, mailbox_states.retry]


def disable(address=cast.UMA, actor=OPERATOR):
    mailbox_states.disable(actor, cast.origin(), address)


def enable(address=cast.UMA, actor=OPERATOR):
    mailbox_states.enable(actor, cast.origin(), address)


def retry(address=cast.UMA, actor=OPERATOR):
    mailbox_states.retry(actor, cast.origin(), address)


def status():
    return cast.row(cast.UMA).status


def becomes(state, **values):
    Mailbox.objects.filter(address=cast.UMA).update(status=state, **values)


def last_entry():
    entry = History.objects.filter(kind="mailbox", name=cast.UMA).order_by("id").last()
    return entry.verb, entry.changes


def test_nobody_signs_in_to_a_disabled_mailbox(acme):
    disable()
    with pytest.raises(AccountDisabled):
        signin.by_password(cast.UMA, cast.PASSWORD, "", datetime.now(UTC).timestamp())


def test_tokens_of_a_disabled_mailbox_end(acme):
    tokens.create(OPERATOR, cast.origin(), cast.UMA, TokenWish(seconds=60, reason="x", text="t" * 20))
    disable()
    assert not Token.objects.exists()


def test_an_enabled_mailbox_is_as_before(acme):
    disable()
    enable()
    assert cast.actor(cast.UMA).name == cast.UMA


def test_the_platform_is_told_of_both(acme):
    before = cast.row(cast.UMA).generation
    disable()
    enable()
    assert cast.row(cast.UMA).generation == before + 2


def test_the_history_tells_of_both(acme):
    disable()
    assert last_entry() == ("disabled", {"status": ["enabled", "disabled"]})
    enable()
    assert last_entry() == ("enabled", {"status": ["disabled", "enabled"]})


@pytest.mark.parametrize(("action", "state"), [(disable, MailboxState.DISABLED), (enable, MailboxState.ENABLED)])
def test_what_is_so_already_is_no_change(acme, action, state):
    becomes(state)
    before = (History.objects.count(), cast.row(cast.UMA).generation)
    action()
    assert (History.objects.count(), cast.row(cast.UMA).generation) == before


@pytest.mark.parametrize("state", [MailboxState.PENDING, MailboxState.FAILED])
def test_what_waits_or_has_failed_can_be_disabled_and_not_enabled(acme, state):
    becomes(state)
    with pytest.raises(WrongState):
        enable()
    disable()
    assert status() == MailboxState.DISABLED


@pytest.mark.parametrize(
    ("of_domain", "applied", "expected"),
    [
        ("enabled", "", MailboxState.ENABLED),
        ("pending", "", MailboxState.PENDING),
        ("action_required", "", MailboxState.PENDING),
        ("action_required", cast.UMA, MailboxState.ENABLED),  # it has worked before
    ],
)
def test_an_enabled_mailbox_waits_where_its_domain_was_never_ready(acme, of_domain, applied, expected):
    becomes(MailboxState.DISABLED, applied_name=applied)
    Domain.objects.filter(name=cast.ACME).update(status=of_domain)
    enable()
    assert status() == expected


def test_in_a_disabled_domain_nothing_is_switched_on(acme):
    disable()
    domain_switch.disable(OPERATOR, cast.origin(), cast.ACME)
    with pytest.raises(DomainDisabled):
        enable()


def test_in_a_disabled_domain_a_mailbox_can_be_switched_off(acme):
    domain_switch.disable(OPERATOR, cast.origin(), cast.ACME)
    disable()
    assert status() == MailboxState.DISABLED


def test_a_refused_mailbox_is_due_at_once(acme):
    becomes(MailboxState.FAILED, failure="full", due_at=2**50)
    retry()
    assert (status(), cast.row(cast.UMA).due_at < 2**50) == (MailboxState.ENABLED, True)
    assert last_entry()[0] == "retried"


def test_a_change_that_did_not_get_through_is_due_at_once(acme):
    becomes(MailboxState.ENABLED, failure="away", due_at=2**50)
    retry()
    assert cast.row(cast.UMA).due_at < 2**50


def test_where_nothing_has_failed_there_is_nothing_to_try_again(acme):
    with pytest.raises(WrongState):
        retry()


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize(("who", "refusal"), [("VERA", RoleTooSmall), ("NORA", DomainNotFound)])
def test_it_takes_an_administrator(acme, action, who, refusal):
    cast.people()
    becomes(MailboxState.FAILED)
    with pytest.raises(refusal):
        action(cast.person_actor(getattr(cast, who)), cast.origin(), cast.UMA)
    assert status() == MailboxState.FAILED


@pytest.mark.parametrize("who", ["ADAM", "OLGA"])
def test_administrators_and_owners_may(acme, who):
    cast.people()
    disable(actor=cast.person_actor(getattr(cast, who)))
    assert status() == MailboxState.DISABLED
