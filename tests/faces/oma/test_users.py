"""Accounts: made, renamed, deleted, brought back; workgroups; app passwords; what the logs say."""

import pytest

from tests import cast
from tests.proofs import proves

JOE = "joe@acme.example"


def deleted(client, match="joe"):
    criteria = {"domain": cast.ACME, "deleted": True, "match": match}
    return client.ok("search_users", criteria=criteria, sort={"by": "delete_time"})["users"]


def test_a_user_with_a_password_alone(alice, as_):
    alice.new_user(JOE)
    as_(JOE).ok("get_user", user=JOE)


def test_a_plain_password_is_hashed_and_works(alice, as_):
    alice.set_domain(default_password_encoding="SSHA512")
    alice.new_user(JOE, password="An-odd-Plain-1")
    as_(JOE, "An-odd-Plain-1").ok("authenticate")
    assert cast.row(JOE).password.startswith("{SSHA512}")


def test_a_bad_alias_makes_no_user(alice):
    assert alice.refused("change_user", user=JOE, attributes={"password": cast.HASH, "aliases": ["uma"]}) == 7
    assert alice.refused("get_user", user=JOE) == 2


# --- renaming ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("new_name", ["joseph", "joseph@acme.example", "Joseph@ACME.example"])
def test_renaming_keeps_everything_but_the_name(alice, as_, new_name):
    alice.new_user(JOE, name="Joe", aliases=["sales"])
    alice.ok("rename_user", user=JOE, new_name=new_name)
    shown = alice.user("joseph@acme.example")
    assert (shown["account"], shown["name"], shown["aliases"]) == ("joseph@acme.example", "Joe", ["sales@acme.example"])
    as_("joseph@acme.example").ok("authenticate")


def test_the_old_name_is_free_after_renaming(alice):
    alice.new_user(JOE)
    alice.ok("rename_user", user=JOE, new_name="joseph")
    assert alice.refused("get_user", user=JOE) == 2
    alice.new_user(JOE)


def test_renaming_into_another_domain_is_refused(alice):
    assert alice.refused("rename_user", user=cast.UMA, new_name="uma@acme.adm") == 5


def test_an_alias_cannot_be_renamed(alice):
    alice.set_user(aliases=["sales"])
    assert alice.refused("rename_user", user="sales@acme.example", new_name="x") == 3


def test_renaming_to_the_own_name_is_taken(alice):
    assert alice.refused("rename_user", user=cast.UMA, new_name="uma") == 7


# --- deleting and restoring -------------------------------------------------------------------------


def test_a_deleted_user_is_gone_for_everybody(alice, as_):
    alice.ok("delete_user", user=cast.UMA)
    assert alice.refused("get_user", user=cast.UMA) == 2
    assert cast.UMA not in alice.users()
    assert as_(cast.UMA).refused("authenticate") == 1


def test_deleting_frees_the_aliases(alice):
    alice.set_user(aliases=["sales"])
    alice.ok("delete_user", user=cast.UMA)
    alice.set_user(cast.MAX, aliases=["sales"])


def test_deleting_ends_the_roles(alice):
    alice.ok("delete_user", user=cast.DORA)
    alice.ok("restore_user", user=cast.DORA)
    assert alice.ok("get_user", user=cast.DORA)["metadata"]["roles"] == {}


def test_a_user_comes_back_with_its_settings_and_aliases(alice, as_):
    alice.new_user(JOE, name="Joe", aliases=["sales"])
    before = alice.user(JOE)
    alice.ok("delete_user", user=JOE)
    alice.ok("restore_user", user=JOE, id=deleted(alice)[0]["id"], new_name=JOE)
    assert alice.user(JOE) == before
    as_(JOE).ok("authenticate")


def test_an_alias_taken_meanwhile_stays_where_it_is(alice):
    alice.new_user(JOE, aliases=["sales", "help"])
    alice.ok("delete_user", user=JOE)
    alice.set_user(aliases=["sales"])
    alice.ok("restore_user", user=JOE)
    assert alice.user(JOE)["aliases"] == ["help@acme.example"]


def test_three_generations_of_one_name_come_back_apart(alice):
    for name in ("First", "Second", "Third"):
        alice.new_user(JOE, name=name)
        alice.ok("delete_user", user=JOE)
    ids = [line["id"] for line in deleted(alice)]
    assert len(set(ids)) == 3
    for number, id in enumerate(ids):
        alice.ok("restore_user", user=JOE, id=id, new_name=f"joe{number}")
    assert [alice.user(f"joe{n}@acme.example")["name"] for n in range(3)] == ["First", "Second", "Third"]


@pytest.mark.parametrize("form", ["id", "ids", "number"])
def test_the_id_is_taken_in_every_form(alice, form):
    alice.new_user(JOE)
    alice.ok("delete_user", user=JOE)
    id = deleted(alice)[0]["id"]
    fields = {"id": {"id": id}, "ids": {"ids": [id]}, "number": {"id": int(id)}}[form]
    alice.ok("restore_user", user=JOE, new_name="joe", **fields)


