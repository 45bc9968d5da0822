"""A further address is added to the account by a letter's link, and removed."""

import pytest

from tests.browser.test_first_time import letter_to

FAR = "a.very.long.name.of.vera@department-of-communication.far.example"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_address_is_added_and_removed(visitor, language):
    vera, address = visitor("viewer", language), f"{language}.{FAR}"
    vera.go("/account/addresses/new/")
    vera.looks_around()
    vera.page.locator("main input[type=email]").fill(address)
    vera.page.locator("main form button").first.click()
    vera.page.wait_for_url("**/account/")
    vera.sees(address)
    vera.looks_around()

    vera.go("/demo/inbox")
    letter_to(vera, address)
    link = vera.page.frame_locator("iframe").get_by_role("link").first.get_attribute("href")
    vera.go(link)
    vera.looks_around()
    vera.page.locator("main form button").first.click()
    vera.page.wait_for_url("**/account/")
    vera.looks_around()

    vera.page.locator("main a[href$='/remove/']").first.click()
    vera.page.wait_for_url("**/remove/")
    vera.looks_around()
    vera.page.locator("main form button").first.click()
    vera.page.wait_for_url("**/account/")
    assert vera.page.locator("main").get_by_text(address).count() == 0
