"""ETags (RFC 9110 sections 8.8.3 and 13): nobody overwrites what they have not seen."""

import pytest

from tests import cast
from tests.faces.rest.client import mailbox_id, person_id

NAMES = {"first_name": "Uma", "last_name": "Urban"}


@pytest.fixture
def uma(people):
    return f"mailboxes/{mailbox_id(cast.UMA)}/"


def test_a_tag_is_strong_and_stays(adam, uma):
    first, second = adam.get(uma)["ETag"], adam.get(uma)["ETag"]
    assert first == second
    assert first.startswith('"')


@pytest.mark.parametrize("written", ["{}", "W/{}", '"other", {}', "*"])
def test_what_is_known_is_not_sent_again(adam, uma, written):
    tag = adam.get(uma)["ETag"]
    answer = adam.get(uma, If_None_Match=written.format(tag))
    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)


def test_what_has_changed_is_sent(adam, uma):
    tag = adam.get(uma)["ETag"]
    adam.ok("PATCH", uma, NAMES)
    assert adam.get(uma, If_None_Match=tag).status_code == 200


def test_changing_what_one_has_seen(adam, uma):
    tag = adam.get(uma)["ETag"]
    assert adam.patch(uma, NAMES, If_Match=tag).status_code == 200
    assert adam.patch(uma, NAMES, If_Match="*").status_code == 200


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_what_another_has_changed_meanwhile_stays(adam, olga, uma, method):
    tag = adam.get(uma)["ETag"]
    olga.ok("PATCH", uma, {"first_name": "Olga's", "last_name": "Choice"})
    answer = adam.call(method, uma, NAMES, If_Match=tag)
    assert (answer.status_code, answer["Content-Type"]) == (412, "application/problem+json")
    assert olga.ok("GET", uma)["first_name"] == "Olga's"


def test_a_weak_tag_matches_nothing(adam, uma):
    tag = adam.get(uma)["ETag"]
    assert adam.patch(uma, NAMES, If_Match=f"W/{tag}").status_code == 412


def test_what_is_wrong_anyway_is_told_first(adam, uma):
    assert adam.patch(uma, {"first_name": ""}, If_Match='"old"').status_code == 400


def test_settings_have_a_tag_of_their_own(olga):
    tag = olga.get("settings/")["ETag"]
    assert olga.patch("settings/", {"spamtag": "[spam]"}, If_Match=tag).status_code == 200
    assert olga.patch("settings/", {"spamtag": "[junk]"}, If_Match=tag).status_code == 412
    assert olga.ok("GET", "settings/")["spamtag"]["value"] == "[spam]"


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_what_one_says_of_oneself_by_id_too(adam, method):
    path = f"/users/{person_id(cast.ADAM)}/"
    tag = adam.get("/users/me/")["ETag"]
    assert adam.call(method, path, {"name": "Adam One"}, If_Match=tag).status_code == 200
    assert adam.call(method, path, {"name": "Adam Two"}, If_Match=tag).status_code == 412
    assert adam.ok("GET", "/users/me/")["name"] == "Adam One"


def test_an_api_key_is_revoked_only_as_one_has_seen_it(adam):
    made = adam.ok("POST", "/api-keys/", {"name": "billing"})
    path = f"/api-keys/{made['id']}/"
    assert adam.delete(path, If_Match='"old"').status_code == 412
    assert adam.delete(path, If_Match=adam.get(path)["ETag"]).status_code == 204


def test_the_answer_depends_on_who_asks_and_in_which_language(adam, uma):
    vary = adam.get(uma)["Vary"]
    assert {"Accept-Language", "Authorization", "Cookie"} <= {name.strip() for name in vary.split(",")}
