"""Invitations to manage a domain (people.md section 3.5 and 4.7; docs/decisions/012-people.md)."""

from datetime import timedelta

import pytest

from postroom.actions import domains, invitations
from postroom.actions.invitations import AccessMade, InvitationView
from postroom.core.errors import (
    AccessExists,
    BadRequest,
    DomainNotFound,
    InvitationExists,
    NotFound,
    RoleTooHigh,
    RoleTooSmall,
    TooManyRequests,
)
from postroom.core.passwords.tokens import hash_token
from postroom.core.roles import OPERATOR
from postroom.store.models import Domain, Invitation, Person, PersonEmail
from tests import cast
from tests.inviting import NEW, OTHER, START, WEEK, accept, invite, mails, newest, role_of, token

pytestmark = pytest.mark.usefixtures("people")

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _links(settings):
    settings.PUBLIC_URL = "https://postroom.example"


@pytest.fixture
def second_domain():
    domains.change(OPERATOR, cast.origin(), OTHER, {"company": "acme"}, create_only=True)
    cast.person(cast.NORA, "administrator", OTHER)


def refresh(id, asker=cast.OLGA, at=START, domain=cast.ACME):
    return invitations.refresh(cast.person_actor(asker), cast.origin(at), domain, id)


def remove(id, asker=cast.OLGA, domain=cast.ACME):
    invitations.remove(cast.person_actor(asker), cast.origin(), domain, id)


def count():
    return Invitation.objects.count()


# Sent


def test_an_invitation_says_what_it_is():
    made = invite(role="administrator")
    issuer, domain = Person.objects.get(email=cast.OLGA), Domain.objects.get(name=cast.ACME)
    assert (made.email, made.role, made.issuer_id, made.domain_id) == (NEW, "administrator", issuer.pk, domain.pk)


def test_an_invitation_is_a_viewer_s_unless_said_otherwise():
    made = invitations.create(cast.person_actor(cast.OLGA), cast.origin(), cast.ACME, NEW)
    assert made.role == "viewer"


def test_the_e_mail_goes_to_whoever_is_invited():
    invite()
    assert [mail.recipient for mail in mails()] == [NEW]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["olga@home.example invites you", "acme.example", "administrator", "within 7 days"]),
        ("fr", ["olga@home.example vous invite", "acme.example", "administrateur", "dans un délai de 7 jours"]),
    ],
)
def test_the_e_mail_is_in_the_language_of_whoever_invites(language, words):
    Person.objects.filter(email=cast.OLGA).update(language=language)
    invite(role="administrator")
    assert [word for word in words if word not in mails()[0].text or word not in mails()[0].html] == []


def test_the_subject_names_the_domain():
    invite()
    assert mails()[0].subject == "Invitation to manage acme.example"
    assert f"/invitations/{token()}" in mails()[0].html


def test_the_link_is_kept_as_a_hash_only():
    invite()
    assert Invitation.objects.get().token_hash == hash_token(token())


def test_neither_history_nor_invitation_shows_the_link():
    made = invite()
    assert token() not in f"{made!r}{newest().changes}"


def test_inviting_is_written_down():
    invite()
    assert (newest().verb, newest().changes) == ("invited", {f"invitation of {NEW}": [None, "viewer"]})


@pytest.mark.parametrize("email", ["New@Guest.Example", " new@GUEST.example "])
def test_addresses_are_kept_in_one_form(email):
    assert invite(email).email == NEW


def test_addresses_of_international_domains_are_kept_as_they_are_in_dns():
    assert invite("joe@bücher.example").email == "joe@xn--bcher-kva.example"


@pytest.mark.parametrize("email", [None, "", "  ", 3, "new", "new@", "@guest.example", "a b@guest.example", "x" * 400])
def test_what_is_no_address_is_refused(email):
    """Defect 6: no address at all made People fail."""
    with pytest.raises(BadRequest) as refusal:
        invite(email)
    assert refusal.value.hints.keys() == {"email"}
    assert (count(), mails()) == (0, [])


def test_every_mistake_is_told_at_once():
    with pytest.raises(BadRequest) as refusal:
        invite("new", "boss")
    assert refusal.value.hints.keys() == {"email", "role"}


def test_the_same_address_is_invited_once():
    invite()
    with pytest.raises(InvitationExists):
        invite("NEW@guest.example", "owner")
    assert len(mails()) == 1


