"""Where the link in an invitation leads."""

from datetime import timedelta

import pytest
from django.test import Client

from postroom.store.models import Access, Invitation, Person
from tests import cast
from tests.faces.web.test_page import browser
from tests.inviting import NEW, invite, role_of, token

PASSWORD = "Zebra-quilt-marmot-42"


@pytest.fixture
def link(people):
    invite(at=cast.origin().at, role="administrator")
    return f"/invitations/{token()}"


def join(link, client=None, **changes):
    given = {"name": "Nina Novak", "password": PASSWORD, **changes}
    return (client or Client(headers={"accept-language": "fr"})).post(link, given)


def test_it_tells_who_asks_whom_to_do_what(link):
    text = Client().get(link).text
    assert cast.OLGA in text and cast.ACME in text and NEW in text and "Administrator" in text


def test_a_new_person_joins_and_is_signed_in(link):
    client = Client()
    answer = join(link, client)
    assert (answer.status_code, answer["Location"]) == (303, f"/domains/{cast.ACME}/")
    assert role_of(Person.objects.get(email=NEW)) == "administrator"
    assert client.get("/account/").status_code == 200


def test_the_new_person_keeps_the_language_of_the_page(link):
    join(link)
    assert Person.objects.get(email=NEW).language == "fr"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"password": "short"}, "password"),
        ({"password": ""}, "password"),
        ({"name": ""}, "name"),
        ({"name": "\x07"}, "name"),
    ],
)
def test_what_is_wrong_is_told_and_nobody_is_made(link, changes, field):
    answer = join(link, **changes)
    assert answer.status_code == 422 and f'id="id_{field}_error"' in answer.text
    assert not Person.objects.filter(email=NEW).exists()


def test_a_known_person_is_told_to_sign_in(link):
    cast.person(NEW)
    answer = join(link, Client())
    assert answer.status_code == 409 and "is known here already" in answer.text


def test_the_way_to_sign_in_comes_back_here_with_the_address(link):
    assert f"email=new%40guest.example&amp;next={link.replace('/', '%2F')}" in Client().get(link).text


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_opens_nothing_is_not_found(people, method):
    assert getattr(Client(), method)("/invitations/nonsense").status_code == 404


def test_an_old_link_is_not_found(link):
    Invitation.objects.update(expires_at=int((cast.origin().at - timedelta(days=1)).timestamp() * 1000))
    assert Client().get(link).status_code == 404


def test_whoever_is_signed_in_with_the_address_accepts_with_a_button(link):
    cast.person(NEW)
    client = browser(NEW)
    assert "Accept the invitation" in client.get(link).text
    assert client.post(link)["Location"] == f"/domains/{cast.ACME}/"
    assert role_of(Person.objects.get(email=NEW)) == "administrator"


def test_looking_alone_accepts_nothing(link):
    cast.person(NEW)
    browser(NEW).get(link)
    assert not Access.objects.filter(person__email=NEW).exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_somebody_else_who_is_signed_in_gets_no_role_by_it(link, method):
    answer = getattr(browser(cast.NORA), method)(link)
    assert answer.status_code == 200 and "the invitation is for new@guest.example" in answer.text
    assert not Access.objects.filter(person__email=cast.NORA).exists()
