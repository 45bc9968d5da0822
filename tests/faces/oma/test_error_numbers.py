"""oma.md section 3: one way to each error number that can be reached."""

import pytest

from postroom.core.passwords import schemes
from tests import cast
from tests.proofs import proves

SALES = "sales@acme.example"


def change_user(client, user=cast.UMA, **attributes):
    return client.refused("change_user", user=user, attributes=attributes)


def change_domain(client, domain=cast.ACME, **attributes):
    return client.refused("change_domain", domain=domain, attributes=attributes)


def test_1_bad_login(as_):
    assert as_(cast.ALICE, "wrong").refused("authenticate") == 1


def test_2_not_found(alice):
    answer = alice.call("get_user", user="nobody@acme.example")
    assert (answer["error_number"], answer["error"]) == (2, "The requested object does not exist")


def test_3_the_name_is_an_alias(alice):
    alice.set_user(aliases=["sales"])
    assert alice.refused("get_user", user=SALES) == 3


def test_4_not_settable(alice):
    answer = alice.call("change_user", user=cast.UMA, attributes={"favourite_colour": "blue"})
    assert (answer["error_number"], list(answer["hints"])) == (4, ["favourite_colour"])


def test_4_catchall_where_the_company_may_not(alice):
    answer = alice.call("change_domain", domain=cast.ACME, attributes={"catchall": "uma"})
    assert (answer["error_number"], list(answer["hints"])) == (4, ["catchall"])


def test_5_a_field_is_missing(alice):
    answer = alice.call("get_user")
    assert (answer["error_number"], list(answer["hints"])) == (5, ["user"])


def test_6_a_bad_value(alice):
    assert change_domain(alice, spamlevel="Max") == 6


def test_7_taken(alice):
    assert alice.refused("create_workgroup", domain=cast.ACME, workgroup="SALES") == 7


def test_7_renaming_to_a_taken_name(alice):
    assert alice.refused("rename_user", user=cast.UMA, new_name="max") == 7


def test_7_an_alias_that_is_taken(alice):
    assert change_user(alice, aliases=["max"]) == 7


def test_9_out_of_reach(alice, other):
    assert alice.refused("get_domain", domain="other.adm") == 9


def test_10_not_empty(alice):
    assert alice.refused("delete_domain", domain=cast.ACME) == 10


def test_10_a_workgroup_with_users(alice):
    alice.ok("set_role", user=cast.WES, role=None)
    assert alice.refused("delete_workgroup", domain=cast.ACME, workgroup="sales") == 10


@pytest.mark.parametrize(
    ("method", "fields"),
    [
        ("search_domains", {"criteria": {"company": "nowhere"}}),
        ("search_admins", {"criteria": {"company": "nowhere"}}),
        ("change_domain", {"domain": cast.ACME, "attributes": {"company": "nowhere"}}),
        ("push_domain", {"domain": cast.ACME, "new_company": "987654"}),
        ("push_domain", {"domain": cast.ACME, "new_company": "nowhere"}),
    ],
)
def test_11_unknown_company(alice, method, fields):
    assert alice.refused(method, **fields) == 11


def test_12_unknown_role(alice):
    assert alice.refused("set_role", user=cast.UMA, role="king", object=cast.ACME) == 12


@proves("limit_users")
def test_15_user_limit(alice):
    alice.set_domain(limit_users=4)
    assert change_user(alice, "new@acme.example", password=cast.HASH) == 15


def test_15_holds_for_restoring_too(alice):
    alice.ok("delete_user", user=cast.UMA)
    alice.set_domain(limit_users=3)
    assert alice.refused("restore_user", user=cast.UMA) == 15


@proves("limit_aliases")
def test_16_alias_limit(alice):
    alice.set_domain(limit_aliases=1)
    assert change_user(alice, aliases=["a", "b"]) == 16


def test_16_a_limit_below_the_present_number_only_stops_new_ones(alice):
    alice.set_user(aliases=["a", "b", "c"])
    alice.set_domain(limit_aliases=1)
    alice.set_user(aliases=["a", "b"])
    assert change_user(alice, aliases=["a", "b", "d"]) == 16


def test_17_not_a_member(alice):
    alice.ok("change_domain", domain="new.example", attributes={})
    assert alice.refused("set_role", user=cast.UMA, role="workgroup", object="new.example/staff") == 17


def test_18_the_default_workgroup(alice):
    assert alice.refused("delete_workgroup", domain=cast.ACME, workgroup="staff") == 18


def test_20_too_many_attempts(as_):
    client = as_(cast.UMA, "wrong")
    numbers = [client.refused("authenticate") for _ in range(8)]
    assert numbers[0] == 1
    assert numbers[-1] == 20


def test_20_holds_for_the_right_password_too(as_):
    wrong = as_(cast.UMA, "wrong")
    for _ in range(8):
        wrong.refused("authenticate")
    assert as_(cast.UMA).refused("authenticate") == 20


def test_23_create_only(alice):
    assert alice.refused("change_user", user=cast.UMA, attributes={}, create_only=1) == 23
    assert b"already exists" in alice.body


