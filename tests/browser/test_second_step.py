"""An authenticator is set up in the browser; from then on signing in takes its code, or a recovery code."""

import time

import pyotp
import pytest


@pytest.fixture
def vera(visitor):
    return visitor()


def secret_on(page):
    return page.locator("main code").first.inner_text().replace(" ", "")


def code_of(secret, after=""):
    """The next one that was not used yet."""
    while (code := pyotp.TOTP(secret).now()) == after:
        time.sleep(0.5)
    return code


def test_an_authenticator_is_set_up_used_and_removed(vera, town):
    vera.sign_in("viewer")
    vera.go("/account/authenticator/")
    vera.looks_around()
    secret = secret_on(vera.page)
    first = code_of(secret)
    vera.page.locator("main input[autocomplete=one-time-code]").fill(first)
    vera.page.locator("main form button").first.click()
    vera.sees("Keep these recovery codes now")
    vera.looks_around()
    recovery = vera.page.locator("main").get_by_text("-", exact=False).filter(has_text="-").all_inner_texts()
    one = next(word for text in recovery for word in text.split() if word.count("-") == 3)
    vera.go("/account/recovery-codes/")
    vera.looks_around()

    vera.context.clear_cookies()
    vera.go("/sign-in/")
    vera.fill("E-mail address", town.people["viewer"])
    vera.fill("Password", town.password)
    vera.page.locator("main .card form button").first.click()
    vera.page.wait_for_url("**/sign-in/code/**")
    vera.looks_around()
    vera.page.locator("main input[autocomplete=one-time-code]").fill(one)
    vera.click("Sign in")
    vera.page.wait_for_url("**/domains/")

    vera.go("/account/authenticator/remove/")
    vera.looks_around()
    vera.page.locator("main form button").first.click()
    vera.page.wait_for_url("**/account/security/")
    vera.sees("Set up an authenticator")
