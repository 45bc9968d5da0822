"""oma.md section 2.2: each of the nine roles, and nobody special, at some methods."""

import pytest

from tests import cast
from tests.proofs import proves

C, CM, CM2, RO, TO, CV = (
    "company", "company_mail", "company_mail2", "company_ro", "company_token_only", "company_view",
)  # fmt: skip
COMPANY_ROLES = (C, CM, CM2, RO, TO, CV)
WHO = {"domain": cast.DORA, "mail": cast.MAX, "workgroup": cast.WES}
ROLES = (*COMPANY_ROLES, *WHO)
NEW = {"user": "new@acme.example", "attributes": {"password": cast.HASH}}
WAYNE = "wayne@acme.example"  # in Wes's workgroup

# (method, fields) → the roles that may; the others get error 9.
TABLE = [
    ("authenticate", {}, ROLES),
    ("echo", {}, ROLES),
    ("generate_token", {"user": WAYNE, "reason": "x"}, (C, CM, TO, *WHO)),
    ("generate_token", {"user": WAYNE, "reason": "x", "oma": True}, (C,)),
    ("generate_token", {"user": WAYNE, "reason": "x", "type": "oma"}, (C,)),
    ("get_company", {"company": "acme"}, (C, CM, CM2, RO, CV)),
    ("get_company_changes", {"company": "acme"}, (C, CM, CM2, RO, CV)),
    ("change_company", {"company": "acme", "attributes": {}}, (C,)),
    ("search_admins", {}, (C, CM, CM2, RO, CV)),
    ("search_domains", {}, (C, CM, CM2, RO, CV)),
    ("get_domain", {"domain": cast.ACME}, (C, CM, CM2, RO, CV, "domain", "mail")),
    ("get_domain_changes", {"domain": cast.ACME}, (C, CM, CM2, RO, CV, "domain", "mail")),
    ("search_workgroups", {"criteria": {"domain": cast.ACME}}, (C, CM, CM2, RO, CV, "domain", "mail")),
    ("search_users", {"criteria": {"domain": cast.ACME}}, (C, CM, CM2, RO, CV, *WHO)),
    ("change_domain", {"domain": cast.ACME, "attributes": {"spamtag": "x"}}, (C, CV, "domain")),
    ("delete_domain", {"domain": "empty.example"}, (C,)),
    ("create_workgroup", {"domain": cast.ACME, "workgroup": "x"}, (C, "domain")),
    ("delete_workgroup", {"domain": cast.ACME, "workgroup": "idle"}, (C, "domain")),
    ("get_user", {"user": WAYNE}, (C, CM, CM2, RO, CV, *WHO)),
    ("get_user_changes", {"user": WAYNE}, (C, CM, CM2, RO, CV, *WHO)),
    ("get_user_attribute_history", {"user": WAYNE, "attribute": "name"}, (C, CM, CM2, RO, CV, *WHO)),
    ("change_user", {"user": WAYNE, "attributes": {"name": "x"}}, (C, CM, CM2, CV, *WHO)),
    ("change_user", NEW, (C, "domain", "workgroup")),
    ("delete_user", {"user": WAYNE}, (C, "domain", "workgroup")),
    ("rename_user", {"user": WAYNE, "new_name": "w"}, (C, "domain", "workgroup")),
    ("restore_user", {"user": "gone@acme.example"}, (C, "domain", "workgroup")),
    ("logout_user", {"user": WAYNE}, (C, CM, CM2, CV, *WHO)),
    ("get_user_folders", {"user": WAYNE}, (C, CM, CM2, RO, CV, *WHO)),
    ("get_deleted_messages", {"user": WAYNE}, (C, CM, CM2, RO, CV, *WHO)),
    ("get_user_messages", {"user": WAYNE}, (C, CM, CM2, CV, *WHO)),
    ("user_notify", {"user": WAYNE}, (C, CM, CM2, CV, *WHO)),
    ("reindex", {"user": WAYNE}, (C, CM, CM2, CV, *WHO)),
    ("get_sieve", {"user": WAYNE}, (C, CM, CM2, CV, *WHO)),
    ("app_password", {"user": WAYNE, "mode": "add", "tag": "x"}, (C, CM, CV, *WHO)),
    ("set_role", {"user": cast.UMA, "role": "mail", "object": cast.ACME}, (C, "domain")),
    ("add_role", {"user": cast.UMA, "role": "mail", "object": cast.ACME}, (C, "domain")),
    ("remove_role", {"user": cast.MAX, "role": "mail", "object": cast.ACME}, (C, "domain")),
]


