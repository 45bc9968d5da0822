"""Addresses of a person: added by a letter's link, removed, and what a stranger can do with that."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from postroom.actions import invitations, person_addresses, person_signin, persons
from postroom.core.errors import (
    BadRequest,
    InvitationExists,
    LinkDead,
    NotFound,
    OutOfReach,
    TooManyRequests,
    WrongState,
)
from postroom.core.roles import OPERATOR, Narrowing
from postroom.store.models import Access, AddressProof, Domain, History, Job, OutgoingMail, Person, PersonEmail
from postroom.worker import jobs, loop
from tests import cast
from tests.inviting import accept, invite, role_of
from tests.links import letters, newest

FAR = "nora@far.example"
START = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def nora(people):
    return cast.person_actor(cast.NORA)


def me(email=cast.NORA):
    return Person.objects.get(email=email)


def add(actor, email=FAR, at=START):
    return person_addresses.add(actor, cast.origin(at), email)


def token(email=FAR):
    return re.search(r"/account/addresses/confirm/([0-9a-f]{32})/", newest(email).text)[1]


def confirm(actor, link=None, at=START):
    return person_addresses.confirm(actor, cast.origin(at), token() if link is None else link)


def added(actor, email=FAR):
    add(actor, email)
    confirm(actor, token(email))
    return PersonEmail.objects.get(email=email).pk


def emails(email=cast.NORA):
    return sorted(me(email).emails.values_list("email", flat=True))


def shown(actor, at=START):
    return person_addresses.show(actor, cast.origin(at))


def waiting(actor, at=START):
    return [one.email for one in shown(actor, at).waiting]


# Asked for


def test_a_letter_goes_to_the_address_and_nothing_else_changes(nora):
    assert add(nora, " Nora@FAR.example ") == FAR
    assert letters("address_asked") == [(FAR, "Is this address yours?")]
    assert (emails(), waiting(nora)) == ([cast.NORA], [FAR])


def test_the_letter_says_to_which_account_the_address_would_belong(nora):
    add(nora)
    assert cast.NORA in newest(FAR).text


def test_the_letter_is_in_the_language_of_who_asks(nora):
    Person.objects.filter(email=cast.NORA).update(language="fr")
    add(nora)
    assert newest(FAR).subject == "Cette adresse est-elle à vous\u00a0?"


@pytest.mark.parametrize("written", [None, "", " ", 7, "nobody", "a b@home.example"])
def test_what_is_no_address_is_told_at_its_field(nora, written):
    with pytest.raises(BadRequest) as told:
        add(nora, written)
    assert (told.value.hints.keys(), letters(), waiting(nora)) == ({"email"}, [], [])


def test_what_is_theirs_already_is_not_added_again(nora):
    with pytest.raises(BadRequest) as told:
        add(nora, cast.NORA)
    assert told.value.hints == {"email": "is yours already"}


def test_somebody_elses_address_looks_like_any_other_to_who_asks(nora):
    add(nora, cast.OLGA)
    assert waiting(nora) == [cast.OLGA]
    assert History.objects.latest("id").changes == {"emails": [None, cast.OLGA]}


@pytest.mark.parametrize("email", [cast.OLGA, cast.UMA, "nobody@acme.example"])
def test_what_cannot_be_added_gets_a_letter_without_a_link(nora, email):
    add(nora, email)
    assert letters("address_asked") == [(email, "This address cannot be added to an account")]
    assert "http" not in newest(email).text + newest(email).html


def test_a_domain_that_nobody_has_proved_keeps_no_address_back(nora):
    Domain.objects.filter(name=cast.ACME).update(proved_at=None)
    add(nora, "nobody@acme.example")
    assert token("nobody@acme.example")


def test_nobody_writes_to_many_strangers(nora):
    for number in range(5):
        add(nora, f"n{number}@far.example")
    with pytest.raises(TooManyRequests):
        add(nora, "n5@far.example")
    assert len(letters("address_asked")) == 5


def test_many_people_together_do_not_flood_one_stranger(nora, settings):
    settings.INVITATIONS_TO_ONE = ((1, 3600),)
    add(nora)
    with pytest.raises(TooManyRequests):
        add(cast.person_actor(cast.OLGA))


def test_nobody_has_more_addresses_than_there_may_be(nora, monkeypatch):
    monkeypatch.setattr(person_addresses, "MOST", 2)
    add(nora)
    with pytest.raises(WrongState, match="2 addresses"):
        add(nora, "second@far.example")
    add(nora)  # the same one again is not one more


def test_the_holder_of_a_mailbox_has_its_address_alone(people):
    cast.person(cast.UMA, mailbox=cast.row(cast.UMA))
    uma = cast.person_actor(cast.UMA)
    with pytest.raises(WrongState):
        add(uma)
    assert not shown(uma).can_add


@pytest.mark.parametrize("change", [add, lambda actor: person_addresses.remove(actor, cast.origin(), 1), confirm])
def test_an_api_key_changes_no_addresses(nora, change):
    add(nora)
    key = type(nora)(name=nora.name, person_id=nora.person_id, narrowing=Narrowing())
    with pytest.raises(OutOfReach):
        change(key)
    assert emails() == [cast.NORA]


def test_the_operator_at_the_command_line_has_no_addresses(people):
    with pytest.raises(OutOfReach):
        shown(OPERATOR)


# Confirmed


def test_the_link_makes_the_address_theirs(nora):
    add(nora)
    assert confirm(nora) == (FAR, [])
    assert (emails(), waiting(nora)) == ([FAR, cast.NORA], [])


def test_looking_at_the_link_changes_nothing(nora):
    add(nora)
    assert person_addresses.asked(nora, cast.origin(START), token()) == FAR
    assert emails() == [cast.NORA]


def test_invitations_that_wait_become_accesses(nora):
    invite(FAR, "administrator", at=START)
    add(nora)
    assert confirm(nora) == (FAR, [cast.ACME])
    assert role_of(me()) == "administrator"


def test_invitations_to_it_are_theirs_from_then_on(nora):
    added(nora)
    invite(FAR)
    assert role_of(me()) == "viewer"


def test_the_link_opens_once(nora):
    add(nora)
    link = token()
    confirm(nora, link)
    person_addresses.remove(nora, cast.origin(START), PersonEmail.objects.get(email=FAR).pk)
    with pytest.raises(LinkDead):
        confirm(nora, link)
    assert emails() == [cast.NORA]


def test_the_link_ends_after_a_day(nora):
    add(nora)
    late = START + timedelta(seconds=person_addresses.LINK_SECONDS)
    with pytest.raises(LinkDead):
        confirm(nora, at=late)
    assert (emails(), waiting(nora, late)) == ([cast.NORA], [])


def test_a_newer_letter_ends_the_link_of_the_one_before(nora):
    add(nora)
    before = token()
    add(nora)
    with pytest.raises(LinkDead):
        confirm(nora, before)
    confirm(nora)
    assert FAR in emails()


def test_somebody_else_cannot_use_the_link(nora):
    add(nora)
    with pytest.raises(LinkDead):
        confirm(cast.person_actor(cast.OLGA))
    assert (emails(), emails(cast.OLGA)) == ([cast.NORA], [cast.OLGA])


@pytest.mark.parametrize("wrong", ["", "x", "0" * 32, "\0", "é"])
def test_what_is_no_link_opens_nothing(nora, wrong):
    add(nora)
    with pytest.raises(LinkDead):
        confirm(nora, wrong)


def test_links_are_not_tried_out(nora, monkeypatch):
    monkeypatch.setattr(person_addresses, "_MISSES", ((2, 3600),))
    for _ in range(2):
        with pytest.raises(LinkDead):
            confirm(nora, "0" * 32)
    with pytest.raises(TooManyRequests):
        confirm(nora, "0" * 32)


def test_an_address_that_somebody_has_got_meanwhile_stays_theirs(nora):
    add(nora)
    cast.person(FAR)
    with pytest.raises(LinkDead):
        confirm(nora)
    assert emails(FAR) == [FAR]


def test_an_address_that_has_become_a_mailbox_opens_none(nora):
    Domain.objects.filter(name=cast.ACME).update(proved_at=None)
    add(nora, "ghost@acme.example")
    Domain.objects.filter(name=cast.ACME).update(proved_at=1)
    cast.mailbox("ghost@acme.example")
    with pytest.raises(LinkDead):
        confirm(nora, token("ghost@acme.example"))
    assert persons.actor(me().pk).grants == ()


def test_the_main_address_is_told_of_it(nora):
    added(nora)
    assert letters("address_changed") == [(cast.NORA, "An address was added to your account")]
    assert FAR in newest(cast.NORA).text


def test_one_signs_in_with_it(nora):
    Person.objects.filter(email=cast.NORA).update(password=cast.HASH)
    added(nora)
    assert person_signin.by_password(cast.origin(), FAR, cast.PASSWORD).person_id == me().pk


def test_the_history_of_the_person_says_who_and_what(nora):
    added(nora)
    found = History.objects.filter(kind="person", verb="address added").get()
    assert (found.actor, found.name, found.changes) == (cast.NORA, cast.NORA, {"emails": [None, FAR]})


def test_the_link_is_kept_nowhere(nora):
    add(nora)
    link = token()
    kept = [*AddressProof.objects.values(), *History.objects.values()]
    assert link not in repr(kept) + repr(OutgoingMail.objects.all())


def test_letters_that_nobody_has_answered_are_forgotten(nora):
    add(nora, at=START - timedelta(days=400))
    add(nora, "new@far.example", at=datetime.now(UTC))
    jobs.purge(Job(), loop.milliseconds)
    assert list(AddressProof.objects.values_list("email", flat=True)) == ["new@far.example"]


# Removed


def test_an_address_is_removed(nora):
    id = added(nora)
    assert person_addresses.remove(nora, cast.origin(), id) == FAR
    assert emails() == [cast.NORA]


def test_roles_that_came_by_it_stay(nora):
    invite(FAR, "administrator")
    person_addresses.remove(nora, cast.origin(), added(nora))
    assert role_of(me()) == "administrator"


def test_invitations_to_it_are_no_longer_theirs(nora):
    person_addresses.remove(nora, cast.origin(), added(nora))
    invite(FAR)
    accept(me())
    assert not Access.objects.filter(person=me()).exists()
    with pytest.raises(InvitationExists):
        invitations.create(cast.person_actor(cast.OLGA), cast.origin(), cast.ACME, FAR)


def test_the_address_that_one_signs_in_with_stays(nora):
    added(nora)
    with pytest.raises(WrongState):
        person_addresses.remove(nora, cast.origin(), PersonEmail.objects.get(email=cast.NORA).pk)
    assert emails() == [FAR, cast.NORA]


def test_the_last_address_stays(nora):
    Person.objects.filter(email=cast.NORA).update(email="former@home.example")
    with pytest.raises(WrongState):
        person_addresses.remove(nora, cast.origin(), PersonEmail.objects.get(email=cast.NORA).pk)


def test_nobody_removes_an_address_of_somebody_else(nora):
    id = added(nora)
    with pytest.raises(NotFound):
        person_addresses.remove(cast.person_actor(cast.OLGA), cast.origin(), id)


def test_the_main_address_is_told_that_one_was_removed(nora):
    person_addresses.remove(nora, cast.origin(), added(nora))
    assert letters("address_changed")[-1] == (cast.NORA, "An address was removed from your account")


def test_a_letter_is_withdrawn(nora):
    add(nora)
    link = token()
    person_addresses.withdraw(nora, cast.origin(), shown(nora).waiting[0].id)
    with pytest.raises(LinkDead):
        confirm(nora, link)
    assert waiting(nora) == []


def test_nobody_withdraws_the_letter_of_somebody_else(nora):
    add(nora)
    with pytest.raises(NotFound):
        person_addresses.withdraw(cast.person_actor(cast.OLGA), cast.origin(), shown(nora).waiting[0].id)


def test_what_is_shown_says_what_stays(nora):
    added(nora)
    assert [(one.email, one.stays) for one in shown(nora).own] == [(cast.NORA, True), (FAR, False)]
