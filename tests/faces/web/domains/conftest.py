"""Browsers of people with a role on acme.example."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from postroom.store.models import Person
from tests import cast
from tests.faces.web import form_reader
from tests.sessions import sign_in

OPERATOR = "operator@home.example"


class Browser:
    """Of somebody who has signed in. Paths are below the domain."""

    def __init__(self, email, language="en", domain=cast.ACME, proof=""):
        person = Person.objects.get(email=email)
        Person.objects.filter(id=person.pk).update(language=language)
        self.http, self.base = sign_in(Client(), person.pk, proof=proof), f"/domains/{domain}/"

    def path(self, path):
        return path if path.startswith("/") else self.base + path

    def get(self, path="", **query):
        return self.http.get(self.path(path), query)

    def post(self, path="", came_from="", **given):
        headers = {"Referer": f"http://testserver{self.path(came_from)}"} if came_from else {}
        return self.http.post(self.path(path), given, headers=headers)

    def text(self, path="", **query):
        """Of a page that must be there, as it is read: without tags, with single blanks."""
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.status_code
        return words(answer)

    def change(self, group, **changes):
        """Fill in one subject of the settings page."""
        page = self.get("settings/").text
        return self.http.post(self.path("settings/"), form_reader.sent(page, changes, group=group))

    def toast(self, answer):
        """What the page tells that an answer leads to."""
        assert answer.status_code == 303, words(answer)
        page = self.http.get(answer["Location"])
        return re.findall(r'<p class="toast (\w+)">(.*?)</p>', page.text)


def words(answer):
    return " ".join(re.sub(r"<[^>]*>", " ", answer.text.replace("<wbr>", "")).split())


@pytest.fixture(autouse=True)
def _fresh_cache():
    yield
    cache.clear()


@pytest.fixture
def olga(people):
    """The owner."""
    return Browser(cast.OLGA)


@pytest.fixture
def adam(people):
    """The administrator."""
    return Browser(cast.ADAM)


@pytest.fixture
def vera(people):
    """The viewer."""
    return Browser(cast.VERA)


@pytest.fixture
def nora(people):
    """Without a role."""
    return Browser(cast.NORA)


@pytest.fixture
def operator(people):
    cast.person(OPERATOR, is_operator=True)
    return Browser(OPERATOR)
