"""people.md section 3.6: oneself, people one knows, the directory, and what anybody may know."""

import pytest

from postroom.actions import api_keys, person_mailboxes
from postroom.actions.api_keys import KeyWish
from postroom.actions.person_mailboxes import PersonalData
from tests import cast
from tests.faces.rest.client import Rest, person_id

FRIEND = "friend@acme.example"


def test_oneself(olga, nora, holder):
    found = olga.ok("GET", "/users/me/")
    assert (found["id"], found["email"], found["is_staff"]) == (person_id(cast.OLGA), cast.OLGA, False)
    assert found["abilities"]["mailboxes"] == {"can_view": True, "can_create": True}
    for roleless in (nora, holder):
        assert roleless.ok("GET", "/users/me/")["abilities"]["mailboxes"] == {"can_view": False, "can_create": False}


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_changing_oneself(olga, method):
    changes = {"language": "fr", "timezone": "Europe/Paris"}
    found = olga.ok(method, f"/users/{person_id(cast.OLGA)}/", changes)
    assert (found["language"], found["timezone"]) == ("fr", "Europe/Paris")
    assert olga.ok("PATCH", "/users/me/", {"name": "Olga Owner"})["name"] == "Olga Owner"


def test_others_change_themselves(olga):
    assert olga.patch(f"/users/{person_id(cast.ADAM)}/", {"language": "fr"}).status_code == 403


def test_a_language_that_is_not_spoken(olga):
    assert olga.patch("/users/me/", {"language": "tlh"}).json() == {"language": ['"tlh" is not a valid choice.']}
    assert olga.patch("/users/me/", {"timezone": "Mars/Base"}).status_code == 400


def test_people_whom_one_knows(olga, nora):
    cast.person(FRIEND, name="Frida Fréjus")
    cast.person("stranger@far.example", name="Frida Far")
    assert [one["email"] for one in olga.results("/users/?q=frejus")] == [FRIEND]
    assert {one["email"] for one in olga.results("/users/")} == {FRIEND, cast.OLGA, cast.ADAM, cast.VERA}
    assert nora.results("/users/") == []


def test_the_operator_knows_everybody(operator):
    cast.person("stranger@far.example")
    assert "stranger@far.example" in {one["email"] for one in operator.results("/users/")}


def test_the_directory(olga, holder, nora):
    data = PersonalData(local_part="zoe", first_name="Zoé", last_name="Zed")
    person_mailboxes.create(cast.person_actor(cast.OLGA), cast.origin(), cast.ACME, data)
    for somebody in (olga, holder):
        assert [one["email"] for one in somebody.results("/directory/?q=zoe")] == ["zoe@acme.example"]
    assert nora.results("/directory/?q=zoe") == []
    assert olga.results("/directory/?q=zoe&domain=other_example") == []
    assert olga.results("/directory/?q=%00") == []


def test_anybody_may_know_how_this_is_set_up(anybody):
    found = anybody.ok("GET", "/config/")
    assert {"LANGUAGES", "FEATURES", "RELEASE", "COMMIT", "CRISP_WEBSITE_ID"} <= set(found)
    assert found["LANGUAGES"][1] == ["fr", "Français"]


def test_numbers_are_counted_once_an_hour(anybody, django_assert_num_queries):
    found = anybody.ok("GET", "/stats/")
    assert set(found) == {"total_users", "mau", "teams", "active_domains", "mailboxes", "aliases"}
    assert (found["total_users"], found["active_domains"], found["mailboxes"]) == (4, 2, 5)
    cast.mailbox("new@acme.example")
    assert anybody.ok("GET", "/stats/") == found


def test_an_api_key_is_another_way_in(people):
    wish = KeyWish(name="billing", permissions=["mailboxes:search"], domains=[cast.ACME])
    key = Rest(token=api_keys.create(cast.person_actor(cast.OLGA), cast.origin(), wish).token)
    assert len(key.results("mailboxes/")) == 4
    assert key.post("mailboxes/", {}).status_code == 403
    assert key.results("/mail-domains/") == []
    cast.person(cast.OLGA, "owner", "acme.adm")
    assert Rest(token=key.headers["Authorization"][7:], domain="acme.adm").get("mailboxes/").status_code == 404


def test_a_key_does_not_change_who_its_owner_is(people):
    made = api_keys.create(cast.person_actor(cast.OLGA), cast.origin(), KeyWish(name="billing"))
    key = Rest(token=made.token)
    assert key.ok("GET", "/users/me/")["email"] == cast.OLGA
    for method, path in (("PATCH", "/users/me/"), ("POST", "/api-keys/"), ("POST", "/sign-out-everywhere/")):
        assert key.call(method, path, {}).status_code == 403


def test_a_wrong_api_key(people):
    answer = Rest(token="pr_nonsense").get("")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
