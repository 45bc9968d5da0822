"""What only Postroom can tell the servers, and what they tell it: limits, tokens, old hashes, sign-ins."""

import imaplib
import smtplib
import time

import pytest

from postroom.actions import domains, mailboxes, setup, tokens
from postroom.actions.tokens import TokenWish
from postroom.core.passwords import schemes
from postroom.core.roles import OPERATOR
from postroom.drivers import make
from postroom.store import sign_ins
from postroom.store.models import MailLogin, MailSent, Platform
from postroom.worker import loop
from tests import cast
from tests.proofs import proves
from tests.servers.clients import imap, message, pop3, submit

FRIEND = "friend@elsewhere.example"


@pytest.fixture
def uma(live, unique, redis):
    """An account that Postroom has made."""
    if not Platform.objects.filter(driver="mailstack").exists():
        setup.add_platform(cast.origin(), "mail", "mailstack", {"dir": str(live.dir)})
    cast.company(f"company of {unique}", f"admin@adm.{unique}")
    domains.change(OPERATOR, cast.origin(), unique, {"company": f"company of {unique}"}, create_only=True)
    cast.mailbox(f"uma@{unique}")
    return f"uma@{unique}"


def change(name, **attributes):
    action = mailboxes.change if "@" in name else domains.change
    action(OPERATOR, cast.origin(), name, attributes)


def token(login, **wish):
    return tokens.create(OPERATOR, cast.origin(), login, TokenWish(seconds=600, reason="test", **wish))


def signs_in(live, login, password, port="imap"):
    try:
        with imap(live, login, password, port):
            return True
    except imaplib.IMAP4.error:
        return False


@proves("smtp_sent_limit")
def test_beyond_the_limit_a_message_is_refused(live, uma, outside):
    change(uma, smtp_sent_limit=3)
    codes = [submit(live, uma, cast.PASSWORD, [FRIEND] * n).code for n in (1, 1)]
    outcome = submit(live, uma, cast.PASSWORD, [FRIEND, "other@elsewhere.example"])
    assert (*codes, outcome.code) == (250, 250, 550)
    assert "may send to 3 recipients in 24 hours" in outcome.text
    assert submit(live, uma, cast.PASSWORD, FRIEND).code == 250


@proves("smtp_sent_limit")
def test_both_ways_to_send_count_together(live, uma, outside):
    change(uma, smtp_sent_limit=2)
    ports = ("submission", "webmail_submission", "submission")
    assert [submit(live, uma, cast.PASSWORD, FRIEND, port=port).code for port in ports] == [250, 250, 550]


def test_what_is_refused_earlier_counts_nothing(live, uma):
    submit(live, uma, cast.PASSWORD, FRIEND, message(), sender="somebody@elsewhere.example")
    assert not MailSent.objects.filter(mailbox_id=MailLogin.objects.get(login=uma).mailbox_id).exists()


@pytest.mark.parametrize("port", ["imap", "imap_webmail"])
def test_a_token_opens_the_mailbox(live, uma, port):
    text = token(uma)
    assert [signs_in(live, uma, text, port) for _ in range(2)] == [True, True]


def test_a_token_for_one_sign_in_opens_once(live, uma):
    text = token(uma, kind="sso")
    assert [signs_in(live, uma, text) for _ in range(2)] == [True, False]


def test_a_token_for_the_api_opens_no_mailbox(live, uma):
    assert not signs_in(live, uma, token(uma, kind="oma"))


def test_a_token_sends(live, uma, outside):
    assert submit(live, uma, token(uma), FRIEND).code == 250
    with pytest.raises(smtplib.SMTPAuthenticationError):
        submit(live, uma, token(uma, kind="oma"), FRIEND)


@proves("regen_passwords", "default_password_encoding")
def test_an_old_hash_is_made_anew_at_the_next_sign_in(live, uma, unique):
    change(unique, regen_passwords=True, default_password_encoding="SSHA512")
    loop.until_idle(rounds=20)
    assert not signs_in(live, uma, "Not-the-password-1")
    assert cast.row(uma).password == cast.HASH
    assert signs_in(live, uma, cast.PASSWORD)
    assert schemes.scheme_of(cast.row(uma).password) == "SSHA512"
    assert signs_in(live, uma, cast.PASSWORD)


def test_sign_ins_are_noted_by_service(live, uma):
    assert signs_in(live, uma, cast.PASSWORD)
    assert signs_in(live, uma, cast.PASSWORD, "imap_webmail")
    with pop3(live, uma, cast.PASSWORD):
        pass
    driver = make("mailstack", {"dir": str(live.dir)})
    until = time.monotonic() + 20
    while set(cast.row(uma).last_sign_ins) != {"imap4", "pop3", "webmail"} and time.monotonic() < until:
        driver.sign_ins(sign_ins.keep)
        time.sleep(0.1)
    told = cast.row(uma).last_sign_ins
    assert set(told) == {"imap4", "pop3", "webmail"}
    assert all(abs(at / 1000 - time.time()) < 60 for at in told.values())
