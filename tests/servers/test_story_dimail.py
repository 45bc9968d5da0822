"""What programs do by dimail's calls, at the real servers: made-up passwords, switching off, sending as an alias."""

import imaplib
import smtplib

import pytest

from postroom.actions import aliases, dimail_mailboxes, link_use
from postroom.actions.dimail_mailboxes import Change, Names, Place
from postroom.core.roles import OPERATOR
from postroom.store.models import Domain
from tests import cast
from tests.servers.clients import fetch, imap, message, submit
from tests.servers.hosting import at_rest, soon
from tests.servers.letters import send

FRIEND = "friend@elsewhere.example"
CHOSEN = "Another-horse-9"


@pytest.fixture(autouse=True)
def _somebody_takes_it(outside):
    """Else what was sent would stay in the queue."""


@pytest.fixture
def place(host):
    row = Domain.objects.get(name=host.domain)
    return Place(id=row.pk, company_id=row.company_id, name=row.name, features=("webmail", "mailbox", "alias"))


@pytest.fixture
def jane(place):
    return dimail_mailboxes.create(OPERATOR, cast.origin(), place, "jane", Names(given="Jane", sur="Doe"))


def change(place, **wanted):
    dimail_mailboxes.change(OPERATOR, cast.origin(), place, "jane", Change(**wanted))


def reads(host, mailbox, password=None):
    try:
        with imap(host.stack, mailbox.address, password or mailbox.password):
            return True
    except imaplib.IMAP4.error:
        return False


def sends(host, mailbox, sender=None):
    return submit(
        host.stack, mailbox.address, mailbox.password, FRIEND, message(mailbox.address, FRIEND), sender=sender
    ).code


def test_01_the_password_that_was_told_opens_the_mailbox(host, jane):
    send(host, jane.address)
    assert (reads(host, jane), sends(host, jane)) == (True, 250)
    assert reads(host, jane, jane.password[:-1] + "~") is False


def test_02_a_new_password_ends_the_old_one(host, place, jane):
    new = dimail_mailboxes.reset_password(OPERATOR, cast.origin(), place, "jane")
    assert (reads(host, new), reads(host, jane)) == (True, False)


def test_03_a_code_lets_its_holder_choose_one(host, place, jane):
    made = dimail_mailboxes.make_code(OPERATOR, cast.origin(), place, "jane", 600, 1)
    link_use.redeem(cast.origin(), made.code, CHOSEN)
    assert (reads(host, jane, CHOSEN), reads(host, jane)) == (True, False)


def test_04_switched_off_it_is_closed_and_switched_on_all_is_there(host, place, jane):
    send(host, jane.address)
    change(place, active=False)
    soon(lambda: not reads(host, jane))
    change(place, active=True, names=Names(given="Jane", sur="Doe"))
    soon(lambda: reads(host, jane))
    at_rest(host.stack)
    assert [mail["Subject"] for mail in fetch(host.stack, jane.address, jane.password)] == ["Hello"]


def test_05_reading_and_sending_are_switched_off_by_themselves(host, place, jane):
    change(place, imap=False)
    assert (reads(host, jane), sends(host, jane)) == (False, 250)
    change(place, imap=True, smtp=False)
    assert reads(host, jane) is True
    with pytest.raises(smtplib.SMTPAuthenticationError):
        sends(host, jane)


def test_06_an_alias_may_be_sent_as_where_that_was_said_and_as_long(host, jane):
    info = f"info@{host.domain}"
    aliases.create(OPERATOR, cast.origin(), host.domain, "info", jane.address)
    answers = [sends(host, jane, info)]
    aliases.remove_all(OPERATOR, cast.origin(), host.domain, "info")
    aliases.create(OPERATOR, cast.origin(), host.domain, "info", jane.address, allow_to_send=True)
    answers.append(sends(host, jane, info))
    aliases.remove_all(OPERATOR, cast.origin(), host.domain, "info")
    assert [*answers, sends(host, jane, info)] == [553, 250, 553]
