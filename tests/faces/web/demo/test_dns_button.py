"""The demo's button that puts a domain's DNS right on the fake platform."""

import pytest
from django.test import Client

from postroom.actions import domain_claims
from postroom.core.lifecycle import DomainState
from postroom.drivers import make
from postroom.store.models import Domain, Person
from postroom.worker import loop
from tests import cast
from tests.sessions import sign_in

TOWN = "town.example"


@pytest.fixture
def town(people, settings):
    settings.FAKE_CONTROL = True
    make("fake", {"path": ":memory:"}).command("new_domains", {"failing": {"mx": "no_mx"}})
    domain_claims.claim(cast.person_actor(cast.OLGA), cast.origin(), TOWN, cast.OLGA)
    cast.person(cast.VERA, "viewer", TOWN)
    loop.until_idle(lambda: loop.milliseconds() + 1000)
    assert status() == DomainState.ACTION_REQUIRED


def status(name=TOWN):
    return Domain.objects.get(name=name).status


def press(email, name=TOWN):
    client = Client()
    if email:
        sign_in(client, Person.objects.get(email=email).pk)
    return client.post(f"/demo/dns/{name}")


def test_the_domain_is_enabled_at_once(town):
    answer = press(cast.OLGA)
    assert (answer.status_code, answer["Location"]) == (303, f"/domains/{TOWN}/dns/")
    assert status() == DomainState.ENABLED


def test_one_that_the_worker_has_not_seen_yet_is_enabled_by_it(town):
    new = "paper-mill.example"
    domain_claims.claim(cast.person_actor(cast.OLGA), cast.origin(), new, cast.OLGA)

    assert press(cast.OLGA, new).status_code == 303
    loop.until_idle(lambda: loop.milliseconds() + 1000)
    assert status(new) == DomainState.ENABLED


@pytest.mark.parametrize(("email", "refused"), [(cast.VERA, 403), (cast.NORA, 404), ("", 303)])
def test_not_by_those_who_may_not_check_it(town, email, refused):
    answer = press(email)
    assert answer.status_code == refused
    assert status() == DomainState.ACTION_REQUIRED


def test_a_domain_that_is_not_there(town):
    assert press(cast.OLGA, "nowhere.example").status_code == 404


def test_there_is_no_button_but_for_developers(town, settings):
    settings.FAKE_CONTROL = False
    assert press(cast.OLGA).status_code == 404
    assert status() == DomainState.ACTION_REQUIRED
