"""Narrow windows: lists can be sorted on a telephone, and no word is cut in two where there are long names."""

import pytest

from tests.browser.sizes import DESKTOP, PHONE

TABLET = {"width": 768, "height": 1024}
SORTED = (
    "/domains/",
    "/domains/mediatheque.example/",
    "/domains/mediatheque.example/aliases/",
    "/domains/mediatheque.example/people/",
    "/operate/companies/",
    "/operate/companies/acme/",
    "/operate/companies/acme/administrators/",
    "/operate/domains/acme.example/workgroups/",
)
HUB = (
    *(f"/docs/{page}/" for page in ("oma", "rest", "dimail", "errors", "roles", "attributes/domain", "guides/opensrs")),
    "/docs/oma/authenticate/",
)
LISTS = (*SORTED, "/operate/work/", "/operate/e-mails/", "/operate/people/", "/operate/platforms/")
_SEEN = """links => links.filter(a => {
    const box = a.getBoundingClientRect()
    return a.ownerDocument.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2) === a && box.height >= 24
}).length"""
_CUT = """() => {
    const found = [], range = document.createRange(), letter = /[\\p{L}\\p{N}]/u
    const walker = document.createTreeWalker(document.querySelector('.hub-text'), NodeFilter.SHOW_TEXT)
    for (let node; node = walker.nextNode();) {
        if (node.parentElement.closest('thead, .unseen, [hidden]')) continue
        let above = null
        for (let at = 0; at < node.data.length; at++) {
            range.setStart(node, at)
            range.setEnd(node, at + 1)
            const box = range.getClientRects()[0]
            const below = above !== null && box && box.top > above + 4
            if (below && letter.test(node.data[at - 1]) && letter.test(node.data[at]))
                found.push(`${node.data.slice(0, at)}|${node.data.slice(at)}`)
            above = box ? box.top : null
        }
    }
    return found
}"""
_TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def otto(visitor):
    one = visitor(size=PHONE, script=False)
    one.sign_in("operator")
    return one


@pytest.mark.parametrize("path", SORTED)
def test_a_list_is_sorted_on_a_telephone(otto, path):
    otto.go(path)
    links = otto.page.locator("thead [aria-sort] a")
    links.first.scroll_into_view_if_needed()

    assert links.evaluate_all(_SEEN) == links.count() > 0
    label = "head => getComputedStyle(head, '::before').content"
    assert otto.page.locator("thead:has([aria-sort])").evaluate(label) == '"Sort by"'
    links.last.focus()
    otto.page.keyboard.press("Enter")
    otto.page.wait_for_url("**?ordering=*")
    assert otto.page.locator("thead [aria-sort]").last.get_attribute("aria-sort") in {"ascending", "descending"}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_word_of_the_reference_is_cut_in_two(visitor, language):
    reader = visitor("", language)
    cut = []
    for path in HUB:
        reader.go(path)
        for size in (PHONE, TABLET, DESKTOP):
            reader.page.set_viewport_size(size)
            cut += [(path, size["width"], word) for word in reader.page.evaluate(_CUT)]
    assert not cut


@pytest.mark.parametrize("language", ["en", "fr"])
def test_lists_fit_on_a_tablet(visitor, language):
    otto = visitor("operator", language, size=TABLET)
    too_wide = {}
    for path in LISTS:
        otto.go(path)
        if beyond := otto.page.evaluate(_TOO_WIDE):
            too_wide[path] = beyond
    assert too_wide == {}
