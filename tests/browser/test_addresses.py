"""A further address is added to the account by a letter's link, made the main one, and removed."""

import pytest

from tests.browser.test_first_time import letter_to

FAR = "a.very.long.name.of.vera@department-of-communication.far.example"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_address_is_added_made_the_main_one_and_removed(visitor, language):
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

    made_main(vera, address)
    made_main(vera, vera.town.people["viewer"])
    vera.page.locator("main a[href$='/remove/']").first.click()
    vera.page.wait_for_url("**/remove/")
    vera.looks_around()
    vera.page.locator("main form button").first.click()
    vera.page.wait_for_url("**/account/")
    assert vera.page.locator("main").get_by_text(address).count() == 0


def made_main(vera, address):
    row = vera.page.locator("main li").filter(has_text=address)
    row.locator("form[action$='/main/'] button").click()
    row.locator(".muted").wait_for()  # says that it is the main one
    vera.looks_around()
