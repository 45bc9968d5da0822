"""Two people who confirm one address at the same moment, in threads of their own."""

import re

import pytest

from postroom.actions import person_addresses
from postroom.core.errors import LinkDead
from postroom.store.models import OutgoingMail, PersonEmail
from tests import cast
from tests.threads import MARK, at_once, shared_database

pytestmark = MARK

SHARED = "team@far.example"


@pytest.fixture
def shared(tmp_path):
    with shared_database(tmp_path):
        cast.acme()
        cast.people()
        yield


def confirming(email):
    """Ready to go: the link is in the letter."""
    actor = cast.person_actor(email)
    person_addresses.add(actor, cast.origin(), SHARED)
    link = re.search(r"/confirm/(\w+)/", OutgoingMail.objects.filter(recipient=SHARED).latest("id").text)[1]
    return lambda: person_addresses.confirm(actor, cast.origin(), link)


def test_one_of_two_gets_it(shared):
    results = at_once(confirming(cast.NORA), confirming(cast.OLGA))
    assert sorted(type(result) for result in results if isinstance(result, Exception)) == [LinkDead]
    assert PersonEmail.objects.filter(email=SHARED).count() == 1


def test_a_link_that_is_opened_twice_opens_once(shared):
    both = confirming(cast.NORA)
    results = at_once(both, both)
    assert [type(result) for result in results if isinstance(result, Exception)] == [LinkDead]
    assert OutgoingMail.objects.filter(purpose="address_changed").count() == 1
