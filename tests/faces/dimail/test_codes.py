"""Login codes (specs/dimail.md 3.8)."""

import time

import pytest

from postroom.actions import domain_switch, link_use, signin
from postroom.core.errors import LinkDead
from postroom.core.roles import OPERATOR
from postroom.store.models import History, OneTimeLink
from tests import cast
from tests.faces.dimail.client import Dimail

JANE = f"/domains/{cast.ACME}/mailboxes/jane.doe"
ADDRESS = f"jane.doe@{cast.ACME}"
PASSWORD = "a-new-one-with-17-horses"


@pytest.fixture
def jane(people) -> Dimail:
    assert people.post(JANE, {"givenName": "Jane", "surName": "Doe", "displayName": ""}).status == 201
    return people


def code(client, **sent):
    return client.post(f"{JANE}/code", sent)


def test_its_answer(jane):
    answer = code(jane, expires_in=7200, maxuse=2)
    told = answer.json
    assert (answer.status, told.keys()) == (
        201, {"email", "code", "expires_at", "expires_in", "maxuse", "nbuse"},
    )  # fmt: skip
    assert (told["email"], told["expires_in"], told["maxuse"], told["nbuse"]) == (ADDRESS, 7200, 2, 0)
    assert abs(told["expires_at"] - time.time() - 7200) < 60


@pytest.mark.parametrize("sent", [{}, b""])
def test_what_is_not_said_is_as_for_other_links(jane, settings, sent):
    settings.LINK_SECONDS, settings.LINK_USES = 600, 7
    told = jane.post(f"{JANE}/code", sent).json
    assert (told["expires_in"], told["maxuse"]) == (600, 7)


def test_it_opens_the_mailbox(jane):
    link_use.redeem(cast.origin(), code(jane).json["code"], PASSWORD)
    assert signin.by_password(ADDRESS, PASSWORD, "", time.time()).name == ADDRESS


def test_it_opens_as_often_as_was_said(jane):
    made = code(jane, maxuse=1).json["code"]
    link_use.redeem(cast.origin(), made, PASSWORD)
    with pytest.raises(LinkDead):
        link_use.look(made, "")


def test_only_its_hash_is_kept(jane):
    made = code(jane).json["code"]
    assert made not in str(list(OneTimeLink.objects.values()))
    assert made not in str(list(History.objects.values()))


def test_a_fixed_code_leads_to_where_it_was_made_for_last(jane, monkeypatch):
    monkeypatch.setattr("postroom.actions.made_secrets.code", lambda: "424242")
    code(jane, maxuse=1)
    code(jane, maxuse=5)
    assert link_use.look("424242", "").uses_left == 5


@pytest.mark.parametrize(
    ("field", "value"), [("expires_in", 0), ("expires_in", 10**9), ("maxuse", 0), ("maxuse", 101), ("maxuse", "many")]
)
def test_bounds(jane, field, value):
    answer = code(jane, **{field: value})
    assert (answer.status, answer.detail[0]["loc"]) == (422, ["body", field])


def test_for_one_that_is_switched_off_there_is_none(jane):
    jane.patch(JANE, {"active": "no"})
    answer = code(jane)
    assert (answer.status, answer.detail) == (422, f"{ADDRESS} is disabled: nobody could sign in")


def test_in_a_domain_that_is_switched_off_there_is_none(jane):
    domain_switch.disable(OPERATOR, cast.origin(), cast.ACME)
    assert code(jane).status == 422
