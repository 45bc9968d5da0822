"""A further address of a person becomes their main one: what changes with it, and what does not."""

import pytest

from postroom.actions import invitations, person_accounts, person_addresses, person_signin, persons
from postroom.core.errors import BadCredentials, NotFound, OutOfReach, TooManyRequests, WrongState
from postroom.core.identity import Identity
from postroom.core.roles import OPERATOR, Narrowing
from postroom.store import history
from postroom.store.models import Access, AddressProof, Domain, History, Invitation, Person, PersonEmail
from tests import cast
from tests.inviting import invite
from tests.links import letters, newest

FAR, THIRD = "nora@far.example", "nora@third.example"


@pytest.fixture
def nora(people):
    """With a second address, and a password."""
    Person.objects.filter(email=cast.NORA).update(password=cast.HASH)
    own(FAR)
    return cast.person_actor(cast.NORA)


def own(email, of=cast.NORA, verified_at=2**50):
    return PersonEmail.objects.create(person=me(of), email=email, verified_at=verified_at)


def me(email=cast.NORA):
    return Person.objects.get(emails__email=email)


def make_main(actor, email=FAR):
    return person_addresses.make_main(actor, cast.origin(), id_of(email))


def remove(actor, email=cast.NORA):
    person_addresses.remove(actor, cast.origin(), id_of(email))


def id_of(email):
    return PersonEmail.objects.get(email=email).pk


def addresses():
    """Nora's, the main one first."""
    return [me().email, *me().emails.exclude(email=me().email).order_by("email").values_list("email", flat=True)]


def by_provider(email=cast.NORA, sub="s-1"):
    return person_signin.by_identity(cast.origin(), Identity(sub=sub, email=email)).person_id


def test_the_two_addresses_change_places(nora):
    assert make_main(nora) == FAR
    assert addresses() == [FAR, cast.NORA]


def test_there_is_a_way_back(nora):
    make_main(nora)
    make_main(nora, cast.NORA)
    assert addresses() == [cast.NORA, FAR]


def test_others_see_the_new_one(nora):
    make_main(nora)
    assert (persons.show(nora).email, persons.show(nora).emails) == (FAR, [FAR, cast.NORA])
    assert persons.actor(me().pk).name == FAR


def test_both_addresses_are_told(nora):
    make_main(nora)
    subject = "The main address of your account has changed"
    assert letters("address_changed") == [(cast.NORA, subject), (FAR, subject)]
    assert all(address in newest(to).text for to in (cast.NORA, FAR) for address in (cast.NORA, FAR))


def test_the_letters_are_in_their_language(nora):
    Person.objects.filter(email=cast.NORA).update(language="fr")
    make_main(nora)
    assert newest(FAR).subject == newest(cast.NORA).subject == "L’adresse principale de votre compte a changé"


def test_what_is_written_about_the_account_goes_to_the_new_one(nora):
    make_main(nora)
    remove(nora)
    assert letters("address_changed")[-1] == (FAR, "An address was removed from your account")


def test_the_history_says_who_and_what(nora):
    make_main(nora)
    found = History.objects.get(kind="person", verb="main address changed")
    assert (found.actor, found.object_id, found.changes) == (cast.NORA, me().pk, {"email": [cast.NORA, FAR]})
    assert list(history.broken_chains("person")) == []


def test_the_main_address_made_so_again_changes_nothing(nora):
    assert make_main(nora, cast.NORA) == cast.NORA
    assert (letters(), History.objects.filter(verb="main address changed").count()) == ([], 0)


@pytest.mark.parametrize("typed", [FAR, f" {FAR.upper()} ", cast.NORA, cast.NORA.title()])
def test_each_of_their_addresses_signs_in(nora, typed):
    make_main(nora)
    assert person_signin.by_password(cast.origin(), typed, cast.PASSWORD).person_id == me().pk


def test_the_one_before_signs_in_no_more_once_it_is_removed(nora):
    make_main(nora)
    remove(nora)
    with pytest.raises(BadCredentials):
        person_signin.by_password(cast.origin(), cast.NORA, cast.PASSWORD)


def test_the_one_before_becomes_somebody_elses_once_it_is_removed(nora):
    make_main(nora)
    remove(nora)
    assert by_provider(cast.NORA, "s-2") != me(FAR).pk


def test_the_main_address_cannot_be_removed(nora):
    make_main(nora)
    with pytest.raises(WrongState):
        remove(nora, FAR)


@pytest.mark.parametrize("typed", [FAR, cast.NORA.upper()])
def test_the_operator_finds_them_by_either(nora, typed):
    make_main(nora)
    found, number = person_accounts.listed(OPERATOR, typed)
    assert ([one.email for one in found], number) == ([FAR], 1)


def test_sessions_go_on(nora):
    make_main(nora)
    assert persons.of_session(me().pk, 1, "").actor.name == FAR


