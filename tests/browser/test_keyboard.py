"""From signing in to a created mailbox without a pointer: Tab, Enter and typing alone."""

import pytest

LOST_AFTER = 80


@pytest.fixture
def keys(visitor):
    return Keys(visitor())


class Keys:
    """Somebody who never touches the mouse."""

    def __init__(self, visitor):
        self.visitor, self.page = visitor, visitor.page

    def type(self, text):
        self.page.keyboard.type(text)

    def press(self, key):
        self.page.keyboard.press(key)

    def tab_to(self, name):
        """Until what has the focus is called so; each stop must be seen: it has an outline or a shadow."""
        for _ in range(LOST_AFTER):
            self.press("Tab")
            here = self.page.evaluate(_FOCUSED)
            assert here["seen"], f"the focus cannot be seen at {here['name']!r} ({here['html']})"
            if here["name"] == name:
                return
        raise AssertionError(f"{name!r} cannot be reached by Tab on {self.page.url}")

    def focused(self):
        return self.page.evaluate(_FOCUSED)["name"]


_FOCUSED = """() => {
    const at = document.activeElement
    const label = at.labels?.[0]?.textContent ?? at.getAttribute('aria-label') ?? at.textContent
    const style = getComputedStyle(at)
    const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0
    return {
        name: (label || '').replace(/\\s+/g, ' ').trim(),
        seen: at === document.body || outlined || style.boxShadow !== 'none',
        html: at.outerHTML.slice(0, 120),
    }
}"""


def test_from_sign_in_to_a_created_mailbox(keys, town):
    keys.visitor.go("/")
    keys.press("Tab")
    assert keys.focused() == "Skip to the content"
    keys.tab_to("Sign in")
    keys.press("Enter")
    keys.page.wait_for_url("**/sign-in/**")
    if keys.focused() != "E-mail address":
        keys.tab_to("E-mail address")
    keys.type(town.people["owner"])
    keys.tab_to("Password")
    keys.type(town.password)
    keys.press("Enter")

    keys.page.wait_for_url("**/domains/")
    keys.tab_to("mediatheque.example")
    keys.press("Enter")
    keys.page.wait_for_url("**/mediatheque.example/")
    keys.tab_to("New address")
    keys.press("Enter")
    keys.page.wait_for_url("**/new/")
    if keys.focused() != "First name":
        keys.tab_to("First name")
    keys.type("Kim")
    keys.press("Tab")
    keys.type("Tabari")
    keys.press("Enter")

    keys.page.get_by_text("kim.tabari@mediatheque.example was created").wait_for()


def test_an_error_takes_the_focus_and_names_its_field(keys):
    keys.visitor.sign_in("owner")
    keys.visitor.go("/domains/mediatheque.example/new/")
    if keys.focused() != "First name":
        keys.tab_to("First name")
    keys.type("Adèle")
    keys.press("Tab")
    keys.type("Marchand")
    keys.press("Enter")

    keys.page.locator("[aria-invalid=true]").first.wait_for()
    inside = "() => document.activeElement.closest('[role=alert], .problems, .error-summary') !== null"
    assert keys.page.evaluate(inside) or keys.page.evaluate(
        "() => document.activeElement.matches('[aria-invalid=true]')"
    )


def test_a_row_menu_opens_and_closes_by_keys(keys):
    keys.visitor.sign_in("owner")
    keys.visitor.go("/domains/mediatheque.example/")
    menu = keys.page.locator("main details.menu").first
    menu.locator("summary").focus()
    keys.press("Enter")
    assert menu.get_attribute("open") is not None
    keys.press("Escape")
    assert menu.get_attribute("open") is None
