"""Disabling, enabling, deleting a domain."""

import pytest

from postroom.actions import domain_claims, domains
from postroom.core.roles import OPERATOR
from postroom.store.models import Domain
from tests import cast


def status(name=cast.ACME):
    return Domain.objects.get(name=name, deleted_at=None).status


def is_there(name):
    return Domain.objects.filter(name=name, deleted_at=None).exists()


def empty(name="empty.example"):
    domains.change(OPERATOR, cast.origin(), name, {"company": "acme"}, create_only=True)
    cast.person(cast.OLGA, "owner", name)


def test_the_operator_disables_after_a_question_with_a_reason(operator):
    assert f"Disable {cast.ACME}?" in operator.text("disable/")
    operator.toast(operator.post("disable/", reason="unpaid"))
    assert status() == "disabled"
    assert "unpaid" in operator.text("history/")


def test_and_enables_again(operator):
    operator.post("disable/")
    operator.toast(operator.post("enable/"))
    assert status() == "enabled"


def test_what_is_disabled_already_is_told(operator):
    operator.post("disable/")
    assert operator.post("disable/", came_from="disable/").status_code in (303, 409, 422)
    assert status() == "disabled"


def test_a_reason_that_is_too_long_is_told_at_its_field(operator):
    answer = operator.post("disable/", reason="x" * 501)
    assert (answer.status_code, 'id="id_reason_error"' in answer.text) == (422, True)
    assert status() == "enabled"


@pytest.mark.parametrize("path", ["disable/", "enable/"])
def test_an_owner_cannot(olga, path):
    assert olga.get(path).status_code == 403
    assert olga.post(path).status_code == 403
    assert status() == "enabled"


def test_the_menu_offers_what_may_be_done(operator, olga, adam):
    assert "Disable…" in operator.text("dns/")
    assert "Delete…" in olga.text("dns/")
    assert "Disable…" not in olga.text("dns/")
    assert "Delete…" not in adam.text("dns/")


def test_everybody_is_told_that_a_domain_is_disabled(operator, vera):
    operator.post("disable/")
    assert "The operator has disabled this domain" in vera.text("settings/")


def test_an_owner_deletes_after_a_question(olga):
    empty()
    assert "Delete empty.example?" in olga.text("/domains/empty.example/delete/")
    assert olga.post("/domains/empty.example/delete/")["Location"] == "/domains/"
    assert not is_there("empty.example")


def test_not_while_it_has_mailboxes(olga):
    assert "it still has 4 mailboxes" in olga.text("delete/")
    assert olga.toast(olga.post("delete/", came_from="delete/"))[0][0] == "bad"
    assert is_there(cast.ACME)


def test_an_administrator_cannot(adam):
    assert adam.post("delete/").status_code == 403


def test_a_claim_that_was_never_proved_is_given_up(nora):
    domain_claims.claim(cast.person_actor(cast.NORA), cast.origin(), "town.example", "it@home.example")
    nora.post("/domains/town.example/delete/")
    assert not is_there("town.example")
