"""The page of the search over everything."""

import pytest

from postroom.actions import aliases
from postroom.core.roles import OPERATOR
from postroom.store import finding
from tests import cast
from tests.faces.web.operator.conftest import Browser


def test_the_operator_finds_everything_of_that_name(otto):
    aliases.create(OPERATOR, cast.origin(), cast.ACME, "contact", "acme@elsewhere.example")
    text = otto.text("/search/", q="acme")
    assert "Companies acme" in text and "Domains acme.adm" in text
    assert "Mailboxes alice@acme.adm Enabled" in text
    assert "contact@acme.example leads to acme@elsewhere.example" in text


def test_somebody_is_found(otto):
    assert f'href="/operate/people/{cast.person(cast.VERA).pk}/">{cast.VERA}<' in otto.get("/search/", q="vera@").text


def test_an_owner_finds_mailboxes_of_the_domain(olga):
    assert f'href="/domains/{cast.ACME}/mailboxes/uma/"' in olga.get("/search/", q="uma").text


def test_an_owner_gets_no_link_to_the_operators_pages(olga):
    assert "/operate/" not in olga.get("/search/", q="vera@").text


@pytest.mark.parametrize("q", ["", "a"])
def test_too_little_to_search_for(olga, q):
    assert "Type two letters or more" in olga.text("/search/", q=q)


def test_nothing_is_found(olga):
    assert "Nothing that you can see is called like that." in olga.text("/search/", q="zzzz")


def test_where_there_is_very_much_beginnings_are_asked_for(otto, monkeypatch):
    monkeypatch.setattr(finding, "FEW", 0)
    assert "found by how they begin" in otto.text("/search/", q="zzzz")


def test_more_than_are_shown(otto):
    for n in range(11):
        cast.mailbox(f"same{n}@acme.example")
    assert "There are more than 10: type more of it." in otto.text("/search/", q="same")


def test_what_was_typed_is_not_taken_for_markup(otto):
    assert "<b>x" not in otto.get("/search/", q="<b>x").text


def test_somebody_without_any_role_finds_nothing(people):
    assert "Nothing that you can see" in Browser(cast.person(cast.NORA).pk).text("/search/", q="acme")
