"""A mailbox made for a person, with real mail servers: the link sets the password that opens it; off, and on again."""

import imaplib

import pytest

from postroom.actions import link_use, mailbox_links, mailbox_states, person_mailboxes
from postroom.actions.person_mailboxes import PersonalChange, PersonalData
from postroom.core.roles import OPERATOR
from postroom.store import jobs
from postroom.store.models import Domain, Mailbox, OutgoingMail
from tests import cast
from tests.links import code
from tests.servers.clients import fetch, imap, submit
from tests.servers.hosting import soon
from tests.servers.letters import FRIEND, answer, send

NEW, NEWER = "A-lamp-under-7-stairs", "B-lamp-over-8-stairs"


def create(host, local_part="ann"):
    """Her other address. Nobody else has it: the tests share one database."""
    home = f"{local_part}.{host.company}@home.example"
    data = PersonalData(local_part=local_part, first_name=local_part, last_name="Miller", secondary_email=home)
    person_mailboxes.create(OPERATOR, cast.origin(), host.domain, data)
    return home


def written(home, number=1):
    soon(lambda: OutgoingMail.objects.filter(recipient=home).exclude(text="").count() == number)
    return code(home)


def signs_in(host, address, password):
    try:
        with imap(host.stack, address, password):
            return True
    except imaplib.IMAP4.error:
        return False


def subjects(host):
    """Of what is in Ann's INBOX."""
    return [mail["Subject"] for mail in fetch(host.stack, host.address("ann"), NEW)]


def settled(address):
    soon(lambda: Mailbox.objects.filter(address=address, due_at=None).exclude(applied_name="").exists())


def has_ended(session):
    try:
        session.noop()
    except (imaplib.IMAP4.abort, OSError):
        return True
    return False


@pytest.fixture
def ann(host):
    """Has used her link; what the servers had to be told they were told."""
    home = create(host)
    link_use.redeem(cast.origin(), written(home), NEW)
    address = host.address("ann")
    settled(address)
    return address


def test_01_before_the_link_is_used_nobody_signs_in(host):
    written(create(host))
    assert not signs_in(host, host.address("ann"), "")
    assert not signs_in(host, host.address("ann"), NEW)


def test_02_mail_comes_in_from_the_first_moment(host):
    home = create(host)
    send(host, "ann")
    link_use.redeem(cast.origin(), written(home), NEW)
    assert subjects(host) == ["Hello"]


def test_03_the_link_sets_the_password_that_opens_the_mailbox(host, ann):
    assert signs_in(host, ann, NEW)


def test_04_and_sends(host, ann, outside):
    assert submit(host.stack, ann, NEW, FRIEND).code == 250


def test_05_used_once_more_it_sets_another_password(host, ann):
    home = f"ann.{host.company}@home.example"
    link_use.redeem(cast.origin(), code(home), NEWER)
    soon(lambda: signs_in(host, ann, NEWER))
    assert not signs_in(host, ann, NEW)


def test_06_a_new_password_ends_the_session_of_the_old_one(host, ann):
    with imap(host.stack, ann, NEW) as session:
        link_use.redeem(cast.origin(), code(f"ann.{host.company}@home.example"), NEWER)
        soon(lambda: has_ended(session))


def test_07_a_reset_ends_password_and_session_at_once(host, ann):
    with imap(host.stack, ann, NEW) as session:
        mailbox_links.reset_password(OPERATOR, cast.origin(), ann)
        soon(lambda: has_ended(session))
    assert not signs_in(host, ann, NEW)
    link_use.redeem(cast.origin(), written(f"ann.{host.company}@home.example", 2), NEWER)
    soon(lambda: signs_in(host, ann, NEWER))


def test_08_switched_off_nobody_signs_in_and_sessions_end(host, ann):
    with imap(host.stack, ann, NEW) as session:
        mailbox_states.disable(OPERATOR, cast.origin(), ann)
        soon(lambda: has_ended(session))
    assert not signs_in(host, ann, NEW)


def test_09_switched_off_it_takes_no_mail(host, ann):
    mailbox_states.disable(OPERATOR, cast.origin(), ann)
    assert answer(host, "ann")[1].startswith("5.2.1")


def test_10_switched_on_again_everything_is_as_before(host, ann):
    send(host, "ann", subject="Before")
    mailbox_states.disable(OPERATOR, cast.origin(), ann)
    mailbox_states.enable(OPERATOR, cast.origin(), ann)
    send(host, "ann", subject="After")
    assert subjects(host) == ["Before", "After"]


def test_11_a_new_name_reaches_the_platform_and_ends_no_session(host, ann):
    with imap(host.stack, ann, NEW) as session:
        person_mailboxes.update(OPERATOR, cast.origin(), ann, PersonalChange(last_name="Baker"))
        settled(ann)
        assert not has_ended(session)


def test_12_mailboxes_that_wait_for_their_domain_come_with_it(host):
    Domain.objects.filter(name=host.domain).update(status="pending", proved_at=None)
    home = create(host, "ben")
    assert not signs_in(host, host.address("ben"), NEW)
    Domain.objects.filter(name=host.domain).update(status="enabled")
    jobs.enqueue("release_waiting", str(Domain.objects.get(name=host.domain).pk), 0)
    link_use.redeem(cast.origin(), written(home), NEW)
    soon(lambda: signs_in(host, host.address("ben"), NEW))
