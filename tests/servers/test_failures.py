"""When a part is gone the answer is "later": nothing is lost, bounced, refused for good or let through unseen."""

import imaplib
import smtplib

import pytest

from tests.servers import rows
from tests.servers.clients import deliver, imap, submit

FRIEND = "friend@elsewhere.example"


@pytest.fixture
def uma(live, unique, redis):
    rows.domain(unique)
    login = f"uma@{unique}"
    number = rows.mailbox(login)
    rows.mailbox(f"strict@{unique}", action=f"PREPEND X-Postroom-Reject: {number}")
    redis.hset(f"reject:{number}", "stars", "6")
    return login


def is_told_later(live, login):
    """Somebody who sends: at the end of the message, or already at the password."""
    try:
        return 400 <= submit(live, login, rows.PASSWORD, FRIEND).code < 500
    except smtplib.SMTPResponseException as refusal:
        return 400 <= refusal.smtp_code < 500


def test_without_rspamd_all_mail_waits(live, uma):
    with live.without("rspamd"):
        assert deliver(live, uma).code == 451
        assert is_told_later(live, uma)


def test_without_redis_signatures_and_refusals_wait_and_other_mail_does_not(live, uma, unique):
    with live.without("redis"):
        assert deliver(live, uma).code == 250
        assert deliver(live, f"strict@{unique}").code == 451
        assert submit(live, uma, rows.PASSWORD, FRIEND).code == 451


def test_without_the_helper_nothing_is_sent_uncounted(live, uma):
    with live.without("helper"):
        assert submit(live, uma, rows.PASSWORD, FRIEND).code == 451


def test_without_the_helper_a_token_is_not_called_wrong(live, uma):
    with live.without("helper"):
        with pytest.raises(imaplib.IMAP4.error, match="UNAVAILABLE"), imap(live, uma, "a-password-of-some-length"):
            pass
        with imap(live, uma, rows.PASSWORD):
            pass


def test_without_dovecot_mail_and_sign_ins_wait(live, uma):
    with live.without("dovecot"):
        assert deliver(live, uma).code == 451
        assert is_told_later(live, uma)
