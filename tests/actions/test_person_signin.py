"""Who gets in to the web, and with what."""

from datetime import UTC, datetime, timedelta

import pytest

from postroom.actions import (
    domain_switch,
    invitations,
    mailbox_removal,
    mailboxes,
    person_accounts,
    person_signin,
    persons,
    signin,
)
from postroom.core.errors import AccountDisabled, BadCredentials, NotFound, PasswordTooWeak, TooManyAttempts, WrongState
from postroom.core.identity import Identity
from postroom.core.passwords import schemes
from postroom.core.roles import OPERATOR, Permission, Role, Target, allows
from postroom.store.models import Access, History, Invitation, OutgoingMail, Person, PersonEmail
from tests import cast

PASSWORD = "Zebra-quilt-marmot-42"
OLGA, PIA = "olga@people.test", "pia@people.test"


@pytest.fixture
def olga(acme):
    person_accounts.add(OPERATOR, cast.origin(), OLGA, name="Olga", password=PASSWORD)


def sign_in(email=OLGA, password=PASSWORD, at=None):
    passed = person_signin.by_password(cast.origin(at), email, password)
    person_signin.finish(cast.origin(at), passed)
    return passed


def by_provider(sub="s-1", email=PIA, **more):
    return person_signin.by_identity(cast.origin(), Identity(sub=sub, email=email, **more))


def actor(passed):
    return persons.actor(passed.person_id)


def uma():
    return cast.row(cast.UMA)


def test_a_person_signs_in_with_address_and_password(olga):
    assert actor(sign_in()).name == OLGA


@pytest.mark.parametrize("typed", [" OLGA@People.test ", OLGA.upper()])
def test_the_case_of_the_address_does_not_matter(olga, typed):
    assert actor(sign_in(typed)).name == OLGA


@pytest.mark.parametrize(
    ("email", "password"), [(OLGA, "wrong"), (OLGA, ""), ("nobody@people.test", PASSWORD), ("", "")]
)
def test_anything_else_is_refused_alike(olga, email, password):
    with pytest.raises(BadCredentials) as error:
        sign_in(email, password)
    assert error.value.detail == ""


def test_the_password_is_kept_as_argon2id(olga):
    assert schemes.scheme_of(Person.objects.get().password) == "ARGON2ID"


@pytest.mark.parametrize("email", [OLGA, cast.UMA, "nobody@people.test"])
def test_one_hash_of_each_kind_is_worked_out_whoever_it_is(olga, email, monkeypatch):
    worked = []
    real = schemes.verify
    monkeypatch.setattr(schemes, "verify", lambda plain, stored: worked.append(stored) or real(plain, stored))
    with pytest.raises(BadCredentials):
        sign_in(email, "wrong")
    slow = [schemes.scheme_of(stored) for stored in worked if stored]
    assert sorted(slow) in (["ARGON2ID", "BCRYPT"], ["ARGON2ID", "SSHA"])


def test_wrong_passwords_make_the_address_wait(stopped_clock, olga):
    for _ in range(6):
        with pytest.raises(BadCredentials):
            sign_in(password="wrong")
    with pytest.raises(TooManyAttempts):
        sign_in()


def test_guesses_at_the_web_count_at_the_api_too(stopped_clock, acme):
    for _ in range(6):
        with pytest.raises(BadCredentials):
            sign_in(cast.UMA, "wrong")
    with pytest.raises(TooManyAttempts):
        cast.actor(cast.UMA)


def test_a_sign_in_is_in_the_persons_history(olga):
    sign_in()
    entry = History.objects.filter(kind="person", name=OLGA).order_by("-id")[0]
    assert (entry.verb, entry.changes["with"]) == ("signed in", [None, "pwd"])


def test_a_mailboxs_holder_signs_in_with_the_mailboxs_password(acme):
    assert roles(actor(sign_in(cast.UMA, cast.PASSWORD))) == {Role.SELF}


def roles(who):
    return {grant.role for grant in who.grants}


def test_a_holder_changes_the_own_mailbox(acme):
    mailboxes.change(actor(sign_in(cast.UMA, cast.PASSWORD)), cast.origin(), cast.UMA, {"name": "Uma"})
    assert uma().settings["name"] == "Uma"


def test_what_oma_lets_an_administrator_do_the_holder_may_do(acme):
    assert roles(actor(sign_in(cast.DORA, cast.PASSWORD))) == {Role.SELF, Role.DOMAIN}


