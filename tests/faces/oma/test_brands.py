"""oma.md section 5.8: brands and their members; section 5.5: the test of the password mail."""

import pytest

from postroom.actions import brands
from postroom.core.errors import BadAttribute, BrandInUse, NameTaken, NotFound
from postroom.core.roles import OPERATOR
from postroom.store.models import Company, OutgoingMail
from tests import cast
from tests.proofs import proves


def create(name, company="acme", **look):
    brands.create(OPERATOR, cast.origin(), company, name, look)


@pytest.fixture
def worn(alice):
    """Blue is worn by a domain and two accounts, Green by nobody."""
    create("Acme Blue")
    create("Green")
    alice.set_domain(brand="acme blue")
    alice.set_user(cast.UMA, brand="ACME BLUE")
    alice.set_user(cast.MAX, brand="Acme Blue")
    return alice


def search(client, **fields):
    return [brand["brand"] for brand in client.ok("search_brands", **fields)["brands"]]


def members(client, brand="acme blue", **fields):
    criteria = {"brand": brand, **fields.pop("criteria", {})}
    answer = client.ok("search_brand_members", criteria=criteria, **fields)
    return [f"{m['type']} {m['member']}" for m in answer["brand_members"]], answer["total_count"]


@pytest.mark.parametrize(
    ("criteria", "found"),
    [
        ({}, ["Acme Blue", "Green"]),
        ({"company": "acme"}, ["Acme Blue", "Green"]),
        ({"company": "ACME"}, ["Acme Blue", "Green"]),
        ({"match": "acme*"}, ["Acme Blue"]),
        ({"match": "GREE?"}, ["Green"]),
        ({"match": "blue"}, []),
        ({"deleted": True}, []),
        ({"deleted": False}, ["Acme Blue", "Green"]),
    ],
)
def test_criteria_of_search_brands(worn, criteria, found):
    assert search(worn, criteria=criteria) == found


def test_a_line_of_a_brand(worn):
    blue, green = worn.ok("search_brands")["brands"]
    assert blue.items() >= {"brand": "Acme Blue", "counts": {"domain": 1, "user": 2, "total": 3}}.items()
    assert green["counts"] == {"domain": 0, "user": 0, "total": 0}
    assert blue["id"].isdigit()


def test_pages_of_brands(worn):
    answer = worn.ok("search_brands", range={"first": 1, "limit": 1})
    assert ([b["brand"] for b in answer["brands"]], answer["count"], answer["total_count"]) == (["Green"], 1, 2)
    assert search(worn, sort={"direction": "descending"}) == ["Green", "Acme Blue"]


def test_deleted_accounts_are_not_counted(worn):
    worn.ok("delete_user", user=cast.UMA)
    assert worn.ok("search_brands", criteria={"match": "acme*"})["brands"][0]["counts"]["user"] == 1


ALL = [f"domain {cast.ACME}", f"user {cast.MAX}", f"user {cast.UMA}"]


@pytest.mark.parametrize(
    ("criteria", "found"),
    [
        ({}, ALL), ({"type": []}, ALL), ({"type": ["domain", "user"]}, ALL), ({"type": "domain"}, ALL[:1]),
        ({"type": ["user"]}, ALL[1:]), ({"company": "acme"}, ALL),
    ],
)  # fmt: skip
def test_criteria_of_search_brand_members(worn, criteria, found):
    assert members(worn, criteria=criteria) == (found, len(found))


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_pages_of_members_put_together_are_the_whole(worn, limit):
    pages = [members(worn, range={"first": first, "limit": limit}) for first in range(0, 4, limit)]
    assert [member for page, _ in pages for member in page] == ALL
    assert {total for _, total in pages} == {3}


def test_a_brand_without_members(worn):
    assert members(worn, "green") == ([], 0)


def test_an_unknown_brand_is_2(worn):
    assert worn.refused("search_brand_members", criteria={"brand": "red"}) == 2