@pytest.fixture
def somebody(alice, as_, with_role):
    """A holder of a role, in a domain where there is something for each method."""
    alice.new_user(WAYNE, workgroup="sales")
    alice.new_user("gone@acme.example", workgroup="sales")
    alice.ok("delete_user", user="gone@acme.example")
    alice.ok("create_workgroup", domain=cast.ACME, workgroup="idle")
    alice.ok("change_domain", domain="empty.example", attributes={})
    return lambda role: as_(WHO[role]) if role in WHO else with_role(role)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("method", "fields", "may"), TABLE, ids=[f"{n}-{row[0]}" for n, row in enumerate(TABLE)])
def test_who_may_call_what(somebody, method, fields, may, role):
    answer = somebody(role).call(method, **fields)
    assert (0 if answer["success"] else answer["error_number"]) == (0 if role in may else 9)


@pytest.mark.parametrize("role", ROLES)
def test_only_company_administrators_create_domains(somebody, role):
    answer = somebody(role).call("change_domain", domain="brand-new.example", attributes={})
    assert (0 if answer["success"] else answer["error_number"]) == (0 if role == C else 2)


@pytest.mark.parametrize("role", [CM, CM2, CV, "mail"])
@pytest.mark.parametrize("billed", [{"type": "forward"}, {"quota": 10}, {"workgroup": "staff"}])
def test_what_is_billed_is_error_4_for_those_who_only_look_after_mail(somebody, role, billed):
    answer = somebody(role).call("change_user", user=WAYNE, attributes={"name": "x", **billed})
    assert (answer["error_number"], list(answer["hints"])) == (4, list(billed))


@pytest.mark.parametrize("role", [C, CM, CV, "domain", "mail", "workgroup"])
def test_who_may_change_passwords(somebody, role):
    somebody(role).set_user(WAYNE, password=cast.HASH)


def test_company_mail2_may_not_change_passwords(somebody):
    assert somebody(CM2).refused("change_user", user=WAYNE, attributes={"password": cast.HASH}) == 4


@pytest.mark.parametrize("billed", [{"limit_users": 1}, {"quota": 10}, {"quota_maximum": 10}, {"workgroup": "sales"}])
def test_company_view_changes_of_a_domain_what_is_not_billed(somebody, billed):
    assert somebody(CV).refused("change_domain", domain=cast.ACME, attributes=billed) == 4


@pytest.mark.parametrize("role", [role for role in ROLES if role != TO])  # which may not look
def test_the_list_of_settable_attributes_is_what_can_be_set(somebody, role):
    client = somebody(role)
    answer = client.ok("get_user", user=WAYNE)
    shown = answer["attributes"]
    settable = {n: shown[n] for n in answer["settable_attributes"] if shown.get(n) is not None}
    assert client.call("change_user", user=WAYNE, attributes=settable)["success"] is bool(settable)


# --- Wes, who has a workgroup -----------------------------------------------------------------------


@proves("workgroup")
def test_wes_sees_his_workgroup_only(somebody):
    assert somebody("workgroup").users() == [WAYNE, cast.WES]


def test_wes_makes_users_in_his_workgroup(somebody, alice):
    somebody("workgroup").new_user("new@acme.example")
    assert alice.user("new@acme.example")["workgroup"] == "sales"