def test_without_an_id_the_newest_comes_back(alice):
    for name in ("First", "Second"):
        alice.new_user(JOE, name=name)
        alice.ok("delete_user", user=JOE)
    alice.ok("restore_user", user=JOE)
    assert alice.user(JOE)["name"] == "Second"


def test_a_name_reissued_meanwhile_is_taken(alice):
    alice.new_user(JOE)
    alice.ok("delete_user", user=JOE)
    alice.new_user(JOE)
    assert alice.refused("restore_user", user=JOE) == 7


@pytest.mark.parametrize("id", ["1", "x", "9" * 50])
def test_an_unknown_id_is_2(alice, id):
    assert alice.refused("restore_user", user=cast.UMA, id=id, new_name="uma") == 2


def test_after_thirty_days_it_is_gone(alice):
    from postroom.store.models import Tombstone

    alice.ok("delete_user", user=cast.UMA)
    Tombstone.objects.update(deleted_at=0)
    assert alice.refused("restore_user", user=cast.UMA) == 2


def test_charlie_restores_nothing_of_acme(alice, other, as_):
    alice.ok("delete_user", user=cast.UMA)
    assert as_(cast.CHARLIE).refused("restore_user", user=cast.UMA) == 9


def test_a_domain_comes_back_with_its_users(alice):
    alice.ok("change_domain", domain="new.example", attributes={"aliases": ["new.test"]})
    alice.ok("delete_domain", domain="new.example")
    [line] = alice.ok("search_domains", criteria={"deleted": True})["domains"]
    assert alice.refused("restore_domain", domain="new.example", id="1", new_name="new.example") == 2
    alice.ok("restore_domain", domain="new.example", id=line["id"], new_name="other.example")
    assert alice.domain("other.example")["aliases"] == ["new.test"]


def test_a_deleted_domain_s_name_can_be_made_anew_and_is_then_taken(alice):
    alice.ok("change_domain", domain="new.example", attributes={})
    alice.ok("delete_domain", domain="new.example")
    alice.ok("change_domain", domain="new.example", attributes={}, create_only=True)
    [line] = alice.ok("search_domains", criteria={"deleted": True})["domains"]
    fields = {"domain": "new.example", "id": line["id"]}
    assert alice.refused("restore_domain", **fields, new_name="new.example") == 7


@proves("domain_push_allowed")
def test_pushing_needs_the_receiver_s_leave(alice, other, as_):
    charlie = as_(cast.CHARLIE)
    other_id = charlie.ok("get_company", company="other")["metadata"]["company_id"]
    acme_id = alice.ok("get_company", company="acme")["metadata"]["company_id"]
    assert alice.refused("push_domain", domain=cast.ACME, new_company=other_id) == 9
    charlie.ok("change_company", company="other", attributes={"domain_push_allowed": [acme_id]})
    alice.ok("push_domain", domain=cast.ACME, new_company=int(other_id))
    assert charlie.domain()["company"] == "other"
    assert alice.refused("get_domain", domain=cast.ACME) == 9


# --- workgroups -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", " ", "a/b", "x" * 65, "a\nb", None])
def test_bad_names_of_workgroups(alice, name):
    assert alice.refused("create_workgroup", domain=cast.ACME, workgroup=name) == 5


@pytest.mark.parametrize("name", ["x", "Front Desk", "Büro", "x" * 64])
def test_good_names_of_workgroups(alice, name):
    alice.ok("create_workgroup", domain=cast.ACME, workgroup=name)
    groups = alice.ok("search_workgroups", criteria={"domain": cast.ACME})["workgroups"]
    assert name in [g["workgroup"] for g in groups]


def test_counts_of_a_workgroup(alice):
    alice.set_user(aliases=["a", "b"])
    alice.new_user(JOE, type="forward")
    alice.ok("delete_user", user=cast.MAX)
    [group] = alice.ok("search_workgroups", criteria={"domain": cast.ACME, "match": "st*"})["workgroups"]
    assert group["workgroup"] == "staff"
    assert group["counts"].items() >= {"mailbox": 2, "forward": 1, "filter": 0, "alias": 2, "deleted": 1}.items()


def test_an_unknown_workgroup_cannot_be_deleted(alice):
    assert alice.refused("delete_workgroup", domain=cast.ACME, workgroup="nowhere") == 2


# --- app passwords ----------------------------------------------------------------------------------


def test_an_app_password_is_shown_once(alice):
    password = alice.ok("app_password", user=cast.UMA, mode="add", tag="phone")["password"]
    assert len(password) >= 16
    answer = alice.ok("get_user", user=cast.UMA)
    assert [a["tag"] for a in answer["metadata"]["app_passwords"]] == ["phone"]
    assert password.encode() not in alice.body


