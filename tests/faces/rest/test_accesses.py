"""people.md section 3.2: accesses."""

import pytest

from postroom.core.public_ids import Kind, public_id
from postroom.store.models import Access
from tests import cast
from tests.faces.rest.client import access_id, person_id

FRIEND = "friend@acme.example"
LAST_OWNER = "Cannot change the role to a non-owner role for the last owner access."


@pytest.fixture
def friend(people):
    """Known to Acme's people by an address there."""
    cast.person(FRIEND, name="Frida Fréjus")


def own(client, email):
    return f"accesses/{access_id(email)}/"


def test_an_access(vera):
    found = vera.ok("GET", own(vera, cast.OLGA))
    assert found == {
        "id": access_id(cast.OLGA), "user": {"id": person_id(cast.OLGA), "name": "", "email": cast.OLGA},
        "role": "owner", "can_set_role_to": [],
    }  # fmt: skip


TABLE = {
    "vera": {"viewer": [], "administrator": [], "owner": []},
    "adam": {"viewer": ["administrator"], "administrator": ["viewer"], "owner": []},
    "olga": {
        "viewer": ["administrator", "owner"],
        "administrator": ["owner", "viewer"],
        "owner": ["administrator", "viewer"],
    },
}


@pytest.mark.parametrize("who", TABLE)
def test_what_can_be_set(request, who):
    found = request.getfixturevalue(who).results("accesses/")
    assert {one["role"]: one["can_set_role_to"] for one in found} == TABLE[who]


def test_orders(vera):
    def emails(query=""):
        return [one["user"]["email"] for one in vera.results(f"accesses/{query}")]

    assert emails() == [cast.VERA, cast.ADAM, cast.OLGA]
    assert emails("?ordering=user__email") == [cast.ADAM, cast.OLGA, cast.VERA]
    assert emails("?ordering=-user__email") == [cast.VERA, cast.OLGA, cast.ADAM]
    assert emails("?ordering=-role") == [cast.VERA, cast.OLGA, cast.ADAM]
    assert emails("?ordering=colour") == emails()


def test_candidates(adam, friend):
    found = adam.ok("GET", "accesses/users/?q=FREJUS")
    assert [one["email"] for one in found] == [FRIEND]
    assert set(found[0]) >= {"id", "email", "language", "name", "organization", "timezone", "is_device", "is_staff"}


def test_giving_a_role(adam, friend):
    answer = adam.post("accesses/", {"user": person_id(FRIEND), "role": "administrator"})
    assert (answer.status_code, answer.json()["role"]) == (201, "administrator")


def test_a_role_that_is_not_said_is_viewer(adam, friend):
    assert adam.ok("POST", "accesses/", {"user": person_id(FRIEND)})["role"] == "viewer"


def test_only_owners_make_owners(adam, friend):
    answer = adam.post("accesses/", {"user": person_id(FRIEND), "role": "owner"})
    assert answer.status_code == 403
    assert answer.json() == {"detail": "Only owners of a domain can assign other users as owners."}


def test_a_pair_that_exists(olga):
    answer = olga.post("accesses/", {"user": person_id(cast.VERA), "role": "viewer"})
    assert (answer.status_code, list(answer.json())) == (400, ["__all__"])


def test_an_unknown_role(adam, friend):
    answer = adam.post("accesses/", {"user": person_id(FRIEND), "role": "king"})
    assert (answer.status_code, answer.json()) == (400, {"role": ['"king" is not a valid choice.']})


@pytest.mark.parametrize("user", [public_id(Kind.PERSON, 999_999), public_id(Kind.DOMAIN, 1), "me"])
def test_somebody_unknown(adam, user):
    assert list(adam.post("accesses/", {"user": user}).json()) == ["user"]


def test_changing_a_role(adam):
    assert adam.ok("PATCH", own(adam, cast.VERA), {"role": "administrator"})["role"] == "administrator"


def test_a_user_that_is_sent_along_is_ignored(adam):
    found = adam.ok("PUT", own(adam, cast.VERA), {"role": "administrator", "user": person_id(cast.OLGA)})
    assert found["user"]["email"] == cast.VERA


def test_nothing_to_change(adam):
    assert adam.ok("PATCH", own(adam, cast.VERA), {})["role"] == "viewer"


def test_a_role_beyond_reach(adam):
    answer = adam.patch(own(adam, cast.VERA), {"role": "owner"})
    assert answer.status_code == 403
    assert answer.json() == {"detail": "You are only allowed to set role to administrator"}


def test_somebody_beyond_reach(adam):
    answer = adam.patch(own(adam, cast.OLGA), {"role": "viewer"})
    assert answer.status_code == 403
    assert answer.json() == {"detail": "You are not allowed to modify role for this user."}


def test_the_last_owner_stays(olga):
    answer = olga.patch(own(olga, cast.OLGA), {"role": "viewer"})
    assert (answer.status_code, answer.json()) == (403, {"role": LAST_OWNER})
    answer = olga.delete(own(olga, cast.OLGA))
    assert answer.status_code == 403
    assert answer.json() == {"detail": "Cannot delete the last owner access for the domain."}


def test_taking_a_role(adam):
    assert adam.delete(own(adam, cast.VERA)).status_code == 204
    assert not Access.objects.filter(person__email=cast.VERA).exists()


def test_a_viewer_cannot_leave(vera):
    assert vera.delete(own(vera, cast.VERA)).status_code == 403
