"""The addresses of a domain in a list."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from postroom.actions import domain_switch, person_mailboxes
from postroom.actions.person_mailboxes import PersonalData
from postroom.core.roles import OPERATOR
from postroom.store import mailbox_texts
from postroom.store.models import Domain, Mailbox
from tests import cast
from tests.faces.web.mailboxes.conftest import Browser

pytestmark = pytest.mark.django_db


def make(local_part, first="Zoé", last="Martin", secondary=""):
    data = PersonalData(local_part=local_part, first_name=first, last_name=last, secondary_email=secondary)
    person_mailboxes.create(OPERATOR, cast.origin(), cast.ACME, data)


def shown(page):
    return [line.view.local_part for line in page.context["lines"]]


def test_everybody_with_a_role_sees_the_addresses(vera):
    assert set(shown(vera.get())) == {"dora", "max", "uma", "wes"}


def test_a_stranger_is_told_that_there_is_no_such_domain(people):
    assert Browser(cast.NORA).get().status_code == 404


def test_nobody_is_asked_to_sign_in(acme, client):
    answer = client.get("/domains/acme.example/")
    assert (answer.status_code, answer["Location"]) == (303, "/sign-in/?next=%2Fdomains%2Facme.example%2F")


@pytest.mark.parametrize("q", ["zoe", "MARTIN", "zoé mart", "z.m@acme"])
def test_an_address_is_found_by_parts_of_it_and_of_the_name(adam, q):
    make("z.m")
    assert shown(adam.get(q=q)) == ["z.m"]


def test_nothing_found_is_said(adam):
    page = adam.get(q="nobody")
    assert (shown(page), "No address of this domain is like that." in page.text) == ([], True)


def test_only_those_in_one_status_are_shown(adam):
    Mailbox.objects.filter(address=cast.UMA).update(status="failed")
    assert shown(adam.get(status="failed")) == ["uma"]


@pytest.mark.parametrize(("ordering", "first"), [("local_part", "dora"), ("-local_part", "wes"), ("nonsense", "wes")])
def test_the_list_is_sorted_by_what_is_asked_for_and_else_the_newest_first(adam, ordering, first):
    assert shown(adam.get(ordering=ordering))[0] == first


def test_twenty_make_a_page(adam):
    for number in range(21):
        make(f"m{number}", last=f"Martin {number}")
    first, second = adam.get(), adam.get(page=2)
    assert (len(shown(first)), len(shown(second)), first.context["pages"].total) == (20, 5, 25)


def test_however_many_there_are_the_database_is_asked_the_same(adam):
    make("one")
    with CaptureQueriesContext(
        connection,
    ) as few:
        adam.get()
    for number in range(10):
        make(f"m{number}", last=f"Martin {number}")
    with CaptureQueriesContext(connection) as many:
        adam.get()
    assert len(few) == len(many)


@pytest.mark.parametrize("query", [{}, {"q": "acme"}, {"status": "enabled"}, {"q": "acme", "ordering": "status"}])
def test_the_list_takes_three_statements(people, query):
    actor = cast.person_actor(cast.ADAM)
    with CaptureQueriesContext(connection) as asked:
        person_mailboxes.listed(actor, cast.ACME, person_mailboxes.Selection(**query))
    assert len(asked) < 3  # besides the domain's own, which Django does not see


def test_where_very_many_are_found_it_takes_no_more(people, monkeypatch):
    monkeypatch.setattr(mailbox_texts, "_FEW", 1)
    actor = cast.person_actor(cast.ADAM)
    with CaptureQueriesContext(connection) as asked:
        _, total = person_mailboxes.listed(actor, cast.ACME, person_mailboxes.Selection(q="acme"))
    assert (total, len(asked)) == (4, 2)


def test_ones_own_address_is_marked(people):
    cast.person(cast.UMA, "viewer")
    page = Browser(cast.UMA).get()
    assert [line.view.local_part for line in page.context["lines"] if line.is_own] == ["uma"]


@pytest.mark.parametrize(
    ("status", "steps"),
    [
        ("enabled", ["login-link", "reset-password", "disable", "delete"]),
        ("pending", ["disable", "delete"]),
        ("disabled", ["enable", "delete"]),
        ("failed", ["retry", "disable", "delete"]),
    ],
)
def test_the_menu_offers_what_the_state_allows(adam, status, steps):
    Mailbox.objects.filter(address=cast.UMA).update(status=status)
    line = next(line for line in adam.get().context["lines"] if line.view.local_part == "uma")
    assert [step for step, _, _ in line.steps] == steps


def test_a_viewer_is_offered_nothing_to_change(vera):
    text = vera.get().text
    assert [word for word in ("New address", "With the chosen", "Import a table") if word in text] == []


def test_an_empty_domain_says_what_to_do(adam):
    Mailbox.objects.all().update(deleted_at=1)
    text = adam.get().text
    assert "No addresses yet" in text
    assert 'href="/domains/acme.example/new/"' in text


def test_a_domain_that_is_off_takes_no_new_addresses(adam):
    Domain.objects.filter(name=cast.ACME).update(status="enabled")
    domain_switch.disable(OPERATOR, cast.origin(), cast.ACME)
    assert "New addresses are possible again when the domain is switched on." in adam.get().text


def test_names_cannot_smuggle_markup_in(adam):
    make("evil", first="<script>alert(1)</script>")
    assert "<script>alert" not in adam.get().text


def test_french_is_spoken(people):
    assert "Nouvelle adresse" in Browser(cast.ADAM, "fr").get().text


def test_a_full_page_stays_small(adam):
    for number in range(20):
        make(f"somebody.with.a.long.name.{number}", last=f"Martin-Dupont de la Tour {number}")
    assert len(adam.get().content) < 100_000