@pytest.mark.parametrize(
    ("mode", "tag", "number"),
    [("add", "phone", 7), ("remove", "tablet", 2), ("change", "x", 5), ("add", "é", 5),
     ("remove", None, 5), (None, "x", 5), ("add", "x" * 129, 5)],
)  # fmt: skip
def test_refused_app_passwords(alice, mode, tag, number):
    alice.ok("app_password", user=cast.UMA, mode="add", tag="phone")
    assert alice.refused("app_password", user=cast.UMA, mode=mode, tag=tag) == number


@pytest.mark.parametrize("tag", [{}, {"tag": None}, {"tag": ""}])
def test_an_app_password_needs_no_tag(alice, tag):
    alice.ok("app_password", user=cast.UMA, mode="add", tag="password 1")
    for _ in range(2):
        alice.ok("app_password", user=cast.UMA, mode="add", **tag)
    made = alice.ok("get_user", user=cast.UMA)["metadata"]["app_passwords"]
    assert [a["tag"] for a in made] == ["password 1", "password 2", "password 3"]


def test_a_removed_app_password_makes_room(alice):
    alice.ok("app_password", user=cast.UMA, mode="add", tag="phone")
    alice.ok("app_password", user=cast.UMA, mode="remove", tag="phone")
    assert alice.ok("get_user", user=cast.UMA)["metadata"]["app_passwords"] == []


# --- logs -------------------------------------------------------------------------------------------


def test_the_history_of_an_attribute(alice):
    for name in ("Uma", "Uma Two"):
        alice.set_user(name=name)
    history = alice.ok("get_user_attribute_history", user=cast.UMA, attribute="name")["history"]
    assert list(history.values())[-1] == "Uma Two"
    assert all(second.isdigit() for second in history)


def test_an_attribute_never_set_has_no_history(alice):
    assert alice.ok("get_user_attribute_history", user=cast.UMA, attribute="fax")["history"] == {}


def test_an_unknown_attribute_has_no_history_at_all(alice):
    assert alice.refused("get_user_attribute_history", user=cast.UMA, attribute="colour") in {4, 6}


@pytest.mark.parametrize(
    ("method", "fields"), [("get_user_changes", {}), ("get_user_attribute_history", {"attribute": "password"})]
)
def test_passwords_stand_in_no_log(alice, method, fields):
    alice.set_domain(default_password_encoding="SSHA512")
    alice.set_user(password="An-odd-Plain-1")
    alice.ok(method, user=cast.UMA, **fields)
    assert b"An-odd" not in alice.body
    assert b"SSHA" not in alice.body


@pytest.mark.parametrize(
    ("method", "fields"),
    [("get_user_changes", {"user": cast.UMA}), ("get_domain_changes", {"domain": cast.ACME}),
     ("get_company_changes", {"company": "acme"})],
)  # fmt: skip
def test_an_entry_of_a_change_log(alice, method, fields):
    alice.ok(method.replace("get_", "change_").replace("_changes", ""), **fields, attributes={"spamtag": "[X]"})
    entry = alice.ok(method, **fields)["changes"][-1]
    assert set(entry) == {"application", "msg", "time", "user"}
    assert (entry["application"], entry["msg"], entry["user"]) == ("OMA", "set spamtag to [X]", cast.ALICE)


def test_the_reason_of_a_token_stands_in_the_log(alice):
    alice.ok("generate_token", user=cast.UMA, reason="ticket 4711")
    assert "ticket 4711" in alice.ok("get_user_changes", user=cast.UMA)["changes"][-1]["msg"]


def test_a_change_that_changes_nothing_is_not_logged(alice):
    before = alice.ok("get_user_changes", user=cast.UMA)["total_count"]
    alice.set_user(name="")
    assert alice.ok("get_user_changes", user=cast.UMA)["total_count"] == before


# --- a catchall follows its account -----------------------------------------------------------------


def test_a_renamed_account_stays_the_catchall(alice, catchall_allowed):
    alice.set_domain(catchall="uma")
    alice.ok("rename_user", user=cast.UMA, new_name="una")
    assert alice.domain()["catchall"] == "una@acme.example"


def test_a_deleted_account_is_no_catchall(alice, catchall_allowed):
    alice.set_domain(catchall="uma")
    alice.ok("delete_user", user=cast.UMA)
    assert alice.domain()["catchall"] is None


def test_another_account_s_end_leaves_the_catchall_alone(alice, catchall_allowed):
    alice.set_domain(catchall="uma")
    alice.ok("delete_user", user=cast.MAX)
    assert alice.domain()["catchall"] == cast.UMA


def test_a_role_that_was_not_said_is_not_taken_away(alice):
    answer = alice.call("set_role", user=cast.DORA, object=cast.ACME)
    assert (answer["error_number"], list(answer["hints"])) == (5, ["role"])
    assert cast.role_of(cast.DORA) == ["domain"]