@pytest.mark.parametrize("criteria", [{}, {"brand": "green", "type": "robot"}])
def test_wrong_criteria_are_5(worn, criteria):
    assert worn.refused("search_brand_members", criteria=criteria) == 5


def test_an_unknown_company_is_11(worn):
    assert worn.refused("search_brands", criteria={"company": "nowhere"}) == 11


def test_charlie_sees_none_of_acme_s(worn, as_, other):
    charlie = as_(cast.CHARLIE)
    assert search(charlie) == []
    assert charlie.refused("search_brands", criteria={"company": "acme"}) == 9
    assert charlie.refused("search_brand_members", criteria={"brand": "acme blue"}) == 2


# --- who may ----------------------------------------------------------------------------------------

C, CM, CM2, RO, TO, CV = "company", "company_mail", "company_mail2", "company_ro", "company_token_only", "company_view"
PEOPLE = {"domain": cast.DORA, "mail": cast.MAX, "workgroup": cast.WES, "nobody": cast.UMA}
TABLE = [
    ("search_brands", {}, {C, CM, CM2, RO, CV}),
    ("search_brands", {"criteria": {"company": "acme"}}, {C, CM, CM2, RO, CV}),
    ("search_brand_members", {"criteria": {"brand": "green"}}, {C, CM, CM2, RO, CV}),
    ("reset_email_test", {"brand": "green", "company": "acme", "test_email_rcpt": "a@b.example"}, {C}),
    ("reset_email_test", {"brand": "green", "test_email_rcpt": "a@b.example"}, {C}),
]


@pytest.mark.parametrize("role", [C, CM, CM2, RO, TO, CV, *PEOPLE])
@pytest.mark.parametrize(("method", "fields", "may"), TABLE)
def test_who_may(worn, method, fields, may, role, as_, with_role):
    answer = (as_(PEOPLE[role]) if role in PEOPLE else with_role(role)).call(method, **fields)
    assert (0 if answer["success"] else answer["error_number"]) == (0 if role in may else 9)


# --- reset_email_test -------------------------------------------------------------------------------

RCPT = {"test_email_rcpt": "boss@elsewhere.example"}


@pytest.mark.parametrize("name", ["test_email_rcpt", "testEmailRcpt", "test_email"])
def test_the_password_mail_goes_to_the_address(alice, name):
    create(
        "Blue", title="Acme Mail", colour="#0055AA", footer="Acme Ltd", sender_name="Acme", help_url="https://h.example"
    )
    alice.ok("reset_email_test", brand="blue", company="acme", **{name: "boss@elsewhere.example"})
    mail = OutgoingMail.objects.get()
    assert (mail.recipient, mail.sender) == ("boss@elsewhere.example", "Acme <postroom@localhost>")
    assert "Acme Mail" in mail.subject
    assert all(words in mail.html for words in ("#0055aa", "Acme Ltd", "https://h.example"))
    assert "Acme Ltd" in mail.text


def test_a_brand_may_be_named_by_its_id(alice):
    create("Blue")
    id = alice.ok("search_brands")["brands"][0]["id"]
    alice.ok("reset_email_test", brand=id, **RCPT)
    alice.ok("reset_email_test", brand=int(id), company="acme", **RCPT)
    assert OutgoingMail.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "number"),
    [({"brand": "red"}, 2), ({"brand": "red", "company": "acme"}, 2), ({"brand": "999999"}, 2),
     ({"brand": "blue", "company": "nowhere"}, 9), ({"brand": ""}, 5), ({"brand": "blue", "test_email_rcpt": "x"}, 5),
     ({"brand": "blue", "test_email_rcpt": None}, 5)],
)  # fmt: skip
def test_what_is_wrong_with_a_test(alice, fields, number):
    create("Blue")
    assert alice.refused("reset_email_test", **{**RCPT, **fields}) == number
    assert not OutgoingMail.objects.exists()


# --- another mail that wears the brand ----------------------------------------------------------------


