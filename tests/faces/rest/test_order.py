"""people.md section 1: 401, then 404 of the domain, then 403, then the object's 404, then 400; and 405."""

import pytest

from postroom.core.public_ids import Kind, public_id
from tests import cast
from tests.faces.rest.client import Rest, mailbox_id

NO_DOMAIN = {"detail": "No MailDomain matches the given query."}
NO_PERMISSION = {"detail": "You do not have permission to perform this action."}
NOBODY = public_id(Kind.MAILBOX, 999_999)


def test_nobody_is_told_401_before_anything_else(anybody):
    answer = anybody.post("mailboxes/", b"{")
    assert (answer.status_code, answer.json()) == (401, {"detail": "Authentication credentials were not provided."})


def test_without_a_role_a_domain_is_not_there(nora):
    answer = nora.post("mailboxes/", b"{")
    assert (answer.status_code, answer.json()) == (404, NO_DOMAIN)


def test_an_unknown_domain_is_told_as_a_foreign_one(people):
    answer = Rest(cast.OLGA, domain="unknown.example").get("")
    assert (answer.status_code, answer.json()) == (404, NO_DOMAIN)


def test_a_holder_without_a_role_is_told_the_same(holder):
    assert holder.get("mailboxes/").json() == NO_DOMAIN


def test_too_small_a_role_comes_before_what_was_sent(vera):
    answer = vera.post("mailboxes/", b"{")
    assert (answer.status_code, answer.json()) == (403, NO_PERMISSION)


def test_too_small_a_role_comes_before_an_unknown_object(vera):
    assert vera.delete(f"mailboxes/{NOBODY}/").status_code == 403


def test_an_unknown_object_comes_before_what_was_sent(adam):
    answer = adam.put(f"mailboxes/{NOBODY}/", b"{")
    assert (answer.status_code, answer.json()) == (404, {"detail": "No Mailbox matches the given query."})


@pytest.mark.parametrize("id", ["1", "not-an-id", public_id(Kind.ACCESS, 1)])
def test_an_id_of_another_kind_is_unknown(adam, id):
    assert adam.get(f"mailboxes/{id}/").status_code == 404


def test_an_object_of_another_domain_is_unknown(people):
    cast.person(cast.OLGA, "owner", "acme.adm")
    assert Rest(cast.OLGA, domain="acme.adm").get(f"mailboxes/{mailbox_id(cast.UMA)}/").status_code == 404


def test_a_body_that_is_no_json(adam):
    answer = adam.post("mailboxes/", b"{")
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("JSON parse error - ")


@pytest.mark.parametrize("body", [b"[1]", b'"text"', b"1", b"null"])
def test_a_body_that_is_no_object(adam, body):
    answer = adam.post("mailboxes/", body)
    assert (answer.status_code, list(answer.json())) == (400, ["non_field_errors"])


@pytest.mark.parametrize("body", [b'{"first_name": NaN}', b'{"first_name": "\\ud800"}', b"[" * 5000, b"\xff"])
def test_what_only_some_parsers_take(adam, body):
    assert adam.post("mailboxes/", body).status_code == 400


def test_missing_fields(adam):
    required = ["This field is required."]
    assert adam.post("mailboxes/").json() == {
        "first_name": required, "last_name": required, "local_part": required,
    }  # fmt: skip


def test_another_type_of_body(adam):
    answer = adam.http.generic("POST", adam.path("mailboxes/"), b"a=1", "text/plain")
    assert (answer.status_code, answer.json()) == (
        415, {"detail": 'Unsupported media type "text/plain" in request.'},
    )  # fmt: skip


def test_a_verb_that_is_not_offered(olga):
    answer = olga.put("mailboxes/", {})
    assert (answer.status_code, answer.json()) == (405, {"detail": 'Method "PUT" not allowed.'})
    assert answer["Allow"] == "GET, POST"


def test_below_a_domain_a_verb_beyond_the_role_is_refused_first(vera):
    assert vera.put("mailboxes/").status_code == 403


def test_on_the_domain_itself_it_is_not(vera):
    assert vera.put("").status_code == 405


@pytest.mark.parametrize("verb", ["HEAD", "OPTIONS"])
def test_below_a_domain_head_and_options_are_refused_to_everybody(olga, verb):
    assert olga.call(verb, "mailboxes/").status_code == 403


def test_head_is_get_without_a_body(olga):
    answer = olga.call("HEAD", "")
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer["Content-Length"]) > 100


def test_a_slug_with_a_dot(olga):
    answer = olga.get("/mail-domains/acme.example/")
    assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})


@pytest.mark.parametrize("path", ["/", "/nonsense/", "/mail-domains/acme_example/nonsense/", "/users/me/nonsense"])
def test_an_unknown_path(olga, path):
    answer = olga.get(path)
    assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})


def test_a_forgotten_slash_is_added(olga):
    answer = olga.get("/mail-domains?page=1")
    assert (answer.status_code, answer["Location"]) == (301, "/api/v1.0/mail-domains/?page=1")


def test_a_forgotten_slash_is_not_added_to_a_change(olga):
    assert olga.post("/mail-domains", {}).status_code == 404


def test_a_change_with_a_session_needs_the_token(people):
    olga = Rest(cast.OLGA)
    olga.http.handler.enforce_csrf_checks = True
    answer = olga.post("mailboxes/", {})
    assert answer.status_code == 403
    assert answer.json()["detail"].startswith("CSRF Failed")


def test_a_body_that_is_too_large(adam, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = adam.post("mailboxes/", {"first_name": "x" * 200})
    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")


def test_a_fault_of_ours_tells_nothing_but_its_number(adam, monkeypatch):
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("postroom.actions.person_mailboxes.listed", fail)
    answer = adam.get("mailboxes/")
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert answer["X-Request-Id"] in answer.json()["detail"]
    assert b"secret" not in answer.content


@pytest.mark.parametrize("path", ["/codes/the-secret/", "/invitations/the-secret/"])
def test_links_do_not_reach_the_log(anybody, caplog, monkeypatch, path):
    anybody.get(path)
    anybody.post(path, {})

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("postroom.actions.link_use.look", fail)
    anybody.get(path)
    assert "the-secret" not in caplog.text
