"""The first-time path, as a new user walks it: from the address that the demo prints to a mailbox with a password."""

import time

import pytest

from tests.browser.sizes import PHONE

CLICKS = 10
"""All of them, signing in and reading the letter included. More than that is a stumble that somebody put in."""
NEW = "sailing-club.example"
PASSWORD = "Seven-sails-under-9-winds"


def letter_to(visitor, address, within=30):
    """Waits at the demo's inbox until the letter is there, as a person would reload."""
    until = time.monotonic() + within
    row = visitor.page.get_by_role("row").filter(has_text=address)
    while not row.count():
        assert time.monotonic() < until, f"no letter to {address}: {visitor.page.locator('main').inner_text()}"
        visitor.page.wait_for_timeout(200)
        visitor.page.reload()
    visitor.clicks += 1
    row.first.get_by_role("link").first.click()


@pytest.mark.parametrize("size", [None, PHONE], ids=["desktop", "phone"])
def test_from_the_printed_address_to_a_mailbox_with_a_password(visitor, town, size, record_property):
    olga = visitor(**({"size": size} if size else {}))
    domain = NEW if size is None else f"small-{NEW}"

    olga.go("/")
    olga.click("Sign in : Owner of domains")
    olga.click("Add a domain", "link")
    olga.fill("Domain name", domain)
    olga.click("Add the domain")

    olga.sees(f"{domain} has no MX record")
    olga.click("Make the checks pass")
    olga.sees("The fake platform now finds every DNS record")

    olga.click("New address", "link")
    olga.fill("First name", "Zoé")
    olga.fill("Last name", "Martin")
    olga.fill("Second e-mail address", f"zoe@home-of-{domain}")
    olga.click("Create")
    olga.sees(f"zoe.martin@{domain} was created")

    olga.click("E-mails of the demo", "link")
    letter_to(olga, f"zoe@home-of-{domain}")
    olga.clicks += 1
    with olga.page.expect_popup() as opened:
        olga.page.frame_locator("iframe").get_by_role("link").first.click()
    zoe = opened.value
    zoe.get_by_label("New password", exact=True).fill(PASSWORD)
    zoe.get_by_label("The same once more", exact=True).fill(PASSWORD)
    olga.clicks += 1
    zoe.get_by_role("button", name="Set the password").click()
    zoe.get_by_role("heading", name="Your password is set").wait_for()

    record_property("clicks", olga.clicks)
    assert olga.clicks <= CLICKS
