"""people.md section 3.5: invitations."""

import re

import pytest

from postroom.store.models import Access, Invitation, OutgoingMail
from tests import cast
from tests.faces.rest.client import Rest, domain_id, invitation_id, person_id

GUEST = "guest@else.example"
KNOWN = {"detail": "Email already known. Invitation not sent but access created instead."}


@pytest.fixture
def invited(adam):
    adam.ok("POST", "invitations/", {"email": GUEST, "role": "viewer"})
    return f"invitations/{invitation_id(GUEST)}/"


def test_inviting(adam):
    answer = adam.post("invitations/", {"email": "Guest@Else.example", "role": "administrator"})
    found = answer.json()
    assert (answer.status_code, found["email"], found["role"]) == (201, GUEST, "administrator")
    assert (found["domain"], found["issuer"], found["is_expired"]) == (domain_id(), person_id(cast.ADAM), False)
    assert set(found) == {"id", "created_at", "email", "domain", "role", "issuer", "is_expired", "expires_at"}
    assert OutgoingMail.objects.filter(recipient=GUEST).count() == 1


def test_a_role_above_ones_own(adam):
    answer = adam.post("invitations/", {"email": GUEST, "role": "owner"})
    assert (answer.status_code, answer.json()) == (403, {"role": "You cannot grant a role higher than your own."})


def test_the_same_address_again(adam, invited):
    answer = adam.post("invitations/", {"email": GUEST})
    assert (answer.status_code, list(answer.json())) == (400, ["__all__"])


@pytest.mark.parametrize("body", [{"email": "no address"}, {"email": GUEST, "role": "king"}, {"email": None}])
def test_what_is_not_right(adam, body):
    assert adam.post("invitations/", body).status_code == 400


def test_somebody_who_is_known_gets_the_role_at_once(adam, nora):
    answer = adam.post("invitations/", {"email": cast.NORA.upper()})
    assert (answer.status_code, answer.json()) == (201, KNOWN)
    assert Access.objects.get(person__email=cast.NORA).role == "viewer"


def test_expired_ones_are_listed(vera, invited):
    Invitation.objects.update(expires_at=1000)
    assert [one["is_expired"] for one in vera.results("invitations/")] == [True]


def test_refreshing(adam, invited):
    Invitation.objects.update(expires_at=1000)
    answer = adam.post(f"{invited}refresh/")
    assert (answer.status_code, answer.json()["is_expired"]) == (200, False)
    assert OutgoingMail.objects.filter(recipient=GUEST).count() == 2


def test_refreshing_for_somebody_who_has_come_meanwhile(adam, invited):
    cast.person(GUEST)
    answer = adam.post(f"{invited}refresh/")
    assert (answer.status_code, answer.json()) == (201, KNOWN)
    assert not Invitation.objects.exists()


def test_withdrawing(adam, invited):
    assert adam.delete(invited).status_code == 204
    assert adam.get(invited).json() == {"detail": "No MailDomainInvitation matches the given query."}


@pytest.mark.parametrize("verb", ["PUT", "PATCH"])
def test_an_invitation_is_not_changed(olga, invited, verb):
    assert olga.call(verb, invited, {"role": "viewer"}).status_code == 405


def test_the_link_says_what_it_offers(adam, invited, anybody):
    token = re.search(r"/invitations/([^\s/]+)", OutgoingMail.objects.get(recipient=GUEST).text)[1]
    found = anybody.ok("GET", f"/invitations/{token}/")
    assert (found["email"], found["domain"], found["role"], found["by"]) == (GUEST, cast.ACME, "viewer", cast.ADAM)


def test_a_link_that_was_never_sent(anybody):
    assert anybody.get("/invitations/nonsense/").status_code == 404


def test_an_invitation_of_another_domain(people, invited):
    cast.person(cast.ADAM, "owner", "acme.adm")
    elsewhere = Rest(cast.ADAM, domain="acme.adm")
    assert elsewhere.post(f"{invited}refresh/").status_code == 404
