"""Deleted mailboxes, and back."""

import pytest

from postroom.actions import mailbox_removal
from postroom.core.roles import OPERATOR
from postroom.store.models import Mailbox
from tests import cast
from tests.faces.web.mailboxes.conftest import problems, toasts

pytestmark = pytest.mark.django_db


@pytest.fixture
def gone(acme):
    number = cast.row(cast.UMA).pk
    mailbox_removal.delete(OPERATOR, cast.origin(), cast.UMA)
    return number


def test_deleted_ones_are_shown_with_who_did_it_and_until_when(adam, gone):
    (found, _, until) = adam.get("deleted/").context["lines"][0]
    assert (found.address, found.deleted_by, until is not None) == (cast.UMA, "operator", True)


def test_nothing_deleted_is_said(adam):
    assert "Nothing was deleted lately" in adam.get("deleted/").text


def test_one_comes_back(adam, gone):
    page = adam.post(f"deleted/{gone}/", local_part="uma")
    assert page.redirect_chain == [("/domains/acme.example/mailboxes/uma/", 303)]
    assert toasts(page) == ["uma@acme.example is back, with its mail and settings."]


def test_where_its_address_is_taken_another_one_is_asked_for(adam, gone):
    adam.post("new/", first_name="Ute", last_name="Urban", local_part="uma", secondary_email="")
    page = adam.post(f"deleted/{gone}/", local_part="uma")
    assert "uma@acme.example is taken by now" in problems(page, "local_part")
    adam.post(f"deleted/{gone}/", local_part="uma2")
    assert Mailbox.objects.get(pk=gone).address == "uma2@acme.example"


def test_a_viewer_is_refused(vera, gone):
    assert {vera.get("deleted/").status_code, vera.get(f"deleted/{gone}/").status_code} == {403}


def test_one_that_is_not_deleted_is_not_found(adam):
    assert adam.get(f"deleted/{cast.row(cast.UMA).pk}/").status_code == 404