def test_the_holder_is_made_once(acme):
    assert sign_in(cast.UMA, cast.PASSWORD).person_id == sign_in(cast.UMA, cast.PASSWORD).person_id


def test_a_holder_is_called_as_the_mailbox_is(acme):
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"name": "Uma Iversen", "language": "fr"})
    person = Person.objects.get(id=sign_in(cast.UMA, cast.PASSWORD).person_id)
    assert (person.name, person.language) == ("Uma Iversen", "fr")


@pytest.mark.parametrize("password", [cast.PASSWORD, "wrong"])
def test_the_holder_of_a_disabled_mailbox_stays_out(acme, password):
    cast.row(cast.UMA)
    type(uma()).objects.filter(address=cast.UMA).update(status="disabled")
    with pytest.raises(AccountDisabled if password == cast.PASSWORD else BadCredentials):
        sign_in(cast.UMA, password)


def test_the_holder_in_a_disabled_domain_stays_out(acme):
    domain_switch.disable(OPERATOR, cast.origin(), cast.ACME)
    with pytest.raises(AccountDisabled):
        sign_in(cast.UMA, cast.PASSWORD)


def test_app_passwords_do_not_open_the_web(acme):
    from postroom.actions import app_passwords

    text = app_passwords.add(OPERATOR, cast.origin(), cast.UMA, "phone")
    with pytest.raises(BadCredentials):
        sign_in(cast.UMA, text)


def test_a_renamed_mailboxs_holder_goes_by_the_new_address(acme):
    before = sign_in(cast.UMA, cast.PASSWORD).person_id
    mailbox_removal.rename(OPERATOR, cast.origin(), cast.UMA, "una")
    after = sign_in("una@acme.example", cast.PASSWORD)
    assert (after.person_id, actor(after).name) == (before, "una@acme.example")


def test_the_old_address_of_a_renamed_mailbox_opens_nothing(acme):
    sign_in(cast.UMA, cast.PASSWORD)
    mailbox_removal.rename(OPERATOR, cast.origin(), cast.UMA, "una")
    with pytest.raises(BadCredentials):
        sign_in(cast.UMA, cast.PASSWORD)


def test_who_gets_an_address_anew_is_not_who_had_it_before(acme):
    before = sign_in(cast.UMA, cast.PASSWORD).person_id
    mailbox_removal.delete(OPERATOR, cast.origin(), cast.UMA)
    cast.mailbox(cast.UMA)
    assert sign_in(cast.UMA, cast.PASSWORD).person_id != before


def test_a_mailboxs_password_does_not_open_a_person_who_signs_in_otherwise(acme):
    """Its administrators can set it: they must not get in elsewhere with it."""
    person_accounts.add(OPERATOR, cast.origin(), cast.UMA, password=PASSWORD, operator=True)
    with pytest.raises(BadCredentials):
        sign_in(cast.UMA, cast.PASSWORD)


def test_such_a_person_signs_in_with_the_own_password(acme):
    person_accounts.add(OPERATOR, cast.origin(), cast.UMA, password=PASSWORD)
    assert not sign_in(cast.UMA).proof


def test_a_disabled_person_is_refused(olga):
    person_accounts.disable(OPERATOR, cast.origin(), OLGA)
    with pytest.raises(AccountDisabled):
        sign_in()


# --- the identity provider ---


def test_somebody_new_comes_from_the_identity_provider(acme):
    passed = by_provider(name="Pia Brandt", language="fr-FR")
    person = Person.objects.get(id=passed.person_id)
    assert (person.email, person.name, person.language) == (PIA, "Pia Brandt", "fr")


def test_the_provider_key_counts_more_than_the_address(acme):
    first = by_provider()
    assert by_provider(email="pia.new@people.test").person_id == first.person_id


def test_a_second_address_is_theirs_too(acme):
    by_provider()
    by_provider(email="pia.new@people.test")
    assert set(PersonEmail.objects.values_list("email", flat=True)) == {PIA, "pia.new@people.test"}


def test_a_known_address_is_the_same_person(olga):
    assert by_provider(email=OLGA.upper()).person_id == sign_in().person_id


def test_another_account_of_the_provider_does_not_take_an_address_over(acme):
    by_provider("s-1")
    with pytest.raises(BadCredentials):
        by_provider("s-2")


