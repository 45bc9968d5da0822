"""One's own name, language, time zone and addresses."""

import pytest

from postroom.store.models import Person
from tests import cast
from tests.faces.web.test_page import browser

GIVEN = {"name": "Olga Petit", "language": "en", "timezone": "Europe/Paris"}


@pytest.fixture
def olga(people):
    return browser(cast.OLGA)


def me():
    return Person.objects.get(email=cast.OLGA)


def test_it_shows_ones_addresses(olga):
    assert cast.OLGA in olga.get("/account/").text


def test_a_change_is_kept_and_told(olga):
    answer = olga.post("/account/", GIVEN)
    assert (answer.status_code, answer["Location"]) == (303, "/account/")
    assert (me().name, me().timezone) == ("Olga Petit", "Europe/Paris")


def test_it_is_told_in_the_language_that_was_chosen(olga):
    olga.post("/account/", {**GIVEN, "language": "fr"})
    assert "Enregistré." in olga.get("/account/").text


@pytest.mark.parametrize(
    "bad", [{"name": ""}, {"name": "\x1b"}, {"name": "x" * 201}, {"language": "de"}, {"timezone": "Mars/Base"}]
)
def test_what_is_wrong_is_told_at_its_field_and_changes_nothing(olga, bad):
    before = me().name, me().language, me().timezone
    answer = olga.post("/account/", {**GIVEN, **bad})
    assert answer.status_code == 422 and f'id="id_{next(iter(bad))}_error"' in answer.text
    assert (me().name, me().language, me().timezone) == before


def test_a_holder_is_shown_the_mailbox(people):
    cast.person(cast.UMA, mailbox=cast.row(cast.UMA))
    assert f"<strong>{cast.UMA}</strong>" in browser(cast.UMA).get("/account/").text
