"""The list of domains."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from postroom.actions import domain_cards, domain_removal, domains
from postroom.core.roles import OPERATOR
from postroom.store.models import Company, Domain
from tests import cast
from tests.faces.web.domains.conftest import Browser, words


def make(name, email=cast.OLGA, role="owner"):
    domains.change(OPERATOR, cast.origin(), name, {"company": "acme"}, create_only=True)
    cast.person(email, role, name)


def shown(browser, **query):
    """Domains in the order of the page."""
    page = browser.get("/domains/", **query).text
    return re.findall(r'<th scope="row"[^>]*><a href="/domains/([^/]+)/">', page)


def test_somebody_sees_their_domains_by_name(olga):
    make("zoo.example")
    make("bar.example")
    make("foreign.example", cast.NORA)
    assert shown(olga) == [cast.ACME, "bar.example", "zoo.example"]


def test_the_other_way_round(olga):
    make("zoo.example")
    assert shown(olga, ordering="-name") == ["zoo.example", cast.ACME]


@pytest.fixture
def three(olga):
    """Of two companies, in two states, with four, one and no mailboxes."""
    cast.other()
    make("zoo.example")
    make("bar.example")
    cast.mailbox("ann@zoo.example")
    Domain.objects.filter(name="bar.example").update(company=Company.objects.get(name="other"))
    Domain.objects.exclude(name=cast.ACME).update(status="action_required")
    for at, name in enumerate((cast.ACME, "zoo.example", "bar.example")):
        Domain.objects.filter(name=name).update(created_at=at)


@pytest.mark.parametrize(
    ("ordering", "names"),
    [
        ("name", "acme bar zoo"),
        ("-name", "zoo bar acme"),
        ("status", "bar zoo acme"),
        ("-status", "acme bar zoo"),
        ("count_mailboxes", "bar zoo acme"),
        ("-count_mailboxes", "acme zoo bar"),
        ("company", "acme zoo bar"),
        ("-company", "bar acme zoo"),
        ("created_at", "acme zoo bar"),
        ("-created_at", "bar zoo acme"),
    ],
)
def test_the_list_is_sorted_by_any_column_and_what_is_alike_by_name(olga, three, ordering, names):
    assert shown(olga, ordering=ordering) == [f"{name}.example" for name in names.split()]


def test_each_head_sorts_and_the_one_that_does_turns_the_order_round(operator):
    page = operator.get("/domains/", ordering="count_mailboxes").text
    heads = re.findall(r'<th scope="col"[^>]* aria-sort="(\w+)"><a href="/domains/\?ordering=([\w-]+)">', page)
    assert heads == [
        ("none", "name"),
        ("none", "status"),
        ("ascending", "-count_mailboxes"),
        ("none", "company"),
        ("none", "created_at"),
    ]


def test_the_search_finds_parts_of_names(olga):
    make("zoo.example")
    assert shown(olga, q="ZO") == ["zoo.example"]


def test_the_search_that_finds_nothing_says_so(olga):
    assert "No domain of yours is like that." in olga.text("/domains/", q="nothing")


def test_one_status_alone(olga):
    make("zoo.example")
    Domain.objects.filter(name="zoo.example").update(status="action_required")
    assert shown(olga, status="action_required") == ["zoo.example"]


def test_numbers_stand_at_each_status(olga):
    make("zoo.example")
    Domain.objects.filter(name="zoo.example").update(status="action_required")
    assert "All 2 Enabled 1 Action required 1" in olga.text("/domains/")


def test_mailboxes_are_counted(olga):
    assert f"{cast.ACME} Enabled 4" in olga.text("/domains/")


def test_a_name_with_accents_is_shown_with_them(olga):
    make("xn--caf-dma.example")
    assert "café.example" in olga.text("/domains/")


def test_whoever_has_no_domain_is_told_how_to_begin(nora):
    assert "Add the first one" in nora.text("/domains/")


def test_the_second_page(olga):
    for number in range(21):
        make(f"d{number:02}.example")
    assert shown(olga, page=2) == ["d19.example", "d20.example"]


def statements(browser, **query):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        browser.get("/domains/", **query)
    return [one["sql"] for one in seen if "store_domain" in one["sql"] and "store_access" not in one["sql"]]


@pytest.mark.parametrize("ordering", domain_cards.ORDERS)
def test_three_statements_however_many_there_are(olga, ordering):
    few = len(statements(olga, ordering=ordering))
    for number in range(10):
        make(f"d{number}.example")
    assert len(statements(olga, ordering=ordering)) == few <= 3


def test_in_french(people):
    assert "Ajouter un domaine" in Browser(cast.OLGA, "fr").text("/domains/")


def test_a_deleted_domain_is_listed_apart_and_comes_back(olga):
    make("zoo.example")
    domain_removal.delete(OPERATOR, cast.origin(), "zoo.example")
    assert "zoo.example" in olga.text("/domains/deleted/")
    told = olga.toast(olga.post("/domains/deleted/zoo.example/restore/"))
    assert told[0][0] == "good"
    assert "zoo.example" in shown(olga)


def test_nobody_restores_what_was_not_theirs(olga, nora):
    make("zoo.example")
    domain_removal.delete(OPERATOR, cast.origin(), "zoo.example")
    assert nora.post("/domains/deleted/zoo.example/restore/").status_code == 404


def test_without_signing_in_there_is_no_list(people, client):
    answer = client.get("/domains/")
    assert (answer.status_code, answer["Location"]) == (303, "/sign-in/?next=%2Fdomains%2F")


@pytest.mark.parametrize("typed", [{"page": "x"}, {"page": "-1"}, {"status": "deleted"}, {"ordering": "id; drop"}])
def test_what_makes_no_sense_in_the_address_is_passed_over(olga, typed):
    assert shown(olga, **typed) == [cast.ACME]


def test_a_page_beyond_the_last_one_says_that_there_is_nothing(olga):
    assert "Nothing found" in words(olga.get("/domains/", page=99))
