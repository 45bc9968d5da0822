"""The page of plots: whose numbers, how long, what is drawn and read."""

import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from postroom.actions import domains
from postroom.core.roles import OPERATOR
from postroom.store import company_days
from postroom.store.models import Domain, DomainDay
from tests import cast
from tests.faces.web.domains.conftest import Browser, words

PAGE = "/statistics/"
SECOND = "second.example"
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
TODAY = NOON.date()


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to(NOON)


@pytest.fixture(autouse=True)
def _fresh_cache():
    yield
    cache.clear()


def count(name, days_ago, **numbers):
    domain = Domain.objects.get(name=name)
    DomainDay.objects.create(
        day=(TODAY - timedelta(days=days_ago)).isoformat(), company_id=numbers.pop("company_id", domain.company_id),
        domain_id=domain.pk, domain=name, final=True, **numbers,
    )  # fmt: skip
    company_days.add_up_everything()


@pytest.fixture
def counted(people):
    """Two domains of Acme's, two days; Olga owns the first one."""
    domains.change(OPERATOR, cast.origin(), SECOND, {"company": "acme"}, create_only=True)
    count(cast.ACME, 2, delivered=100, spam=25, sent=7, stored_bytes=2**30, logins_imap4=4)
    count(cast.ACME, 1, delivered=1134, spam=0, sent=3, stored_bytes=3 * 2**30, logins_imap4=6, logins_webmail=9)
    count(SECOND, 1, delivered=5000, spam=5000, sent=1, stored_bytes=2**30)


@pytest.fixture
def olga(counted):
    return Browser(cast.OLGA)


@pytest.fixture
def operator(counted):
    cast.person("operator@home.example", is_operator=True)
    return Browser("operator@home.example")


def figures(page):
    """The number above each plot."""
    return [
        " ".join(re.sub(r"<[^>]*>", "", text).split(" ")) for text in re.findall(r'class="figure">(.*?)</p>', page.text)
    ]


def rows(page, chart):
    """Label → values of the table below a plot, where something is known."""
    part = page.text.partition(f'id="{chart}-head"')[2].partition("</table>")[0]
    found = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', part)
    told = {label: re.findall(r">([^<]+)</td>", cells) for label, cells in found}
    return {label: values for label, values in told.items() if set(values) != {"–"}}


def test_a_domain_s_numbers(olga):
    assert [text.replace("\xa0", " ") for text in figures(olga.get(PAGE, domain=cast.ACME))] == [
        "1,234 messages received",
        "3 GB stored now",
        "2 % of the mail received",
        "9 accounts on the busiest day, by one way",
    ]


def test_the_same_can_be_read_as_a_table(olga):
    found = rows(olga.get(PAGE, domain=cast.ACME), "volume")
    assert list(found.values()) == [["100", "7"], ["1,134", "3"]]


def test_spam_is_told_in_percent_of_what_came(olga):
    found = rows(olga.get(PAGE, domain=cast.ACME), "spam")
    assert [value[0].replace("\xa0", " ") for value in found.values()] == ["25 %", "0 %"]


def test_numbers_are_written_as_the_language_does(counted):
    page = Browser(cast.OLGA, "fr").get(PAGE, domain=cast.ACME)
    assert re.sub(r"\s", " ", figures(page)[0]) == "1 234 messages reçus"


def test_nothing_else_than_what_they_see_is_added_up(olga):
    assert figures(olga.get(PAGE))[0] == "1,234 messages received"
    assert "All your domains" in olga.text(PAGE)


def test_a_company_s_administrator_sees_all_of_it(counted):
    cast.person(cast.ALICE, mailbox=cast.row(cast.ALICE))
    alice = Browser(cast.ALICE)
    assert figures(alice.get(PAGE))[0] == figures(alice.get(PAGE, company="acme"))[0] == "6,234 messages received"


def test_the_operator_sees_everything(operator):
    assert "Everything here" in operator.text(PAGE)
    assert figures(operator.get(PAGE))[0] == "6,234 messages received"


