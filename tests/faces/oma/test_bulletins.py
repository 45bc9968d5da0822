"""oma.md section 5.2: bulletins of companies and domains."""

import pytest

from postroom.core import bulletin
from postroom.store.models import Bulletin, Job, OutgoingMail
from tests import cast

TEXT = "From: Acme <post@acme.example>\nSubject: Welcome\n\nHello {'name'}"
OWNERS = {"company": "acme", "domain": cast.ACME}
HI = {"bulletin": "hi", "type": "manual"}


@pytest.fixture(params=OWNERS)
def owner(request):
    return request.param


@pytest.fixture
def call(alice, owner):
    """call("get", bulletin=…): a method of the owner, by Alice."""
    return lambda verb, **fields: alice.call(f"{verb}_{owner}_bulletin", **{owner: OWNERS[owner], **HI, **fields})


@pytest.fixture
def written(call):
    assert call("change", bulletin_text=TEXT)["success"]
    return call


def text_of(answer):
    return answer["bulletin_text"] if answer["success"] else answer["error_number"]


def test_what_was_written_is_read_back(written):
    assert text_of(written("get")) == TEXT


def test_it_is_replaced(written):
    written("change", bulletin_text="Subject: y\n\nnew")
    assert text_of(written("get")) == "Subject: y\n\nnew"
    assert Bulletin.objects.count() == 1


@pytest.mark.parametrize("nothing", [{}, {"bulletin_text": None}, {"bulletin_text": ""}])
def test_without_a_text_it_is_removed(written, nothing):
    assert written("change", **nothing)["success"]
    assert text_of(written("get")) == 2


def test_removing_what_is_not_there_is_2(call):
    assert text_of(call("change")) == 2


def test_the_same_name_may_be_auto_and_manual(written):
    written("change", type="auto", bulletin_text="Subject: a\n\nauto")
    assert (text_of(written("get")), text_of(written("get", type="auto"))) == (TEXT, "Subject: a\n\nauto")


@pytest.mark.parametrize("verb", ["get", "change", "post"])
@pytest.mark.parametrize(
    "wrong", [{"type": "often"}, {"type": ""}, {"type": None}, {"bulletin": ""}, {"bulletin": None}]
)
def test_a_wrong_type_or_no_name_is_5(call, verb, wrong):
    assert call(verb, **wrong)["error_number"] == 5


@pytest.mark.parametrize("name", ["x" * 129, "a\nb"])
def test_a_name_that_cannot_be_is_5(call, name):
    assert call("change", bulletin=name, bulletin_text=TEXT)["error_number"] == 5


@pytest.mark.parametrize("text", ["x" * (bulletin.LARGEST + 1), "Content-Type: multipart/mixed\n\nx"])
def test_a_text_that_is_no_mail_is_5(call, text):
    answer = call("change", bulletin_text=text)
    assert (answer["error_number"], list(answer["hints"])) == (5, ["bulletin_text"])


@pytest.mark.parametrize("verb", ["get", "post"])
def test_an_unknown_one_is_2(call, verb):
    assert call(verb)["error_number"] == 2


def test_it_is_listed_with_its_owner(alice, written, owner):
    written("change", type="auto", bulletin="welcome", bulletin_text=TEXT)
    listed = alice.ok(f"get_{owner}", **{owner: OWNERS[owner]})["metadata"]["bulletins"]
    [manual], [auto] = listed["manual"], listed["auto"]
    assert manual.items() >= {"bulletin": "hi", "type": "manual", "size": len(TEXT)}.items()
    assert (auto["bulletin"], isinstance(auto["createtime"], int)) == ("welcome", True)


def test_without_bulletins_both_lists_are_there(alice, owner):
    assert alice.ok(f"get_{owner}", **{owner: OWNERS[owner]})["metadata"]["bulletins"] == {"manual": [], "auto": []}


def test_it_is_in_the_owners_history(alice, written, owner):
    written("post", test_email=cast.UMA)
    written("change")
    told = [c["msg"] for c in alice.ok(f"get_{owner}_changes", **{owner: OWNERS[owner]})["changes"]][-3:]
    assert told == [
        "set bulletins to manual hi",
        f"posted: bulletins manual hi to {cast.UMA}",
        "unset bulletins, was manual hi",
    ]


def test_those_of_the_company_are_not_the_domains(alice):
    alice.ok("change_company_bulletin", company="acme", **HI, bulletin_text=TEXT)
    assert alice.refused("get_domain_bulletin", domain=cast.ACME, **HI) == 2


def test_posting_is_the_workers(written):
    assert written("post")["success"]
    assert OutgoingMail.objects.count() == 0
    assert Job.objects.filter(kind="post_bulletin").count() == 1


@pytest.mark.parametrize("address", [cast.UMA, "somebody@elsewhere.example"])
def test_a_test_goes_to_one_address_only(written, address):
    assert written("post", test_email=address)["success"]
    assert list(OutgoingMail.objects.values_list("recipient", flat=True)) == [address]
    assert not Job.objects.filter(kind="post_bulletin").exists()


def test_a_test_is_written_to_somebody(alice, written):
    alice.set_user(name="Uma Iversen")
    written("post", test_email=cast.UMA)
    assert OutgoingMail.objects.get().variables["name"] == "Uma Iversen"


def test_a_test_to_nobody_of_ours_is_13(written):
    assert written("post", test_email="nobody@acme.example")["error_number"] == 13


def test_a_test_tells_nothing_about_other_companies(written, other):
    cast.mailbox("carla@other.adm")
    for address in ("carla@other.adm", "nobody@other.adm"):
        assert written("post", test_email=address)["success"]


@pytest.mark.parametrize("address", ["uma", "uma@acme.example, max@acme.example", "a b@c.example"])
def test_a_test_to_no_address_is_5(written, address):
    assert written("post", test_email=address)["error_number"] == 5


# --- who may ----------------------------------------------------------------------------------------

C, CM, CM2, RO, TO, CV = "company", "company_mail", "company_mail2", "company_ro", "company_token_only", "company_view"
PEOPLE = {"domain": cast.DORA, "mail": cast.MAX, "workgroup": cast.WES, "nobody": cast.UMA}
MAY = {
    ("change", "company"): {C}, ("post", "company"): {C}, ("get", "company"): {C, CM, CM2, RO, CV},
    ("change", "domain"): {C, "domain"}, ("post", "domain"): {C, "domain"},
    ("get", "domain"): {C, CM, CM2, RO, CV, "domain", "mail"},
}  # fmt: skip


@pytest.mark.parametrize("role", [C, CM, CM2, RO, TO, CV, *PEOPLE])
@pytest.mark.parametrize("verb", ["get", "change", "post"])
def test_who_may(written, owner, verb, role, as_, with_role):
    client = as_(PEOPLE[role]) if role in PEOPLE else with_role(role)
    fields = {owner: OWNERS[owner], **HI, **({"bulletin_text": TEXT} if verb == "change" else {})}
    answer = client.call(f"{verb}_{owner}_bulletin", **fields)
    assert (0 if answer["success"] else answer["error_number"]) == (0 if role in MAY[verb, owner] else 9)


def test_charlie_reaches_none_of_them(written, owner, as_, other):
    charlie = as_(cast.CHARLIE)
    assert charlie.refused(f"get_{owner}_bulletin", **{owner: OWNERS[owner]}, **HI) == 9


def test_an_alias_of_the_domain_is_3(alice):
    alice.set_domain(aliases=["acme.test"])
    assert alice.refused("change_domain_bulletin", domain="acme.test", **HI, bulletin_text=TEXT) == 3
