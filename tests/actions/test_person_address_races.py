"""What is done to addresses of people at the same moment, in threads of their own."""

import re

import pytest

from postroom.actions import person_addresses, person_signin
from postroom.core.errors import BadCredentials, LinkDead, NotFound, WrongState
from postroom.core.identity import Identity
from postroom.store import history
from postroom.store.models import History, OutgoingMail, Person, PersonEmail
from tests import cast
from tests.threads import MARK, at_once, shared_database

pytestmark = MARK

SHARED = "team@far.example"
FAR, THIRD = "nora@far.example", "nora@third.example"


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


def nora():
    return Person.objects.get(emails__email=cast.NORA)


def owned(*emails):
    """Nora's, from now on; their numbers."""
    return [PersonEmail.objects.create(person=nora(), email=email, verified_at=1).pk for email in emails]


def doing(act, *given):
    """One of Nora's requests, ready to go."""
    actor = cast.person_actor(nora().email)
    return lambda: act(actor, cast.origin(), *given)


def changes():
    found = History.objects.filter(verb="main address changed").order_by("id")
    return [entry.changes["email"] for entry in found]


def test_of_two_main_addresses_the_later_stays(shared):
    results = at_once(*[doing(person_addresses.make_main, id) for id in owned(FAR, THIRD)])
    first, second = changes()
    assert sorted(results) == [FAR, THIRD]
    assert first[0] == cast.NORA and first[1] == second[0] and second[1] == nora().email
    assert list(history.broken_chains("person")) == []


def test_a_button_that_is_pressed_twice_changes_the_main_address_once(shared):
    (id,) = owned(FAR)
    assert at_once(*[doing(person_addresses.make_main, id)] * 3) == [FAR] * 3
    assert (changes(), OutgoingMail.objects.count()) == ([[cast.NORA, FAR]], 2)


def test_what_becomes_the_main_address_is_not_removed_at_the_same_moment(shared):
    (id,) = owned(FAR)
    results = at_once(doing(person_addresses.make_main, id), doing(person_addresses.remove, id))
    assert [type(result) for result in results] in ([str, WrongState], [NotFound, str])
    assert nora().emails.filter(email=nora().email).exists()


def test_the_one_before_is_removed_only_after_it_was_the_main_one(shared):
    (id,) = owned(FAR)
    before = PersonEmail.objects.get(email=cast.NORA).pk
    mine = nora().pk
    make_main, removed = at_once(doing(person_addresses.make_main, id), doing(person_addresses.remove, before))
    assert make_main == FAR and isinstance(removed, str | WrongState)
    person = Person.objects.get(id=mine)
    assert person.email == FAR
    assert person.emails.filter(email=cast.NORA).exists() is isinstance(removed, WrongState)


def test_who_comes_by_the_provider_meanwhile_is_the_same_person(shared):
    (id,) = owned(FAR)
    identity = Identity(sub="s-1", email=FAR)
    made, passed = at_once(
        doing(person_addresses.make_main, id), lambda: person_signin.by_identity(cast.origin(), identity)
    )
    assert (made, passed.person_id) == (FAR, nora().pk)
    assert (nora().email, nora().sub) == (FAR, "s-1")
    assert list(history.broken_chains("person")) == []


def test_what_was_removed_meanwhile_is_whose_it_is_then(shared):
    """The provider's newcomer has the address only where it was given up before."""
    (id,) = owned(FAR)
    identity = Identity(sub="s-2", email=FAR)
    Person.objects.filter(id=nora().pk).update(sub="s-1")
    made, _removed, passed = at_once(
        doing(person_addresses.make_main, id),
        doing(person_addresses.remove, id),
        lambda: person_signin.by_identity(cast.origin(), identity),
    )
    owner = PersonEmail.objects.filter(email=FAR).values_list("person_id", flat=True).first()
    assert Person.objects.filter(email=FAR).values_list("id", flat=True).first() == owner
    assert (owner == nora().pk) is (made == FAR)
    assert isinstance(passed, BadCredentials) or passed.person_id == owner
