"""Whatever is sent, the answer is one of the protocol's: no HTTP 500, no error number 0, no traceback."""

import contextlib
import itertools
import json

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postroom.actions import brands
from postroom.core import catalogue
from postroom.core.catalogue.attribute import Level
from postroom.core.roles import OPERATOR
from postroom.faces.oma.methods import METHODS
from tests import cast

MILLIONS = b"x" * 10_000_000
# As JSON text, for some of it Python's own encoder would not write.
WRONG = {
    "null": "null", "zero": "0", "number": "42", "negative": "-1", "huge": "1" + "0" * 30, "int64": str(2**63),
    "fraction": "1.5", "1e400": "1e400", "big float": "1e300", "nan text": '"NaN"', "infinity text": '"Infinity"',
    "list": '["a", 1, null, [], {}]', "empty list": "[]", "list of lists": "[[[[]]]]",
    "object": '{"a": {"b": {"c": []}}}',
    "empty object": "{}", "true": "true", "false": "false", "empty": '""', "blank": '" "', "NUL": '"\\u0000"',
    "NUL inside": '"uma\\u0000@acme.example"', "surrogate": '"\\ud800"', "DEL": '"\\u007f"', "newline": '"a\\nb"',
    "quote": '"\'; DROP TABLE store_mailbox; --"', "percent": '"%%%s%(x)s"',
    "wildcards": '"****????"', "slash": '"a/b/c"',
    "long": '"' + "x" * 100_000 + '"', "long address": '"' + "x" * 5000 + '@acme.example"',
    "long unicode": '"' + "ü" * 5000 + '"', "rtl": '"\\u202e\\u05d0@\\u05d0"', "emoji": '"😀@acme.example"',
    "marks": '"\\u0002parameter-0\\u0003"', "mark number": "8111222333000",
}  # fmt: skip
FIELDS = {
    "user": cast.UMA, "domain": cast.ACME, "company": "acme", "attributes": {}, "workgroup": "sales", "new_name": "new",
    "id": "1308694526", "reason": "webmail", "type": "session", "duration": 1, "token": "x" * 20, "oma": True,
    "mode": "add", "tag": "phone", "role": "mail", "object": cast.ACME, "objects": [cast.ACME], "attribute": "name",
    "new_company": "1", "create_only": False, "criteria": {"domain": cast.ACME}, "range": {"first": 0, "limit": 5},
    "sort": {}, "fields": ["lastlogin"], "generate_session_token": True, "session_token_duration": 60,
    "fetch_extra_info": True, "bulletin": "hello", "bulletin_text": "Subject: x\n\n{'name'}", "test_email": cast.UMA,
    "ids": ["1"], "brand": "blue", "test_email_rcpt": cast.UMA, "date": "2026-11", "by": "day",
    "job": "1", "folder": "INBOX", "limit": 5, "recent": True, "unseen": False, "headers": ["Subject"],
    "ruleset": "managesieve", "data": "keep;", "active_rule": "managesieve",
    "users": [{"local": cast.UMA, "remote": "joe", "password": "x", "server": "a.example", "method": "imap4"}],
}  # fmt: skip
# Where another method means something else by the same field.
MEANT = {
    "change_company_bulletin": {"type": "auto"}, "get_company_bulletin": {"type": "auto"},
    "post_company_bulletin": {"type": "auto"}, "change_domain_bulletin": {"type": "auto"},
    "get_domain_bulletin": {"type": "auto"}, "post_domain_bulletin": {"type": "auto"},
    "stats_snapshot": {"type": "domain"}, "stats_summary": {"type": "domain"},
}  # fmt: skip
_PAGE = "range sort"
USES = {
    "authenticate": "generate_session_token session_token_duration token fetch_extra_info", "echo": "token",
    "generate_token": "user reason type duration token oma attributes", "get_company": "company",
    "change_company": "company attributes", "get_company_changes": f"company {_PAGE}",
    "search_admins": f"criteria {_PAGE}", "change_domain": "domain attributes create_only", "get_domain": "domain",
    "delete_domain": "domain", "restore_domain": "domain id new_name", "search_domains": f"criteria {_PAGE}",
    "push_domain": "domain new_company", "get_domain_changes": f"domain {_PAGE}",
    "create_workgroup": "domain workgroup", "delete_workgroup": "domain workgroup",
    "search_workgroups": f"criteria {_PAGE}", "change_user": "user attributes create_only", "get_user": "user",
    "delete_user": "user", "restore_user": "user id new_name", "rename_user": "user new_name",
    "search_users": f"criteria fields domain {_PAGE}", "get_user_changes": f"user {_PAGE}",
    "get_user_attribute_history": "user attribute", "set_role": "user role object objects",
    "add_role": "user role object", "remove_role": "user role object", "app_password": "user mode tag",
    "logout_user": "user", "get_user_folders": "user", "get_user_messages": "user folder limit recent unseen",
    "move_user_messages": "user ids folder", "get_deleted_messages": "user folder headers attributes",
    "restore_deleted_messages": "user ids", "reindex": "user folder id", "user_notify": "user", "get_sieve": "user",
    "set_sieve": "user ruleset data active_rule",
    "change_company_bulletin": "company bulletin type bulletin_text",
    "get_company_bulletin": "company bulletin type", "post_company_bulletin": "company bulletin type test_email",
    "change_domain_bulletin": "domain bulletin type bulletin_text", "get_domain_bulletin": "domain bulletin type",
    "post_domain_bulletin": "domain bulletin type test_email", "get_deleted_contacts": "user",
    "restore_deleted_contacts": "user ids", "user_disable_2fa": "user",
    "reset_email_test": "brand company test_email_rcpt", "search_brands": f"criteria {_PAGE}",
    "search_brand_members": f"criteria {_PAGE}", "stats_list": "token", "stats_snapshot": "type object date",
    "stats_summary": "type object by",
    "migration_add": "users job", "migration_jobs": "", "migration_status": "job", "migration_trace": "job user",
}  # fmt: skip
INSIDE = {
    "criteria": ["domain", "company", "type", "match", "deleted", "status", "workgroup", "brand"],
    "range": ["first", "limit", "sort"],
    "sort": ["by", "direction"],
    "credentials": ["user", "password", "token", "session_token", "client", "session_token_duration"],
}


