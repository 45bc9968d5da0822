"""The page that explains: how it asks, what it shows, to whom."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from postroom.actions import aliases, domains, mailboxes
from postroom.core.roles import OPERATOR
from tests import cast
from tests.faces.web.domains.conftest import Browser, words

PAGE = "/explain/"


@pytest.fixture(autouse=True)
def _fresh_cache():
    yield
    cache.clear()


@pytest.fixture
def olga(people):
    return Browser(cast.OLGA)


@pytest.fixture
def uma(people):
    """Who holds a mailbox and has no role."""
    cast.person(cast.UMA, mailbox=cast.row(cast.UMA))
    return Browser(cast.UMA)


def cards(page):
    """(depth, address) of each stop."""
    return re.findall(r'class="stop depth-(\d)">.*?stop-address">(.*?)<', page.text, re.DOTALL)


def test_without_a_question_there_is_only_the_form(olga):
    said = olga.text(PAGE)
    assert "Where does mail to this address go?" in said
    assert 'role="alert"' not in olga.get(PAGE).text


def test_where_mail_goes(olga):
    said = olga.text(PAGE, address=cast.UMA)
    assert f"Mail to {cast.UMA} arrives in: {cast.UMA}." in said
    assert "The mail is put into the mailbox" in said


def test_in_french(people):
    said = Browser(cast.OLGA, "fr").text(PAGE, address=cast.UMA)
    assert f"{cast.UMA} est une boîte aux lettres." in said
    assert "Où va le courriel envoyé à cette adresse" in said


def test_stops_stand_below_those_they_come_from(olga):
    forward = {"delivery_forward": True, "forward_recipients": ["joe@there.example"]}
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, forward)
    for destination in (cast.MAX, cast.UMA):
        aliases.create(OPERATOR, cast.origin(), cast.ACME, "info", destination)
    assert cards(olga.get(PAGE, address="info@acme.example")) == [
        ("0", "info@acme.example"),
        ("1", cast.MAX),
        ("1", cast.UMA),
        ("2", "joe@there.example"),
    ]


def test_what_a_sender_is_told(olga):
    assert "The sender is told: 550 5.1.1" in olga.text(PAGE, address="zoe@acme.example")


def test_a_setting_that_is_the_reason_can_be_asked_for(olga):
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"service_smtpin": "disabled"})
    page = olga.get(PAGE, address=cast.UMA).text
    link = re.search(r'href="(/explain/\?[^"]*service_smtpin[^"]*)"', page)[1].replace("&amp;", "&")
    assert "In force" in words(olga.http.get(link))


def test_why_a_setting_has_its_value(olga):
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"quota": 2048})
    said = olga.text(PAGE, address=cast.ACME, setting="quota")
    assert "2 GB" in said.replace("\u00a0", " ")
    assert "Last changed by operator" in said


def test_what_can_be_changed_leads_to_where_that_is(olga):
    assert f'href="/domains/{cast.ACME}/settings/#spam"' in olga.get(PAGE, address=cast.ACME, setting="spamlevel").text


def test_viewers_are_not_sent_to_forms_that_are_not_theirs(people):
    page = Browser(cast.VERA).get(PAGE, address=cast.ACME, setting="spamlevel")
    assert (page.status_code, "/settings/#" in page.text) == (200, False)


def test_a_secret_is_not_shown(olga):
    from postroom.core import dkim

    key = dkim.new_key(1024)
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"dkim_selector": "s1", "dkim_key": key})
    page = olga.get(PAGE, address=cast.ACME, setting="dkim_key")
    assert "Secret: never shown" in page.text
    assert key.split("\n")[1][:20] not in page.text


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ({"address": ""}, 422, "Address"),
        ({"address": "uma"}, 422, "full address"),
        ({"address": cast.UMA, "setting": "colour"}, 422, "colour"),
        ({"address": cast.ACME, "setting": "autoresponder"}, 422, "not a setting of a domain"),
        ({"address": "a@foreign.example"}, 404, "domain"),
    ],
)
def test_what_is_wrong_is_told_in_the_form(olga, query, status, said):
    answer = olga.get(PAGE, **query)
    assert (answer.status_code, said in words(answer)) == (status, True)
    assert 'role="alert"' in answer.text


def test_an_address_is_only_text_on_the_page(olga):
    text = olga.get(PAGE, address="<script>@acme.example").text
    assert "<script>@" not in text


def test_a_foreign_domain_is_as_good_as_none(people):
    nora = Browser(cast.NORA)
    answers = [nora.get(PAGE, address=address) for address in (cast.UMA, "a@nowhere.example")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert len({re.sub(r"<[^>]*>|\S+@\S+", "", re.sub(r'value="[^"]*"', "", a.text)) for a in answers}) == 1


def test_holders_ask_about_their_own_mailbox(uma):
    page = uma.get(PAGE)
    assert f'value="{cast.UMA}"' in page.text
    assert uma.get(PAGE, address=cast.UMA).status_code == 200
    assert uma.get(PAGE, address=cast.MAX).status_code == 404


def test_holders_who_ask_about_others_are_offered_their_own(uma):
    assert 'href="/explain/?address=uma%40acme.example"' in uma.get(PAGE, address=cast.MAX).text


def test_nobody_is_sent_to_sign_in_and_back(people):
    answer = Client().get(PAGE, {"address": cast.UMA})
    assert (answer.status_code, answer["Location"]) == (
        303,
        "/sign-in/?next=%2Fexplain%2F%3Faddress%3Duma%2540acme.example",
    )


def test_a_page_with_many_stops_stays_small(olga):
    for number in range(60):
        aliases.create(OPERATOR, cast.origin(), cast.ACME, "all", f"person-{number}@there.example")
    page = olga.get(PAGE, address="all@acme.example")
    assert len(page.content) < 100_000
    assert "11 more addresses are not shown." in words(page)


@pytest.mark.parametrize("number", [1, 30])
def test_what_is_behind_costs_no_question_an_address(olga, number, django_assert_max_num_queries):
    for n in range(number):
        aliases.create(OPERATOR, cast.origin(), cast.ACME, "all", f"person-{n}@there.example")
    with django_assert_max_num_queries(9):  # besides those that are compiled
        olga.get(PAGE, address="all@acme.example")
