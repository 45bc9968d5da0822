"""What the administrator of a workgroup finds: the mailboxes of it, and nothing of the others'."""

import html
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from postroom.actions import (
    admin_roles,
    aliases,
    domain_cards,
    domains,
    mailbox_removal,
    mailboxes,
    person_mailboxes,
    person_signin,
    workgroups,
)
from postroom.actions.person_mailboxes import Selection
from postroom.core.roles import OPERATOR
from postroom.store.models import Domain, History, Mailbox, Person
from tests import cast
from tests.faces.web.mailboxes.conftest import Browser, toasts
from tests.sessions import sign_in

pytestmark = pytest.mark.django_db

SAM = "sam@acme.example"
OTHERS = ("dora", "max", "uma")


class Holder(Browser):
    """Of somebody who has signed in with the mailbox's password."""

    def __init__(self, address, language="en"):
        passed = person_signin.holder_by_password(cast.origin(), address, cast.PASSWORD)
        self.person = Person.objects.get(email=address)
        Person.objects.filter(pk=self.person.pk).update(language=language)
        self.base = f"/domains/{cast.ACME}/"
        self.http = sign_in(Client(), self.person.pk, proof=passed.proof)


@pytest.fixture(autouse=True)
def _fresh_cache():
    yield
    cache.clear()


@pytest.fixture
def sales(people):
    """Sam works in sales, as Wes does."""
    cast.mailbox(SAM, workgroup="sales", name="Sam Sand")


@pytest.fixture
def wes(sales):
    return Holder(cast.WES)


@pytest.fixture
def max_(sales):
    return Holder(cast.MAX)


def told(page):
    """What there is to read, without what stands in tags."""
    return html.unescape(re.sub(r"<[^>]*>", " ", page.text))


def ways(page):
    return [way.label for way in page.context["ways"]]


def hrefs(page):
    return set(re.findall(r'(?:href|action)="(/(?:domains|explain)/[^"#]*)', page.text))


# What there is to find


def test_the_first_page_after_signing_in_lists_the_domain(wes):
    page = wes.http.get("/", follow=True)
    assert page.redirect_chain == [("/domains/", 303)]
    assert "/domains/acme.example/" in hrefs(page)


def test_the_domain_is_told_with_the_workgroups_mailboxes_only(wes):
    (card,) = wes.http.get("/domains/").context["cards"]
    assert (card.name, card.mailboxes) == (cast.ACME, 2)


def test_the_list_of_domains_is_sorted_by_the_numbers_that_it_shows(wes):
    domains.change(OPERATOR, cast.origin(), "town.example", {"company": "acme"}, create_only=True)
    for name in ("a", "b", "c"):
        cast.mailbox(f"{name}@town.example")
    cast.person(cast.WES, "viewer", "town.example")
    cards = wes.http.get("/domains/", {"ordering": "count_mailboxes"}).context["cards"]
    assert [(card.name, card.mailboxes) for card in cards] == [(cast.ACME, 2), ("town.example", 3)]


def test_the_list_of_domains_takes_three_statements(sales):
    them = cast.actor(cast.WES)
    with CaptureQueriesContext(connection) as asked:
        found, numbers = domain_cards.overview(them, domain_cards.DomainQuery(), 0, 20)
    assert ([card.name for card in found], sum(numbers.values()), len(asked) <= 3) == ([cast.ACME], 1, True)


def test_of_the_navigation_there_is_what_can_be_used(wes):
    assert ways(wes.get()) == ["Domains", "My mailbox", "Explain", "Documentation"]


def test_a_holder_without_a_role_finds_no_domains(sales):
    uma = Holder(cast.UMA)
    assert ways(uma.http.get("/my/")) == ["My mailbox", "Documentation"]
    assert (uma.http.get("/domains/").context["cards"], uma.get().status_code) == ([], 404)


def test_a_mail_administrator_finds_all_as_before(max_):
    page = max_.get()
    assert ways(page) == ["Domains", "My mailbox", "Explain", "Statistics", "Documentation"]
    assert (page.context["pages"].total, page.context["domain"].mailboxes) == (5, 5)


def test_the_addresses_are_those_of_the_workgroup(wes):
    page = wes.get(ordering="local_part")
    assert [line.view.address for line in page.context["lines"]] == [SAM, cast.WES]
    assert (page.context["pages"].total, page.context["domain"].mailboxes) == (2, 2)


@pytest.mark.parametrize("query", [{}, {"q": "acme"}, {"status": "enabled"}, {"q": "acme", "status": "enabled"}])
def test_nobody_elses_address_stands_on_the_page(wes, query):
    text = told(wes.get(**query))
    assert [name for name in OTHERS if name in text] == []
    assert SAM in text


