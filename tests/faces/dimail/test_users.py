"""Accounts of programs over HTTP (specs/dimail.md 3.2, 4.2)."""

import uuid

import pytest

from postroom.store import history
from postroom.store.models import DimailAccount, History
from tests import cast
from tests.faces.dimail.client import ROOT, Dimail
from tests.faces.dimail.conftest import REGIE, account

BOB = {"name": "bob", "password": "toto", "is_admin": False}


def test_an_account_is_made(root):
    answer = root.post("/users/", BOB)
    assert (answer.status, answer.json) == (
        201, {"name": "bob", "is_admin": False, "perms": [], "uuid": answer.json["uuid"]},
    )  # fmt: skip
    assert uuid.UUID(answer.json["uuid"])


def test_it_can_sign_in(root):
    root.post("/users/", BOB)
    assert Dimail("bob", "toto").get("/token/").status == 200


def test_its_password_is_kept_as_a_hash(root):
    root.post("/users/", BOB)
    assert DimailAccount.objects.get(name="bob").password_hash.startswith("{ARGON2ID}")


@pytest.mark.parametrize(("sent", "kept"), [("true", True), ("false", False), (True, True)])
def test_is_admin_may_be_a_string(root, sent, kept):
    assert root.post("/users/", {**BOB, "is_admin": sent}).json["is_admin"] is kept


def test_perms_are_kept(root):
    sent = {**BOB, "perms": ["manage_users", "new_domain", "new_domain"]}
    assert root.post("/users/", sent).json["perms"] == ["new_domain", "manage_users"]


def test_other_keys_are_ignored(root):
    assert root.post("/users/", {**BOB, "fullname": "Bob"}).status == 201


def test_a_name_may_be_long(root):
    name = str(uuid.uuid4()) * 4
    assert root.post("/users/", {**BOB, "name": name}).json["name"] == name


def test_a_name_is_taken_once(root):
    root.post("/users/", BOB)
    answer = root.post("/users/", BOB)
    assert (answer.status, answer.detail) == (409, "User already exists")


def test_accounts_are_listed(root, regie):
    answer = root.get("/users/")
    assert (answer.status, [one["name"] for one in answer.json]) == (200, [REGIE, ROOT])


def test_an_account_is_shown(root, regie):
    answer = root.get(f"/users/{REGIE}")
    assert (answer.status, answer.json["perms"]) == (200, ["new_domain", "create_users", "manage_users"])


def test_no_answer_holds_a_password(root, regie):
    shown = root.get("/users/").body + root.get("/users/root").body + root.patch("/users/root", {}).body
    assert b"password" not in shown and b"ARGON" not in shown


def test_an_unknown_account_is_not_found(root):
    answers = [root.get("/users/no"), root.patch("/users/no", {}), root.delete("/users/no")]
    assert [(answer.status, answer.detail) for answer in answers] == [
        (404, "User not found"), (404, "Not found"), (404, "Not found"),
    ]  # fmt: skip


def test_a_password_is_changed(root):
    root.post("/users/", BOB)
    assert root.patch("/users/bob", {"password": "tata"}).status == 200
    assert (Dimail("bob", "tata").get("/token/").status, Dimail("bob", "toto").get("/token/").status) == (200, 403)


def test_rights_are_changed(root):
    root.post("/users/", BOB)
    answer = root.patch("/users/bob", {"is_admin": "true", "perms": ["new_domain"]})
    assert (answer.json["is_admin"], answer.json["perms"]) == (True, ["new_domain"])


@pytest.mark.parametrize("sent", [{}, b""])
def test_an_empty_change_changes_nothing(root, sent):
    made = root.post("/users/", BOB).json
    before = History.objects.count()
    assert (root.patch("/users/bob", sent).json, History.objects.count()) == (made, before)


def test_an_account_is_removed(root):
    root.post("/users/", BOB)
    answer = root.delete("/users/bob", {})
    assert (answer.status, answer.body, root.get("/users/bob").status) == (204, b"", 404)


