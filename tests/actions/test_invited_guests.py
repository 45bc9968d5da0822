"""Invitations on the side of the guest: the link, and the access at sign-in (people.md section 4.7)."""

import pytest

from postroom.actions import accesses, domains, invitations
from postroom.core.errors import NotFound
from postroom.core.roles import OPERATOR
from postroom.store import history
from postroom.store.models import Domain, Invitation, Person, PersonEmail
from tests import cast
from tests.inviting import NEW, OTHER, START, WEEK, accept, invite, newest, role_of, token

pytestmark = pytest.mark.usefixtures("people")


@pytest.fixture
def second_domain():
    domains.change(OPERATOR, cast.origin(), OTHER, {"company": "acme"}, create_only=True)
    cast.person(cast.NORA, "administrator", OTHER)


def count():
    return Invitation.objects.count()


# Offered


def test_the_link_tells_what_is_offered():
    invite(role="owner")
    told = invitations.offer(token(), START)
    assert (told.email, told.domain, told.role, told.by) == (NEW, cast.ACME, "owner", cast.OLGA)


def test_the_link_ends_with_the_invitation():
    invite()
    with pytest.raises(NotFound):
        invitations.offer(token(), START + WEEK)


@pytest.mark.parametrize("wrong", ["", "x", "0" * 32, "\0", "é"])
def test_what_is_no_link_opens_nothing(wrong):
    Invitation.objects.create(
        email=NEW, domain=Domain.objects.get(name=cast.ACME), role="owner", expires_at=10**15, created_at=1
    )
    with pytest.raises(NotFound):
        invitations.offer(wrong, START)


def test_the_link_to_a_domain_that_was_deleted_opens_nothing():
    invite()
    Domain.objects.filter(name=cast.ACME).update(deleted_at=1)
    with pytest.raises(NotFound):
        invitations.offer(token(), START)


# Taken up


def test_at_sign_in_an_invitation_becomes_an_access():
    invite(role="administrator")
    guest = cast.person(NEW)
    assert accept(guest) == [cast.ACME]
    assert (role_of(guest), count()) == ("administrator", 0)


@pytest.mark.parametrize("invited", ["New@Guest.EXAMPLE", "Second@Guest.example"])
def test_by_any_of_the_addresses_and_however_written(invited):
    """Defect 11 and people.md section 4.7: People compared letter by letter."""
    invite(invited)
    guest = cast.person(NEW)
    PersonEmail.objects.create(person=guest, email="second@guest.example", verified_at=1)
    assert accept(guest) == [cast.ACME]


def test_an_address_that_is_not_verified_takes_nothing_up():
    invite()
    guest = cast.person(NEW)
    PersonEmail.objects.filter(person=guest).delete()
    assert accept(guest) == []


def test_somebody_else_s_invitations_are_left_alone():
    invite()
    assert accept(Person.objects.get(email=cast.NORA)) == []
    assert count() == 1


def test_an_expired_invitation_stays_as_it_is():
    invite()
    assert accept(cast.person(NEW), START + WEEK) == []
    assert count() == 1


def test_taking_up_is_written_down():
    invite()
    accept(cast.person(NEW))
    assert (newest().actor, newest().verb) == (NEW, "invitation accepted")
    assert newest().changes == {f"invitation of {NEW}": ["viewer", None], f"role of {NEW}": [None, "viewer"]}
    assert list(history.broken_chains("domain")) == []


def test_taking_up_twice_is_taking_up_once():
    invite()
    guest = cast.person(NEW)
    accept(guest)
    assert accept(guest) == []
    assert role_of(guest) == "viewer"


@pytest.mark.parametrize("has", ["viewer", "administrator", "owner"])
def test_the_higher_of_two_roles_stays(has):
    guest = cast.person(NEW)
    PersonEmail.objects.filter(person=guest).delete()
    invite(role="administrator")
    PersonEmail.objects.create(person=guest, email=NEW, verified_at=1)
    cast.person(NEW, has)
    accept(guest)
    assert role_of(guest) == {"viewer": "administrator"}.get(has, has)


def test_of_two_invitations_to_one_domain_the_higher_role_stays():
    invite(role="administrator")
    invite("second@guest.example", "viewer")
    guest = cast.person(NEW)
    PersonEmail.objects.create(person=guest, email="second@guest.example", verified_at=1)
    assert accept(guest) == [cast.ACME]
    assert (role_of(guest), count()) == ("administrator", 0)


def test_invitations_to_several_domains_are_taken_up_together(second_domain):
    invite()
    invite(asker=cast.NORA, domain=OTHER, role="administrator")
    guest = cast.person(NEW)
    assert accept(guest) == [cast.ACME, OTHER]
    assert role_of(guest, OTHER) == "administrator"


def test_an_invitation_to_a_deleted_domain_is_not_taken_up():
    invite()
    Domain.objects.filter(name=cast.ACME).update(deleted_at=1)
    assert accept(cast.person(NEW)) == []


def test_a_sign_in_with_nothing_to_take_up_asks_once(django_assert_num_queries):
    guest = cast.person(NEW)
    with django_assert_num_queries(3):  # with the transaction's savepoint around it
        accept(guest)


def test_whoever_took_it_up_sees_the_domain():
    invite()
    accept(cast.person(NEW))
    assert accesses.listed(cast.person_actor(NEW), cast.ACME)[1] == 4
