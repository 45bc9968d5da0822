"""The tab of the people who look after a domain."""

import pytest

from postroom.store.models import Access, Invitation, OutgoingMail
from tests import cast
from tests.faces.web.domains.conftest import Browser, words

GUEST = "guest@elsewhere.example"


def access(email):
    return Access.objects.get(person__email=email, domain__name=cast.ACME)


def invite(browser, email=GUEST, role="viewer"):
    return browser.post("people/", email=email, role=role)


def test_everybody_with_a_role_is_shown(vera):
    page = vera.text("people/")
    assert all(email in page for email in (cast.OLGA, cast.ADAM, cast.VERA))
    assert cast.NORA not in page


def test_somebody_unknown_is_invited_by_a_letter(olga):
    assert olga.toast(invite(olga))[0] == ("good", f"{GUEST} was invited as viewer.")
    assert OutgoingMail.objects.filter(recipient=GUEST).exists()
    assert GUEST in olga.text("people/")


def test_somebody_known_has_the_role_at_once(olga):
    olga.toast(invite(olga, cast.NORA, "administrator"))
    assert access(cast.NORA).role == "administrator"


def test_what_is_no_address_is_told_at_the_field(olga):
    answer = invite(olga, "nobody")
    assert (answer.status_code, 'id="id_email_error"' in answer.text) == (422, True)


def test_the_same_person_twice_is_told_at_the_field(olga):
    assert 'id="id_email_error"' in invite(olga, cast.VERA).text


def test_an_administrator_is_not_offered_to_make_owners(adam, olga):
    assert 'value="owner"' not in adam.get("people/").text
    assert 'value="owner"' in olga.get("people/").text


def test_and_cannot_by_sending_it_all_the_same(adam):
    assert invite(adam, role="owner").status_code == 422
    assert not Invitation.objects.exists()


def test_a_viewer_sees_no_form_and_cannot_invite(vera):
    assert "Add or invite" not in vera.text("people/")
    invite(vera)
    assert not Invitation.objects.exists()


def test_a_role_is_changed(olga):
    told = olga.toast(olga.post(f"people/{access(cast.VERA).pk}/role/", role="administrator"))
    assert told[0] == ("good", f"{cast.VERA} is administrator from now on.")
    assert access(cast.VERA).role == "administrator"


def test_the_last_owner_stays(olga):
    told = olga.toast(olga.post(f"people/{access(cast.OLGA).pk}/role/", came_from="people/", role="viewer"))
    assert told[0][0] == "bad"
    assert access(cast.OLGA).role == "owner"


def test_a_role_is_taken_after_a_question(olga):
    path = f"people/{access(cast.VERA).pk}/remove/"
    assert f"Take the role from {cast.VERA}?" in olga.text(path)
    olga.post(path)
    assert not Access.objects.filter(person__email=cast.VERA).exists()


def test_everybody_may_leave(vera):
    path = f"people/{access(cast.VERA).pk}/remove/"
    assert f"Leave {cast.ACME}?" in vera.text(path)
    assert vera.post(path)["Location"] == "/domains/"
    assert vera.get("people/").status_code == 404


def test_a_viewer_takes_nobodys_role(vera):
    assert vera.post(f"people/{access(cast.ADAM).pk}/remove/").status_code == 403
    assert access(cast.ADAM)


def test_an_invitation_is_sent_again(olga):
    invite(olga)
    OutgoingMail.objects.all().delete()
    olga.toast(olga.post(f"invitations/{Invitation.objects.get().pk}/send/"))
    assert OutgoingMail.objects.filter(recipient=GUEST).exists()


def test_an_invitation_is_withdrawn_after_a_question(olga):
    invite(olga)
    path = f"invitations/{Invitation.objects.get().pk}/remove/"
    assert "Withdraw the invitation" in olga.text(path)
    olga.post(path)
    assert not Invitation.objects.exists()


def test_what_has_expired_is_marked(olga):
    invite(olga)
    Invitation.objects.update(expires_at=1)
    assert "Expired" in olga.text("people/")


def test_many_invitations_have_a_page_of_their_own(olga):
    for number in range(12):
        Invitation.objects.create(
            domain=access(cast.OLGA).domain, email=f"g{number}@x.example", role="viewer", created_at=number,
            expires_at=10**14, token_hash=f"{number}",
        )  # fmt: skip
    assert "g0@x.example" not in olga.text("people/")
    assert "g0@x.example" in olga.text("people/", show="invitations")


def test_in_french(people):
    olga = Browser(cast.OLGA, "fr")
    assert "Qui s’occupe de ce domaine" in olga.text("people/")
    assert "Propriétaire" in olga.text("people/")


@pytest.mark.parametrize("path", ["people/999999/role/", "invitations/999999/send/"])
def test_what_is_not_there(olga, path):
    assert olga.post(path, role="viewer").status_code == 404


def test_another_domains_people_are_out_of_reach(olga):
    cast.company("town", "mayor@town.adm")
    from postroom.actions import domains
    from postroom.core.roles import OPERATOR

    domains.change(OPERATOR, cast.origin(), "town.example", {"company": "town"}, create_only=True)
    cast.person(cast.NORA, "owner", "town.example")
    theirs = Access.objects.get(domain__name="town.example").pk
    assert olga.post(f"people/{theirs}/role/", role="viewer").status_code == 404
    assert "owner" in words(Browser(cast.NORA, domain="town.example").get("people/")).lower()