def test_roles_and_invitations_stay_as_they_are(nora):
    cast.person(cast.NORA, "viewer")
    person_addresses.add(nora, cast.origin(), THIRD)
    invite("guest@far.example")
    before = [list(model.objects.order_by("id").values()) for model in (Access, Invitation, AddressProof)]
    make_main(nora)
    assert [list(model.objects.order_by("id").values()) for model in (Access, Invitation, AddressProof)] == before


@pytest.mark.parametrize("to", [FAR, cast.NORA])
def test_who_is_invited_by_either_address_has_the_role(nora, to):
    make_main(nora)
    made = invitations.create(cast.person_actor(cast.OLGA), cast.origin(), cast.ACME, to)
    assert (made.email, Access.objects.get(person=me()).role) == (FAR, "viewer")


# What is refused


def refused(error, act):
    with pytest.raises(error):
        act()
    assert (addresses()[0], letters("address_changed")) == (cast.NORA, [])


def test_nobody_takes_an_address_of_somebody_else(nora):
    refused(NotFound, lambda: make_main(nora, cast.OLGA))


def test_what_was_removed_and_is_somebody_elses_now_is_not_found(nora):
    id = id_of(FAR)
    remove(nora, FAR)
    own(FAR, of=cast.OLGA)
    with pytest.raises(NotFound):
        person_addresses.make_main(nora, cast.origin(), id)
    assert (me().email, me(FAR).email) == (cast.NORA, cast.OLGA)


def test_an_address_that_is_not_proved_yet_is_not_found(nora):
    person_addresses.add(nora, cast.origin(), THIRD)
    waiting = AddressProof.objects.get(email=THIRD).pk
    refused(NotFound, lambda: person_addresses.make_main(nora, cast.origin(), 10_000 + waiting))


def test_an_api_key_changes_nothing(nora):
    key = type(nora)(name=nora.name, person_id=nora.person_id, narrowing=Narrowing())
    refused(OutOfReach, lambda: make_main(key))


def test_an_address_that_has_become_a_mailbox_since_is_not_made_the_main_one(nora):
    own("ghost@acme.example", verified_at=1)
    cast.mailbox("ghost@acme.example")
    refused(WrongState, lambda: make_main(nora, "ghost@acme.example"))


def test_an_address_that_is_an_alias_is_not_made_the_main_one(nora):
    own("ghost@acme.example")
    cast.mailbox("other@acme.example", aliases=["ghost"])
    refused(WrongState, lambda: make_main(nora, "ghost@acme.example"))


def test_a_mailbox_whose_reader_has_shown_so_since_may_be_the_main_one(nora):
    own(cast.UMA)
    make_main(nora, cast.UMA)
    assert me().email == cast.UMA


def test_an_address_in_a_domain_whose_mail_is_kept_here_may_be_the_main_one(nora):
    Domain.objects.filter(name=cast.ACME).update(proved_at=1)
    own("nora@acme.example")
    make_main(nora, "nora@acme.example")
    assert me().email == "nora@acme.example"


def test_a_holder_goes_by_the_mailboxs_address(people):
    held = cast.row(cast.UMA)
    cast.person(cast.UMA, mailbox=held)
    own(FAR, of=cast.UMA)
    with pytest.raises(WrongState):
        make_main(cast.person_actor(cast.UMA))
    assert me(FAR).email == cast.UMA


def test_what_is_shown_says_what_can_be_the_main_one(people):
    cast.person(cast.UMA, mailbox=cast.row(cast.UMA))
    own(FAR)
    own(THIRD, of=cast.UMA)
    shown = [person_addresses.show(cast.person_actor(email), cast.origin()).own for email in (cast.NORA, cast.UMA)]
    assert [[one.can_be_main for one in own] for own in shown] == [[False, True], [False, False]]


def test_nobody_writes_letters_without_end(nora, monkeypatch):
    monkeypatch.setattr(person_addresses, "_LETTERS", ((2, 3600),))
    make_main(nora)
    make_main(nora, cast.NORA)
    with pytest.raises(TooManyRequests):
        make_main(nora)
    assert (me().email, len(letters("address_changed"))) == (cast.NORA, 4)


# The identity provider


def test_the_provider_does_not_bring_the_main_address_back(nora):
    by_provider()
    make_main(nora)
    assert by_provider(cast.NORA.upper()) == me().pk
    assert addresses() == [FAR, cast.NORA]


def test_a_new_address_of_the_provider_is_a_further_one(nora):
    by_provider()
    make_main(nora)
    assert by_provider(THIRD) == me().pk
    assert addresses() == [FAR, cast.NORA, THIRD]


def test_the_providers_address_comes_back_as_a_further_one(nora):
    id = by_provider()
    make_main(nora)
    remove(nora)
    assert by_provider() == id
    assert addresses() == [FAR, cast.NORA]


def test_another_account_of_the_provider_gets_neither_address(nora):
    by_provider()
    make_main(nora)
    for email in (FAR, cast.NORA):
        with pytest.raises(BadCredentials):
            by_provider(email, "s-2")
