"""Who may give a mailbox another password by knowing the present one."""

import msgspec
import pytest

from postroom.actions import holder_password, mailboxes, persons
from postroom.core.errors import BadCredentials, ChangedMeanwhile, OutOfReach, PostroomError
from postroom.core.roles import OPERATOR, Narrowing
from postroom.store.models import Person
from tests import cast

pytestmark = pytest.mark.django_db

NEW = "velvet-anchor-mill-93"


@pytest.fixture
def uma(acme):
    """As the holder of her mailbox."""
    cast.person(cast.UMA, mailbox_id=cast.row(cast.UMA).pk)
    return persons.actor(Person.objects.get(email=cast.UMA).pk)


def change(actor, old=cast.PASSWORD, new=NEW):
    return holder_password.change(actor, cast.origin(), old, new)


def test_the_holder_may(uma):
    before = cast.row(cast.UMA).password
    change(uma)
    assert cast.row(cast.UMA).password != before


def test_what_comes_back_is_what_sessions_prove_themselves_with(uma):
    proof = change(uma)
    assert persons.of_session(uma.person_id, int(cast.origin().at.timestamp() * 1000), proof) is not None


def test_an_api_key_may_not(uma):
    with pytest.raises(OutOfReach):
        change(msgspec.structs.replace(uma, narrowing=Narrowing()))


@pytest.mark.parametrize("who", [OPERATOR, None])
def test_whoever_holds_no_mailbox_may_not(uma, people, who):
    with pytest.raises(OutOfReach):
        change(who or cast.person_actor(cast.OLGA))


def test_a_wrong_password_is_counted_against_the_account(uma):
    for _ in range(6):
        with pytest.raises(PostroomError):
            change(uma, old="wrong")
    with pytest.raises(PostroomError, match="too many"):
        change(uma)


def test_a_right_one_forgets_the_wrong_ones(uma):
    for _ in range(4):
        with pytest.raises(BadCredentials):
            change(uma, old="wrong")
    change(uma)
    with pytest.raises(BadCredentials):
        change(uma, old="wrong")


def test_whoever_comes_first_wins(uma, monkeypatch):
    """An administrator sets another one while ours is being hashed."""
    hashed = holder_password.plain

    def meanwhile(*arguments):
        mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"password": "quarry-lantern-41-oat"})
        return hashed(*arguments)

    monkeypatch.setattr(holder_password, "plain", meanwhile)
    with pytest.raises(ChangedMeanwhile):
        change(uma)