def test_the_same_address_is_invited_to_another_domain(second_domain):
    invite()
    invite(asker=cast.NORA, domain=OTHER)
    assert count() == 2


def test_nobody_invites_to_more_than_they_have():
    with pytest.raises(RoleTooHigh) as refusal:
        invite(asker=cast.ADAM, role="owner")
    assert refusal.value.hints == {"role": "You cannot grant a role higher than your own."}
    assert mails() == []


@pytest.mark.parametrize("role", ["viewer", "administrator"])
def test_an_administrator_invites_up_to_their_own_role(role):
    assert invite(asker=cast.ADAM, role=role).role == role


def test_the_operator_invites_without_being_a_person():
    made = invitations.create(OPERATOR, cast.origin(), cast.ACME, NEW, "owner")
    assert made.issuer_id is None
    assert "You are invited" in mails()[0].text


# Known people


@pytest.mark.parametrize("email", [cast.NORA, cast.NORA.upper(), "Nora@Work.example"])
def test_somebody_who_is_known_gets_access_at_once(email):
    PersonEmail.objects.create(person=Person.objects.get(email=cast.NORA), email="nora@work.example", verified_at=1)
    made = invite(email, "administrator")
    assert isinstance(made, AccessMade)
    assert role_of(Person.objects.get(email=cast.NORA)) == "administrator"
    assert (count(), mails()) == (0, [])


def test_an_address_that_was_not_shown_to_be_theirs_is_nobody_s():
    """Else whoever signs up with somebody's address would get what is meant for them."""
    PersonEmail.objects.filter(email=cast.NORA).delete()
    assert isinstance(invite(cast.NORA), InvitationView)


def test_somebody_who_has_access_keeps_it():
    with pytest.raises(AccessExists):
        invite(cast.VERA.upper(), "owner")
    assert role_of(Person.objects.get(email=cast.VERA)) == "viewer"


# Limits


def test_one_address_is_not_flooded(settings):
    settings.INVITATIONS_TO_ONE = ((2, 3600),)
    made = invite()
    refresh(made.id)
    with pytest.raises(TooManyRequests):
        refresh(made.id)
    assert len(mails()) == 2


def test_one_address_is_not_flooded_by_many_domains(settings, second_domain):
    settings.INVITATIONS_TO_ONE = ((1, 3600),)
    invite()
    with pytest.raises(TooManyRequests):
        invite(asker=cast.NORA, domain=OTHER)


def test_withdrawing_and_inviting_again_is_no_way_around(settings):
    settings.INVITATIONS_TO_ONE = ((1, 3600),)
    remove(invite().id)
    with pytest.raises(TooManyRequests):
        invite()


def test_a_domain_does_not_flood_the_world(settings):
    settings.INVITATIONS_PROVED = ((2, 3600),)
    for n in range(2):
        invite(f"n{n}@guest.example")
    with pytest.raises(TooManyRequests):
        invite()


def test_a_domain_that_nobody_has_proved_sends_less(settings):
    settings.INVITATIONS_UNPROVED = ((1, 3600),)
    Domain.objects.filter(name=cast.ACME).update(proved_at=None)
    invite("one@guest.example")
    with pytest.raises(TooManyRequests):
        invite("two@guest.example")


def test_the_limit_is_over_when_its_time_is(settings):
    settings.INVITATIONS_TO_ONE = ((1, 3600),)
    made = invite()
    assert refresh(made.id, at=START + timedelta(hours=2)).id == made.id


def test_a_refused_refresh_leaves_the_old_link_alone(settings):
    settings.INVITATIONS_TO_ONE = ((1, 3600),)
    made = invite()
    with pytest.raises(TooManyRequests):
        refresh(made.id)
    assert invitations.offer(token(), START).email == NEW


# Listed


def test_expired_ones_are_listed_and_say_so():
    made = invite()
    late = START + WEEK
    assert [one.is_expired(late) for one in invitations.listed(cast.person_actor(cast.VERA), cast.ACME)[0]] == [True]
    assert not made.is_expired(late - SECOND)


def test_the_newest_comes_first():
    invite("one@guest.example")
    invite("two@guest.example", at=START + SECOND)
    found, total = invitations.listed(cast.person_actor(cast.OLGA), cast.ACME, limit=1)
    assert ([one.email for one in found], total) == (["two@guest.example"], 2)


