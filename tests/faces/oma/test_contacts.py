"""Methods about what does not exist yet: their answers are true, and clients can live with them."""

import pytest

from tests import cast

C, CM, CM2, RO, TO, CV = "company", "company_mail", "company_mail2", "company_ro", "company_token_only", "company_view"
PEOPLE = {"domain": cast.DORA, "mail": cast.MAX, "workgroup": cast.WES}
CHANGERS = {C, CM, CM2, CV, *PEOPLE}
WAYNE = "wayne@acme.example"
TABLE = [
    ("get_deleted_contacts", {}, CHANGERS | {RO}),
    ("restore_deleted_contacts", {"ids": ["1"]}, CHANGERS),
    ("user_disable_2fa", {}, CHANGERS),
]


def test_there_are_no_deleted_contacts(alice):
    answer = alice.ok("get_deleted_contacts", user=cast.UMA)
    assert (answer["count"], answer["contacts"]) == (0, [])


@pytest.mark.parametrize("ids", [["1308694526__123", "x"], "x", 5])
def test_no_contact_can_be_restored(alice, ids):
    told = alice.ok("restore_deleted_contacts", user=cast.UMA, ids=ids)["ids"]
    assert [(t["success"], t["error_number"]) for t in told] == [(False, 2)] * len(told)
    assert [t["id"] for t in told] == ([str(i) for i in ids] if isinstance(ids, list) else [str(ids)])


def test_ids_are_needed(alice):
    assert alice.refused("restore_deleted_contacts", user=cast.UMA) == 5
    assert alice.ok("restore_deleted_contacts", user=cast.UMA, ids=[])["ids"] == []


def test_disabling_what_is_not_there_succeeds(alice):
    alice.ok("user_disable_2fa", user=cast.UMA)
    assert alice.ok("get_user", user=cast.UMA)["metadata"]["2fa_enabled"] is False


def test_a_holders_second_factor_is_seen_and_removed(alice):
    person = cast.person(cast.UMA, mailbox=cast.row(cast.UMA), totp="sealed")
    assert alice.ok("get_user", user=cast.UMA)["metadata"]["2fa_enabled"] is True
    alice.ok("user_disable_2fa", user=cast.UMA)
    assert alice.ok("get_user", user=cast.UMA)["metadata"]["2fa_enabled"] is False
    person.refresh_from_db()
    assert person.totp == ""


def test_a_requirement_of_the_company_stays(alice, as_):
    alice.set_user(**{"2fa_required_oma": True})
    as_(cast.MAX).ok("user_disable_2fa", user=cast.UMA)
    assert as_(cast.UMA).refused("get_user", user=cast.UMA) == 42


@pytest.mark.parametrize("role", [C, CM, CM2, RO, TO, CV, *PEOPLE])
@pytest.mark.parametrize(("method", "fields", "may"), TABLE)
def test_who_may(alice, as_, with_role, method, fields, may, role):
    alice.new_user(WAYNE, workgroup="sales")
    client = as_(PEOPLE[role]) if role in PEOPLE else with_role(role)
    answer = client.call(method, user=WAYNE, **fields)
    assert (0 if answer["success"] else answer["error_number"]) == (0 if role in may else 9)


@pytest.mark.parametrize("method", [row[0] for row in TABLE])
def test_an_unknown_user_is_2_and_a_foreign_one_9(alice, other, method):
    assert alice.refused(method, user="nobody@acme.example", ids=["1"]) == 2
    assert alice.refused(method, user=cast.CHARLIE, ids=["1"]) == 9


def test_uma_may_ask_about_herself_but_removes_no_factor(as_):
    uma = as_(cast.UMA)
    uma.ok("get_deleted_contacts", user=cast.UMA)
    uma.ok("restore_deleted_contacts", user=cast.UMA, ids=["1"])
    assert uma.refused("user_disable_2fa", user=cast.UMA) == 9
