"""Whose an address is (specs/dimail.md 3.7, 4.7)."""

import pytest

from postroom.actions import aliases, mailboxes
from postroom.core.roles import OPERATOR
from postroom.store import name_clashes
from postroom.store.models import DimailClash
from tests import cast
from tests.faces.dimail.client import Dimail
from tests.faces.dimail.conftest import hosted

ACME = cast.ACME
NAMES = {"givenName": "Jane", "surName": "Doe", "displayName": "Jane Doe"}


def address(client, user, domain=ACME):
    return client.get(f"/domains/{domain}/address/{user}/")


def make(client, user, names=NAMES, domain=ACME):
    return client.post(f"/domains/{domain}/mailboxes/{user}", names)


@pytest.fixture
def jane(people) -> Dimail:
    assert make(people, "jane.doe").status == 201
    return people


def test_a_mailbox_is_its_own(jane):
    assert address(jane, "jane.doe").json == {
        "domain_name": ACME, "user_name": "jane.doe", "is_alias": False, "is_mailbox": True, "is_ox": True,
        "ox_primary_email": f"jane.doe@{ACME}", "ox_senders": [f"jane.doe@{ACME}"],
    }  # fmt: skip


def test_a_mailbox_that_was_refused_for_its_name_is_whoever_has_that(jane):
    make(jane, "jd")
    answer = address(jane, "jd")
    assert (answer.status, answer.json["ox_primary_email"]) == (200, f"jane.doe@{ACME}")
    assert answer.json["is_mailbox"] is False


def test_it_is_told_across_the_context(jane, regie):
    hosted(regie, "acme.test", context=ACME)
    make(jane, "jd", domain="acme.test")
    assert address(jane, "jd", "acme.test").json["ox_primary_email"] == f"jane.doe@{ACME}"


def test_it_is_forgotten_after_an_hour(jane):
    make(jane, "jd")
    DimailClash.objects.update(created_at=DimailClash.objects.get().created_at - name_clashes.REMEMBERED - 1)
    assert address(jane, "jd").status == 404


def test_the_same_refusal_again_is_remembered_once(jane):
    make(jane, "jd")
    make(jane, "jd")
    assert DimailClash.objects.count() == 1


def test_it_ends_with_the_mailbox_that_stood_in_the_way(jane):
    make(jane, "jd")
    jane.delete(f"/domains/{ACME}/mailboxes/jane.doe")
    assert address(jane, "jd").status == 404


def test_the_name_may_be_in_use_in_another_domain_of_the_context(jane, regie):
    hosted(regie, "acme.test", context=ACME)
    assert address(jane, "jane.doe", "acme.test").json["ox_primary_email"] == f"jane.doe@{ACME}"


def test_other_contexts_tell_nothing(jane, regie):
    hosted(regie, "other.test")
    assert address(jane, "jane.doe", "other.test").status == 404


def test_a_mailbox_that_is_nobodys_is_not_in_ox(people):
    make(people, "info", {"givenName": "", "surName": "", "displayName": ""})
    told = address(people, "info").json
    assert (told["is_mailbox"], told["is_ox"], told["ox_primary_email"]) == (True, False, None)


def test_an_alias_is_one(people):
    aliases.create(OPERATOR, cast.origin(), ACME, "info", "joe@else.where")
    told = address(people, "info").json
    assert (told["is_alias"], told["is_mailbox"], told["is_ox"], told["ox_senders"]) == (True, False, False, [])


def test_a_mailboxs_own_alias_is_its_owners(jane):
    mailboxes.change(OPERATOR, cast.origin(), f"jane.doe@{ACME}", {"aliases": [f"jane@{ACME}"]})
    told = address(jane, "jane").json
    assert (told["is_alias"], told["ox_primary_email"]) == (True, f"jane.doe@{ACME}")
    assert told["ox_senders"] == [f"jane.doe@{ACME}", f"jane@{ACME}"]


def test_an_alias_that_may_be_sent_as_is_a_sender(jane):
    aliases.create(OPERATOR, cast.origin(), ACME, "info", f"jane.doe@{ACME}", allow_to_send=True)
    assert address(jane, "jane.doe").json["ox_senders"] == [f"jane.doe@{ACME}", f"info@{ACME}"]


def test_nobodys(people):
    answer = address(people, "nobody")
    assert (answer.status, answer.detail) == (404, "Address not found")


def test_a_domain_that_is_not_there(root):
    answer = address(root.with_token(), "joe")
    assert (answer.status, answer.detail) == (404, "Domain not found")


def test_somebody_elses_domain(people, plain):
    assert address(plain.with_token(), "joe").status == 403


@pytest.mark.parametrize("slash", ["", "/"])
def test_people_sends_a_body_with_it(jane, slash):
    assert jane.call("GET", f"/domains/{ACME}/address/jane.doe{slash}", {"x": 1}).status == 200
