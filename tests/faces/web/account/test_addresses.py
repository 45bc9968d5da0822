"""Adding an address to one's account, making it the main one, and removing one."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from postroom.store.models import AddressProof, Person, PersonEmail
from tests import cast
from tests.inviting import invite, role_of
from tests.links import letters, newest
from tests.sessions import sign_in

FAR = "olga@far.example"
NEW = "/account/addresses/new/"


@pytest.fixture
def olga(people):
    return signed_in()


def signed_in(email=cast.OLGA, ago=0):
    """`ago` in seconds."""
    return sign_in(Client(), me(email).pk, ago=ago)


def me(email=cast.OLGA):
    return Person.objects.get(email=email)


def link(email=FAR):
    return re.search(r"/account/addresses/confirm/\w+/", newest(email).text)[0]


def add(client, email=FAR):
    return client.post(NEW, {"email": email})


def page(client):
    return client.get("/account/").text


def emails(email=cast.OLGA):
    return sorted(me(email).emails.values_list("email", flat=True))


def removing():
    return f"/account/addresses/{PersonEmail.objects.get(email=FAR).pk}/remove/"


def test_the_page_tells_what_was_sent_and_where(olga):
    answer = add(olga)
    assert (answer.status_code, answer["Location"]) == (303, "/account/")
    shown = page(olga)
    assert f"A letter to {FAR} is on its way. Open its link within a day." in shown
    assert "A letter is on its way; its link opens until" in shown


def test_what_is_no_address_is_told_at_its_field(olga):
    answer = add(olga, "nobody")
    assert answer.status_code == 422
    assert 'id="id_email_error">Must be a full address such as joe@example.com.' in answer.text
    assert letters() == []


def masked(client, own, wanted):
    """The account's page, without what differs for everybody."""
    shown = page(client).replace(own, "OWN").replace(wanted, "WANTED")
    return re.sub(r'value="\w{64}"|/waiting/\d+/', "", shown)


def test_somebody_elses_address_is_answered_as_any_other(olga):
    adam = signed_in(cast.ADAM)
    add(olga, cast.VERA)
    add(adam, FAR)
    assert masked(olga, cast.OLGA, cast.VERA) == masked(adam, cast.ADAM, FAR)


def test_the_link_asks_first(olga):
    add(olga)
    answer = olga.get(link())
    assert f"Is {FAR} yours?" in answer.text and cast.OLGA in answer.text
    assert emails() == [cast.OLGA]


def test_the_button_makes_it_ones_own(olga):
    add(olga)
    assert olga.post(link())["Location"] == "/account/"
    assert f"{FAR} is one of your addresses now." in page(olga)
    assert emails() == [FAR, cast.OLGA]


def test_the_domains_that_invited_it_are_told(people):
    invite(FAR, "viewer", at=datetime.now(UTC))
    nora = signed_in(cast.NORA)
    add(nora)
    nora.post(link())
    assert f"You have a role on {cast.ACME}." in page(nora)
    assert role_of(me(cast.NORA)) == "viewer"


def test_without_a_session_one_signs_in_first(olga):
    add(olga)
    answer = Client().get(link())
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (303, "/sign-in/")


def test_in_another_account_the_link_opens_nothing(olga):
    add(olga)
    answer = signed_in(cast.VERA).post(link())
    assert "another account than this one asked for it" in answer.text and answer.status_code == 404
    assert emails(cast.VERA) == [cast.VERA]


def test_a_session_of_long_ago_adds_nothing(people):
    stale = signed_in(ago=3600)
    assert stale.get(NEW)["Location"].startswith("/sign-in/")
    add(stale)
    assert (letters(), AddressProof.objects.count()) == ([], 0)


def test_a_session_of_long_ago_removes_nothing(olga):
    add(olga)
    olga.post(link())
    signed_in(ago=3600).post(removing())
    assert FAR in emails()


