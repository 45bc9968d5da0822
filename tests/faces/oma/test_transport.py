"""oma.md sections 1.1 to 1.3 and 1.6: paths, HTTP codes, the bytes of answers, what known clients get wrong."""

import json
import re

import pytest

from tests import cast


def ask(client, path, request=None, **environ):
    body = json.dumps({"credentials": client.credentials, **(request or {})}).encode()
    return json.loads(client.raw(path, body, **environ))


@pytest.mark.parametrize(
    "path",
    ["/api/get_domain",
     "/api//get_domain", "//api/get_domain", "/api/api/get_domain", "/get_domain", "/api/get_domain/",
     "/get_domain/"],
)  # fmt: skip
def test_known_clients_find_the_method_at(alice, path):
    assert ask(alice, path, {"domain": cast.ACME})["success"] is True


@pytest.mark.parametrize(
    "type", [None, "", "application/json", "application/x-www-form-urlencoded", "text/plain; charset=latin1"]
)
def test_the_content_type_of_a_request_is_not_looked_at(alice, type):
    environ = {} if type is None else {"CONTENT_TYPE": type}
    assert ask(alice, "/api/authenticate", **environ)["success"] is True


@pytest.mark.parametrize("announced", ["", "x", "-1"])
def test_a_body_without_a_usable_length_is_read_to_its_end(alice, announced):
    assert ask(alice, "/api/authenticate", CONTENT_LENGTH=announced)["success"] is True


@pytest.mark.parametrize("method", ["unknown", "create_domain", "_get_brand", "search_companies", "GET_DOMAIN", ""])
def test_an_unknown_method_is_404(alice, method):
    answer = ask(alice, f"/api/{method}")
    assert (alice.status, answer["success"], answer["error_number"]) == ("404 Not Found", False, 5)


@pytest.mark.parametrize("verb", ["GET", "PUT", "DELETE", "HEAD", "OPTIONS"])
def test_only_post_calls_a_method(alice, verb):
    alice.raw("/api/authenticate", b"{}", verb=verb)
    assert alice.status == "404 Not Found"


@pytest.mark.parametrize(
    "body", [b"", b" ", b"null", b"[]", b"[{}]", b"1", b'"x"', b"true", b"{", b"{}x", b"{'a':1}", b'{"a":}', b"NaN",
             b'{"a":NaN}', b"user=x&password=y", b"\xff\xfe", b'{"a":"\xff"}', b"\xef\xbb\xbf"],
)  # fmt: skip
def test_what_is_no_json_object_is_400(alice, body):
    answer = json.loads(alice.raw("/api/get_domain", body))
    assert (alice.status, answer["success"], answer["error_number"]) == ("400 Bad Request", False, 5)


def test_a_wrong_password_is_200_and_error_1(as_):
    client = as_(cast.ALICE, "wrong")
    assert client.refused("authenticate") == 1
    assert b'"error":"Invalid credentials supplied in request"' in client.body


def test_every_answer_ends_with_its_audit(alice):
    for method, fields in [("authenticate", {}), ("get_domain", {"domain": "x"}), ("get_sieve", {}), ("nothing", {})]:
        alice.call(method, **fields)
        assert re.search(rb', "audit":"[a-z]+[0-9]{2}_[0-9a-f]{9,10}"\}\Z', alice.body), alice.body


def test_two_requests_have_two_audits(alice):
    audits = {alice.call("authenticate")["audit"] for _ in range(20)}
    assert len(audits) > 15


def test_the_script_with_regular_expressions_finds_the_token(alice):
    alice.ok("generate_token", user=cast.UMA, reason="webmail", duration="24")
    assert b'"success":true,' in alice.body
    assert re.fullmatch(rb'\{"success":true,"duration":24,"token":"[^"]+", "audit":"[^"]+"\}', alice.body)


def test_the_script_with_regular_expressions_finds_the_error(alice):
    alice.call("generate_token", user="nobody@acme.example", reason="webmail")
    assert re.search(rb'"error":"[^"]+", "audit"', alice.body)


def test_hints_stand_before_the_error(alice):
    alice.call("change_domain", domain=cast.ACME, attributes={"spamlevel": "Max"})
    assert re.match(rb'\{"success":false,"hints":\{"spamlevel":"[^}]*"\},"error_number":6,"error":"', alice.body)


def test_answers_are_utf_8_with_nothing_escaped_needlessly(alice):
    alice.set_user(name="Zoë 日本")
    alice.ok("get_user", user=cast.UMA)
    assert "Zoë 日本".encode() in alice.body


@pytest.mark.parametrize("name", ["Zoë 日本 😀"])
def test_escaped_and_raw_text_are_the_same(alice, name):
    raw = json.dumps(
        {"credentials": alice.credentials, "user": cast.UMA, "attributes": {"name": name}}, ensure_ascii=False
    )
    alice.raw("/api/change_user", raw.encode())
    assert alice.user()["name"] == name
    alice.set_user(name=name)
    assert alice.user()["name"] == name


# --- credentials ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "credentials",
    [None, [], "x", 5, {}, {"user": cast.ALICE}, {"password": cast.PASSWORD}, {"user": "", "password": cast.PASSWORD},
     {"user": None, "password": None}, {"user": 5, "password": cast.PASSWORD}, {"user": cast.ALICE, "password": 5},
     {"user": cast.ALICE, "token": ""}, {"user": cast.ALICE, "token": []}, {"user": "nobody@acme.adm", "password": "x"},
     {"user": "x" * 5000, "password": "x"}, {"user": cast.ALICE, "password": "é" * 5000},
     {"user": cast.ALICE, "password": cast.HASH}],
)  # fmt: skip
def test_missing_or_odd_credentials_are_error_1(alice, credentials):
    alice.credentials = credentials
    assert alice.refused("authenticate") == 1


