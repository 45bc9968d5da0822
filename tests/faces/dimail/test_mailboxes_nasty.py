"""Whatever is sent, the answer says what is wrong with it, and nothing has changed."""

from itertools import groupby

import pytest
from django.conf import settings
from django.db import connection

from postroom.faces.dimail.codes import CodeAnswer
from postroom.faces.dimail.mailboxes import NewMailboxAnswer, PasswordAnswer
from postroom.store.models import Alias, Mailbox
from tests import cast

ALL = f"/domains/{cast.ACME}/mailboxes"
ALIASES = f"/domains/{cast.ACME}/aliases"
NAMES = {"givenName": "Jane", "surName": "Doe", "displayName": "Jane Doe"}
WORDS = ["\0", "\ud800", "a\nb", "x" * 5000, "../..", "a%00b", "'; drop table", "é", "\u202eabc"]


@pytest.mark.parametrize("field", NAMES)
@pytest.mark.parametrize("word", ["\0", "a\nb", "x" * 5000, 7, None, ["a"], {"a": 1}])
def test_a_name_that_is_none(people, field, word):
    answer = people.post(f"{ALL}/jane", {**NAMES, field: word})
    assert (answer.status, answer.detail[0]["loc"]) == (422, ["body", field])
    assert not Mailbox.objects.exists()


@pytest.mark.parametrize("field", NAMES)
def test_half_a_character_is_no_text(people, field):
    assert people.post(f"{ALL}/jane", {**NAMES, field: "\ud800"}).status == 422
    assert not Mailbox.objects.exists()


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize(("method", "end"), [("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/reset_password")])
def test_a_user_name_that_nobody_has(people, method, end, word):
    path = f"{ALL}/{word}{end}".encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    assert people.call(method, path, {}).status in {404, 405}


@pytest.mark.parametrize("word", WORDS)
def test_an_alias_that_none_can_be(people, word):
    assert people.post(ALIASES, {"user_name": word, "destination": "joe@else.where"}).status == 422
    assert people.post(ALIASES, {"user_name": "info", "destination": word}).status == 422
    assert not Alias.objects.exists()


@pytest.mark.parametrize("word", ["%00", "%ed%a0%80", "%C3%A9", "x" * 3000])
def test_a_question_for_an_alias_that_none_can_be(people, word):
    assert people.get(f"{ALIASES}?user_name={word}").json == []
    assert people.get(f"{ALIASES}?user_name=info&destination={word}").status == 404


@pytest.mark.parametrize("sent", [b"{", b"[]", b'"a"', b"\xff", b"null", b"[" * 100_000])
@pytest.mark.parametrize(
    ("method", "path"), [("POST", f"{ALL}/jane"), ("PATCH", f"/v2{ALL}/jane"), ("POST", ALIASES), ("PATCH", f"{ALL}/j")]
)
def test_a_body_that_is_no_object(people, method, path, sent):
    answer = people.call(method, path, sent)
    assert (answer.status, answer.detail[0]["loc"][0]) == (422, "body")


@pytest.mark.parametrize("path", [f"{ALL}/jane", ALIASES])
def test_no_body_where_something_has_to_be_said(people, path):
    answer = people.post(path)
    assert (answer.status, answer.detail[0]["type"], answer.detail[0]["loc"]) == (422, "missing", ["body"])


@pytest.mark.parametrize("path", [f"{ALL}/jane", f"/v2{ALL}/jane"])
def test_a_change_that_says_nothing(people, path):
    people.post(f"{ALL}/jane", NAMES)
    before = people.get(f"{ALL}/jane").json
    assert people.patch(path).status == 200
    assert people.get(f"{ALL}/jane").json == before


@pytest.mark.parametrize(
    "answer",
    [
        NewMailboxAnswer(email="a@b.fr", password="s3cret", uuid=""),
        PasswordAnswer(email="a@b.fr", password="s3cret"),
        CodeAnswer(email="a@b.fr", code="s3cret", expires_at=1, expires_in=1, maxuse=1, nbuse=0),
    ],
)
def test_no_secret_is_shown_where_things_are_logged(answer):
    assert "s3cret" not in repr(answer)


@pytest.mark.skipif(not settings.IS_SQLITE, reason="counted on SQLite")
def test_a_mailbox_is_made_by_few_statements(people):
    people.post(f"{ALL}/first", NAMES)  # some are asked once a process
    seen = []
    connection.connection.set_trace_callback(seen.append)
    try:
        assert people.post(f"{ALL}/second", {**NAMES, "surName": "Second"}).status == 201
    finally:
        connection.connection.set_trace_callback(None)
    asked = [statement for statement, _ in groupby(seen)]  # what a trigger does is traced as what has set it off
    assert len(asked) <= 8, asked
