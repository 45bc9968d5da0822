"""What Rspamd does to messages: headers that Sieve can trust, refusals while the sender waits, signatures."""

import json

import pytest

from postroom.store.models import projection
from tests.servers import rows
from tests.servers.clients import await_mail, deliver, lmtp, message, submit

SENDER = "remote@elsewhere.example"


@pytest.fixture
def uma(live, unique):
    rows.domain(unique)
    login = f"uma@{unique}"
    rows.mailbox(login, stars="*" * 20)
    return login


@pytest.fixture
def strict(live, uma, redis):
    """Uma wants spam refused: the mailbox's id, and its settings in Redis to be changed."""
    number = projection.MailLogin.objects.get(login=uma).mailbox_id
    rows.answer(uma, f"PREPEND X-Postroom-Reject: {number}")
    redis.hset(f"reject:{number}", mapping={"stars": "6"})
    return number


def scored(score, sender=SENDER, **headers):
    return message(sender, subject="Offer", x_test_score=score, **headers)


def test_the_score_is_written_as_stars(live, uma):
    deliver(live, uma, scored(7.5))
    [mail] = await_mail(live, uma, rows.PASSWORD)
    assert (mail["X-Spam-Level"], mail["X-Spam-Score"], mail["X-Spam-Flag"]) == ("*" * 7, "7.50", "YES")


def test_what_the_sender_wrote_is_removed(live, uma):
    deliver(live, uma, scored(0, x_spam_level="***", x_spam_flag="YES", x_spam_status="Yes", x_spam_score="9"))
    [mail] = await_mail(live, uma, rows.PASSWORD)
    assert [(name, value) for name, value in mail.items() if name.startswith("X-Spam")] == [("X-Spam-Score", "0.00")]


@pytest.mark.parametrize(("score", "code"), [(5.9, 250), (6, 554)])
def test_spam_is_refused_while_the_sender_waits(live, uma, strict, score, code):
    assert deliver(live, uma, scored(score)).code == code


def test_a_refusal_says_why(live, uma, strict):
    assert deliver(live, uma, scored(6)).text.startswith("5.7.1 ")


def test_the_mark_of_a_strict_mailbox_is_not_shown(live, uma, strict):
    deliver(live, uma, scored(0))
    [mail] = await_mail(live, uma, rows.PASSWORD)
    assert mail["X-Postroom-Reject"] is None


def test_a_forged_mark_is_not_shown_either(live, uma, redis):
    redis.hset("reject:1", "stars", "6")
    deliver(live, uma, scored(0, x_postroom_reject="1"))
    [mail] = await_mail(live, uma, rows.PASSWORD)
    assert mail["X-Postroom-Reject"] is None


def test_with_several_recipients_nobody_is_refused(live, uma, unique, strict):
    rows.mailbox(f"max@{unique}")
    assert deliver(live, [uma, f"max@{unique}"], scored(20)).code == 250


def test_the_mark_of_a_recipient_who_was_refused_is_not_that_of_another(live, uma, unique, strict):
    full, max = f"full@{unique}", f"max@{unique}"
    rows.mailbox(full, action=f"PREPEND X-Postroom-Reject: {strict}")
    rows.mailbox(max)
    lmtp(live, full)
    rows.change(full, quota=1)
    outcome = deliver(live, [full, max], scored(20))
    assert (outcome.recipients[full][0], outcome.code) == (552, 250)


FIELDS = [
    ({"s:remote@elsewhere.example": "b"}, True),
    ({"s:@elsewhere.example": "b"}, True),
    ({"s:@.example": "b"}, True),
    ({"s:@.elsewhere.example": "b"}, False),
    ({"globs": json.dumps([["b", "rem*@elsewhere.+xample"]])}, True),
    ({"globs": json.dumps([["b", "rem*@elsewhere.+example"]])}, False),
    ({"s:@elsewhere.example": "b", "s:remote@elsewhere.example": "a"}, False),
    ({"s:@elsewhere.example": "b", "globs": json.dumps([["a", "*mote@*"]])}, False),
]


@pytest.mark.parametrize(("fields", "refused"), FIELDS)
def test_lists_refuse_and_allow(live, uma, strict, redis, fields, refused):
    redis.hset(f"reject:{strict}", mapping=fields)
    assert deliver(live, uma, scored(0)).code == (554 if refused else 250)


def test_allowed_senders_are_never_refused(live, uma, strict, redis):
    redis.hset(f"reject:{strict}", f"s:{SENDER}", "a")
    assert deliver(live, uma, scored(20)).code == 250


def test_an_emptied_redis_makes_strict_mailboxes_wait(live, uma, strict, redis):
    redis.delete("postroom:filled")
    assert deliver(live, uma, scored(0)).code == 451


def test_a_missing_policy_makes_a_strict_mailbox_wait(live, uma, strict, redis):
    redis.delete(f"reject:{strict}")
    assert deliver(live, uma, scored(0)).code == 451


def test_an_emptied_redis_does_not_hold_up_others(live, uma, redis):
    redis.delete("postroom:filled")
    assert deliver(live, uma, scored(0)).code == 250


def test_an_emptied_redis_lets_nothing_out(live, uma, redis):
    redis.delete("postroom:filled")
    assert submit(live, uma, rows.PASSWORD, "friend@elsewhere.example").code == 451


@pytest.fixture
def key(redis, unique):
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    made = rsa.generate_private_key(65537, 1024).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    redis.hset("DKIM_SELECTORS", unique, "s1")
    redis.hset("DKIM_KEYS", f"s1.{unique}", made.decode())


def test_outgoing_mail_is_signed(live, uma, unique, key, outside):
    submit(live, uma, rows.PASSWORD, "friend@elsewhere.example")
    [(_, _, mail)] = outside.await_mail(sender=uma)
    assert f"d={unique}" in mail["DKIM-Signature"]


def test_incoming_mail_is_not_signed(live, uma, unique, key):
    deliver(live, uma, message(f"max@{unique}"))
    [mail] = await_mail(live, uma, rows.PASSWORD)
    assert mail["DKIM-Signature"] is None
