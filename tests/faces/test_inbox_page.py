"""The demo's inbox."""

import pytest
from django.test import Client

from postroom.core.brand import PLAIN
from postroom.core.letters.frame import Letter
from postroom.store import brands, outgoing
from postroom.store.models import OutgoingMail
from tests import cast

PAGES = ["/demo/inbox", "/demo/inbox/{}", "/demo/inbox/{}/html"]


@pytest.fixture
def number(acme):
    letter = Letter(subject="Hello & you", text="See https://there.example/x", html="<html><head></head><b>Hello</b>")
    outgoing.put([brands.dressed("uma@home.example", "test", PLAIN, letter)], 1000)
    return OutgoingMail.objects.get().pk


@pytest.fixture
def demo(settings):
    settings.FAKE_CONTROL = True


def get(path, number):
    return Client().get(path.format(number))


@pytest.mark.parametrize("path", PAGES)
def test_there_is_none_but_for_developers(number, settings, path):
    settings.FAKE_CONTROL = False
    assert get(path, number).status_code == 404


def test_the_list_names_every_mail(demo, number):
    text = get(PAGES[0], number).text.replace("<wbr>", "")
    assert "uma@home.example" in text
    assert f'<a href="/demo/inbox/{number}">Hello &amp; you</a>' in text


def test_an_empty_list_says_so(demo, acme):
    assert "Nothing has been written yet." in Client().get("/demo/inbox").text


def test_a_mail_is_shown_as_text_with_its_links(demo, number):
    text = get(PAGES[1], number).text
    assert '<a href="https://there.example/x"' in text
    assert "<b>Hello</b>" not in text


def test_the_frame_holds_the_mail_as_it_is(demo, number):
    assert get(PAGES[2], number).text.strip() == '<html><head><base target="_blank"></head><b>Hello</b>'


def test_what_a_mail_says_cannot_run(demo, number):
    answer = get(PAGES[2], number)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "sandbox" in policy and "allow-scripts" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_the_page_around_it_shows_only_our_own_frame(demo, number):
    answer = get(PAGES[1], number)
    assert "frame-src 'self'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("path", PAGES[1:])
def test_a_mail_that_is_not_there_or_has_left_is_not_found(demo, number, path):
    assert get(path, number + 1).status_code == 404
    outgoing.sent(number, 2000)
    assert get(path, number).status_code == 404


def test_a_mail_that_has_left_is_still_in_the_list(demo, number):
    outgoing.sent(number, 2000)
    text = get(PAGES[0], number).text
    assert "Hello &amp; you" in text and '<a href="/demo/inbox/' not in text


def test_nobody_can_send_anything_there(demo, number):
    assert Client().post("/demo/inbox").status_code == 405
    assert cast.ACME not in Client().get("/demo/inbox").text