def test_the_past_of_a_domain_that_came_from_another_company_is_not_shown(olga):
    count(cast.ACME, 3, delivered=999, company_id=4711)
    assert figures(olga.get(PAGE, domain=cast.ACME))[0] == figures(olga.get(PAGE))[0] == "1,234 messages received"


@pytest.mark.parametrize(("by", "lines"), [("", 30), ("month", 12), ("odd", 30)])
def test_each_period_has_its_line(olga, by, lines):
    page = olga.get(PAGE, domain=cast.ACME, by=by)
    part = page.text.partition('id="volume-head"')[2].partition("</table>")[0]
    assert part.count('<th scope="row">') == lines


def test_older_days_are_left_out(olga):
    count(cast.ACME, 30, delivered=500)
    assert figures(olga.get(PAGE, domain=cast.ACME))[0] == "1,234 messages received"
    assert figures(olga.get(PAGE, domain=cast.ACME, by="month"))[0] == "1,734 messages received"


def test_sign_ins_of_a_month_are_those_of_a_usual_day(olga):
    DomainDay.objects.all().delete()
    first = TODAY.replace(day=1) - timedelta(days=1)
    for day, number in ((first, 4), (first - timedelta(days=1), 6)):
        count(cast.ACME, (TODAY - day).days, logins_imap4=number)
    found = rows(olga.get(PAGE, domain=cast.ACME, by="month"), "sign-ins")
    assert [values[0] for values in found.values()] == ["5"]


def test_plots_are_sound_svg_and_say_what_they_are(olga):
    drawings = re.findall(r'<svg viewBox="0 0 1000 200".*?</svg>', olga.get(PAGE, domain=cast.ACME).text, re.DOTALL)
    assert len(drawings) == 4
    for drawing in drawings:
        parsed = ET.fromstring(drawing)
        assert parsed.get("role") == "img"
        assert parsed.findtext("title") and parsed.findtext("desc")


def test_nothing_is_drawn_by_inline_styles_or_scripts(olga):
    text = olga.get(PAGE, domain=cast.ACME).text
    assert "style=" not in text
    assert not re.search(r"<script(?! src)", text)


def test_without_numbers_it_says_so(people):
    assert "Nothing was counted yet" in Browser(cast.OLGA).text(PAGE)


def test_a_foreign_domain_is_told_in_the_form(olga):
    answer = olga.get(PAGE, domain=SECOND)
    assert (answer.status_code, answer.text.count('class="chart"')) == (404, 0)
    assert 'aria-invalid="true"' in answer.text


@pytest.mark.parametrize("company", ["acme", "nobody's", "\0"])
def test_a_foreign_company_is_not_theirs(olga, company):
    assert olga.get(PAGE, company=company).status_code == 403


def test_what_is_no_name_is_told_in_the_form(olga):
    assert olga.get(PAGE, domain="\0").status_code == 422


def test_who_has_no_domain_has_no_statistics(people):
    assert Browser(cast.NORA).get(PAGE).status_code == 403


def test_nobody_is_sent_to_sign_in(people):
    assert Client().get(PAGE)["Location"] == "/sign-in/?next=%2Fstatistics%2F"


@pytest.mark.parametrize("by", ["day", "month"])
def test_the_page_is_small(olga, by):
    row = DomainDay.objects.get(domain=cast.ACME, delivered=100)
    for days_ago in range(3, 360):
        row.pk, row.day, row.delivered = None, (TODAY - timedelta(days=days_ago)).isoformat(), 10_000_000
        row.save()
    assert len(olga.get(PAGE, domain=cast.ACME, by=by).content) < 100_000


def test_the_other_period_keeps_the_domain(olga):
    assert f'href="/statistics/?domain={cast.ACME}&amp;by=month"' in olga.get(PAGE, domain=cast.ACME).text


def test_its_title_names_the_domain(olga):
    assert f"<title>Statistics: {cast.ACME}" in olga.get(PAGE, domain=cast.ACME).text
    assert words(olga.get(PAGE, domain=cast.ACME)).count(cast.ACME) >= 2