def test_24_administrators_hang_on_it(alice):
    assert alice.refused("delete_workgroup", domain=cast.ACME, workgroup="sales") == 24


def test_27_no_filtermx(alice):
    assert change_user(alice, type="filter") == 27


@pytest.mark.parametrize("status", ["domain disabled"])
def test_32_the_account_is_disabled(alice, as_, status):
    alice.set_domain(disabled=True)
    assert as_(cast.DORA).refused("authenticate") == 32


def test_36_a_password_used_before(alice, monkeypatch):
    monkeypatch.setattr(schemes, "encode", lambda plain, _: cast.HASH)
    alice.set_user(password=cast.HASH)
    assert change_user(alice, password=cast.PASSWORD) == 36


def test_37_an_alias_in_a_domain_that_is_none_of_ours(alice):
    assert change_user(alice, aliases=["uma@elsewhere.example"]) == 37


@pytest.mark.parametrize("name", ["forward_recipients", "recipients"])
def test_38_too_many_recipients(alice, name):
    assert change_user(alice, **{name: [f"x{n}@example.com" for n in range(1001)]}) == 38


def test_1000_recipients_are_not_too_many(alice):
    alice.set_user(forward_recipients=[f"x{n}@example.com" for n in range(1000)])


@proves("password_strength")
def test_40_a_weak_password(alice):
    answer = alice.call("change_user", user=cast.UMA, attributes={"password": "password"})
    assert (answer["error_number"], list(answer["hints"])) == (40, ["password"])


def test_46_a_fifth_app_password(alice):
    for tag in "abcd":
        alice.ok("app_password", user=cast.UMA, mode="add", tag=tag)
    assert alice.refused("app_password", user=cast.UMA, mode="add", tag="e") == 46


def test_47_renaming_into_an_alias_domain(alice):
    alice.set_domain(aliases=["acme.test"])
    assert alice.refused("rename_user", user=cast.UMA, new_name="uma@acme.test") == 47


@pytest.mark.parametrize("password", ["xx-DORA-correct-7", "Acme.Example-is-7-long"])
def test_48_a_password_with_the_account_in_it(alice, password):
    assert change_user(alice, cast.DORA, password=password) == 48


# --- 2 or 9: as a company administrator saw it on the live server -----------------------------------

_USER_METHODS = {
    "get_user": {}, "generate_token": {"reason": "x"}, "get_user_changes": {}, "logout_user": {}, "delete_user": {},
    "get_user_attribute_history": {"attribute": "name"}, "rename_user": {"new_name": "x"}, "set_role": {"role": None},
    "app_password": {"mode": "add", "tag": "x"},
}  # fmt: skip


@pytest.mark.parametrize("method", _USER_METHODS)
def test_an_unknown_user_of_the_own_domain_is_2(alice, method):
    assert alice.refused(method, user="nobody@acme.example", **_USER_METHODS[method]) == 2


@pytest.mark.parametrize(
    "user", ["nobody@nowhere.example", "charlie@other.adm", "nobody@other.adm", "nobody", "@", "a b"]
)
@pytest.mark.parametrize("method", _USER_METHODS)
def test_a_user_elsewhere_is_9_whether_or_not_it_is_there(alice, other, method, user):
    assert alice.refused(method, user=user, **_USER_METHODS[method]) == 9


@pytest.mark.parametrize("name", ["unknown.example", "nodots", "", " x y ", "a" * 300, "ü", "..", "x@y"])
def test_an_unknown_domain_is_2_even_if_it_is_no_name(alice, name):
    assert alice.refused("get_domain", domain=name) == (2 if name else 5)


@pytest.mark.parametrize("name", ["unknown", "other", "x" * 500])
def test_an_unknown_company_is_9(alice, other, name):
    assert alice.refused("get_company", company=name) == 9


@pytest.mark.parametrize(
    "method", ["get_domain", "change_domain", "delete_domain", "get_domain_changes", "push_domain"]
)
def test_a_foreign_domain_is_9(alice, other, method):
    assert alice.refused(method, domain="other.adm", attributes={}, new_company="1") == 9


@pytest.mark.parametrize("name", ["nodots", "a..b", "-a.example", "a b.example", "1.2.3.4", "x" * 161 + ".example"])
def test_a_new_domain_needs_a_proper_name(alice, name):
    assert alice.refused("change_domain", domain=name, attributes={}) == 5


@pytest.mark.parametrize("local", ["a..b", ".a", "a.", "a b", "é", "x" * 65, '"q"', "a+b"])
def test_a_new_user_needs_a_proper_name(alice, local):
    assert change_user(alice, f"{local}@acme.example", password=cast.HASH) == 5


@pytest.mark.parametrize("local", ["a", "1", "_x", "-x", "a.b-c_d", "x" * 64])
def test_proper_names_of_users(alice, local):
    alice.new_user(f"{local}@acme.example")


def test_a_new_user_in_an_unknown_domain_is_9(alice):
    assert change_user(alice, "joe@nowhere.example", password=cast.HASH) == 9
