"""Every form works in a browser that runs no script."""

import pytest

NEW = "paper-mill.example"


@pytest.fixture
def olga(visitor):
    return visitor(script=False)


def test_signing_in_and_adding_a_domain_and_a_mailbox(olga, town):
    olga.go("/sign-in/")
    olga.fill("E-mail address", town.people["owner"])
    olga.fill("Password", town.password)
    olga.click("Sign in")
    olga.click("Add a domain", "link")
    olga.fill("Domain name", NEW)
    olga.click("Add the domain")
    olga.sees(f"{NEW} was added")
    olga.click("Make the checks pass")
    olga.sees("The fake platform now finds every DNS record")
    olga.go(f"/domains/{NEW}/new/")
    olga.fill("First name", "Paul")
    olga.fill("Last name", "Müller")
    olga.click("Create")
    olga.sees(f"paul.muller@{NEW} was created")


def test_what_is_missing_is_told_at_its_field(olga, town):
    olga.sign_in("owner")
    olga.go("/domains/new/")
    olga.fill("Domain name", "no domain at all")
    olga.page.get_by_label("Domain name", exact=True).press("Enter")

    field = olga.page.get_by_label("Domain name", exact=True)
    assert field.get_attribute("aria-invalid") == "true"
    told = olga.page.locator(f"#{field.get_attribute('aria-describedby').split()[0]}")
    assert told.inner_text()


def test_searching_in_a_list(olga):
    olga.sign_in("owner")
    olga.go("/domains/mediatheque.example/")
    search = olga.page.locator("main").get_by_role("searchbox").first
    search.fill("roussel")
    search.press("Enter")

    assert olga.page.get_by_text("amelie.roussel").count()
    assert not olga.page.get_by_text("adele.marchand").count()


def test_disabling_a_mailbox_asks_first_and_does_it(olga):
    olga.sign_in("owner")
    olga.go("/domains/mediatheque.example/mailboxes/odile.vasseur/disable/")
    olga.page.locator("main form button").first.click()
    olga.go("/domains/mediatheque.example/?q=odile")

    assert "Disabled" in olga.page.get_by_role("row").filter(has_text="odile.vasseur").inner_text()
