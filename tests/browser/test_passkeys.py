"""A passkey is made and opens the door: with Chromium's own authenticator in place of a finger."""

import pytest


@pytest.fixture
def aldo(visitor):
    one = visitor()
    device = one.context.new_cdp_session(one.page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return one


def test_a_passkey_is_made_and_signs_in_alone_until_it_is_removed(aldo):
    aldo.sign_in("administrator")
    aldo.go("/account/passkeys/new/")
    aldo.fill("Name", "Laptop")
    aldo.click("Set up a passkey")
    aldo.sees("Your passkey is set up")
    aldo.click("I have kept them", "link")
    aldo.page.locator("details.me summary").click()
    aldo.click("Sign out")
    aldo.sees("You are signed out")

    aldo.go("/sign-in/")
    aldo.click("Sign in with a passkey", "link")
    aldo.page.wait_for_url("**/domains/")
    assert "Aldo" in aldo.page.locator(".me-name").inner_text()

    aldo.go("/account/security/")
    aldo.click("Remove Laptop", "link")
    aldo.page.wait_for_url("**/remove/")
    aldo.looks_around()
    aldo.page.locator("main form button").first.click()
    aldo.page.wait_for_url("**/account/security/")
    assert not aldo.page.get_by_text("Laptop", exact=True).count()
