"""After thirty days what was deleted is gone for good. Its history stays."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from postroom.actions import domain_removal, domains, mailbox_removal, tokens
from postroom.actions.tokens import TokenWish
from postroom.core.errors import NotFound, OutOfReach
from postroom.core.roles import OPERATOR
from postroom.store import history
from postroom.store.models import Context, Domain, History, Mailbox, SignInAttempt, Token, Tombstone
from postroom.worker import jobs
from tests import cast

DAY = 86_400
SECOND = "second.example"


@pytest.fixture
def purge(clock):
    def run(after_days):
        clock.forward(after_days * DAY)
        jobs.purge(None, clock)

    return run


@pytest.fixture
def uma_deleted(applied, work):
    mailbox_removal.delete(OPERATOR, cast.origin(), cast.UMA)
    work()
    return applied


@pytest.fixture
def domain_deleted(applied, work):
    domains.change(OPERATOR, cast.origin(), SECOND, {"company": "acme"}, create_only=True)
    cast.mailbox(f"una@{SECOND}")
    mailbox_removal.delete(OPERATOR, cast.origin(), f"una@{SECOND}")
    domain_removal.delete(OPERATOR, cast.origin(), SECOND)
    work()


def test_within_thirty_days_nothing_is_purged(uma_deleted, purge):
    purge(29)
    assert Mailbox.objects.filter(address=cast.UMA).exists()


def test_after_thirty_days_the_mailbox_is_gone(uma_deleted, purge):
    purge(31)
    assert not Mailbox.objects.filter(address=cast.UMA).exists()


def test_after_thirty_days_nothing_can_be_restored(uma_deleted, purge):
    purge(31)
    with pytest.raises((NotFound, OutOfReach)):
        mailbox_removal.restore(OPERATOR, cast.origin(), cast.UMA, None, None)


def test_its_history_stays(uma_deleted, purge):
    before = History.objects.filter(name=cast.UMA).count()
    purge(31)
    assert before and History.objects.filter(name=cast.UMA).count() == before


def test_the_history_is_whole_after_a_purge(uma_deleted, purge):
    purge(31)
    assert list(history.broken_chains("mailbox")) == []


def test_the_living_are_not_purged(uma_deleted, purge):
    before = Mailbox.objects.filter(deleted_at=None).count()
    purge(31)
    assert Mailbox.objects.count() == before


def test_a_restored_mailbox_is_not_purged(uma_deleted, purge):
    mailbox_removal.restore(OPERATOR, cast.origin(), cast.UMA, None, None)
    purge(31)
    assert cast.row(cast.UMA)


def test_what_is_still_on_the_platform_is_not_purged(applied, purge):
    """The platform was down all the time: somebody has to know what to remove there."""
    mailbox_removal.delete(OPERATOR, cast.origin(), cast.UMA)
    purge(31)
    assert Mailbox.objects.filter(address=cast.UMA).exists()
    assert Tombstone.objects.filter(name=cast.UMA).exists()


def test_a_domain_goes_with_its_deleted_mailboxes(domain_deleted, work, clock, purge):
    clock.forward(2)
    work()
    purge(31)
    assert not Domain.objects.filter(name=SECOND).exists()
    assert not Mailbox.objects.filter(address__endswith=SECOND).exists()


def test_a_purged_domain_leaves_nothing_but_history(domain_deleted, work, clock, purge):
    clock.forward(2)
    work()
    purge(31)
    purge(0)
    assert not Tombstone.objects.exists()
    assert not Context.objects.filter(name=SECOND).exists()
    assert History.objects.filter(kind="domain", name=SECOND).exists()


def test_a_token_that_ended_is_forgotten(applied, purge):
    tokens.create(OPERATOR, cast.origin(), cast.UMA, TokenWish(seconds=3600, reason="support"))
    purge(1)
    assert not Token.objects.exists()


def test_yesterdays_wrong_passwords_are_forgotten(applied, clock, purge):
    SignInAttempt.objects.create(key="account:x", failures=3, last_at=clock())
    purge(2)
    assert not SignInAttempt.objects.exists()


def test_a_session_that_is_over_is_gone(acme, purge):
    for days in (-1, 1):
        store = SessionStore()
        store["person"] = {"id": 1}
        store.set_expiry(timezone.now() + timedelta(days=days))
        store.save()
    purge(after_days=0)
    assert Session.objects.count() == 1
