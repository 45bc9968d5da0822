"""search_users, search_domains, search_admins: what is found, in which order, in which pages."""

import functools
import operator
from datetime import UTC, datetime

import pytest

from postroom.store.models import Mailbox, MailSent, MailUsage
from tests import cast


@pytest.fixture
def crowd(alice):
    alice.set_domain(filtermx="mx.example.net")
    alice.new_user("bob@acme.example", aliases=["sales"], forward_recipients=["x@example.com", "y@example.com"])
    alice.new_user("fred@acme.example", type="forward")
    alice.new_user("phil@acme.example", type="filter", workgroup="sales")
    alice.new_user("gone@acme.example")
    alice.ok("delete_user", user="gone@acme.example")
    alice.set_user(service_smtpin="suspended", service_smtprelay="suspended")
    return alice


def names(addresses):
    return " ".join(address.partition("@")[0] for address in addresses)


@pytest.mark.parametrize(
    ("criteria", "found"),
    [
        ({}, "bob dora fred max phil sales uma wes"),
        ({"type": "mailbox"}, "bob dora max uma wes"),
        ({"type": ["forward", "filter"]}, "fred phil"),
        ({"type": ["alias"]}, "sales"),
        ({"type": ""}, "bob dora fred max phil sales uma wes"),
        ({"workgroup": "sales"}, "phil wes"),
        ({"workgroup": "nowhere"}, ""),
        ({"workgroup": None, "type": None, "match": None}, "bob dora fred max phil sales uma wes"),
        ({"match": "*a*"}, "bob dora fred max phil sales uma wes"),
        ({"match": "?ax"}, "max"),
        ({"match": "F*"}, "fred"),
        ({"match": "f*@acme.example"}, "fred"),
        ({"match": "b_b"}, ""),
        ({"match": "%"}, ""),
        ({"deleted": True}, "gone"),
        ({"status": "deleted"}, "gone"),
        ({"status": ["deleted"]}, "gone"),
        ({"status": ["suspended"]}, "uma"),
        ({"status": "active"}, "bob dora fred max phil sales wes"),
        ({"status": ["quota"]}, ""),
        ({"status": ["smtplimit"]}, ""),
        ({"deleted": False}, "bob dora fred max phil sales uma wes"),
        ({"type": "mailbox", "workgroup": "sales", "match": "w*"}, "wes"),
    ],
)
def test_criteria_of_search_users(crowd, criteria, found):
    assert names(crowd.users(criteria=criteria)) == found


@pytest.mark.parametrize("criteria", [{"type": "robot"}, {"status": "sleepy"}, {"type": [5]}])
def test_unknown_criteria_are_error_5(alice, criteria):
    assert alice.refused("search_users", criteria={"domain": cast.ACME, **criteria}) == 5


def test_search_users_needs_a_domain(alice):
    assert alice.refused("search_users", criteria={}) == 5


@pytest.mark.parametrize("by", ["user", "createtime", "id", "lastlogin", "status", "target", "type", "workgroup"])
def test_every_order_of_search_users_has_everybody(crowd, by):
    up = crowd.users(sort={"by": by})
    down = crowd.users(sort={"by": by, "direction": "descending"})
    assert sorted(up) == sorted(down) == crowd.users()


def test_descending_is_ascending_backwards(crowd):
    assert crowd.users(sort={"by": "user", "direction": "descending"}) == crowd.users()[::-1]


@pytest.mark.parametrize(
    "by", ["user", "delete_time", "id", "createtime", "type", "status", "workgroup", "target", "lastlogin"]
)
def test_every_order_of_deleted_users(crowd, by):
    assert names(crowd.users(criteria={"deleted": True}, sort={"by": by})) == "gone"


@pytest.mark.parametrize("sort", [{"by": "colour"}, {"by": "user", "direction": "sideways"}, {"by": ["user"]}])
def test_unknown_orders_are_error_5(alice, sort):
    assert alice.refused("search_users", criteria={"domain": cast.ACME}, sort=sort) == 5