def test_a_204_has_neither_body_nor_type(root):
    root.post("/users/", BOB)
    assert root.delete("/users/bob").headers.keys() <= {"Cache-Control"}


BAD = {
    "no name": ({"password": "x", "is_admin": False}, "missing", ["body", "name"]),
    "no password": ({"name": "x", "is_admin": False}, "missing", ["body", "password"]),
    "no right": ({"name": "x", "password": "x"}, "missing", ["body", "is_admin"]),
    "null as name": ({**BOB, "name": None}, "string_type", ["body", "name"]),
    "a number as name": ({**BOB, "name": 7}, "string_type", ["body", "name"]),
    "no boolean": ({**BOB, "is_admin": "perhaps"}, "bool_parsing", ["body", "is_admin"]),
    "an empty name": ({**BOB, "name": ""}, "value_error", ["body", "name"]),
    "a colon": ({**BOB, "name": "a:b"}, "value_error", ["body", "name"]),
    "a line break": ({**BOB, "name": "a\nb"}, "value_error", ["body", "name"]),
    "a NUL": ({**BOB, "name": "a\0b"}, "value_error", ["body", "name"]),
    "half a character": ({**BOB, "name": "\ud800"}, "json_invalid", ["body", 0]),
    "too long a name": ({**BOB, "name": "x" * 151}, "value_error", ["body", "name"]),
    "an empty password": ({**BOB, "password": ""}, "value_error", ["body", "password"]),
    "an endless password": ({**BOB, "password": "x" * 1025}, "value_error", ["body", "password"]),
    "an unknown perm": ({**BOB, "perms": ["everything"]}, "value_error", ["body", "perms"]),
    "perms in a string": ({**BOB, "perms": "new_domain"}, "list_type", ["body", "perms"]),
    "a list": ([], "model_attributes_type", ["body"]),
    "null": (b"null", "missing", ["body"]),
    "nothing": (b"", "missing", ["body"]),
    "no JSON": (b'{"name": ', "json_invalid", ["body", 9]),
    "no text": (b"\xff\xff", "json_invalid", ["body", 0]),
    "much nesting": (b"[" * 100_000, "json_invalid", ["body", 0]),
    "no number": (b'{"name": NaN}', "json_invalid", ["body", 0]),
    "a number beyond all": (b'{"name": 1e999}', "json_invalid", ["body", 0]),
    "half a character in bytes": (b'{"name": "\xed\xa0\x80"}', "json_invalid", ["body", 0]),
    "an endless number": (b'{"name": ' + b"9" * 5000 + b"}", "json_invalid", ["body", 0]),
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_body_is_422_as_fastapi_says_it(root, what):
    sent, kind, place = BAD[what]
    answer = root.post("/users/", sent)
    assert answer.status == 422, answer
    assert (answer.detail[0]["type"], answer.detail[0]["loc"]) == (kind, place)
    assert DimailAccount.objects.count() == 1


def test_every_mistake_is_told(root):
    assert [one["loc"][-1] for one in root.post("/users/", {}).detail] == ["name", "password", "is_admin"]


def test_a_mistake_shows_no_password(root):
    answers = [root.post("/users/", {"password": "S3cret!"}), root.post("/users/", {**BOB, "password": ["S3cret!"]})]
    answers += [
        root.post("/users/", sent) for sent in ([BOB | {"password": "S3cret!"}], {"name": {"password": "S3cret!"}})
    ]
    assert {answer.status for answer in answers} == {422}
    assert not any(b"S3cret!" in answer.body for answer in answers)


def test_deep_nesting_in_a_mistake_is_no_fault_of_ours(root):
    depths = (5, 100, 300, 500, 800)
    assert {root.post("/users/", b"[" * depth + b"]" * depth).status for depth in depths} == {422}


def test_too_large_a_body_is_refused(root, settings):
    settings.LARGEST_BODY = 2000
    assert root.post("/users/", {**BOB, "name": "x" * 3000}).status == 413


@pytest.mark.parametrize("length", ["9" * 5000, "-1", "1e3"])
def test_a_body_of_a_length_that_is_none_is_refused(root, length):
    assert root.post("/users/", BOB, CONTENT_LENGTH=length).status == 413


def test_a_body_of_unknown_length_is_refused(root):
    assert root.post("/users/", BOB, HTTP_TRANSFER_ENCODING="chunked").status == 411


# By an account that is no administrator.


def test_an_account_with_the_perm_makes_others(regie):
    assert regie.post("/users/", {**BOB, "perms": ["new_domain"]}).status == 201


@pytest.mark.parametrize("more", [{"is_admin": True}, {"perms": ["manage_users"]}])
def test_nobody_makes_one_that_may_more(root, more):
    maker = account("maker", "create_users", "new_domain")
    answer = maker.post("/users/", {**BOB, **more})
    assert (answer.status, answer.detail, root.get("/users/bob").status) == (403, "Permission denied", 404)


def test_who_manages_users_sees_itself_and_those_it_has_made(root, regie):
    root.post("/users/", {**BOB, "name": "roots"})
    regie.post("/users/", BOB)
    assert [one["name"] for one in regie.get("/users/").json] == ["bob", REGIE]


def test_others_are_not_found(root, regie):
    root.post("/users/", BOB)
    answers = [regie.get("/users/bob"), regie.patch("/users/bob", {"password": "x"}), regie.delete("/users/bob")]
    assert [answer.status for answer in answers] == [404, 404, 404]


def test_those_it_has_made_it_changes_and_removes(regie):
    regie.post("/users/", BOB)
    assert regie.patch("/users/bob", {"password": "tata"}).status == 200
    assert regie.delete("/users/bob").status == 204


@pytest.mark.parametrize("more", [{"is_admin": True}])
def test_it_gives_nobody_what_it_has_not(regie, more):
    regie.post("/users/", BOB)
    assert regie.patch("/users/bob", more).status == 403


def test_it_does_not_raise_itself(regie):
    assert regie.patch(f"/users/{REGIE}", {"is_admin": True}).status == 403


def test_it_does_not_touch_one_that_may_more_by_now(root, regie):
    regie.post("/users/", BOB)
    root.patch("/users/bob", {"is_admin": True})
    assert [regie.patch("/users/bob", {"password": "x"}).status, regie.delete("/users/bob").status] == [403, 403]


def test_what_a_removed_account_has_made_is_left(root, regie):
    regie.post("/users/", BOB)
    root.delete(f"/users/{REGIE}")
    assert root.get("/users/bob").status == 200


# History.


def test_history_says_who_and_what_without_the_password(root):
    root.post("/users/", BOB)
    root.patch("/users/bob", {"password": "S3cret!"})
    entries = list(History.objects.filter(kind="account", name="bob").order_by("id"))
    assert [(entry.actor, entry.face, entry.verb) for entry in entries] == [
        ("dimail:root", "dimail", "created"), ("dimail:root", "dimail", "changed"),
    ]  # fmt: skip
    assert entries[1].changes == {"password": ["(secret)", "(secret)"]}


def test_the_history_is_whole(root, regie):
    root.post("/users/", BOB)
    root.delete("/users/bob")
    assert list(history.broken_chains("account")) == []


def test_the_program_is_known_by_its_agent(root):
    root.post("/users/", BOB, HTTP_USER_AGENT="people/1.26")
    assert History.objects.get(kind="account", name="bob").application == "people/1.26"


def test_no_repr_shows_a_password():
    from postroom.actions.dimail_accounts import AccountChange, AccountWish

    assert cast.PASSWORD not in repr(AccountWish(name="x", password=cast.PASSWORD))
    assert cast.PASSWORD not in repr(AccountChange(password=cast.PASSWORD))