def test_one_is_shown():
    made = invite()
    assert invitations.show(cast.person_actor(cast.VERA), cast.ACME, made.id) == made


# Sent again


def test_sending_again_gives_a_new_week():
    """Defect 1: People kept the new time in memory only."""
    made = invite()
    refresh(made.id, at=START + WEEK)
    assert Invitation.objects.get().expires_at == int((START + 2 * WEEK).timestamp() * 1000)


def test_sending_again_makes_a_new_link_and_the_old_one_dead():
    made = invite()
    old = token()
    refresh(made.id)
    with pytest.raises(NotFound):
        invitations.offer(old, START)
    assert invitations.offer(token(), START).email == NEW


def test_an_invitation_that_was_sent_again_is_taken_up_by_its_new_time():
    """Defect 1: People went by the day when it was made."""
    refresh(invite().id, at=START + WEEK)
    guest = cast.person(NEW)
    assert accept(guest, START + WEEK + timedelta(days=3)) == [cast.ACME]


def test_sending_again_is_written_down():
    refresh(invite().id)
    assert newest().verb == "invitation renewed"


def test_sending_again_to_somebody_who_is_known_meanwhile_gives_access():
    made = invite(role="administrator")
    guest = cast.person(NEW)
    assert isinstance(refresh(made.id), AccessMade)
    assert (role_of(guest), count(), len(mails())) == ("administrator", 0, 1)


@pytest.mark.parametrize("has", ["viewer", "owner"])
def test_sending_again_to_somebody_who_has_access_meanwhile_leaves_the_higher_role(has):
    made = invite(role="administrator")
    guest = cast.person(NEW, has)
    refresh(made.id)
    assert role_of(guest) == {"viewer": "administrator", "owner": "owner"}[has]


@pytest.mark.parametrize("call", [refresh, remove], ids=["refresh", "remove"])
def test_an_invitation_of_another_domain_is_not_found(call, second_domain):
    """Defect 2: with an id of another domain its invitations became accesses."""
    made = invite()
    with pytest.raises(NotFound):
        call(made.id, asker=cast.NORA, domain=OTHER)
    assert (count(), len(mails())) == (1, 1)


def test_an_invitation_of_another_domain_is_not_shown(second_domain):
    made = invite()
    with pytest.raises(NotFound):
        invitations.show(cast.person_actor(cast.NORA), OTHER, made.id)


@pytest.mark.parametrize("call", [refresh, remove], ids=["refresh", "remove"])
def test_an_administrator_does_not_touch_an_owner_s_invitation(call):
    made = invite(role="owner")
    with pytest.raises(RoleTooHigh):
        call(made.id, asker=cast.ADAM)


# Withdrawn


def test_a_withdrawn_invitation_opens_nothing():
    remove(invite().id)
    with pytest.raises(NotFound):
        invitations.offer(token(), START)
    assert accept(cast.person(NEW)) == []


def test_withdrawing_is_written_down():
    remove(invite().id)
    assert newest().changes == {f"invitation of {NEW}": ["viewer", None]}


# The order of answers

CALLS = {
    "listed": lambda actor, domain, id: invitations.listed(actor, domain),
    "show": invitations.show,
    "create": lambda actor, domain, id: invitations.create(actor, cast.origin(), domain, None, "nonsense"),
    "refresh": lambda actor, domain, id: invitations.refresh(actor, cast.origin(), domain, id),
    "remove": lambda actor, domain, id: invitations.remove(actor, cast.origin(), domain, id),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("domain", [cast.ACME, "nowhere.example"])
def test_without_a_role_every_domain_is_unknown(call, domain):
    made = invite()
    with pytest.raises(DomainNotFound):
        call(cast.person_actor(cast.NORA), domain, made.id)


@pytest.mark.parametrize("name", ["create", "refresh", "remove"])
def test_too_small_a_role_is_told_before_what_is_wrong_with_the_request(name):
    with pytest.raises(RoleTooSmall):
        CALLS[name](cast.person_actor(cast.VERA), cast.ACME, 10**9)


@pytest.mark.parametrize("name", ["show", "refresh", "remove"])
def test_an_unknown_invitation_is_not_found(name):
    with pytest.raises(NotFound):
        CALLS[name](cast.person_actor(cast.OLGA), cast.ACME, 10**9)