@pytest.mark.parametrize("direction", ["ascending", "descending"])
@pytest.mark.parametrize("by", ["user", "workgroup", "type"])
def test_pages_put_together_are_the_whole(crowd, by, direction):
    sort = {"by": by, "direction": direction}
    pages = [crowd.users(sort=sort, range={"first": n, "limit": 3}) for n in range(0, 9, 3)]
    assert functools.reduce(operator.iadd, pages, []) == crowd.users(sort=sort)


@pytest.mark.parametrize(
    ("range", "count"),
    [({}, 8), ({"limit": 3}, 3), ({"first": 6}, 2), ({"first": 8, "limit": 3}, 0), ({"limit": 0}, 0)],
)
def test_count_is_of_the_page_and_total_of_all(crowd, range, count):
    answer = crowd.ok("search_users", criteria={"domain": cast.ACME}, range=range)
    assert (answer["count"], answer["total_count"], len(answer["users"])) == (count, 8, count)


@pytest.mark.parametrize("range", [{"first": -1}, {"limit": -1}, {"limit": "all"}, {"first": 1.5}])
def test_a_bad_range_is_error_5(alice, range):
    assert alice.refused("search_users", criteria={"domain": cast.ACME}, range=range) == 5


def line(client, match, **fields):
    return client.ok("search_users", criteria={"domain": cast.ACME, "match": match}, **fields)["users"][0]


def test_a_line_without_fields(crowd):
    assert line(crowd, "bob") == {
        "user": "bob@acme.example", "type": "mailbox", "workgroup": "staff", "status": "active", "alias_target": None,
    }  # fmt: skip


def test_the_line_of_an_alias(crowd):
    found = line(crowd, "sales", fields=["lastlogin"])
    assert (found["type"], found["alias_target"], found["lastlogin"]) == ("alias", "bob@acme.example", None)


def test_all_fields(crowd):
    wanted = ["createtime", "forward", "lastlogin", "smtplimit", "status", "type", "workgroup"]
    found = line(crowd, "bob", fields=wanted)
    assert (found["forward_recepient"], found["forward_recepient_count"]) == ("x@example.com", 2)
    assert isinstance(found["createtime"], int)
    assert {"lastlogin", "smtplimit"} <= found.keys()


def test_a_deleted_line_has_what_restoring_needs(crowd):
    [found] = crowd.ok("search_users", criteria={"domain": cast.ACME, "deleted": True})["users"]
    assert found["status"] == "deleted"
    assert found["id"].isdigit()
    assert abs(found["delete_time"] - int(found["id"])) <= 1


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ({}, "bob dora fred gone max phil sales wes"),
        ({"by": "user", "direction": "descending"}, "wes sales phil max gone fred dora bob"),
        ({"by": "status", "direction": "descending"}, "gone bob dora fred max phil sales wes"),
        ({"by": "type"}, "phil fred bob dora gone max wes sales"),
        ({"by": "delete_time", "direction": "descending"}, "gone bob dora fred max phil sales wes"),
        ({"by": "target", "direction": "descending"}, "sales bob dora fred gone max phil wes"),
    ],
)
def test_deleted_ones_beside_others(crowd, sort, found):
    assert names(crowd.users(criteria={"status": ["active", "deleted"]}, sort=sort)) == found


@pytest.mark.parametrize("by", ["createtime", "id", "lastlogin", "workgroup"])
def test_every_order_has_the_deleted_ones_too(crowd, by):
    criteria = {"status": ["suspended", "deleted"]}
    assert sorted(names(crowd.users(criteria=criteria, sort={"by": by})).split()) == ["gone", "uma"]


def test_pages_of_deleted_ones_beside_others(crowd):
    criteria = {"domain": cast.ACME, "status": ["active", "deleted"]}
    ranges = [{"first": first, "limit": 3} for first in (0, 3, 6)]
    answers = [crowd.ok("search_users", criteria=criteria, range=range) for range in ranges]
    assert [(a["count"], a["total_count"]) for a in answers] == [(3, 8), (3, 8), (2, 8)]
    assert names(u["user"] for a in answers for u in a["users"]) == "bob dora fred gone max phil sales wes"


