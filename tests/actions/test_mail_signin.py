"""Login tokens as mail passwords, and old hashes made anew."""

import time

import pytest

from postroom.actions import app_passwords, domains, mail_signin, mailboxes, setup, signin, tokens
from postroom.actions.tokens import TokenWish
from postroom.core.errors import BadCredentials, TooManyAttempts
from postroom.core.passwords import schemes
from postroom.core.passwords.repeats import Repeats
from postroom.core.roles import OPERATOR
from postroom.store.models import History, MailLogin, SignInAttempt, Token
from tests import cast
from tests.threads import MARK, at_once, shared_database

pytestmark = MARK


@pytest.fixture
def shared(tmp_path, monkeypatch):
    monkeypatch.setattr(mail_signin, "_guesses", Repeats())
    with shared_database(tmp_path):
        setup.add_platform(cast.origin(), "here", "mailstack", {})
        cast.acme()
        yield


def token(address=cast.UMA, **wish):
    return tokens.create(OPERATOR, cast.origin(), address, TokenWish(**{"seconds": 60, "reason": "test", **wish}))


def opens(text, login=cast.UMA, in_seconds=0.0):
    return mail_signin.token_opens(login, text, time.time() + in_seconds)


def failures(login=cast.UMA):
    return sum(SignInAttempt.objects.filter(key=f"account:{login}").values_list("failures", flat=True))


@pytest.mark.parametrize(
    ("wish", "first", "second"),
    [
        ({}, True, True),
        ({"kind": "session", "opens_api": True}, True, True),
        ({"kind": "sso"}, True, False),
        ({"kind": "oma"}, False, False),
        ({"text": "one-that-was-chosen"}, True, True),
    ],
    ids=str,
)
def test_which_tokens_open_mail_and_how_often(shared, wish, first, second):
    text = token(**wish)
    assert [opens(text), opens(text)] == [first, second]


def test_of_many_who_use_a_token_for_one_sign_in_one_gets_in(shared):
    text = token(kind="sso")
    assert sorted(at_once(*[lambda: opens(text)] * 8), key=str) == [False] * 7 + [True]


def test_a_token_ends(shared):
    assert opens(token(seconds=60), in_seconds=61) is False


def test_a_token_opens_its_own_account_only(shared):
    assert opens(token(cast.UMA), login=cast.DORA) is False


def test_a_token_for_the_api_alone_is_not_spent_on_mail(shared):
    opens(token(kind="oma"))
    assert Token.objects.get().used_at is None


def test_a_token_does_not_open_a_domain_that_is_switched_off(shared):
    text = token()
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"disabled": True})
    assert opens(text) is False


def test_a_token_does_not_open_an_account_that_cannot_be_signed_in_to(shared):
    text = token()
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"type": "forward", "forward_recipients": ["x@y.example"]})
    assert opens(text) is False


def test_guesses_make_their_account_wait(shared):
    for number in range(6):
        opens(f"guess number {number:8}")
    with pytest.raises(TooManyAttempts):
        opens("another one, sir")
    assert opens(token(seconds=5000), in_seconds=1000) is True


def test_whoever_has_guessed_waits_even_with_the_right_token(shared):
    text = token(kind="sso")
    for number in range(6):
        opens(f"guess number {number:8}")
    with pytest.raises(TooManyAttempts):
        opens(text)
    assert Token.objects.get().used_at is None


def test_a_sign_in_forgives_the_failures(shared):
    opens("is this a token?")
    opens(token())
    assert failures() == 0


@pytest.mark.parametrize("password", ["short", "", "x" * 15, "x" * 257])
def test_what_cannot_be_a_token_is_no_guess_at_one(shared, password):
    assert opens(password) is False
    assert failures() == 0


def test_an_old_password_that_a_telephone_tries_for_ever_is_one_guess(shared):
    for _ in range(20):
        opens("my old password, long")
    assert failures() == 1
    assert opens(token()) is True


# Hashes that the servers cannot check

LACKED = schemes.encode("Another-one-7", "SSHA384")


@pytest.fixture
def lacked(shared):
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"password": LACKED})


