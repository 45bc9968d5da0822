"""A one-time link begins its time when its letter leaves, however long the letter has waited."""

from datetime import UTC, datetime

import pytest

from postroom.actions import link_use, mailbox_links, outbox, person_mailboxes
from postroom.actions.person_mailboxes import PersonalChange
from postroom.core.errors import LinkDead
from postroom.core.roles import OPERATOR
from postroom.store import links
from postroom.store.models import OneTimeLink
from postroom.worker import outgoing as sending
from tests import cast
from tests.links import code
from tests.smtp_sink import Sink
from tests.worker.conftest import DAY, HOUR

HOME = "uma@home.example"
NEW = "A-lamp-under-7-stairs"


@pytest.fixture
def sink(settings):
    sink = Sink()
    settings.SMTP_HOST, settings.SMTP_PORT, settings.SMTP_STARTTLS = "127.0.0.1", sink.port, False
    yield sink
    sink.close()


@pytest.fixture
def link(acme):
    person_mailboxes.update(OPERATOR, cast.origin(), cast.UMA, PersonalChange(secondary_email=HOME))
    mailbox_links.send_login_link(OPERATOR, cast.origin(), cast.UMA)
    return code(HOME)


def redeem(link, clock):
    return link_use.redeem(cast.origin(datetime.fromtimestamp(clock() / 1000, UTC)), link, NEW)


def test_a_link_whose_letter_was_late_lives_its_whole_time(sink, link, clock):
    clock.forward(DAY)
    sending.send_due(clock)
    clock.forward(HOUR - 60)
    assert redeem(link, clock)


def test_it_dies_an_hour_after_its_letter(sink, link, clock):
    clock.forward(DAY)
    sending.send_due(clock)
    clock.forward(HOUR + 60)
    with pytest.raises(LinkDead):
        redeem(link, clock)


def test_until_its_letter_leaves_it_dies_as_ever(link, clock):
    clock.forward(HOUR + 60)
    with pytest.raises(LinkDead):
        redeem(link, clock)


def test_a_letter_that_was_held_brings_a_link_that_works(settings, link, clock):
    sending.send_due(clock)  # there is no server: it is held
    clock.forward(3 * DAY)
    links.forget_before(clock())
    outbox.send_held(OPERATOR, cast.origin(datetime.fromtimestamp(clock() / 1000, UTC)))
    sink = Sink()
    settings.SMTP_HOST, settings.SMTP_PORT, settings.SMTP_STARTTLS = "127.0.0.1", sink.port, False
    sending.send_due(clock)
    sink.close()
    assert redeem(link, clock)


def test_one_that_was_ended_meanwhile_stays_dead(sink, link, clock):
    mailbox_links.reset_password(OPERATOR, cast.origin(), cast.UMA)
    sending.send_due(clock)
    with pytest.raises(LinkDead):
        redeem(link, clock)


def test_it_is_forgotten_once_its_letter_has_left(sink, link, clock):
    sending.send_due(clock)
    clock.forward(2 * HOUR)
    links.forget_before(clock())
    assert not OneTimeLink.objects.exists()