def test_an_unknown_order_of_deleted_ones_beside_others_is_error_5(crowd):
    criteria = {"domain": cast.ACME, "status": ["active", "deleted"]}
    assert crowd.refused("search_users", criteria=criteria, sort={"by": "colour"}) == 5


@pytest.mark.parametrize(
    ("direction", "found"),
    [
        ("ascending", "bob fred phil sales wes uma max dora"),
        ("descending", "dora max uma bob fred phil sales wes"),
    ],
)
def test_whoever_signed_in_last_by_whatever_service(crowd, direction, found):
    for address, services in (
        (cast.DORA, {"imap4": 1_000, "webmail": 9_000}),
        (cast.MAX, {"pop3": 5_000}),
        (cast.UMA, {"imap4": 3_000, "pop3": 2_000}),
    ):
        Mailbox.objects.filter(address=address).update(last_sign_ins=services)
    assert names(crowd.users(sort={"by": "lastlogin", "direction": direction})) == found


def test_the_deleted_one_that_signed_in_last(crowd):
    Mailbox.objects.filter(address="gone@acme.example").update(last_sign_ins={"imap4": 9_000})
    crowd.new_user("away@acme.example")
    Mailbox.objects.filter(address="away@acme.example").update(last_sign_ins={"imap4": 1_000, "pop3": 10_000})
    crowd.ok("delete_user", user="away@acme.example")
    assert names(crowd.users(criteria={"deleted": True}, sort={"by": "lastlogin"})) == "gone away"


