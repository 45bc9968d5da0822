"""Every page of the operator's: there for those whom it is for, and for nobody else."""

import pytest
from django.test import Client
from django.urls import reverse

from postroom.actions import brands, bulletins, oidc_clients, platforms
from postroom.actions.bulletins import Named
from postroom.actions.oidc_clients import ClientWish
from postroom.core.roles import OPERATOR
from postroom.store.models import Person
from tests import cast
from tests.faces.web.operator.conftest import OTTO

LETTER = "Subject: News\n\nDear {'name'}\n"

OF_COMPANY = [
    "/operate/companies/",
    "/operate/companies/acme/",
    "/operate/companies/acme/settings/",
    "/operate/companies/acme/history/",
    "/operate/companies/acme/administrators/",
    "/operate/companies/acme/administrators/remove/?address=dora@acme.example&role=domain&on=acme.example",
    "/operate/companies/acme/brands/",
    "/operate/companies/acme/brands/new/",
    "/operate/companies/acme/brands/show/?name=Blue",
    "/operate/companies/acme/brands/preview/?name=Blue",
    "/operate/companies/acme/brands/remove/?name=Blue",
    "/operate/companies/acme/bulletins/",
    "/operate/companies/acme/bulletins/new/",
    "/operate/companies/acme/bulletins/show/?type=manual&name=News",
    "/operate/companies/acme/bulletins/post/?type=manual&name=News",
    "/operate/companies/acme/bulletins/remove/?type=manual&name=News",
]
OF_DOMAIN = [
    "/operate/domains/acme.example/workgroups/",
    "/operate/domains/acme.example/workgroups/remove/?workgroup=sales",
    "/operate/domains/acme.example/bulletins/",
    "/operate/domains/acme.example/bulletins/new/",
    "/operate/domains/acme.example/bulletins/show/?type=auto&name=Hello",
    "/operate/domains/acme.example/bulletins/post/?type=auto&name=Hello",
    "/operate/domains/acme.example/bulletins/remove/?type=auto&name=Hello",
]
OF_OPERATOR = [
    "/operate/new-company/",
    "/operate/companies/acme/trust/",
    "/operate/platforms/",
    "/operate/platforms/fake/",
    "/operate/new-platform/",
    "/operate/work/",
    "/operate/work/?kind=domain",
    "/operate/work/?kind=job",
    "/operate/work/?failed=1",
    "/operate/drift/",
    "/operate/people/",
    "/operate/people/new/",
    "/operate/people/ID/",
    "/operate/people/ID/disable/",
    "/operate/people/ID/factors/",
    "/operate/people/ID/unlink/",
    "/operate/people/ID/promote/",
    "/operate/people/ID/demote/",
    "/operate/e-mails/",
    "/operate/programs/",
    "/operate/programs/new/",
    "/operate/programs/dimail/?name=people",
    "/operate/programs/webmail/remove/",
]
CHANGES = [
    "/operate/work/retry/",
    "/operate/work/mailbox/1/retry/",
    "/operate/work/job/1/retry/",
    "/operate/e-mails/send/",
    "/operate/platforms/fake/ask/",
    "/operate/platforms/fake/default/",
    "/operate/people/ID/enable/",
]


@pytest.fixture
def things(people):
    """One of everything that has a page."""
    brands.create(OPERATOR, cast.origin(), "acme", "Blue", {"title": "Blue Mail", "colour": "#0055aa"})
    for owner, name, type, called in (("company", "acme", "manual", "News"), ("domain", cast.ACME, "auto", "Hello")):
        named = Named(owner=owner, owner_name=name, type=type, name=called)
        bulletins.change(OPERATOR, cast.origin(), named, LETTER)
    wish = ClientWish(client_id="webmail", name="Webmail", redirect_uris=["https://webmail.example/back"])
    oidc_clients.add(OPERATOR, cast.origin(), wish)
    from postroom.actions import dimail_accounts

    account = dimail_accounts.AccountWish(name="people", password="Zebra-quilt-marmot-42", perms=["new_domain"])
    dimail_accounts.add(dimail_accounts.OPERATORS, cast.origin(), account)


def path(written):
    return written.replace("ID", str(Person.objects.get(email=cast.VERA).pk))


def statuses(browser, pages, ask="get"):
    """Of each page what it answers: told together, since the cast takes longer to make than all pages."""
    return {page: getattr(browser, ask)(path(page)).status_code for page in pages}


