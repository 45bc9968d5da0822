"""Browsers of people who look after acme.example."""

import pytest
from django.test import Client

from postroom.store.models import Person
from tests import cast
from tests.sessions import sign_in

BASE = "/domains/acme.example/"


class Browser:
    """Of somebody who has signed in with a password of their own. Paths are below the domain's."""

    def __init__(self, email, language="en", domain=cast.ACME):
        self.person = Person.objects.get(email=email)
        Person.objects.filter(pk=self.person.pk).update(language=language)
        self.base = f"/domains/{domain}/"
        self.http = sign_in(Client(), self.person.pk)

    def get(self, path="", **query):
        return self.http.get(self.base + path, query)

    def post(self, path="", **given):
        """And on to where that leads."""
        return self.http.post(self.base + path, given, follow=True)


def rows(page):
    """The first cells of a list's rows, as a reader sees them."""
    return [one.split("<")[0].strip() for one in page.text.split('<th scope="row">')[1:]]


def toasts(page):
    return [text for _, text in page.context["toasts"]]


def problems(page, field):
    return " ".join(page.context["form"].errors.get(field, []))


@pytest.fixture
def adam(people):
    return Browser(cast.ADAM)


@pytest.fixture
def vera(people):
    return Browser(cast.VERA)


@pytest.fixture
def olga(people):
    return Browser(cast.OLGA)
