"""Follows every link that somebody finds, and looks at one screen of each kind in the browser."""

from collections import deque
from urllib.parse import parse_qs, urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import Error as PlaywrightError

from tests.browser import screen

# Pages of the same name that look different: as many of them are looked at.
_MANY = {
    "domain_dns": 5, "mailboxes_list": 9, "mailbox_show": 4, "domain_history": 2, "inbox_mail": 8,
    "hub_guide": 12, "hub_oma_method": 4, "hub_attributes": 3,
}  # fmt: skip
_LINKS = "() => [...document.querySelectorAll('a[href]')].map(a => a.href)"
_FORMS = """() => [...document.querySelectorAll('main form[method=post]')].flatMap((form, number) =>
    !form.matches('[hx-post], [data-passkey]') &&
    form.querySelector(':is(input, textarea)[required]:not([type=hidden], [type=checkbox], [type=radio], [readonly])')
        ? [number] : [])"""
_SEND_EMPTY = """number => {
    const form = document.querySelectorAll('main form[method=post]')[number]
    const fields = form.querySelectorAll(':is(input, textarea)[required]')
    fields.forEach(field => { if (!['hidden', 'checkbox', 'radio'].includes(field.type)) field.value = '' })
    form.noValidate = true
    form.requestSubmit()
}"""
_APIS = ("/api/", "/dimail/", "/o/", "/fake/", "/static/")
# In letters of the demo's inbox: for whom they were written only, and once.
_SPENT = "/account/addresses/confirm/"
# The same for everybody: one of them looks.
_ONE_LOOKS = {"/docs/": ("nobody",), "/account/": ("owner", "holder"), "/demo/": ("owner",)}


class Crawl:
    """`seen`: the names of the URLs whose screens were looked at."""

    def __init__(self, visitor, role, begin):
        self._visitor, self._begin, self._host = visitor, begin, visitor.town.url
        self._passed_over = tuple(path for path, lookers in _ONE_LOOKS.items() if role not in lookers)
        self.faults, self.seen, self._counted, self._known = [], set(), {}, set()

    def run(self):
        waiting = deque((path, "(the beginning)") for path in self._begin)
        while waiting:
            path, found_on = waiting.popleft()
            if not self._is_next(path):
                continue
            before = len(self._visitor.faults)
            links = self._look(path, found_on)
            self._tell(path, found_on, self._visitor.faults[before:])
            del self._visitor.faults[before:]
            waiting.extend((link, path) for link in links)
        return self

    def _is_next(self, path):
        """Of screens of one kind, and of one kind of query, the first one or the first few."""
        if path in self._known or path.startswith((*_APIS, _SPENT)):
            return False
        if path.startswith(self._passed_over) and path not in self._passed_over:
            return False
        self._known.add(path)
        kind = _kind(path)
        if kind is None:
            self.faults.append(f"{path}: there is no such page")
            return False
        number = self._counted.get(kind, 0)
        if number >= _MANY.get(kind[0], 1):
            return False
        self._counted[kind] = number + 1
        return True

    def _look(self, path, found_on):
        """The links that are found there."""
        if urlsplit(path).query and _kind(path)[0] in self.seen:  # the same screen with other lines
            self._fetch(path, found_on)
            return []
        try:
            answer = self._visitor.go(path)
        except PlaywrightError as error:
            if "Download is starting" not in str(error):
                raise
            self._fetch(path, found_on)
            return []
        self._check_answer(path, found_on, answer.status, answer.headers, answer.body)
        if answer.status != 200 or not answer.headers.get("content-type", "").startswith("text/html"):
            return []
        self.seen.add(_kind(path)[0])
        return self._look_at_the_screen(path, found_on)

    def _look_at_the_screen(self, path, found_on):
        page = self._visitor.page
        here = self._path(page.url)
        if here != path:  # sent on
            self._known.add(here)
            self.seen.add(_kind(here)[0])
        self._tell(path, found_on, screen.faults(page, self._visitor.language))
        links = [self._path(href) for href in page.evaluate(_LINKS) if href.startswith(self._host)]
        for number in page.evaluate(_FORMS):
            self._leave_empty(here, found_on, number)
        return links

    def _leave_empty(self, path, found_on, number):
        """What must be filled in is not: the form comes back, says so at the fields, and looks as well as before."""
        page = self._visitor.page
        self._visitor.go(path)
        where = f"{found_on}, form {number} sent empty"
        try:
            with page.expect_navigation() as answered:
                page.evaluate(_SEND_EMPTY, number)
        except PlaywrightError as error:
            self._tell(path, where, [error.message])
            return
        if answered.value.status not in {400, 422}:
            self._tell(path, where, [f"it was answered with {answered.value.status}"])
        elif not page.locator("main [aria-invalid=true]").count():
            self._tell(path, where, ["no field is marked as wrong"])
        self._tell(path, where, screen.faults(page, self._visitor.language))

    def _fetch(self, path, found_on):
        answer = self._visitor.context.request.get(path)
        self.seen.add(_kind(path)[0])
        self._check_answer(path, found_on, answer.status, answer.headers, answer.body)

    def _check_answer(self, path, found_on, status, headers, body):
        if status >= 400:
            self._tell(path, found_on, [f"a link that leads to {status}"])
        elif headers.get("content-type", "").startswith("text/html"):
            if (size := len(body())) >= screen.LARGEST:
                self._tell(path, found_on, [f"{size} bytes"])
            if "content-security-policy" not in headers:
                self._tell(path, found_on, ["no Content-Security-Policy"])

    def _path(self, href):
        parts = urlsplit(href)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def _tell(self, path, found_on, faults):
        self.faults += [f"{path} (from {found_on}): {fault}" for fault in faults]


def _kind(path):
    """(the URL's name, the names in its query). None where no URL fits."""
    parts = urlsplit(path)
    try:
        name = resolve(parts.path).url_name or parts.path
    except Resolver404:
        return None
    return name, tuple(sorted(parse_qs(parts.query, keep_blank_values=True)))