@proves("domain_push_notify")
def test_a_company_that_gets_a_domain_is_told(alice, as_, other):
    acme, others = Company.objects.get(name="acme"), Company.objects.get(name="other")
    create("Pink", company="other", sender_name="Other Mail")
    wanted = {"domain_push_allowed": [str(acme.pk)], "domain_push_notify": "in@other.example", "brand": "Pink"}
    as_(cast.CHARLIE).ok("change_company", company="other", attributes=wanted)
    alice.ok("push_domain", domain=cast.ACME, new_company=str(others.pk))
    mail = OutgoingMail.objects.get()
    assert (mail.recipient, mail.sender) == ("in@other.example", "Other Mail <postroom@localhost>")
    assert f"{cast.ACME} was handed to other by acme." in mail.text


# --- the operator's part ----------------------------------------------------------------------------


def test_a_name_is_taken_in_any_case(alice):
    create("Blue")
    with pytest.raises(NameTaken):
        create("BLUE")


def test_other_companies_may_have_the_name(alice, other):
    create("Blue")
    create("Blue", company="other")


def look(name="blue"):
    import msgspec

    return {k: v for k, v in msgspec.structs.asdict(brands.show(OPERATOR, "acme", name).look).items() if v}


def test_what_is_changed_changes_and_the_rest_stays(alice):
    create("Blue", title="Acme", colour="#ABCDEF", footer="two\nlines")
    brands.change(OPERATOR, cast.origin(), "acme", "blue", {"title": "", "help_url": "https://help.example/x?y=1"})
    assert look() == {"colour": "#abcdef", "footer": "two\nlines", "help_url": "https://help.example/x?y=1"}


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("colour", "blue"), ("colour", "#12345"), ("logo_url", "http://x.example"), ("help_url", "javascript:alert(1)"),
     ("logo_url", 'https://x.example/"onload='), ("sender_address", "nobody"), ("reply_to", "a b@c.example"),
     ("sender_name", "two\nlines"), ("title", "x" * 129), ("footer", "x" * 1001), ("smell", "roses")],
)  # fmt: skip
def test_what_no_look_can_have(alice, name, wrong):
    with pytest.raises(BadAttribute) as refused:
        create("Blue", **{name: wrong})
    assert list(refused.value.hints) == [name]


@pytest.mark.parametrize("wearer", ["company", "domain", "user"])
def test_one_that_is_worn_stays(alice, wearer):
    create("Blue")
    name = {"company": "acme", "domain": cast.ACME, "user": cast.UMA}[wearer]
    alice.ok(f"change_{wearer}", **{wearer: name}, attributes={"brand": "Blue"})
    with pytest.raises(BrandInUse):
        brands.remove(OPERATOR, cast.origin(), "acme", "blue")


def test_one_that_nobody_wears_goes(alice):
    create("Blue")
    brands.remove(OPERATOR, cast.origin(), "acme", "blue")
    with pytest.raises(NotFound):
        look()


def test_the_companys_history_tells(alice):
    create("Blue", title="Acme")
    brands.change(OPERATOR, cast.origin(), "acme", "blue", {"title": "New"})
    brands.remove(OPERATOR, cast.origin(), "acme", "blue")
    told = [c["msg"] for c in alice.ok("get_company_changes", company="acme")["changes"]][-3:]
    assert told[0] == 'set brands to {"name":"Blue","title":"Acme"}'
    assert told[2] == "unset brands, was Blue"


def test_brands_of_two_companies_are_told_apart(alice, other):
    """Who controls both must say which is meant."""
    from postroom.core.roles import Actor, Grant, Role

    create("Blue")
    create("Blue", company="other")
    ids = Company.objects.values_list("id", flat=True)
    both = Actor(name="both", grants=tuple(Grant(Role.COMPANY, id) for id in ids))
    with pytest.raises(Exception, match="badly") as refused:
        brands.send_test(both, cast.origin(), None, "blue", "a@b.example")
    assert list(refused.value.hints) == ["company"]