def test_an_address_is_removed_after_a_question(olga):
    add(olga)
    olga.post(link())
    assert f"Remove the address {FAR}?" in olga.get(removing()).text and FAR in emails()
    olga.post(removing())
    assert f"{FAR} is removed." in page(olga)
    assert emails() == [cast.OLGA]


def test_the_address_that_one_signs_in_with_cannot_be_removed(olga):
    add(olga)
    olga.post(link())
    id = PersonEmail.objects.get(email=cast.OLGA).pk
    assert f"/account/addresses/{id}/remove/" not in page(olga)
    assert olga.get(f"/account/addresses/{id}/remove/").status_code == 404
    assert olga.post(f"/account/addresses/{id}/remove/").status_code == 409


def test_who_comes_by_a_provider_is_told_that_it_may_come_back(olga):
    add(olga)
    olga.post(link())
    text = "it comes back when you sign in with that"
    assert text not in olga.get(removing()).text
    Person.objects.filter(email=cast.OLGA).update(sub="olga")
    assert text in olga.get(removing()).text


def own(email=FAR):
    """Olga's, from now on; where the button leads that makes it the main one."""
    made = PersonEmail.objects.create(person=me(), email=email, verified_at=1)
    return f"/account/addresses/{made.pk}/main/"


def test_a_button_makes_an_address_the_main_one(olga):
    button = own()
    assert f'action="{button}"' in page(olga)
    answer = olga.post(button)
    assert (answer.status_code, answer["Location"]) == (303, "/account/")
    shown = page(olga)
    assert f"{FAR} is your main address now." in shown
    assert f'{FAR} <span class="muted">(main address)</span>' in shown
    assert me(FAR).emails.filter(email=cast.OLGA).exists()


def test_the_main_address_has_no_such_button(olga):
    button = own()
    olga.post(button)
    assert button not in page(olga)


def test_the_button_alone_makes_it_so(olga):
    assert olga.get(own()).status_code == 405
    assert me().email == cast.OLGA


def test_a_session_of_long_ago_makes_nothing_the_main_address(people):
    button = own()
    answer = signed_in(ago=3600).post(button, headers={"Referer": "http://testserver/account/"})
    assert answer["Location"] == "/sign-in/?next=%2Faccount%2F&again=1"
    assert (me().email, letters()) == (cast.OLGA, [])


def test_the_button_of_somebody_else_is_no_page(olga):
    assert signed_in(cast.VERA).post(own()).status_code == 404
    assert me().email == cast.OLGA


def test_rest_tells_the_new_main_address(olga):
    olga.post(own())
    told = olga.get("/api/v1.0/users/me/").json()
    assert (told["email"], told["emails"]) == (FAR, [FAR, cast.OLGA])


def test_colleagues_find_the_new_main_address(olga):
    olga.post(own())
    people = signed_in(cast.ADAM).get(f"/domains/{cast.ACME}/people/").text
    assert FAR in people and cast.OLGA not in people


def test_a_letter_is_withdrawn(olga):
    add(olga)
    sent = link()
    where = re.search(r"/account/addresses/waiting/\d+/withdraw/", page(olga))[0]
    assert olga.post(where).status_code == 303
    assert olga.post(sent).status_code == 404
    assert "A letter is on its way;" not in page(olga)


def test_a_holder_is_offered_no_further_address(people):
    cast.person(cast.UMA, mailbox=cast.row(cast.UMA))
    uma = signed_in(cast.UMA)
    PersonEmail.objects.create(person=me(cast.UMA), email=FAR, verified_at=1)
    assert NEW not in page(uma) and "/main/" not in page(uma)
    assert add(uma).status_code == 409


def test_the_french(olga):
    Person.objects.filter(email=cast.OLGA).update(language="fr")
    add(olga)
    assert f"Un message est en route vers {FAR}." in page(olga)
    assert f"{FAR} est-elle à vous\u00a0?" in olga.get(link()).text
    assert "Est déjà à vous." in add(olga, cast.OLGA).text
    olga.post(own())
    assert f"{FAR} est maintenant votre adresse principale." in page(olga)
