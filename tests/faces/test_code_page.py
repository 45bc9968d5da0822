"""The page behind a one-time link, as a browser without scripts and cookies sees it."""

import pytest
from django.test import Client

from postroom.actions import mailbox_links, person_mailboxes
from postroom.actions.person_mailboxes import PersonalChange
from postroom.core.roles import OPERATOR
from postroom.store.models import Mailbox, OneTimeLink
from tests import cast
from tests.links import code

HOME = "uma@home.example"
NEW = "A-lamp-under-7-stairs"


@pytest.fixture
def link(acme):
    person_mailboxes.update(OPERATOR, cast.origin(), cast.UMA, PersonalChange(secondary_email=HOME))
    mailbox_links.send_login_link(OPERATOR, cast.origin(), cast.UMA)
    return f"/code/{code(HOME)}/"


@pytest.fixture
def browser():
    return Client(enforce_csrf_checks=True)


def send(browser, link, password=NEW, again=None, **more):
    return browser.post(link, {"password": password, "again": password if again is None else again}, **more)


def uses_left():
    return OneTimeLink.objects.get().uses_left


def test_the_page_shows_whose_mailbox_it_is(browser, link):
    assert cast.UMA in browser.get(link).text


def test_it_sets_the_password(browser, link):
    answer = send(browser, link)
    assert (answer.status_code, answer["Location"]) == (303, "/code/done/?language=en")
    assert Mailbox.objects.get(address=cast.UMA).password != cast.HASH
    assert uses_left() == 2


def test_a_browser_says_that_it_comes_from_nowhere(browser, link):
    """With a policy of no referrer, browsers send such an origin with forms."""
    assert send(browser, link, headers={"origin": "null"}).status_code == 303


def test_the_page_after_it_says_where_mail_is_read(browser, settings):
    settings.WEBMAIL_URL = "https://webmail.acme.example"
    assert 'href="https://webmail.acme.example"' in browser.get("/code/done/").text


def test_no_cookie_is_set(browser, link):
    send(browser, link)
    assert not browser.cookies


def test_looking_is_no_use(browser, link):
    for _ in range(5):
        browser.get(link)
    browser.head(link)
    assert uses_left() == 3


@pytest.mark.parametrize(
    ("password", "again", "words"),
    [
        ("", "", "Type the password that you want."),
        (NEW, "other", "The two passwords are not the same."),
        ("x", "x", "too easy to guess"),
        ("with blank 99", "with blank 99", "at most 54 characters"),
        ("uma-acme.example-9", "uma-acme.example-9", "must not contain the name"),
        (cast.PASSWORD, cast.PASSWORD, "was used for this mailbox before"),
    ],
)
def test_what_is_wrong_is_said_in_words_and_is_no_use(browser, link, password, again, words):
    answer = send(browser, link, password, again)
    assert (answer.status_code, words in answer.text) == (400, True)
    assert uses_left() == 3


def test_what_was_typed_is_not_shown_again(browser, link):
    assert "other-than-that-99" not in send(browser, link, NEW, "other-than-that-99").text


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Choose your password"), ("fr", "Choisissez votre mot de passe")]
)
def test_the_page_speaks_the_readers_language(browser, link, language, words):
    answer = browser.get(link, headers={"accept-language": language})
    assert words in answer.text
    assert f'<html lang="{language}">' in answer.text


def test_another_language_can_be_chosen_and_stays(browser, link):
    assert "Choisissez" in browser.get(f"{link}?language=fr").text
    assert "identiques" in send(browser, f"{link}?language=fr", NEW, "other").text
    assert send(browser, f"{link}?language=fr")["Location"].endswith("language=fr")


def everything(browser, link):
    return [browser.get(link), send(browser, link, "x"), browser.get("/code/done/"), browser.get("/code/unknown/")]


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Cache-Control", "no-store"),
        ("Referrer-Policy", "no-referrer"),
        ("X-Robots-Tag", "noindex"),
        ("X-Frame-Options", "DENY"),
        ("X-Content-Type-Options", "nosniff"),
    ],
)
def test_the_address_does_not_get_around(browser, link, header, value):
    assert {answer[header] for answer in everything(browser, link)} == {value}


def test_nothing_runs_and_nothing_is_loaded_from_elsewhere(browser, link):
    for answer in everything(browser, link):
        assert answer["Content-Security-Policy"].startswith("default-src 'none'")
        assert not any(word in answer.text for word in ("<script", "style=", "onclick", "http://", "https://"))


@pytest.mark.parametrize("path", ["unknown", "0" * 32, "é", "a%2Fb", "x" * 2000])
@pytest.mark.parametrize("verb", ["get", "post"])
def test_a_dead_link_is_told_as_such(browser, acme, path, verb):
    answer = getattr(browser, verb)(f"/code/{path}/", {"password": NEW, "again": NEW} if verb == "post" else None)
    assert answer.status_code == 404
    if path != "a%2Fb":
        assert "This link does not open anything" in answer.text


def test_used_up_expired_and_unknown_links_look_alike(browser, link):
    unknown = browser.get("/code/unknown/").text
    OneTimeLink.objects.update(uses_left=0)
    assert browser.get(link).text == unknown
    OneTimeLink.objects.update(uses_left=3, expires_at=0)
    assert browser.get(link).text == unknown


def test_who_guesses_has_to_wait(browser, acme):
    for number in range(50):
        browser.get(f"/code/{number:032x}/")
    answer = browser.get("/code/unknown/")
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 3600


def test_other_verbs_are_refused(browser, link):
    assert browser.put(link).status_code == 405


def test_a_link_never_gets_into_the_log(browser, link, caplog):
    send(browser, link, "weak")
    assert link.strip("/").rpartition("/")[2] not in caplog.text