def all_of(pages, status):
    return dict.fromkeys(pages, status)


EVERYTHING = ["/operate/", *OF_COMPANY, *OF_DOMAIN, *OF_OPERATOR]


def test_the_operator_sees_everything(things, otto):
    assert statuses(otto, EVERYTHING) == all_of(EVERYTHING, 200)


def test_everything_is_there_in_french(things, otto):
    Person.objects.filter(email=OTTO).update(language="fr")
    assert statuses(otto, EVERYTHING) == all_of(EVERYTHING, 200)


def test_every_page_has_one_heading(things, otto):
    numbers = {page: otto.get(path(page)).text.count("<h1>") for page in EVERYTHING if "preview" not in page}
    assert numbers == all_of(numbers, 1)


def test_an_administrator_of_the_company_sees_what_is_the_companys(things, alice):
    pages = [*OF_COMPANY, *OF_DOMAIN]
    assert statuses(alice, pages) == all_of(pages, 200)


def test_an_administrator_of_the_company_sees_nothing_else(things, alice):
    assert statuses(alice, OF_OPERATOR) == all_of(OF_OPERATOR, 403)


def test_an_administrator_of_a_domain_sees_what_is_the_domains(things, dora):
    assert statuses(dora, OF_DOMAIN) == all_of(OF_DOMAIN, 200)


def test_what_is_another_companys_is_out_of_reach(things, charlie):
    found = statuses(charlie, [*OF_COMPANY[1:], *OF_DOMAIN])
    assert {page: status for page, status in found.items() if status not in (403, 404)} == {}


def test_an_owner_of_a_domain_sees_nothing_of_the_operators(things, olga):
    pages = [*OF_COMPANY, *OF_OPERATOR]
    assert statuses(olga, pages) == all_of(pages, 403)


def test_only_the_operator_changes_what_is_everybodys(things, alice):
    assert statuses(alice, CHANGES, "post") == all_of(CHANGES, 403)


def test_what_changes_something_cannot_be_looked_at(things, otto):
    assert statuses(otto, CHANGES) == all_of(CHANGES, 405)


def test_nobody_sees_anything_without_signing_in(things):
    pages = [*EVERYTHING, "/search/"]
    assert {Client().get(path(page)).headers.get("Location", "")[:9] for page in pages} == {"/sign-in/"}


def test_nobody_changes_anything_without_signing_in(things):
    assert {Client().post(path(page)).headers.get("Location", "")[:9] for page in CHANGES} == {"/sign-in/"}


NOWHERE = {
    "/operate/companies/nowhere/": 403,
    "/operate/companies/nowhere/settings/": 403,
    "/operate/companies/acme/brands/show/?name=Red": 404,
    "/operate/companies/acme/brands/preview/?name=Red": 404,
    "/operate/companies/acme/bulletins/show/?type=manual&name=Old": 404,
    "/operate/companies/acme/bulletins/show/": 422,
    "/operate/domains/nowhere.example/bulletins/": 404,
    "/operate/domains/nowhere.example/workgroups/": 404,
    "/operate/platforms/nowhere/": 404,
    "/operate/people/0/": 404,
    "/operate/people/99999999999999999999/": 404,
    "/operate/programs/nobody/remove/": 404,
    "/operate/programs/dimail/?name=nobody": 404,
}


def test_what_is_not_there_is_told_so(things, otto):
    assert statuses(otto, NOWHERE) == NOWHERE


def test_an_administrator_of_one_company_begins_there(alice):
    assert alice.get("/operate/")["Location"] == reverse("company_show", args=["acme"])


def test_an_owner_of_a_domain_has_nothing_to_operate(olga):
    assert olga.get("/operate/").status_code == 403


@pytest.mark.parametrize("page", ["/operate/companies/", "/operate/people/", "/operate/work/", "/operate/e-mails/"])
def test_lists_ask_the_database_as_often_for_many_as_for_few(things, otto, page, django_assert_max_num_queries):
    for n in range(10):
        cast.person(f"p{n}@people.test")
    otto.get(page)
    with django_assert_max_num_queries(14):
        otto.get(page)


def test_a_platforms_that_is_added_is_listed(otto):
    platforms.add(
        OPERATOR,
        cast.origin(),
        platforms.PlatformView(name="second", driver="fake", settings={"path": ":memory:"}, is_default=False),
    )
    assert "second Simulated platform In step" in otto.text("/operate/platforms/")