@contextlib.contextmanager
def undone():
    """What happens inside leaves no trace, so that each request finds the same cast."""
    savepoint = transaction.savepoint()
    yield
    transaction.savepoint_rollback(savepoint)


def sane(client, what=""):
    assert client.status in {"200 OK", "400 Bad Request"}, (what, client.status, client.body[:500])
    answer = json.loads(client.body)
    assert isinstance(answer["success"], bool)
    assert answer["success"] or answer["error_number"] != 0, (what, answer)
    assert b"Traceback" not in client.body
    return answer


def post(client, method, fields, wrong_field, wrong_json):
    """A request in which one field is some JSON text."""
    others = {"credentials": client.credentials, **fields}
    others.pop(wrong_field, None)
    body = json.dumps(others)[:-1] + f", {json.dumps(wrong_field)}: {wrong_json}}}"
    client.raw(f"/api/{method}", body.encode())
    return sane(client, (method, wrong_field, wrong_json[:60]))


def test_the_table_of_fields_has_every_method():
    assert set(USES) == set(METHODS)


@pytest.fixture
def furnished(alice):
    """What the methods ask for by name is there."""
    for owner in ("company", "domain"):
        named = {owner: FIELDS[owner], "bulletin": "hello", "type": "auto", "bulletin_text": FIELDS["bulletin_text"]}
        alice.ok(f"change_{owner}_bulletin", **named)
    brands.create(OPERATOR, cast.origin(), "acme", "Blue", {})
    return alice


@pytest.mark.parametrize("method", METHODS)
def test_any_wrong_value_in_any_field(furnished, method):
    fields = FIELDS | MEANT.get(method, {})
    for field, wrong in itertools.product(["credentials", *USES[method].split()], WRONG.values()):
        with undone():
            post(furnished, method, fields, field, wrong)


@pytest.mark.parametrize("outer", INSIDE)
def test_any_wrong_value_one_level_down(alice, outer):
    searches = [m for m in METHODS if m.startswith("search_")]
    methods = ["authenticate"] if outer == "credentials" else searches if outer == "criteria" else ["search_users"]
    kept = alice.credentials if outer == "credentials" else {"domain": cast.ACME}
    for inner, wrong, method in itertools.product(INSIDE[outer], WRONG.values(), methods):
        within = json.dumps({"stray": 1, **kept, inner: None}).replace(f'"{inner}": null', f'"{inner}": {wrong}')
        with undone():
            post(alice, method, FIELDS, outer, within)


@pytest.mark.parametrize(
    ("method", "name", "level"),
    [
        ("change_user", "user", Level.MAILBOX),
        ("change_domain", "domain", Level.DOMAIN),
        ("change_company", "company", Level.COMPANY),
    ],
)
def test_any_wrong_value_in_any_attribute(alice, method, name, level):
    for attribute, wrong in itertools.product(catalogue.attributes(level), WRONG.values()):
        with undone():
            post(alice, method, {name: FIELDS[name]}, "attributes", f'{{"{attribute}": {wrong}}}')


def test_names_of_attributes_may_be_anything(alice):
    for name in ("", " ", "\u0001", "x" * 100_000, "__class__", "é" * 500):
        answer = alice.call("change_user", user=cast.UMA, attributes={name: 1})
        assert answer["error_number"] == 4


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'{"credentials":['])
def test_deep_nesting_is_400(alice, opening):
    alice.raw("/api/echo", opening * 100_000)
    assert alice.status == "400 Bad Request"


