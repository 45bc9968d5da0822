"""What scripts add to the pages."""

import pytest

LIBRARY = "/domains/mediatheque.example/"


@pytest.fixture
def olga(visitor):
    one = visitor()
    one.sign_in("owner")
    return one


def test_a_list_follows_typing_and_its_address_can_be_shared(olga):
    olga.go(LIBRARY)
    olga.page.locator("main").get_by_role("searchbox").press_sequentially("roussel")
    olga.page.wait_for_url("**?*q=roussel*")
    rows = olga.page.locator("main tbody tr")

    assert rows.count() == 1
    assert "amelie.roussel" in rows.inner_text()
    olga.page.reload()
    assert rows.count() == 1


def test_a_dns_record_is_copied(olga):
    olga.context.grant_permissions(["clipboard-read", "clipboard-write"])
    olga.go("/domains/harbour-festival.example/dns/")
    olga.page.locator("[data-copy]:visible").first.click()

    copied = olga.page.evaluate("() => navigator.clipboard.readText()")
    assert copied == "harbour-festival.example"


def test_all_boxes_are_ticked_at_once(olga):
    olga.go(LIBRARY)
    olga.page.locator("main [data-all]").first.check()

    boxes = olga.page.locator("main tbody input[type=checkbox]")
    assert boxes.count() == 20
    assert boxes.evaluate_all("boxes => boxes.every(box => box.checked)")


def test_two_chosen_mailboxes_are_disabled_together(olga):
    olga.go(f"{LIBRARY}?q=r&ordering=name")
    rows = olga.page.locator("main tbody tr").filter(has_text="Enabled")
    chosen = [rows.nth(n).get_by_role("link").first.inner_text() for n in (0, 1)]
    for n in (0, 1):
        rows.nth(n).get_by_role("checkbox").check()
    olga.click("Disable")
    olga.sees(chosen[0])
    olga.looks_around()
    olga.page.locator("main form button").first.click()
    for address in chosen:
        olga.go(f"{LIBRARY}?q={address.partition('@')[0]}")
        assert "Disabled" in olga.page.locator("main tbody").inner_text()


def test_the_language_is_changed_by_the_menu_and_stays(olga):
    olga.go(LIBRARY)
    olga.page.locator("details.me summary").click()
    olga.click("Français")
    olga.page.wait_for_function("() => document.documentElement.lang === 'fr'")
    olga.go("/domains/")
    assert olga.page.locator("h1").inner_text() == "Domaines"
    olga.page.locator("details.me summary").click()
    olga.click("English")
    olga.page.wait_for_function("() => document.documentElement.lang === 'en'")


def test_a_change_is_undone_from_the_history(olga):
    olga.go(f"{LIBRARY}mailboxes/nadia.cherif/disable/")
    olga.page.locator("main form button").first.click()
    olga.go(f"{LIBRARY}?q=nadia")
    assert "Disabled" in olga.page.locator("main tbody").inner_text()

    olga.go(f"{LIBRARY}mailboxes/nadia.cherif/history/")
    olga.page.locator("main").get_by_role("button", name="Undo").first.click()
    olga.page.wait_for_load_state()
    olga.go(f"{LIBRARY}?q=nadia")
    assert "Disabled" not in olga.page.locator("main tbody").inner_text()
