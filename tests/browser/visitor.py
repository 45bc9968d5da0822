"""Somebody with a browser of their own, and what went wrong on their screen."""

import re

from tests.browser import screen
from tests.browser.sizes import DESKTOP

_LOCALES = {"en": "en-GB", "fr": "fr-FR"}


class Visitor:
    """A browser context with one page. `faults`: errors in the console, requests to other hosts, failed answers."""

    def __init__(self, chromium, town, language="en", *, size=DESKTOP, script=True, scheme="light"):
        self.town, self.language, self.faults, self.clicks = town, language, [], 0
        self._signed_in = False
        self.context = chromium.new_context(
            base_url=town.url,
            locale=_LOCALES[language],
            viewport=size,
            java_script_enabled=script,
            color_scheme=scheme,
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(20_000)
        self.context.on("page", self._watch)
        self.page = self.context.new_page()

    def close(self):
        """The language stays with the person: the next visitor finds it as it was."""
        if self._signed_in and self.language != "en":
            self.speak("en")
        self.context.close()

    def _watch(self, page):
        page.on("console", lambda message: self._heard(page, message))
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("request", self._asked)
        page.on("response", self._answered)

    def _heard(self, page, message):
        if message.type in {"error", "warning"} and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"{page.url}: console: {message.text}")

    def _asked(self, request):
        if not request.url.startswith((self.town.url, "data:", "blob:", "about:")):
            self.faults.append(f"{request.frame.url}: asks another host: {request.url}")

    def _answered(self, response):
        """What a person asked for may be refused; what a page needs must be there."""
        is_page = response.request.is_navigation_request()
        if response.status >= (500 if is_page else 400):
            self.faults.append(f"{response.url}: {response.status}")

    def sign_in(self, role):
        """Without the pages: signing in has stories of its own."""
        credentials = {"email": self.town.people[role], "password": self.town.password}
        answer = self.context.request.post("/api/v1.0/sign-in/", data=credentials)
        assert answer.ok and answer.json()["status"] == "signed_in", answer.text()
        self.speak(self.language)
        self._signed_in = True

    def speak(self, language):
        """As the menu of languages does, which every page has."""
        self.context.request.get("/account/")  # brings the token that forms carry
        token = next(cookie["value"] for cookie in self.context.cookies() if cookie["name"] == "csrftoken")
        headers = {"X-CSRFToken": token, "Referer": f"{self.town.url}/"}
        answer = self.context.request.post(
            "/language/", form={"language": language, "next": "/healthz"}, headers=headers
        )
        assert answer.ok, answer.status

    def go(self, path):
        response = self.page.goto(path, wait_until="load")
        assert response is not None
        return response

    def click(self, name, role="button", exact=True):
        """Counted: the first-time path says how many it takes."""
        self.clicks += 1
        self.page.get_by_role(role, name=name, exact=exact).first.click()

    def fill(self, label, text):
        """`label`: as it is written, without the word that says that it may stay empty."""
        self.page.get_by_label(re.compile(rf"^\s*{re.escape(label)}\s*(\(|optional|$)")).fill(text)

    def looks_around(self):
        """The page that is shown is in order (screen.py). After a click it has begun, but may hold nothing yet."""
        self.page.wait_for_load_state()
        faults = screen.faults(self.page, self.language)
        assert not faults, f"{self.page.url}: {faults}"

    def sees(self, text):
        self.page.get_by_text(text).first.wait_for()
