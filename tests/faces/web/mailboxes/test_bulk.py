"""One step for many mailboxes at once."""

import pytest

from postroom.actions import mailbox_states
from postroom.core.roles import OPERATOR
from postroom.faces.web.mailboxes import bulk
from postroom.store.models import Mailbox
from tests import cast
from tests.faces.web.mailboxes.conftest import toasts

pytestmark = pytest.mark.django_db


def statuses(*local_parts):
    found = Mailbox.objects.filter(address__in=[f"{one}@acme.example" for one in local_parts])
    return {one.address.partition("@")[0]: one.status for one in found}


def test_those_that_are_chosen_are_disabled_when_somebody_is_sure(adam):
    page = adam.post("bulk/", do="disable", mailbox=["uma", "wes"], sure="1")
    assert statuses("uma", "wes", "max") == {"uma": "disabled", "wes": "disabled", "max": "enabled"}
    assert toasts(page) == ["2 mailboxes are disabled."]


def test_before_that_a_page_asks_and_changes_nothing(adam):
    page = adam.post("bulk/", do="delete", mailbox=["uma", "wes"])
    assert page.context["question"] == "Delete 2 mailboxes?"
    assert page.context["things"] == ["uma@acme.example", "wes@acme.example"]
    assert statuses("uma", "wes") == {"uma": "enabled", "wes": "enabled"}


def test_what_takes_nothing_away_is_not_asked_about(adam):
    mailbox_states.disable(OPERATOR, cast.origin(), cast.UMA)
    adam.post("bulk/", do="enable", mailbox=["uma"])
    assert statuses("uma") == {"uma": "enabled"}


def test_deleted_ones_are_gone_from_the_list(adam):
    page = adam.post("bulk/", do="delete", mailbox=["uma", "wes"], sure="1")
    assert {line.view.local_part for line in page.context["lines"]} == {"dora", "max"}


def test_what_could_not_be_done_is_told_address_by_address(adam):
    Mailbox.objects.filter(address=cast.UMA).update(secondary_email="uma@home.example")
    page = adam.post("bulk/", do="login-link", mailbox=["uma", "wes", "nobody"])
    assert page.context["bad"] == [
        ["wes@acme.example", "There is no second address to write to. Add one to the mailbox first."],
        ["nobody@acme.example", "This does not exist. It may have been deleted or renamed."],
    ] or dict(page.context["bad"]).keys() == {"wes@acme.example", "nobody@acme.example"}
    assert page.context["good"] == ["uma@acme.example"]


def test_the_words_say_why(adam):
    Mailbox.objects.filter(address=cast.WES).update(status="failed", secondary_email="wes@home.example")
    page = adam.post("bulk/", do="login-link", mailbox=["wes"])
    assert dict(page.context["bad"]) == {"wes@acme.example": "The mail servers refuse it."}


def test_nothing_chosen_is_said(adam):
    assert toasts(adam.post("bulk/", do="disable")) == ["Choose at least one address first."]


def test_no_more_than_a_hundred_at_once(adam):
    page = adam.post("bulk/", do="enable", mailbox=[f"m{number}" for number in range(101)])
    assert toasts(page) == ["Choose at most 100 addresses at once."]


def test_when_the_time_is_over_the_rest_is_left(adam, monkeypatch):
    monkeypatch.setattr(bulk, "_SECONDS", -1)
    page = adam.post("bulk/", do="disable", mailbox=["uma"], sure="1")
    assert dict(page.context["bad"]) == {"uma@acme.example": "There was no time left for it. Choose it again."}
    assert statuses("uma") == {"uma": "enabled"}


def test_a_viewer_changes_nothing(vera):
    vera.post("bulk/", do="disable", mailbox=["uma"], sure="1")
    assert statuses("uma") == {"uma": "enabled"}


def test_a_word_that_is_no_step_is_not_found(adam):
    assert adam.http.post("/domains/acme.example/bulk/", {"do": "burn", "mailbox": "uma"}).status_code == 404


def test_an_address_of_another_domain_cannot_be_meant(adam, other):
    adam.post("bulk/", do="delete", mailbox=["charlie@other.adm"], sure="1")
    assert Mailbox.objects.get(address=cast.CHARLIE).deleted_at is None


def test_without_a_result_one_is_led_to_the_list(adam):
    answer = adam.get("bulk/")
    assert (answer.status_code, answer["Location"]) == (303, "/domains/acme.example/")
