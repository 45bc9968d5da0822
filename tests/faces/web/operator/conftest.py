"""Browsers of the operator, and of administrators of companies, who sign in with their mailbox."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from postroom.actions import person_signin
from postroom.store.models import Person
from tests import cast
from tests.sessions import sign_in

OTTO = "otto@home.example"


class Browser:
    def __init__(self, person, proof="", language="en"):
        Person.objects.filter(id=person).update(language=language)
        self.http = sign_in(Client(), person, proof=proof)

    def get(self, path, **query):
        return self.http.get(path, query)

    def post(self, path, **given):
        return self.http.post(path, given)

    def text(self, path, **query):
        """Of a page that must be there, as it is read: without tags, with single blanks."""
        answer = self.get(path, **query)
        assert answer.status_code == 200, (answer.status_code, words(answer))
        return words(answer)

    def told(self, answer):
        """What the page tells that an answer leads to."""
        assert answer.status_code == 303, words(answer)
        page = self.http.get(answer["Location"])
        return re.findall(r'<p class="toast \w+">(.*?)</p>', page.text)


def words(answer):
    text = answer.text.replace("<wbr>", "").replace("\xa0", " ")
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())


def holder(address):
    """Who signs in with a mailbox."""
    passed = person_signin.holder_by_password(cast.origin(), address, cast.PASSWORD)
    return Browser(passed.person_id, passed.proof)


@pytest.fixture(autouse=True)
def _fresh_cache():
    yield
    cache.clear()


@pytest.fixture
def otto(people):
    """The operator."""
    return Browser(cast.person(OTTO, is_operator=True).pk)


@pytest.fixture
def alice(people):
    """The administrator of the company Acme."""
    return holder(cast.ALICE)


@pytest.fixture
def charlie(people):
    """The administrator of another company."""
    cast.other()
    return holder(cast.CHARLIE)


@pytest.fixture
def dora(people):
    """The administrator of a domain."""
    return holder(cast.DORA)


@pytest.fixture
def olga(people):
    """The owner of a domain."""
    return Browser(Person.objects.get(email=cast.OLGA).pk)
