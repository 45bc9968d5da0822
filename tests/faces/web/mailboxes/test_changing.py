"""Changing one mailbox: names, address, further addresses, and what buttons do."""

import pytest

from postroom.actions import domains, mailbox_aliases
from postroom.core.roles import OPERATOR
from postroom.store.models import Mailbox, OutgoingMail
from tests import cast
from tests.faces.web.mailboxes.conftest import Browser, problems, toasts

pytestmark = pytest.mark.django_db

UMA = {"first_name": "Uma", "last_name": "Urban", "secondary_email": "uma@home.example"}


def edit(browser, **given):
    return browser.post("mailboxes/uma/edit/", **{**UMA, **given})


def test_names_and_the_second_address_are_changed(adam):
    edit(adam)
    row = cast.row(cast.UMA)
    assert (row.first_name, row.last_name, row.secondary_email) == ("Uma", "Urban", "uma@home.example")


def test_what_was_not_touched_is_left_to_others(adam):
    edit(adam)
    form = adam.get("mailboxes/uma/edit/").context["form"]
    assert form.initial["first_name"] == "Uma"
    Mailbox.objects.filter(address=cast.UMA).update(secondary_email="new@home.example")
    adam.post("mailboxes/uma/edit/", first_name="Ute", last_name="Urban", secondary_email="new@home.example")
    assert cast.row(cast.UMA).secondary_email == "new@home.example"


def test_a_wrong_second_address_is_told_and_nothing_is_changed(adam):
    page = edit(adam, secondary_email="home")
    assert (problems(page, "secondary_email"), cast.row(cast.UMA).first_name) == ("This is no e-mail address.", "")


def test_a_namesake_is_told(adam):
    edit(adam)
    page = adam.post("mailboxes/wes/edit/", **{**UMA, "secondary_email": ""})
    assert "same first and last name" in problems(page, "last_name")


def test_who_may_do_less_does_not_redirect_the_links_of_who_may_do_more(people):
    cast.person(cast.UMA, "owner")
    page = edit(Browser(cast.ADAM))
    assert "may do more than you" in problems(page, "secondary_email")
    assert cast.row(cast.UMA).secondary_email == ""


def test_a_viewer_changes_no_names(vera):
    assert edit(vera).status_code == 403


def test_a_mailbox_gets_another_address_and_keeps_the_old_one(adam):
    page = adam.post("mailboxes/uma/rename/", local_part="ute", keep="on")
    assert cast.row("ute@acme.example").aliases == [cast.UMA]
    assert toasts(page) == ["The address is ute@acme.example now."]


def test_or_gives_the_old_one_up(adam):
    adam.post("mailboxes/uma/rename/", local_part="ute")
    assert cast.row("ute@acme.example").aliases == []


def test_that_the_old_one_could_not_be_kept_is_told(adam):
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"limit_aliases": 0})
    page = adam.post("mailboxes/uma/rename/", local_part="ute", keep="on")
    assert "could not be kept" in toasts(page)[0]


def test_a_taken_address_is_told(adam):
    assert problems(adam.post("mailboxes/uma/rename/", local_part="max"), "local_part") == "max@acme.example is taken."


def test_a_further_address_leads_in(adam):
    adam.post("mailboxes/uma/further/", alias="hello")
    assert cast.row(cast.UMA).aliases == ["hello@acme.example"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("max", "max@acme.example is taken."),
        ("uma", "uma@acme.example is taken."),
        ("hello@else.where", "The alias’s domain does not exist here"),
        ("héllo", "Letters A–Z without accents"),
        ("", "This field is required."),
    ],
)
def test_what_can_be_no_further_address_is_told(adam, typed, said):
    page = adam.post("mailboxes/uma/further/", alias=typed)
    assert (cast.row(cast.UMA).aliases, problems(page, "alias") != "") == ([], True)
    if "domain" not in said:
        assert said in problems(page, "alias")


def test_a_further_address_is_taken_away(adam):
    mailbox_aliases.add(OPERATOR, cast.origin(), cast.UMA, "hello")
    adam.post("mailboxes/uma/further/remove/", alias="hello@acme.example")
    assert cast.row(cast.UMA).aliases == []


def test_disabling_asks_first(adam):
    page = adam.get("mailboxes/uma/disable/")
    assert (page.context["question"], cast.row(cast.UMA).status) == ("Disable uma@acme.example?", "enabled")


@pytest.mark.parametrize(
    ("verb", "before", "after"),
    [("disable", "enabled", "disabled"), ("enable", "disabled", "enabled"), ("retry", "failed", "enabled")],
)
def test_a_step_is_taken(adam, verb, before, after):
    Mailbox.objects.filter(address=cast.UMA).update(status=before)
    page = adam.post(f"mailboxes/uma/{verb}/")
    assert (cast.row(cast.UMA).status, page.redirect_chain) == (after, [("/domains/acme.example/mailboxes/uma/", 303)])


def test_from_the_list_one_comes_back_to_the_list(adam):
    Mailbox.objects.filter(address=cast.UMA).update(status="disabled")
    assert adam.post("mailboxes/uma/enable/", to="list").redirect_chain == [("/domains/acme.example/", 303)]


def test_a_deleted_one_leads_to_the_list(adam):
    page = adam.post("mailboxes/uma/delete/")
    assert page.redirect_chain == [("/domains/acme.example/", 303)]
    assert not Mailbox.objects.filter(address=cast.UMA, deleted_at=None).exists()


@pytest.mark.parametrize("verb", ["login-link", "reset-password"])
def test_a_link_is_sent_to_the_second_address(adam, verb):
    Mailbox.objects.filter(address=cast.UMA).update(secondary_email="uma@home.example")
    adam.post(f"mailboxes/uma/{verb}/")
    assert list(OutgoingMail.objects.values_list("recipient", flat=True)) == ["uma@home.example"]


def test_without_a_second_address_that_is_told(adam):
    said = "uma@acme.example – There is no second address to write to. Add one to the mailbox first."
    assert toasts(adam.post("mailboxes/uma/login-link/")) == [said]


@pytest.mark.parametrize(
    "path",
    ["rename/", "further/", "disable/", "enable/", "retry/", "reset-password/", "login-link/", "delete/"],
)
def test_a_viewer_is_refused(vera, path):
    assert vera.http.post(f"/domains/acme.example/mailboxes/uma/{path}").status_code == 403


def test_what_changes_something_at_once_is_not_done_by_following_a_link(adam):
    Mailbox.objects.filter(address=cast.UMA).update(status="disabled")
    assert adam.get("mailboxes/uma/enable/").status_code == 405
    assert cast.row(cast.UMA).status == "disabled"


def test_french_is_spoken(people):
    page = Browser(cast.ADAM, "fr").get("mailboxes/uma/disable/")
    assert page.context["question"] == "Mettre uma@acme.example hors service\N{NO-BREAK SPACE}?"