def test_others_are_not_found_by_searching(wes):
    page = wes.get(q="uma")
    assert (page.context["lines"], page.context["pages"].total) == ([], 0)


def test_twenty_make_a_page(wes):
    for number in range(21):
        cast.mailbox(f"m{number}@acme.example", workgroup="sales")
    first, second = wes.get(), wes.get(page=2)
    assert (len(first.context["lines"]), len(second.context["lines"])) == (20, 3)


@pytest.mark.parametrize("query", [{}, {"q": "acme"}, {"status": "enabled"}, {"q": "acme", "ordering": "status"}])
def test_the_list_takes_three_statements(sales, query):
    them = cast.actor(cast.WES)
    with CaptureQueriesContext(connection) as asked:
        found, total = person_mailboxes.listed(them, cast.ACME, Selection(**query))
    assert (len(found), total, len(asked) < 3) == (2, 2, True)  # besides the domain's own, which Django does not see


def test_the_exported_table_has_the_workgroup(wes):
    lines = b"".join(wes.get("export/").streaming_content).decode().splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == ["sam", "wes"]


@pytest.mark.parametrize(("q", "found"), [("acme", [SAM, cast.WES]), ("uma", []), ("dora@acme.example", [])])
def test_searching_everything_finds_the_workgroup(wes, q, found):
    hits = wes.http.get("/search/", {"q": q}).context["found"]
    assert ([hit.address for hit in hits.mailboxes], hits.domains, hits.aliases, hits.people) == (found, [], [], [])


def test_searching_is_offered(wes):
    assert 'action="/search/"' in wes.get().text


def test_of_two_workgroups_both_are_shown(sales):
    workgroups.create(OPERATOR, cast.origin(), cast.ACME, "stock")
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"workgroup": "stock"})
    admin_roles.assign(OPERATOR, cast.origin(), cast.WES, "workgroup", [f"{cast.ACME}/sales", f"{cast.ACME}/stock"])
    shown = [line.view.address for line in Holder(cast.WES).get(ordering="local_part").context["lines"]]
    assert shown == [SAM, cast.UMA, cast.WES]


def test_french_is_spoken(sales):
    them = Holder(cast.WES, "fr")
    page = them.post("new/", first_name="Nina", last_name="New", local_part="nina", secondary_email="")
    assert toasts(page) == ["nina@acme.example a été créé."]
    assert ways(them.get()) == ["Domaines", "Ma boîte", "Expliquer", "Documentation"]


# What there is to open


def test_every_link_of_the_pages_opens(wes):
    """Nothing is offered that is refused then. A form's address answers no GET, or leads away."""
    seen, waiting = {}, {"/domains/"}
    while waiting:
        path = waiting.pop()
        page = wes.http.get(path)
        seen[path] = page.status_code
        if page.status_code == 200 and not page.streaming:
            waiting |= {one for one in map(html.unescape, hrefs(page)) if one not in seen}
    refused = {path: code for path, code in seen.items() if code not in (200, 303, 405)}
    assert refused == {}
    assert "/domains/acme.example/mailboxes/sam/settings/" in seen


@pytest.mark.parametrize("path", ["dns/", "people/", "settings/", "history/", "usage/", "aliases/", "aliases-new/"])
def test_the_domains_other_pages_are_closed(wes, path):
    assert wes.get(path).status_code == 403


@pytest.mark.parametrize("path", ["import/", "import/preview/", "import/progress/", "delete/", "disable/"])
def test_what_is_for_the_whole_domain_is_closed(wes, path):
    assert wes.get(path).status_code == 403


def test_an_alias_is_closed(wes):
    aliases.create(OPERATOR, cast.origin(), cast.ACME, "info", cast.UMA)
    assert [wes.get(f"aliases/info/{rest}").status_code for rest in ("", "delete/")] == [403, 403]


@pytest.mark.parametrize("path", ["", "settings/", "history/", "edit/", "rename/", "further/", "delete/"])
def test_the_workgroups_mailboxes_open(wes, path):
    assert wes.get(f"mailboxes/sam/{path}").status_code == 200


@pytest.mark.parametrize("path", ["", "settings/", "history/", "edit/", "rename/", "further/", "delete/", "disable/"])
def test_those_of_others_are_closed_as_if_they_were_not_there(wes, path):
    assert wes.get(f"mailboxes/uma/{path}").status_code == wes.get(f"mailboxes/nobody/{path}").status_code == 403


def test_where_mail_goes_is_told_of_the_workgroup_only(wes):
    assert SAM in told(wes.http.get("/explain/", {"address": SAM}))
    refused = wes.http.get("/explain/", {"address": cast.UMA})
    assert (refused.context["form"].errors.keys(), "way" in refused.context) == ({"address"}, False)


# What there is to do