@pytest.mark.parametrize("method", ["get_user", "delete_user", "logout_user"])
def test_wes_reaches_nobody_else(somebody, method):
    assert somebody("workgroup").refused(method, user=cast.UMA) == 9


def test_wes_makes_nobody_elsewhere(somebody):
    attributes = {"password": cast.HASH, "workgroup": "staff"}
    assert somebody("workgroup").refused("change_user", user="new@acme.example", attributes=attributes) == 9


# --- Uma, who has no role ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "fields"),
    [("get_user", {}), ("change_user", {"attributes": {"name": "Uma"}}), ("get_user_changes", {}), ("logout_user", {}),
     ("change_user", {"attributes": {"forward_recipients": ["x@example.com"]}}),
     ("app_password", {"mode": "add", "tag": "x"})],
)  # fmt: skip
def test_uma_may_do_to_herself(as_, method, fields):
    as_(cast.UMA).ok(method, user=cast.UMA, **fields)


@pytest.mark.parametrize(
    ("method", "fields"),
    [("delete_user", {}), ("rename_user", {"new_name": "x"}), ("generate_token", {"reason": "x"}),
     ("set_role", {"role": "domain", "object": cast.ACME}), ("get_domain", {"domain": cast.ACME}),
     ("search_domains", {}), ("search_admins", {}), ("search_users", {"domain": cast.ACME}),
     ("get_company", {"company": "acme"})],
)  # fmt: skip
def test_uma_may_not(as_, method, fields):
    assert as_(cast.UMA).refused(method, user=cast.UMA, **fields) == 9


@pytest.mark.parametrize("name", ["quota", "type", "aliases", "workgroup", "smtp_sent_limit", "service_imap4", "brand"])
def test_uma_may_not_set_of_herself(as_, alice, name):
    value = {"aliases": ["x"], "quota": 1, "smtp_sent_limit": 1, "type": "forward"}.get(name, "disabled")
    assert as_(cast.UMA).refused("change_user", user=cast.UMA, attributes={name: value}) == 4


def test_uma_sees_no_other_user(as_):
    assert as_(cast.UMA).refused("get_user", user=cast.MAX) == 9


def test_uma_learns_nothing_about_who_is_there(as_):
    assert as_(cast.UMA).refused("get_user", user="nobody@acme.example") == 9


# --- handing out roles ------------------------------------------------------------------------------


def roles(client, user=cast.UMA):
    return client.ok("get_user", user=user)["metadata"]["roles"]


@pytest.mark.parametrize("role", [r for r in COMPANY_ROLES if r != C])
def test_alice_hands_out_company_roles(alice, role):
    alice.ok("set_role", user=cast.UMA, role=role, object="acme")
    assert roles(alice) == {role: ["acme"]}


def test_the_company_role_is_the_operator_s_to_give(alice):
    assert alice.refused("set_role", user=cast.UMA, role="company", object="acme") == 9


@pytest.mark.parametrize("role", COMPANY_ROLES)
def test_dora_hands_out_no_company_roles(as_, role):
    assert as_(cast.DORA).refused("set_role", user=cast.UMA, role=role, object="acme") == 9


@pytest.mark.parametrize(
    ("role", "object"), [("domain", cast.ACME), ("mail", cast.ACME), ("workgroup", "acme.example/sales")]
)
def test_dora_hands_out_roles_in_her_domain(alice, as_, role, object):
    as_(cast.DORA).ok("set_role", user=cast.UMA, role=role, object=object)
    assert roles(alice) == {role: [object]}


def test_dora_takes_no_role_from_alice_s_people(alice, as_):
    alice.ok("set_role", user=cast.UMA, role="company_mail", object="acme")
    assert as_(cast.DORA).refused("set_role", user=cast.UMA, role=None) == 9