@pytest.mark.parametrize(
    ("direction", "found"),
    [
        ("ascending", "bob fred phil sales wes dora max uma"),
        ("descending", "uma max dora bob fred phil sales wes"),
    ],
)
def test_by_the_status_that_is_shown(crowd, direction, found):
    now = int(datetime.now(UTC).timestamp())
    MailUsage.objects.create(mailbox=cast.row(cast.DORA), bytes=1, messages=1, full=True, at=0)
    crowd.set_user(cast.MAX, smtp_sent_limit=1)
    MailSent.objects.create(mailbox_id=cast.row(cast.MAX).pk, slot=now // 900, recipients=1, messages=1, bytes=1)
    assert names(crowd.users(sort={"by": "status", "direction": direction})) == found


def test_all_of_a_disabled_domain_have_one_status(crowd):
    crowd.set_domain(disabled=True)
    assert crowd.users(sort={"by": "status", "direction": "descending"}) == crowd.users()


# --- search_domains ---------------------------------------------------------------------------------


@pytest.fixture
def domains(alice):
    alice.ok("change_domain", domain="big.example", attributes={"aliases": ["big.test"]})
    alice.ok("change_domain", domain="old.example", attributes={})
    alice.ok("delete_domain", domain="old.example")

    def found(**fields):
        return [d["domain"] for d in alice.ok("search_domains", **fields)["domains"]]

    return found


@pytest.mark.parametrize(
    ("criteria", "found"),
    [
        ({}, ["acme.adm", "acme.example", "big.example", "big.test"]),
        ({"type": "domain"}, ["acme.adm", "acme.example", "big.example"]),
        ({"type": ["alias"]}, ["big.test"]),
        ({"type": ["domain", "alias"]}, ["acme.adm", "acme.example", "big.example", "big.test"]),
        ({"match": "*.example"}, ["acme.example", "big.example"]),
        ({"match": "BIG.*"}, ["big.example", "big.test"]),
        ({"match": "acme"}, []),
        ({"deleted": True}, ["old.example"]),
        ({"deleted": True, "match": "big*"}, []),
        ({"deleted": "0"}, ["acme.adm", "acme.example", "big.example", "big.test"]),
        ({"company": "ACME", "match": "acme.a*"}, ["acme.adm"]),
    ],
)
def test_criteria_of_search_domains(domains, criteria, found):
    assert domains(criteria=criteria) == found


@pytest.mark.parametrize("deleted", [True, False])
@pytest.mark.parametrize(
    "by",
    ["domain", "id", "type", "users", "users/filter", "users/forward", "users/mailbox", "users/alias", "users/deleted"],
)
def test_every_order_of_search_domains(domains, by, deleted):
    criteria = {"deleted": deleted}
    down = domains(criteria=criteria, sort={"by": by, "direction": "descending"})
    assert sorted(domains(criteria=criteria, sort={"by": by})) == sorted(down) == domains(criteria=criteria)


def test_the_domain_with_most_users_comes_last(domains):
    assert domains(criteria={"type": "domain"}, sort={"by": "users"}) == ["big.example", "acme.adm", "acme.example"]


def test_deleted_ones_by_the_time_of_their_end(domains):
    assert domains(criteria={"deleted": True}, sort={"by": "delete_time"}) == ["old.example"]


@pytest.mark.parametrize("by", ["delete_time", "colour", "users/robots"])
def test_unknown_orders_of_domains_are_error_5(alice, by):
    assert alice.refused("search_domains", sort={"by": by}) == 5


def test_the_hint_has_every_order_of_domains(alice):
    hint = alice.call("search_domains", sort={"by": "colour"})["hints"]["sort"]
    kinds = "users, users/alias, users/deleted, users/filter, users/forward, users/mailbox"
    assert hint == f"by must be one of domain, id, type, {kinds}"


def test_a_line_of_a_domain(alice):
    alice.set_user(aliases=["a"])
    [found] = alice.ok("search_domains", criteria={"match": cast.ACME})["domains"]
    assert (found["domain"], found["type"]) == (cast.ACME, "domain")
    assert found["users"].items() >= {"mailbox": 4, "forward": 0, "filter": 0, "alias": 1, "deleted": 0}.items()


def test_a_line_of_an_alias_has_its_target(domains, alice):
    [found] = alice.ok("search_domains", criteria={"type": "alias"})["domains"]
    assert (found["type"], found["target"]) == ("alias", "big.example")


def test_charlie_finds_nothing_of_acme(alice, other, as_):
    charlie = as_(cast.CHARLIE)
    assert [d["domain"] for d in charlie.ok("search_domains")["domains"]] == ["other.adm"]
    assert charlie.refused("search_domains", criteria={"company": "acme"}) == 9
    assert charlie.refused("search_users", criteria={"domain": cast.ACME}) == 9


# --- search_admins ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("criteria", "found"),
    [
        ({}, [cast.ALICE, cast.DORA, cast.MAX, cast.WES]),
        ({"type": "domain"}, [cast.DORA]),
        ({"type": ["mail", "workgroup"]}, [cast.MAX, cast.WES]),
        ({"match": "*.adm"}, [cast.ALICE]),
        ({"company": "acme", "match": "??x@*"}, [cast.MAX]),
        ({"type": "company_ro"}, []),
    ],
)
def test_criteria_of_search_admins(alice, criteria, found):
    assert [a["user"] for a in alice.ok("search_admins", criteria=criteria)["admins"]] == found


def test_what_admins_control(alice):
    control = {a["user"]: (a["type"], a["control"]) for a in alice.ok("search_admins")["admins"]}
    assert control == {
        cast.ALICE: ("company", ["acme"]),
        cast.DORA: ("domain", [cast.ACME]),
        cast.MAX: ("mail", [cast.ACME]),
        cast.WES: ("workgroup", ["acme.example/sales"]),
    }


def test_admins_by_type_in_pages(alice):
    answer = alice.ok("search_admins", sort={"by": "type"}, range={"first": 1, "limit": 2})
    assert [a["type"] for a in answer["admins"]] == ["domain", "mail"]
    assert (answer["count"], answer["total_count"]) == (2, 4)