def test_of_the_steps_there_are_those_of_the_role(wes):
    (sam,) = wes.get(q="sam").context["lines"]
    assert [step for step, _, _ in sam.steps] == ["delete"]
    assert [step for step, _, _ in wes.get("mailboxes/sam/").context["steps"]] == ["delete"]


def test_many_can_only_be_deleted_at_once(wes):
    assert [step for step, _ in wes.get().context["at_once"]] == ["delete"]


def test_the_holders_name_is_changed(wes):
    wes.post("mailboxes/sam/edit/", first_name="Samuel", last_name="Sand", secondary_email="")
    assert cast.row(SAM).first_name == "Samuel"


def test_the_address_is_changed(wes):
    wes.post("mailboxes/sam/rename/", local_part="samuel")
    assert cast.row("samuel@acme.example").workgroup.name == "sales"


@pytest.mark.parametrize("path", ["edit/", "rename/", "delete/"])
def test_nothing_of_others_is_changed(wes, path):
    before = Mailbox.objects.filter(address=cast.UMA).values().get()
    page = wes.post(f"mailboxes/uma/{path}", first_name="Ulla", last_name="Ash", local_part="ulla", sure="1")
    assert page.status_code == 403
    assert Mailbox.objects.filter(address=cast.UMA).values().get() == before


@pytest.mark.parametrize("verb", ["disable", "enable", "login-link", "reset-password", "retry"])
def test_what_the_role_does_not_bring_is_refused(wes, verb):
    assert wes.post(f"mailboxes/sam/{verb}/", sure="1").status_code == 403


def test_a_new_mailbox_is_of_the_workgroup(wes):
    page = wes.post("new/", first_name="Nina", last_name="New", local_part="nina", secondary_email="n@home.example")
    assert page.redirect_chain == [("/domains/acme.example/mailboxes/nina/", 303)]
    assert cast.row("nina@acme.example").workgroup.name == "sales"


def test_without_a_second_address_no_link_is_spoken_of(wes):
    page = wes.post("new/", first_name="Nina", last_name="New", local_part="nina", secondary_email="")
    assert toasts(page) == ["nina@acme.example was created."]


def test_the_one_who_makes_a_mailbox_is_offered_no_table(wes):
    assert "/domains/acme.example/import/" not in hrefs(wes.get()) | hrefs(wes.get("new/"))


def test_of_many_those_of_others_stay(wes):
    wes.post("bulk/", do="delete", sure="1", mailbox=["sam", "uma"])
    living = Mailbox.objects.filter(deleted_at=None, address__in=[SAM, cast.UMA])
    assert [one.address for one in living] == [cast.UMA]


def test_deleted_ones_are_those_of_the_workgroup(wes):
    for address in (SAM, cast.UMA):
        mailbox_removal.delete(OPERATOR, cast.origin(), address)
    page = wes.get("deleted/")
    assert ([one.address for one, _, _ in page.context["lines"]], page.context["pages"].total) == ([SAM], 1)


def test_one_of_the_workgroup_comes_back(wes):
    number = cast.row(SAM).pk
    mailbox_removal.delete(OPERATOR, cast.origin(), SAM)
    page = wes.post(f"deleted/{number}/", local_part="sam")
    assert toasts(page) == ["sam@acme.example is back, with its mail and settings."]


def test_one_of_others_does_not_come_back(wes):
    number = cast.row(cast.UMA).pk
    mailbox_removal.delete(OPERATOR, cast.origin(), cast.UMA)
    assert wes.post(f"deleted/{number}/", local_part="uma").status_code == 404
    assert Mailbox.objects.get(pk=number).deleted_at is not None


def test_what_the_mail_servers_say_of_the_domain_is_not_told(wes):
    Domain.objects.filter(name=cast.ACME).update(failure="catchall of uma is unknown")
    assert "catchall of uma" not in wes.get().text


def test_a_viewer_who_looks_after_a_workgroup_sees_all_and_deletes_their_own(sales):
    both = Holder(cast.WES)
    cast.person(cast.WES, "viewer")
    page = both.get(ordering="local_part")
    shown = {line.view.local_part: line.choosable for line in page.context["lines"]}
    assert shown == {"dora": False, "max": False, "sam": True, "uma": False, "wes": True}
    assert page.context["domain"].mailboxes == 5


def test_whoever_loses_the_role_loses_the_pages(wes):
    assert wes.get().status_code == 200
    admin_roles.assign(OPERATOR, cast.origin(), cast.WES, None, [])
    assert wes.get().status_code == 404


def test_what_is_done_is_in_the_history_of_the_mailbox(wes):
    wes.post("mailboxes/sam/edit/", first_name="Samuel", last_name="Sand", secondary_email="")
    assert History.objects.filter(name=SAM, actor=cast.WES, verb="changed").exists()
    assert "Samuel" in told(wes.get("mailboxes/sam/history/"))