def fits(password, in_seconds=0.0, login=cast.UMA):
    return mail_signin.password_opens(login, password, time.time() + in_seconds)


def test_the_right_password_fits(lacked):
    assert (fits("Another-one-7"), fits("Another-one-8")) == (True, False)


@pytest.mark.parametrize("login", [cast.DORA, "nobody@acme.example", "nobody@nowhere.example"])
def test_of_hashes_that_the_servers_check_we_say_nothing(lacked, login):
    assert fits(cast.PASSWORD, login=login) is False
    assert failures(login) == 0


def test_nothing_fits_in_a_domain_that_is_switched_off(lacked):
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"disabled": True})
    assert fits("Another-one-7") is False


def test_who_guesses_at_a_password_has_to_wait(lacked):
    for number in range(6):
        fits(f"Guess-{number}")
    with pytest.raises(TooManyAttempts):
        fits("Another-one-7")
    assert fits("Another-one-7", in_seconds=1000) is True


def test_a_wrong_password_that_is_then_tried_as_a_token_is_one_guess(lacked):
    fits("a-wrong-one-that-is-long")
    opens("a-wrong-one-that-is-long")
    assert failures() == 1


# regen_passwords


@pytest.fixture
def regenerating(shared):
    attributes = {"regen_passwords": True, "default_password_encoding": "SSHA512"}
    domains.change(OPERATOR, cast.origin(), cast.ACME, attributes)


def stored():
    return cast.row(cast.UMA).password


def test_a_password_is_stored_anew(regenerating):
    assert mail_signin.rehash(cast.UMA, cast.PASSWORD) is True
    assert schemes.scheme_of(stored()) == "SSHA512"
    assert schemes.verify(cast.PASSWORD, stored())


def test_the_servers_get_the_new_hash(regenerating):
    mail_signin.rehash(cast.UMA, cast.PASSWORD)
    assert MailLogin.objects.get(login=cast.UMA).hashes == stored()


def test_it_is_in_the_history_without_any_secret(regenerating):
    mail_signin.rehash(cast.UMA, cast.PASSWORD)
    entry = History.objects.filter(kind="mailbox", name=cast.UMA).latest("id")
    assert (entry.application, entry.changes) == ("regen_passwords", {"password": ["(secret)", "(secret)"]})


def test_a_second_time_there_is_nothing_to_do(regenerating):
    assert [mail_signin.rehash(cast.UMA, cast.PASSWORD) for _ in range(2)] == [True, False]


def test_without_regen_passwords_it_stays(shared):
    assert mail_signin.rehash(cast.UMA, cast.PASSWORD) is False
    assert stored() == cast.HASH


@pytest.mark.parametrize("login", [cast.UMA, "nobody@acme.example"])
def test_nobody_sets_another_password(regenerating, login):
    with pytest.raises(BadCredentials):
        mail_signin.rehash(login, "Another-password-7")
    assert stored() == cast.HASH


def test_an_app_password_does_not_become_the_password(regenerating):
    text = app_passwords.add(OPERATOR, cast.origin(), cast.UMA, "phone")
    with pytest.raises(BadCredentials):
        mail_signin.rehash(cast.UMA, text)
    assert stored() == cast.HASH


def test_a_password_changed_meanwhile_stays(regenerating, monkeypatch):
    encode = schemes.encode

    def slowly(plain, scheme):
        mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"password": "{SSHA}" + "A" * 32})
        return encode(plain, scheme)

    monkeypatch.setattr(mail_signin.schemes, "encode", slowly)
    assert mail_signin.rehash(cast.UMA, cast.PASSWORD) is False
    assert stored() == "{SSHA}" + "A" * 32


def test_of_many_at_once_one_stores_it(regenerating):
    results = at_once(*[lambda: mail_signin.rehash(cast.UMA, cast.PASSWORD)] * 3)
    assert results.count(True) == 1


def test_the_password_works_after_that(regenerating):
    mail_signin.rehash(cast.UMA, cast.PASSWORD)
    assert signin.by_password(cast.UMA, cast.PASSWORD, "", time.time()).name == cast.UMA