def test_a_request_without_credentials_is_error_1(alice):
    assert json.loads(alice.raw("/api/authenticate", b"{}"))["error_number"] == 1


def test_the_password_goes_before_the_token(alice):
    alice.credentials["token"] = "nonsense"
    alice.ok("authenticate")


@pytest.mark.parametrize("nothing", ["", None])
def test_an_empty_password_leaves_the_token(alice, nothing):
    token = alice.ok("authenticate", generate_session_token=True)["session_token"]
    alice.credentials = {"user": cast.ALICE, "password": nothing, "token": token}
    alice.ok("authenticate")


def test_session_token_is_another_name_for_token(alice):
    token = alice.ok("authenticate", generate_session_token=True)["session_token"]
    alice.credentials = {"user": cast.ALICE, "session_token": token}
    alice.ok("authenticate")


@pytest.mark.parametrize("user", ["ALICE@ACME.ADM", " alice@acme.adm "])
def test_the_name_is_folded(alice, user):
    alice.credentials["user"] = user
    alice.ok("authenticate")


def test_an_alias_may_sign_in(alice, as_):
    alice.set_user(aliases=["boss"])
    as_("boss@acme.example").ok("get_user", user=cast.UMA)


def test_credentials_may_come_last_and_unknown_keys_are_ignored(alice):
    body = json.dumps({"stray": [1], "domain": cast.ACME, "credentials": {**alice.credentials, "stray": {}}})
    assert json.loads(alice.raw("/api/get_domain", body.encode()))["success"] is True


def test_the_client_program_stands_in_the_log(alice):
    alice.credentials["client"] = "My Panel 2.0"
    alice.set_user(name="Uma")
    assert alice.ok("get_user_changes", user=cast.UMA)["changes"][-1]["application"] == "My Panel 2.0"


# --- leniency ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("empty", [{}, [], None, ""])
def test_an_empty_php_array_is_an_empty_object(alice, empty):
    assert alice.ok("search_domains", criteria=empty, range=empty, sort=empty)["count"] == 2
    assert alice.call("change_domain", domain=cast.ACME, attributes=empty)["success"] is (empty is not None)


@pytest.mark.parametrize("yes", [True, 1, "1", "true", "TRUE"])
def test_yes_in_every_spelling(alice, yes):
    assert "session_token" in alice.ok("authenticate", generate_session_token=yes)


@pytest.mark.parametrize("no", [False, 0, "0", "false", "FALSE", None, ""])
def test_no_in_every_spelling(alice, no):
    assert "session_token" not in alice.ok("authenticate", generate_session_token=no)


@pytest.mark.parametrize("name", ["first", "First", "FIRST"])
@pytest.mark.parametrize("one", [1, "1", 1.0])
def test_the_range_in_every_spelling(alice, name, one):
    assert alice.ok("search_domains", range={name: one, "Limit": one})["count"] == 1


@pytest.mark.parametrize("where", [{"sort": {"by": "users"}}, {"range": {"sort": {"by": "user"}}}])
def test_workgroups_are_sorted_from_both_places_by_both_words(alice, where):
    assert alice.ok("search_workgroups", criteria={"domain": cast.ACME}, **where)["count"] == 2


def test_search_users_takes_the_domain_at_top_level(alice):
    assert alice.ok("search_users", domain=cast.ACME)["count"] == 4


@pytest.mark.parametrize("objects", [{"object": cast.ACME}, {"objects": [cast.ACME]}, {"objects": cast.ACME}])
def test_set_role_takes_object_and_objects(alice, objects):
    alice.ok("set_role", user=cast.UMA, role="mail", **objects)
    assert alice.ok("get_user", user=cast.UMA)["metadata"]["roles"] == {"mail": [cast.ACME]}


def test_generate_token_takes_its_options_under_attributes(alice):
    answer = alice.ok("generate_token", user=cast.UMA, attributes={"reason": "webmail", "duration": 2, "type": "sso"})
    assert answer["duration"] == 2


@pytest.mark.parametrize("written", ["ACME.Example", " acme.example "])
def test_names_are_folded(alice, written):
    assert alice.domain(written)["account"] == cast.ACME


def test_a_domain_in_unicode_is_found_and_made(alice):
    alice.ok("change_domain", domain="bücher.example", attributes={}, create_only=True)
    assert alice.domain("bücher.example")["account"] == "xn--bcher-kva.example"


# --- echo -------------------------------------------------------------------------------------------


def test_echo_returns_what_it_got(alice):
    answer = alice.ok("echo", param="value", deep={"list": [1, None, {"x": 2.5}]})
    assert answer["param"] == "value"
    assert answer["deep"] == {"list": [1, None, {"x": 2.5}]}


def test_echo_checks_credentials(as_):
    assert as_(cast.ALICE, "wrong").refused("echo") == 1


def test_echo_hides_secrets(alice):
    alice.credentials["session_token"] = "another-secret-of-alice"
    alice.ok("echo", token="top-secret-token", param="value")
    for secret in (cast.PASSWORD, "another-secret-of-alice", "top-secret-token"):
        assert secret.encode() not in alice.body


def test_echo_cannot_fake_its_own_success(alice):
    assert alice.ok("echo", success=False, audit="mine")["audit"] != "mine"


def test_a_password_or_token_sent_as_a_number_is_its_digits(alice, as_):
    alice.new_user("nina@acme.example", password=8273645109)
    assert as_("nina@acme.example", 8273645109).ok("authenticate")
    alice.ok("generate_token", user="nina@acme.example", reason="x", type="oma", token=8273645109827364)
    nina = as_("nina@acme.example")
    nina.credentials = {"user": "nina@acme.example", "token": 8273645109827364}
    assert nina.ok("authenticate")
