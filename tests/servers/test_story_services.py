"""Services of a mailbox, each with a door of its own: enabled, disabled, suspended."""

import contextlib
import imaplib
import poplib
import smtplib

import pytest

from tests.proofs import proves
from tests.servers.clients import HOST, ManageSieve, imap, pop3
from tests.servers.hosting import PASSWORD, soon
from tests.servers.test_story_passwords import is_told, sends, signed_in, together

REFUSALS = (imaplib.IMAP4.error, poplib.error_proto, RuntimeError)
FRIEND = "friend@elsewhere.example"


def tried(door, *arguments):
    """What the server said to who was refused; empty where the door opened."""
    try:
        with door(*arguments):
            return ""
    except REFUSALS as refusal:
        return str(refusal)


def said_at(host, login, door, password=PASSWORD):
    stack = host.stack
    match door:
        case "imap":
            return tried(imap, stack, login, password)
        case "webmail":
            return tried(imap, stack, login, password, "imap_webmail")
        case "pop3":
            return tried(pop3, stack, login, password)
        case "sieve":
            return tried(ManageSieve, stack, login, password)
        case "submission":
            return "" if sends(host, login, password) else "refused"
        case "webmail's submission":
            return "" if sends(host, login, password, "webmail_submission") else "refused"


DOORS = ("imap", "webmail", "pop3", "sieve", "submission", "webmail's submission")
SERVICES = {
    "service_imap4": "imap",
    "service_webmail": "webmail",
    "service_pop3": "pop3",
    "service_smtprelay": "submission",
    "service_smtprelay_webmail": "webmail's submission",
}


def closed(host, login):
    """The doors that do not open."""
    answers = together(*((said_at, host, login, door) for door in DOORS))
    return {door for door, answer in zip(DOORS, answers, strict=True) if answer}


@proves("service_imap4", "service_pop3", "service_webmail", "service_smtprelay", "service_smtprelay_webmail")
@pytest.mark.parametrize("state", ["disabled", "suspended"])
@pytest.mark.parametrize("name", SERVICES)
def test_01_a_service_closes_its_own_door_at_once_and_opens_it_again(host, name, state):
    uma, max_ = host.mailbox("uma"), host.mailbox("max")
    seen = [closed(host, uma)]
    for value in (state, "enabled"):
        host.change("uma", **{name: value})
        seen.append(closed(host, uma))
    assert (seen, closed(host, max_)) == ([set(), {SERVICES[name]}, set()], set())


@proves("service_imap4", "service_pop3", "service_webmail", "service_smtprelay", "service_smtprelay_webmail")
@pytest.mark.parametrize("name", SERVICES)
def test_02_a_mailbox_begins_with_what_its_domain_says(host, name):
    host.change_domain(**{name: "disabled"})
    assert closed(host, host.mailbox("uma")) == {SERVICES[name]}


@proves("service_imap4", "service_webmail")
@pytest.mark.parametrize(
    ("imap4", "webmail", "opens"),
    [("disabled", "enabled", True), ("enabled", "suspended", True), ("disabled", "suspended", False)],
)
def test_03_filters_may_be_edited_with_imap_or_webmail(host, imap4, webmail, opens):
    uma = host.mailbox("uma", service_imap4=imap4, service_webmail=webmail)
    assert bool(said_at(host, uma, "sieve")) is not opens


@proves("service_imap4", "service_pop3", "service_webmail")
@pytest.mark.parametrize("state", ["disabled", "suspended"])
@pytest.mark.parametrize("name", ["service_imap4", "service_pop3", "service_webmail"])
def test_04_the_reason_is_told_to_who_knows_the_password_alone(host, name, state):
    uma = host.mailbox("uma", **{name: state})
    door = SERVICES[name]
    told, kept_back = together((said_at, host, uma, door), (said_at, host, uma, door, "wrong"))
    assert (state in told, state in kept_back, bool(kept_back)) == (True, False, True)


@proves("service_imap4")
def test_05_a_session_ends_when_imap_is_taken_away(host):
    uma, max_ = host.mailbox("uma"), host.mailbox("max")
    with signed_in(host, uma) as uma_lives, signed_in(host, max_) as max_lives:
        host.change("uma", service_imap4="suspended")
        soon(lambda: not uma_lives())
        assert max_lives()


@proves("service_webmail")
def test_06_a_session_of_webmail_ends_when_webmail_is_taken_away(host):
    uma = host.mailbox("uma")
    with signed_in(host, uma, port="imap_webmail") as lives:
        host.change("uma", service_webmail="disabled")
        soon(lambda: not lives())


@proves("service_pop3")
def test_07_a_session_ends_when_pop3_is_taken_away(host):
    uma = host.mailbox("uma")
    with pop3(host.stack, uma, PASSWORD) as session:
        soon(lambda: is_told(uma))
        host.change("uma", service_pop3="suspended")
        soon(lambda: not answers(session.noop))


@proves("service_imap4")
def test_08_a_session_of_managesieve_ends_when_imap_and_webmail_are_taken_away(host):
    uma = host.mailbox("uma")
    with ManageSieve(host.stack, uma, PASSWORD) as session:
        soon(lambda: is_told(uma))
        host.change("uma", service_imap4="suspended", service_webmail="suspended")
        soon(lambda: not answers(lambda: session.ask("NOOP")))


def answers(ask):
    try:
        ask()
    except (*REFUSALS, OSError, EOFError):
        return False
    return True


@proves("service_imap4")
def test_09_a_service_that_is_given_ends_no_session(host):
    uma = host.mailbox("uma", service_pop3="disabled")
    with signed_in(host, uma) as lives:
        host.change("uma", service_pop3="enabled")
        soon(lambda: is_told(uma))
        assert lives()


@contextlib.contextmanager
def submitting(host, login, port):
    with smtplib.SMTP(HOST, host.stack.ports[port], timeout=60) as smtp:
        smtp.ehlo("laptop.example")
        smtp.login(login, PASSWORD)
        yield lambda: send(smtp, login)


def send(smtp, login):
    smtp.mail(login)
    smtp.rcpt(FRIEND)
    return smtp.data(f"From: {login}\r\nSubject: Hello\r\n\r\nHello\r\n")[0]


@proves("service_smtprelay", "service_smtprelay_webmail")
@pytest.mark.parametrize(
    ("name", "port"), [("service_smtprelay", "submission"), ("service_smtprelay_webmail", "webmail_submission")]
)
def test_10_who_is_signed_in_sends_no_more_when_sending_is_taken_away(host, outside, name, port):
    uma = host.mailbox("uma")
    with submitting(host, uma, port) as sends_one:
        first = sends_one()
        host.change("uma", **{name: "suspended"})
        assert (first, sends_one()) == (250, 550)


@proves("service_smtprelay", "service_smtprelay_webmail")
def test_11_the_one_way_to_send_stays_open_when_the_other_is_closed_in_a_session(host, outside):
    uma = host.mailbox("uma")
    with submitting(host, uma, "submission") as by_program, submitting(host, uma, "webmail_submission") as by_webmail:
        host.change("uma", service_smtprelay="disabled")
        assert (by_program(), by_webmail()) == (550, 250)