@pytest.mark.parametrize("depth", [33, 500, 5000])
def test_deep_but_valid_nesting_is_400(alice, depth):
    alice.raw("/api/echo", b'{"a":' + b"[" * depth + b"]" * depth + b"}")
    assert alice.status == "400 Bad Request"


def test_ten_nested_levels_are_fine(alice):
    alice.ok("echo", deep=[[[[[[[[[[]]]]]]]]]])


@pytest.mark.parametrize("body", [MILLIONS, b'{"a":"' + MILLIONS + b'"}', b"[" + b"1," * 5_000_000 + b"1]"])
def test_ten_million_bytes_are_400(alice, body):
    alice.raw("/api/echo", body)
    assert alice.status == "400 Bad Request"


def test_ten_million_bytes_without_a_length_are_400(alice):
    alice.raw("/api/echo", b'{"a":"' + MILLIONS + b'"}', CONTENT_LENGTH="")
    assert alice.status == "400 Bad Request"


def test_of_two_keys_of_the_same_name_the_last_counts(alice):
    credentials = json.dumps(alice.credentials)
    body = f'{{"credentials": {credentials}, "domain": "nowhere.example", "domain": "{cast.ACME}"}}'
    alice.raw("/api/get_domain", body.encode())
    assert sane(alice)["success"] is True


@pytest.mark.parametrize(
    "body",
    [b'{"a":"\xff\xfe"}', b'{"\xc3\x28":1}', b'{"a":"\xed\xa0\x80"}', '{"a":1}'.encode("utf-16"), b"\x00" * 100,
     b'{"a":1}\x00', b'{"a":"\x01"}'],
)  # fmt: skip
def test_what_is_not_utf_8_json_is_400(alice, body):
    alice.raw("/api/echo", body)
    assert alice.status == "400 Bad Request"


@pytest.mark.parametrize("text", ["\u0000", "a\u0000b", "\ud800", "\udfff\ud800"])
def test_nul_and_half_surrogates_reach_no_database(alice, text):
    alice.call("change_user", user=cast.UMA, attributes={"name": text})
    assert sane(alice)["success"] is False
    assert alice.user()["name"] == ""


@pytest.mark.parametrize("path", ["/api/" + "x" * 5000, "/api/%00", "/api/\x00", "/api/é", "/api/{}"])
def test_odd_paths_are_404(alice, path):
    alice.raw(path, b"{}")
    assert alice.status == "404 Not Found"


@pytest.mark.parametrize("name", ["x" * 200, "x" * 100_000, "a@" * 3000 + cast.ACME, "é" * 2000])
@pytest.mark.parametrize(
    ("method", "field"),
    [("get_domain", "domain"), ("delete_domain", "domain"), ("get_user", "user"), ("delete_user", "user"),
     ("get_company", "company"), ("get_user_changes", "user"), ("logout_user", "user")],
)  # fmt: skip
def test_names_of_any_length_are_simply_not_found(alice, method, field, name):
    assert alice.refused(method, **{field: name}) in {2, 9}


@pytest.mark.parametrize("number", [10**30, 2**63, -(10**30), 1e300])
@pytest.mark.parametrize("name", ["first", "limit"])
@pytest.mark.parametrize("method", ["search_domains", "search_admins", "get_user_changes"])
def test_numbers_no_database_holds_are_error_5(alice, method, name, number):
    assert alice.refused(method, user=cast.UMA, range={name: number}) == 5


@pytest.mark.parametrize("number", [10**30, 2**63, -1, 1e300])
def test_numbers_no_database_holds_are_error_6_as_attributes(alice, number):
    for name in ("quota", "smtp_sent_limit", "autoresponder_option_enddate"):
        assert alice.refused("change_user", user=cast.UMA, attributes={name: number}) == 6


def test_a_first_beyond_the_end_is_an_empty_list(alice):
    answer = alice.ok("search_domains", range={"first": 10**12})
    assert (answer["count"], answer["total_count"], answer["domains"]) == (0, 2, [])


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=8,
)
_REQUEST = st.dictionaries(st.sampled_from(sorted(FIELDS)) | st.text(max_size=10), _JSON, max_size=8)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(method=st.sampled_from(sorted(METHODS)), fields=_REQUEST)
def test_any_json_object_gets_an_answer(alice, method, fields):
    body = json.dumps({**fields, "credentials": alice.credentials})
    alice.raw(f"/api/{method}", body.encode())
    sane(alice, (method, fields))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(method=st.sampled_from(sorted(METHODS)), body=st.binary(max_size=200))
def test_any_bytes_get_an_answer(alice, method, body):
    alice.raw(f"/api/{method}", body)
    sane(alice, (method, body))
