"""What espace-membre sends (specs/dimail.md, sources E26): a token for another account's name, paths without slashes,
the second version of mailboxes, codes without a wish, aliases that may be sent as."""

import time

import pytest

from postroom.actions import signin
from tests.faces.dimail.client import Answer, Dimail
from tests.faces.dimail.conftest import account, hosted

DOMAIN = "beta.example"
ME = "espace_membre"
NAMES = {"givenName": "Ada", "surName": "Lovelace", "displayName": "Ada Lovelace"}
ADA = f"/domains/{DOMAIN}/mailboxes/ada.lovelace"


@pytest.fixture
def member(root) -> Dimail:
    """It was allowed on the domain that somebody else has made, and asks for its token by its own name."""
    hosted(root, DOMAIN)
    mine = account(ME)
    assert root.post("/allows/", {"user": ME, "domain": DOMAIN}).status == 201
    answer = mine.get(f"/token/?username={ME}")
    assert answer.status == 200, answer
    return Dimail(token=answer.json["access_token"])


@pytest.fixture
def ada(member) -> Dimail:
    assert created(member).status == 201
    return member


def created(member: Dimail) -> Answer:
    return member.post(ADA, NAMES)


def test_a_mailbox_is_made(member):
    answer = created(member)
    assert (answer.status, answer.json["email"]) == (201, f"ada.lovelace@{DOMAIN}")


def test_one_that_is_there_already_is_a_409(ada):
    assert created(ada).status == 409


def test_a_list_without_slash(ada):
    answer = ada.get(f"/v2/domains/{DOMAIN}/mailboxes")
    (one,) = answer.json
    assert (answer.status, one["type"], one["imap_active"], one["smtp_active"], one["email"]) == (
        200, "mailbox", "yes", "yes", f"ada.lovelace@{DOMAIN}",
    )  # fmt: skip


@pytest.mark.parametrize("word", ["no", "yes"])
def test_reading_is_switched(ada, word):
    answer = ada.patch(f"/v2{ADA}", {"imap_active": word})
    assert (answer.status, answer.json["imap_active"]) == (200, word)


def test_names_are_changed(ada):
    names = {"given_name": "Augusta", "sur_name": "King", "display_name": "Augusta King"}
    answer = ada.patch(f"/v2{ADA}", {"extras": {"ox": names}})
    assert (answer.status, answer.json["extras"]["ox"]) == (200, names)


@pytest.mark.parametrize("wish", [{}, {"expires_in": 7200, "maxuse": 3}])
def test_a_code(ada, wish):
    answer = ada.post(f"{ADA}/code", wish)
    told = answer.json
    assert (answer.status, told["email"], bool(told["code"])) == (201, f"ada.lovelace@{DOMAIN}", True)
    assert {name: told[name] for name in wish} == wish


def test_a_password_is_reset_by_its_other_spelling(ada):
    answer = ada.post(f"{ADA}/reset-password")
    assert (answer.status, bool(answer.json["password"])) == (200, True)


def test_an_alias_that_may_be_sent_as(ada):
    sent = {"user_name": "ada", "destination": f"ada.lovelace@{DOMAIN}", "allow_to_send": True}
    answer = ada.post(f"/domains/{DOMAIN}/aliases", sent)
    assert (answer.status, answer.json["username"], answer.json["allow_to_send"]) == (201, "ada", True)
    assert ada.get(ADA).json["additionalSenders"] == [f"ada@{DOMAIN}"]


def test_aliases_of_one_name(ada):
    for destination in ("a@else.where", "b@else.where"):
        ada.post(f"/domains/{DOMAIN}/aliases", {"user_name": "x", "destination": destination, "allow_to_send": True})
    told = ada.get(f"/domains/{DOMAIN}/aliases?user_name=x").json
    assert [one["destination"] for one in told] == ["a@else.where", "b@else.where"]


def test_an_alias_goes(ada):
    ada.post(f"/domains/{DOMAIN}/aliases", {"user_name": "x", "destination": "a@else.where", "allow_to_send": True})
    assert ada.delete(f"/domains/{DOMAIN}/aliases/x/a@else.where").status == 204


def test_other_domains_are_closed_to_it(root, member):
    hosted(root, "other.example")
    assert member.post("/domains/other.example/mailboxes/ada", NAMES).status == 403


def test_its_password_opens_the_mailbox_in_oma_too(member):
    password = created(member).json["password"]
    assert signin.by_password(f"ada.lovelace@{DOMAIN}", password, "", time.time()).name == f"ada.lovelace@{DOMAIN}"
