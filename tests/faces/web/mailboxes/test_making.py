"""A new mailbox by the form."""

import pytest

from postroom.actions import domain_switch, domains
from postroom.core.roles import OPERATOR
from postroom.faces.web.mailboxes.making import suggested
from postroom.store.models import Domain, Mailbox
from tests import cast
from tests.faces.web.mailboxes.conftest import Browser, problems, toasts

pytestmark = pytest.mark.django_db

ZOE = {"first_name": "Zoé", "last_name": "Martin", "local_part": "zoe", "secondary_email": "zoe@home.example"}


def create(browser, **given):
    return browser.post("new/", **{**ZOE, **given})


def test_a_mailbox_is_made_and_shown(adam):
    page = create(adam)
    assert page.redirect_chain == [("/domains/acme.example/mailboxes/zoe/", 303)]
    assert cast.row("zoe@acme.example").secondary_email == "zoe@home.example"


def test_it_is_told_where_the_link_goes(adam):
    said = "zoe@acme.example was created. A link to choose the password goes to zoe@home.example."
    assert toasts(create(adam)) == [said]


def test_without_another_address_it_is_told_that_nobody_is_told(adam):
    assert "Nobody is told" in toasts(create(adam, secondary_email=""))[0]


def test_while_the_domain_waits_it_is_told_when(adam):
    Domain.objects.filter(name=cast.ACME).update(status="pending", proved_at=None)
    assert "When acme.example is enabled" in toasts(create(adam))[0]


def test_the_next_one_can_follow_at_once(adam):
    page = create(adam, again="1")
    assert page.redirect_chain == [("/domains/acme.example/new/", 303)]


def test_an_address_left_empty_is_made_of_the_names(adam):
    create(adam, local_part="")
    assert Mailbox.objects.filter(address="zoe.martin@acme.example").exists()


@pytest.mark.parametrize(
    ("first", "last", "made"),
    [
        ("Zoé", "Martin", "zoe.martin"),
        ("Jean-Luc", "de la Tour", "jean-luc.de-la-tour"),
        ("  ", "O’Hara", "o-hara"),
        ("李", "明", ""),
        ("Łukasz", "Œuvre", "lukasz.oeuvre"),
    ],
)
def test_names_become_addresses(first, last, made):
    assert suggested(first, last) == made


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("first_name", "", "This field is required."),
        ("last_name", "x" * 201, "at most 200 characters"),
        ("local_part", "zoé", "Letters A–Z without accents"),
        ("local_part", "zoe..martin", "single dots"),
        ("local_part", "zoe@other.example", "The address ends with @acme.example."),
        ("local_part", "x" * 65, "At most 64 characters"),
        ("local_part", "uma", "uma@acme.example is taken."),
        ("secondary_email", "zoe at home", "This is no e-mail address."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_made(adam, field, typed, said):
    before = Mailbox.objects.count()
    page = create(adam, **{field: typed})
    assert said in problems(page, field)
    assert (page.status_code, Mailbox.objects.count()) in {(422, before), (409, before)}


def test_the_whole_address_may_be_typed(adam):
    create(adam, local_part="Zoe@ACME.example")
    assert Mailbox.objects.filter(address="zoe@acme.example").exists()


def test_a_namesake_is_told_at_the_name(adam):
    create(adam)
    assert "same first and last name" in problems(create(adam, local_part="other"), "last_name")


def test_the_limit_of_the_domain_is_told(adam):
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"limit_users": 4})
    assert "may have 4 accounts" in problems(create(adam), "__all__")


def test_in_a_domain_that_is_off_nothing_is_made(adam):
    domain_switch.disable(OPERATOR, cast.origin(), cast.ACME)
    page = create(adam)
    assert "disabled domain" in problems(page, "__all__")
    assert not Mailbox.objects.filter(address="zoe@acme.example").exists()


def test_a_viewer_is_refused(vera):
    assert vera.get("new/").status_code == 403


def test_without_the_token_of_the_form_nothing_is_made(adam):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.cookies = adam.http.cookies
    assert client.post("/domains/acme.example/new/", ZOE).status_code == 403
    assert not Mailbox.objects.filter(address="zoe@acme.example").exists()


def test_french_is_spoken(people):
    page = create(Browser(cast.ADAM, "fr"), local_part="zoé")
    assert "Lettres A–Z sans accent" in page.text


def test_an_address_is_looked_at_even_where_names_are_missing(adam):
    page = create(adam, first_name="", local_part="zoé")
    assert page.context["form"].errors.keys() == {"first_name", "local_part"}
