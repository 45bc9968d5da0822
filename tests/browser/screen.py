"""What must be true of every screen: nothing serious for axe, nothing wider than the window, small, one heading."""

from axe_playwright_python.base import AXE_SCRIPT

from tests.browser.sizes import DESKTOP, PHONE

LARGEST = 100_000
"""Bytes of a page."""
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": _TAGS},
    "rules": {"target-size": {"enabled": True}},
}
_AXE = """async options => {
    const shown = nodes => nodes.slice(0, 3).map(n => n.target.join(' ') + ' ' + n.html.slice(0, 150)).join(' | ')
    const found = (await axe.run(document, options)).violations
    const serious = found.filter(v => v.impact === 'serious' || v.impact === 'critical')
    return serious.map(v => `axe ${v.id} (${v.impact}): ${shown(v.nodes)}`)
}"""
_TOO_WIDE = """() => {
    const width = document.documentElement.clientWidth
    if (document.documentElement.scrollWidth <= width) return []
    const beyond = [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > width + 1)
    return [`${document.documentElement.scrollWidth - width} px wider than the window: ` +
        beyond.slice(-3).map(e => e.outerHTML.slice(0, 100)).join(' | ')]
}"""
_FRAME = """language => {
    const faults = []
    const headings = document.querySelectorAll('h1').length
    if (headings !== 1) faults.push(`${headings} headings h1`)
    if (document.documentElement.lang !== language) faults.push(`its language is ${document.documentElement.lang}`)
    if (!document.title.trim()) faults.push('it has no title')
    const ids = [...document.querySelectorAll('[id]')].map(e => e.id)
    const twice = ids.filter((id, i) => ids.indexOf(id) !== i)
    if (twice.length) faults.push(`ids that are there twice: ${twice.slice(0, 3)}`)
    return faults
}"""


def faults(page, language):
    """Of the page that is shown. Its width on both sizes; for axe the English ones on a desktop in light colours, the
    French ones, whose words are longer, on a phone in dark ones."""
    found = list(page.evaluate(_FRAME, language))
    for size, scheme, looked_at in ((DESKTOP, "light", "en"), (PHONE, "dark", "fr")):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        wrong = [*page.evaluate(_TOO_WIDE), *(_accessibility(page) if language == looked_at else ())]
        found += [f"{size['width']} px, {scheme}: {fault}" for fault in wrong]
    page.set_viewport_size(DESKTOP)
    return found


def _accessibility(page):
    page.evaluate(AXE_SCRIPT)
    return page.evaluate(_AXE, _OPTIONS)