def test_a_new_role_replaces_the_old_one(alice):
    alice.ok("set_role", user=cast.UMA, role="mail", object=cast.ACME)
    alice.ok("set_role", user=cast.UMA, role="domain", object=cast.ACME)
    assert roles(alice) == {"domain": [cast.ACME]}


@pytest.mark.parametrize("nothing", [None, ""])
def test_a_role_is_taken_away(alice, nothing):
    alice.ok("set_role", user=cast.DORA, role=nothing)
    assert roles(alice, cast.DORA) == {}


def test_a_role_needs_an_object(alice):
    assert alice.refused("set_role", user=cast.UMA, role="mail") == 5


def test_a_role_may_have_several_objects(alice):
    alice.ok("change_domain", domain="new.example", attributes={})
    alice.ok("set_role", user=cast.UMA, role="domain", objects=[cast.ACME, "new.example"])
    assert roles(alice) == {"domain": [cast.ACME, "new.example"]}


def test_add_role_adds_an_object(alice):
    alice.ok("change_domain", domain="new.example", attributes={})
    alice.ok("add_role", user=cast.DORA, role="domain", object="new.example")
    assert roles(alice, cast.DORA) == {"domain": [cast.ACME, "new.example"]}


def test_add_role_of_another_kind_replaces(alice):
    alice.ok("add_role", user=cast.DORA, role="mail", object=cast.ACME)
    assert roles(alice, cast.DORA) == {"mail": [cast.ACME]}


def test_remove_role_removes_one_object(alice):
    alice.ok("remove_role", user=cast.DORA, role="domain", object=cast.ACME)
    assert roles(alice, cast.DORA) == {}


def test_removing_what_is_not_held_is_2(alice):
    assert alice.refused("remove_role", user=cast.UMA, role="domain", object=cast.ACME) == 2


@pytest.mark.parametrize("object", ["acme.example", "acme.example/nowhere", "nowhere.example/sales"])
def test_an_unknown_workgroup_is_2(alice, object):
    assert alice.refused("set_role", user=cast.UMA, role="workgroup", object=object) == 2


def test_a_role_taken_away_ends_at_once(alice, as_):
    dora = as_(cast.DORA)
    dora.ok("get_domain", domain=cast.ACME)
    alice.ok("set_role", user=cast.DORA, role=None)
    assert dora.refused("get_domain", domain=cast.ACME) == 9


# --- nobody becomes somebody greater by setting a password -------------------------------------------


@pytest.mark.parametrize(
    ("who", "whose"), [("mail", cast.DORA), ("mail", cast.WES), (CM, cast.ALICE), (CV, cast.DORA), (CM, cast.DORA)]
)
def test_the_password_of_a_greater_administrator_is_not_theirs_to_set(somebody, who, whose):
    answer = somebody(who).call("change_user", user=whose, attributes={"password": cast.HASH})
    assert (answer["error_number"], list(answer["hints"])) == (4, ["password"])


def test_dora_may_not_set_the_password_of_a_company_administrator_in_her_domain(alice, as_):
    alice.ok("set_role", user=cast.UMA, role="company_mail", object="acme")
    assert as_(cast.DORA).refused("change_user", user=cast.UMA, attributes={"password": cast.HASH}) == 4


@pytest.mark.parametrize("whose", [cast.ALICE, cast.DORA, cast.MAX, cast.WES])
def test_alice_sets_every_password(alice, whose):
    alice.set_user(whose, password=cast.HASH)


@pytest.mark.parametrize("whose", [cast.DORA, cast.MAX, cast.WES])
def test_dora_sets_the_passwords_of_those_below_her(as_, whose):
    as_(cast.DORA).set_user(whose, password=cast.HASH)


@pytest.mark.parametrize("who", [cast.MAX, cast.WES, cast.UMA])
def test_everybody_sets_the_own_password(as_, who):
    as_(who).set_user(who, password=cast.HASH)