def test_somebody_elses_address_stays_theirs(olga):
    by_provider("s-1")
    by_provider("s-1", email=OLGA)
    assert PersonEmail.objects.get(email=OLGA).person.email == OLGA


def test_without_a_verified_address_nobody_new_gets_in(acme):
    with pytest.raises(BadCredentials):
        by_provider(email="")


def test_a_disabled_person_is_refused_by_the_provider_too(acme):
    by_provider()
    person_accounts.disable(OPERATOR, cast.origin(), PIA)
    with pytest.raises(AccountDisabled):
        by_provider()


def test_whose_verified_address_is_a_mailbox_is_its_holder(acme):
    assert Role.SELF in roles(actor(by_provider(email=cast.UMA)))


def test_an_address_verified_before_the_mailbox_was_made_says_nothing(acme):
    passed = by_provider(email="new@acme.example")
    PersonEmail.objects.update(verified_at=1)
    cast.mailbox("new@acme.example")
    assert roles(actor(passed)) == set()


def test_the_provider_does_not_bring_the_mailboxs_administrator_roles(acme):
    """They are the holder's: whoever has the mailbox's password."""
    assert Role.DOMAIN not in roles(actor(by_provider(email=cast.DORA)))


# --- invitations ---


def invited(email="ivan@people.test"):
    invitations.create(OPERATOR, cast.origin(), cast.ACME, email, "administrator")
    return PLAIN_TOKENS[-1]


PLAIN_TOKENS = []


@pytest.fixture(autouse=True)
def _tokens(monkeypatch):
    real = invitations.new_token

    def remembered():
        PLAIN_TOKENS.append(real())
        return PLAIN_TOKENS[-1]

    monkeypatch.setattr(invitations, "new_token", remembered)


def test_an_invitations_link_and_a_password_make_a_person(acme):
    passed = person_signin.sign_up(cast.origin(), invited(), "Ivan", PASSWORD)
    assert person_signin.finish(cast.origin(), passed) == [cast.ACME]
    assert allows(actor(passed), Permission.MAILBOX_CREATE, target())


def target():
    from postroom.store import rows

    return rows.find_domain(cast.ACME)[1].target


def test_who_signed_up_signs_in(acme):
    person_signin.sign_up(cast.origin(), invited(), "Ivan", PASSWORD)
    assert actor(sign_in("ivan@people.test")).name == "ivan@people.test"


def test_a_weak_password_makes_nobody(acme):
    with pytest.raises(PasswordTooWeak):
        person_signin.sign_up(cast.origin(), invited(), "Ivan", "password1")
    assert not Person.objects.exists()


def test_a_wrong_link_makes_nobody(acme):
    invited()
    with pytest.raises(NotFound):
        person_signin.sign_up(cast.origin(), "wrong", "Ivan", PASSWORD)


def test_an_old_link_makes_nobody(acme):
    token = invited()
    with pytest.raises(NotFound):
        person_signin.sign_up(cast.origin(datetime.now(UTC) + timedelta(days=8)), token, "Ivan", PASSWORD)


def test_an_invited_mailbox_signs_in_as_a_mailbox(acme):
    token = invited(cast.UMA)
    with pytest.raises(WrongState, match="mailbox"):
        person_signin.sign_up(cast.origin(), token, "Uma", PASSWORD)


def test_a_holder_becomes_what_the_mailbox_was_invited_for(acme):
    invited(cast.UMA.upper())
    passed = person_signin.by_password(cast.origin(), cast.UMA, cast.PASSWORD)
    assert person_signin.finish(cast.origin(), passed) == [cast.ACME]
    assert Access.objects.get().role == "administrator"
    assert not Invitation.objects.exists()
    assert OutgoingMail.objects.count() == 1


def test_the_attempts_of_tests_are_forgotten(olga):
    """A right password clears the account's count."""
    for _ in range(4):
        with pytest.raises(BadCredentials):
            sign_in(password="wrong")
    sign_in()
    signin.check_attempts(signin.Tries(OLGA), datetime.now(UTC).timestamp())


def test_rights_are_those_of_today(acme):
    passed = by_provider()
    assert not allows(actor(passed), Permission.DOMAIN_SEE, target())
    cast.person(PIA, "viewer")
    assert allows(actor(passed), Permission.DOMAIN_SEE, target())
    assert not allows(actor(passed), Permission.DOMAIN_SEE, Target(99, 99))
