"""API keys on one's account page."""

import re
import time

import pytest

from postroom.core.roles import Permission
from postroom.faces.web.account.permission_words import WORDS
from postroom.store.models import ApiKey
from tests import cast
from tests.faces.rest.client import Rest
from tests.faces.web.test_page import browser

GIVEN = {"name": "Billing", "scope": "all", "life": "365", "domains": "", "networks": ""}


@pytest.fixture
def olga(people):
    return browser(cast.OLGA)


def make(client, **changes):
    return client.post("/account/api-keys/new/", {**GIVEN, **changes})


def token(answer):
    return re.search(r"pr_[\w-]+", answer.text)[0]


def test_a_key_is_shown_once_and_works(olga):
    answer = make(olga)
    assert Rest(token=token(answer)).get("/mail-domains/").status_code == 200
    assert token(answer) not in olga.get("/account/api-keys/").text


def test_it_ends_when_one_says(olga):
    make(olga, life="30")
    days = (ApiKey.objects.get().expires_at / 1000 - time.time()) / 86_400
    assert 29 < days <= 30


def test_it_can_be_good_for_ever(olga):
    make(olga, life="never")
    assert ApiKey.objects.get().expires_at is None


def test_one_that_only_looks_changes_nothing(olga):
    rest = Rest(token=token(make(olga, scope="see")))
    assert rest.get("mailboxes/").status_code == 200
    assert rest.post("aliases/", {"local_part": "a", "destination": "b@c.example"}).status_code == 403


def test_it_may_what_was_chosen(olga):
    make(olga, scope="some", permissions=[Permission.ALIAS_SEE, Permission.ALIAS_CHANGE])
    assert ApiKey.objects.get().scopes["permissions"] == ["alias:change", "alias:see"]


def test_domains_and_networks_are_read_line_by_line(olga):
    make(olga, domains=f"{cast.ACME}\n", networks="192.0.2.0/24, 2001:db8::/32")
    assert len(ApiKey.objects.get().scopes["domains"]) == 1
    assert ApiKey.objects.get().scopes["networks"] == ["192.0.2.0/24", "2001:db8::/32"]


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "\x07"}, "name"),
        ({"scope": "some"}, "permissions"),
        ({"scope": "some", "permissions": ["fly"]}, "permissions"),
        ({"domains": "foreign.example"}, "domains"),
        ({"networks": "here"}, "networks"),
        ({"life": "12"}, "life"),
        ({"scope": ""}, "scope"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_makes_no_key(olga, bad, field):
    answer = make(olga, **bad)
    assert answer.status_code == 422 and f'id="id_{field}_error"' in answer.text
    assert not ApiKey.objects.exists()


def test_only_ones_own_rights_are_offered(people):
    text = browser(cast.NORA).get("/account/api-keys/new/").text
    assert "Add domains of one’s own" in text and "Delete mailboxes" not in text


def test_revoking_asks_first_and_ends_the_key(olga):
    rest = Rest(token=token(make(olga)))
    path = f"/account/api-keys/{ApiKey.objects.get().pk}/revoke/"
    assert "Revoke the key “Billing”?" in olga.get(path).text
    assert olga.post(path).status_code == 303
    assert rest.get("/mail-domains/").status_code == 401


@pytest.mark.parametrize("method", ["get", "post"])
def test_anothers_key_is_not_there(olga, method):
    make(olga)
    path = f"/account/api-keys/{ApiKey.objects.get().pk}/revoke/"
    assert getattr(browser(cast.ADAM), method)(path).status_code == 404
    assert ApiKey.objects.exists()


def test_the_list_shows_how_a_key_begins_and_what_it_may(olga):
    made = token(make(olga, scope="some", permissions=[Permission.ALIAS_SEE]))
    text = olga.get("/account/api-keys/").text
    assert made[:9] in text and "See aliases" in text


def test_without_keys_the_page_says_what_they_are_for(olga):
    assert "You have no API key." in olga.get("/account/api-keys/").text


def test_every_permission_has_words():
    assert set(WORDS) == set(Permission)
