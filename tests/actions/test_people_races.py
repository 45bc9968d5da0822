"""People who give and take roles, invite and claim at the same moment, in threads of their own."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as configuration

from postroom.actions import accesses, domain_claims, domain_removal, invitations
from postroom.actions.invitations import InvitationView
from postroom.core.errors import (
    AccessExists,
    ClaimLimitReached,
    InvitationExists,
    LastOwner,
    NameTaken,
    NotFound,
    OutOfReach,
    Refused,
    TooManyRequests,
)
from postroom.core.roles import OPERATOR
from postroom.store import history
from postroom.store.models import Access, Company, Domain, Invitation, OutgoingMail, Person, PersonEmail
from tests import cast
from tests.threads import MARK, at_once, shared_database

pytestmark = MARK

OSCAR = "oscar@home.example"
NEW = "new@guest.example"
TOWN = "town.example"
CROWD = 6
START = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def shared(tmp_path):
    """A database that threads share, with Acme and its people in it, and a second owner."""
    with shared_database(tmp_path):
        cast.acme()
        cast.people()
        cast.person(OSCAR, "owner")
        yield


def refusals(results):
    return [type(result) for result in results if isinstance(result, Exception)]


def access_of(email):
    return Access.objects.get(person__email=email).pk


def remove(asker, email):
    """Ready to go: who the asker is was found out before."""
    actor, id = cast.person_actor(asker), access_of(email)
    return lambda: accesses.remove(actor, cast.origin(), cast.ACME, id)


def change(asker, email, role):
    actor, id = cast.person_actor(asker), access_of(email)
    return lambda: accesses.change(actor, cast.origin(), cast.ACME, id, role)


def invite(asker, email=NEW, role="viewer"):
    actor = cast.person_actor(asker)
    return lambda: invitations.create(actor, cast.origin(START), cast.ACME, email, role)


def claim(asker, name=TOWN, at=START):
    actor = cast.person_actor(asker)
    return lambda: domain_claims.claim(actor, cast.origin(at), name, asker)


def owners():
    return Access.objects.filter(domain__name=cast.ACME, role="owner").count()


def whole():
    return list(history.broken_chains("domain")) == []


@pytest.mark.parametrize("round", range(4))
def test_two_owners_who_remove_each_other_leave_one(shared, round):
    results = at_once(remove(cast.OLGA, OSCAR), remove(OSCAR, cast.OLGA))
    assert len(refusals(results)) == 1
    assert owners() == 1


@pytest.mark.parametrize("round", range(4))
def test_two_owners_who_both_step_down_leave_one(shared, round):
    results = at_once(change(cast.OLGA, cast.OLGA, "viewer"), change(OSCAR, OSCAR, "viewer"))
    assert refusals(results) == [LastOwner]
    assert owners() == 1


def test_two_owners_who_both_leave_leave_one(shared):
    assert refusals(at_once(remove(cast.OLGA, cast.OLGA), remove(OSCAR, OSCAR))) == [LastOwner]


def test_an_administrator_who_is_removed_meanwhile_makes_no_other(shared):
    """In one order or the other; in no case by a role that is gone."""
    results = at_once(remove(cast.OLGA, cast.ADAM), change(cast.ADAM, cast.VERA, "administrator"))
    assert all(issubclass(refusal, OutOfReach) for refusal in refusals(results))
    vera = Access.objects.get(person__email=cast.VERA).role
    assert vera == ("viewer" if refusals(results) else "administrator")


def test_of_many_who_remove_one_access_one_succeeds(shared):
    results = at_once(*[remove(cast.OLGA, cast.VERA)] * CROWD)
    assert refusals(results) == [NotFound] * (CROWD - 1)
    assert whole()


def test_of_many_who_give_one_person_a_role_one_succeeds(shared):
    nora = Person.objects.get(email=cast.NORA).pk
    give = [lambda: accesses.create(OPERATOR, cast.origin(), cast.ACME, nora, "viewer")] * CROWD
    assert refusals(at_once(*give)) == [AccessExists] * (CROWD - 1)


def test_two_administrators_invite_one_guest_once(shared):
    results = at_once(invite(cast.OLGA), invite(cast.ADAM))
    assert refusals(results) == [InvitationExists]
    assert OutgoingMail.objects.filter(recipient=NEW).count() == 1


def test_the_limit_on_one_address_holds_among_many_at_once(shared, settings):
    settings.INVITATIONS_TO_ONE = ((2, 3600),)
    made = invite(cast.OLGA)()
    olga = cast.person_actor(cast.OLGA)
    send = [lambda: invitations.refresh(olga, cast.origin(START), cast.ACME, made.id)] * CROWD
    assert refusals(at_once(*send)) == [TooManyRequests] * (CROWD - 1)
    assert OutgoingMail.objects.filter(recipient=NEW).count() == 2


def test_a_guest_who_signs_in_twice_at_once_has_one_access(shared):
    invite(cast.OLGA)()
    guest = cast.person(NEW).pk
    results = at_once(*[lambda: invitations.accept(guest, cast.origin(START))] * CROWD)
    assert refusals(results) == []
    assert sorted(results) == [[]] * (CROWD - 1) + [[cast.ACME]]
    assert Access.objects.filter(person_id=guest).count() == 1
    assert whole()


@pytest.mark.parametrize("round", range(4))
def test_an_invitation_that_is_withdrawn_meanwhile_is_either_taken_up_or_gone(shared, round):
    made = invite(cast.OLGA)()
    guest, olga = cast.person(NEW).pk, cast.person_actor(cast.OLGA)
    taken_up, withdrawn = at_once(
        lambda: invitations.accept(guest, cast.origin(START)),
        lambda: invitations.remove(olga, cast.origin(START), cast.ACME, made.id),
    )
    assert (taken_up == []) == (withdrawn is None)
    assert Access.objects.filter(person_id=guest).exists() == bool(taken_up)
    assert not Invitation.objects.exists()


def test_guests_with_invitations_to_the_same_domains_do_not_lock_each_other_out(shared):
    names = ["a.example", "b.example", "c.example"]
    for name in names:
        claim(cast.OLGA, name)()
    olga = cast.person_actor(cast.OLGA)
    guests = [f"g{n}@guest.example" for n in range(4)]
    for n, guest in enumerate(guests):
        for name in names if n % 2 else names[::-1]:
            assert isinstance(invitations.create(olga, cast.origin(START), name, guest), InvitationView)
    people = [cast.person(guest).pk for guest in guests]
    results = at_once(*[lambda id=id: invitations.accept(id, cast.origin(START)) for id in people])
    assert results == [names] * len(guests)


def test_of_many_who_claim_a_name_one_gets_it(shared):
    results = at_once(*[claim(who) for who in (cast.OLGA, cast.ADAM, cast.VERA, cast.NORA)])
    assert len(refusals(results)) == 3
    assert all(issubclass(refusal, NameTaken) for refusal in refusals(results))
    assert Domain.objects.filter(name=TOWN).count() == Access.objects.filter(domain__name=TOWN).count() == 1


def test_first_claims_at_once_make_the_company_once(shared):
    results = at_once(*[claim(who, f"{n}.example") for n, who in enumerate((cast.OLGA, cast.ADAM, cast.VERA))])
    assert refusals(results) == []
    assert Company.objects.filter(name=configuration.PEOPLE_COMPANY).count() == 1


def test_one_person_s_claims_at_once_keep_to_the_limit(shared, settings):
    settings.CLAIMS_AT_ONCE = 2
    results = at_once(*[claim(cast.NORA, f"n{n}.example") for n in range(CROWD)])
    assert refusals(results) == [ClaimLimitReached] * (CROWD - 2)


@pytest.mark.parametrize("round", range(3))
def test_of_two_who_want_a_name_that_gives_way_one_gets_it(shared, round):
    claim(cast.NORA)()
    late = START + timedelta(seconds=configuration.CLAIM_SECONDS)
    results = at_once(claim(cast.OLGA, at=late), claim(cast.VERA, at=late))
    assert len(refusals(results)) == 1
    assert Domain.objects.filter(name=TOWN, deleted_at=None).count() == 1
    assert OutgoingMail.objects.filter(purpose="claim_ended").count() == 1


def test_a_name_is_claimed_while_it_is_given_back(shared):
    claim(cast.NORA)()
    nora = cast.person_actor(cast.NORA)
    results = at_once(lambda: domain_removal.delete(nora, cast.origin(START), TOWN), claim(cast.VERA))
    assert all(issubclass(refusal, Refused) for refusal in refusals(results))
    assert Domain.objects.filter(name=TOWN, deleted_at=None).count() == 1 - len(refusals(results))


def test_an_address_that_is_verified_meanwhile_is_not_lost(shared):
    """Invited while the guest signs up: if not at this sign-in then at the next."""
    guest = cast.person("guest@home.example")

    def sign_up():
        PersonEmail.objects.create(person=guest, email=NEW, verified_at=1)
        invitations.accept(guest.pk, cast.origin(START))

    assert refusals(at_once(invite(cast.OLGA), sign_up)) == []
    invitations.accept(guest.pk, cast.origin(START))
    assert Access.objects.filter(person=guest).count() == 1
