"""What people may do, what they say about themselves, and what the operator does with them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from postroom.actions import mailboxes, oversight, person_accounts, person_signin, persons, signin
from postroom.actions.persons import PersonChange
from postroom.core.errors import (
    AccountDisabled,
    BadAttribute,
    BadCredentials,
    BadRequest,
    ExistsAlready,
    OutOfReach,
    PasswordContainsAccount,
    PasswordReused,
    PasswordTooWeak,
    TooManyAttempts,
    UserNotFound,
    WrongState,
)
from postroom.core.passwords import schemes
from postroom.core.roles import OPERATOR, Narrowing, Permission, Role, Target, allows
from postroom.store import persons as kept
from postroom.store.models import Access, ApiKey, Domain, History, Person
from postroom.store.sql import driver_connection
from tests import cast

PASSWORD = "Zebra-quilt-marmot-42"
OTHER = "Teapot!orbit.canyon.7"
OLGA = "olga@people.test"


@pytest.fixture
def olga(acme):
    person_accounts.add(OPERATOR, cast.origin(), OLGA, name="Olga Brandt", password=PASSWORD)


def me():
    return persons.actor(Person.objects.get(emails__email=OLGA).pk)


def holder(address=cast.UMA):
    return person_signin.by_password(cast.origin(), address, cast.PASSWORD)


def milliseconds(at=None):
    return int((at or datetime.now(UTC)).timestamp() * 1000)


def alive(passed, since):
    return persons.of_session(passed.person_id, since, passed.proof) is not None


# --- rights ---


@pytest.mark.parametrize("role", ["viewer", "administrator", "owner"])
def test_an_access_is_a_grant(acme, role):
    cast.person(OLGA, role)
    assert [grant.role for grant in me().grants] == [Role(role)]


def test_an_operator_may_do_everything(acme):
    cast.person(OLGA, is_operator=True)
    assert allows(me(), Permission.PERSON_CHANGE, Target())


def test_somebody_without_access_may_do_nothing(acme):
    cast.person(OLGA)
    assert me().grants == ()


def test_nobody_and_disabled_people_are_no_actors(acme):
    cast.person(OLGA, is_active=False)
    for id in (Person.objects.get().pk, 0):
        with pytest.raises(AccountDisabled):
            persons.actor(id)


def many_accesses(person, count):
    some = Domain.objects.get(name=cast.ACME)
    rows = [
        Domain(name=f"d{n}.example", company_id=some.company_id, context_id=some.context_id,
               platform_id=some.platform_id, status="enabled", generation=1, created_at=0)
        for n in range(count)
    ]  # fmt: skip
    made = Domain.objects.bulk_create(rows)
    Access.objects.bulk_create(Access(person=person, domain=domain, role="viewer", created_at=0) for domain in made)


class Counting:
    """The driver's connection, counting what is asked of it."""

    def __init__(self, real):
        self.real, self.count = real, 0

    def execute(self, *arguments):
        self.count += 1
        return self.real.execute(*arguments)


def test_a_thousand_accesses_are_read_in_two_statements(acme, monkeypatch):
    person = cast.person(OLGA)
    many_accesses(person, 1000)
    persons.actor(person.pk)
    counting = Counting(driver_connection())
    monkeypatch.setattr("postroom.store.sql.driver_connection", lambda: counting)
    with CaptureQueriesContext(connection) as beside:
        assert len(persons.actor(person.pk).grants) == 1000
    assert (counting.count, len(beside)) == (2, 0)


def test_where_a_second_factor_is_required_roles_wait_for_it(acme):
    mailboxes.change(OPERATOR, cast.origin(), cast.DORA, {"2fa_required_oma": True})
    passed = holder(cast.DORA)
    assert Role.DOMAIN not in {grant.role for grant in persons.actor(passed.person_id).grants}
    Person.objects.update(totp="sealed")
    assert Role.DOMAIN in {grant.role for grant in persons.actor(passed.person_id).grants}


# --- sessions ---


def test_a_session_lasts(olga):
    passed = person_signin.by_password(cast.origin(), OLGA, PASSWORD)
    assert alive(passed, milliseconds())


def test_signing_out_everywhere_ends_sessions(olga):
    passed = person_signin.by_password(cast.origin(), OLGA, PASSWORD)
    begun = milliseconds() - 1000
    persons.end_sessions(me(), cast.origin())
    assert not alive(passed, begun)
    assert alive(passed, milliseconds() + 1)


def test_disabling_ends_sessions(olga):
    passed = person_signin.by_password(cast.origin(), OLGA, PASSWORD)
    person_accounts.disable(OPERATOR, cast.origin(), OLGA)
    assert not alive(passed, milliseconds() + 1000)


def test_sessions_of_before_stay_closed_when_somebody_is_enabled_again(olga):
    passed = person_signin.by_password(cast.origin(), OLGA, PASSWORD)
    begun = milliseconds() - 1000
    person_accounts.disable(OPERATOR, cast.origin(), OLGA)
    person_accounts.enable(OPERATOR, cast.origin(), OLGA)
    assert not alive(passed, begun)


def test_a_holders_session_ends_with_the_mailboxs_password(acme):
    passed = holder()
    assert alive(passed, milliseconds())
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"password": OTHER})
    assert not alive(passed, milliseconds())


def test_but_not_when_the_password_is_only_stored_anew(acme):
    passed = holder()
    row = cast.row(cast.UMA)
    assert signin.store_fresh(row.pk, row.password, schemes.encode(cast.PASSWORD, "SHA512-CRYPT"))
    assert alive(passed, milliseconds())


@pytest.mark.parametrize("values", [{"status": "disabled"}, {"deleted_at": 1}])
def test_a_holders_session_ends_with_the_mailbox(acme, values):
    passed = holder()
    type(cast.row(cast.UMA)).objects.filter(address=cast.UMA).update(**values)
    assert not alive(passed, milliseconds())


def test_a_holder_who_also_comes_from_the_provider_stays_without_the_mailbox(acme):
    passed = holder()
    Person.objects.update(sub="s-1")
    type(cast.row(cast.UMA)).objects.filter(address=cast.UMA).update(status="disabled")
    found = persons.of_session(passed.person_id, milliseconds(), "")
    assert found is not None and found.actor.grants == ()


# --- about oneself ---


def test_somebody_changes_name_language_and_time_zone(olga):
    persons.change(me(), cast.origin(), PersonChange(name="Olga B", language="fr", timezone="Europe/Paris"))
    view = persons.show(me())
    assert (view.name, view.language, view.timezone) == ("Olga B", "fr", "Europe/Paris")


@pytest.mark.parametrize(
    "change",
    [{"name": ""}, {"name": "x" * 201}, {"name": "a\nb"}, {"language": "de"}, {"timezone": "Mars/Olympus"}],
)
def test_what_makes_no_sense_changes_nothing(olga, change):
    with pytest.raises(BadRequest) as error:
        persons.change(me(), cast.origin(), PersonChange(**change))
    assert set(error.value.hints) == set(change)
    assert persons.show(me()).name == "Olga Brandt"


def test_a_change_is_in_the_history(olga):
    persons.change(me(), cast.origin(), PersonChange(name="Olga B"))
    entry = History.objects.filter(kind="person").last()
    assert (entry.name, entry.actor, entry.changes) == (OLGA, OLGA, {"name": ["Olga Brandt", "Olga B"]})


def test_the_history_of_people_is_whole(olga):
    persons.change(me(), cast.origin(), PersonChange(name="Olga B"))
    assert oversight.broken_history() == []


def test_a_changed_entry_about_a_person_is_found(olga):
    Person.objects.update(history_head="x" * 64)
    assert len(oversight.broken_history()) == 1


def test_an_api_key_changes_nothing_about_its_owner(olga):
    import msgspec

    key = msgspec.structs.replace(me(), narrowing=Narrowing())
    with pytest.raises(OutOfReach):
        persons.change(key, cast.origin(), PersonChange(name="Olga B"))


def change_password(old=PASSWORD, new=OTHER):
    persons.change_password(me(), cast.origin(), old, new)


def test_a_new_password_opens(olga):
    change_password()
    assert person_signin.by_password(cast.origin(), OLGA, OTHER)


def test_the_old_password_opens_no_more(olga):
    change_password()
    with pytest.raises(BadCredentials):
        person_signin.by_password(cast.origin(), OLGA, PASSWORD)


def test_a_new_password_ends_sessions(olga):
    passed = person_signin.by_password(cast.origin(), OLGA, PASSWORD)
    begun = milliseconds() - 1000
    change_password()
    assert not alive(passed, begun)


def test_the_old_password_is_asked_for(olga):
    with pytest.raises(BadCredentials):
        change_password(old="wrong")
    assert person_signin.by_password(cast.origin(), OLGA, PASSWORD)


def test_guessing_the_old_password_takes_ever_longer(olga):
    for _ in range(6):
        with pytest.raises(BadCredentials):
            change_password(old="wrong")
    with pytest.raises(TooManyAttempts):
        change_password()


@pytest.mark.parametrize(
    ("password", "error"),
    [
        ("Short1!", BadAttribute),
        ("x" * 129, BadAttribute),
        (" leading-zebra-quilt", BadAttribute),
        ("8150362749158263", PasswordTooWeak),
        ("password123", PasswordTooWeak),
        ("qwertyuiop", PasswordTooWeak),
        ("zebra-olga-marmot", PasswordContainsAccount),
        ("zebra-brandt-marmot", PasswordContainsAccount),
        (PASSWORD, PasswordReused),
    ],
)
def test_a_bad_password_is_refused(olga, password, error):
    with pytest.raises(error) as refused:
        change_password(new=password)
    assert set(refused.value.hints) == {"password"}


def test_a_sentence_is_a_good_password(olga):
    change_password(new="the été was wärmer than expected")
    assert person_signin.by_password(cast.origin(), OLGA, "the été was wärmer than expected")


def test_a_holder_changes_the_password_where_it_is_kept(acme):
    passed = holder()
    with pytest.raises(WrongState):
        persons.change_password(persons.actor(passed.person_id), cast.origin(), cast.PASSWORD, OTHER)


# --- the operator ---


def test_an_address_is_one_persons(olga):
    with pytest.raises(ExistsAlready):
        person_accounts.add(OPERATOR, cast.origin(), OLGA.upper())


@pytest.mark.parametrize("email", ["", "olga", "olga@", "a b@people.test"])
def test_somebody_needs_an_address(acme, email):
    with pytest.raises(BadRequest):
        person_accounts.add(OPERATOR, cast.origin(), email)


def test_people_are_listed(olga):
    cast.person("adam@people.test")
    found, total = person_accounts.listed(OPERATOR, "brandt")
    assert ([view.email for view in found], total) == ([OLGA], 1)


def test_listing_asks_the_database_as_often_for_many_as_for_few(olga, django_assert_num_queries):
    for n in range(5):
        cast.person(f"p{n}@people.test")
    with django_assert_num_queries(3):
        person_accounts.listed(OPERATOR, limit=2)
    with django_assert_num_queries(3):
        person_accounts.listed(OPERATOR, limit=6)


def test_somebody_becomes_an_operator_and_is_none_again(olga):
    person_accounts.make_operator(OPERATOR, cast.origin(), OLGA, True)
    assert allows(me(), Permission.COMPANY_CREATE, Target())
    person_accounts.make_operator(OPERATOR, cast.origin(), OLGA, False)
    assert not allows(me(), Permission.COMPANY_CREATE, Target())


def test_the_operator_sets_a_password(olga):
    person_accounts.set_password(OPERATOR, cast.origin(), OLGA, OTHER)
    assert person_signin.by_password(cast.origin(), OLGA, OTHER)


def test_a_holders_password_is_the_mailboxs(acme):
    holder()
    with pytest.raises(WrongState):
        person_accounts.set_password(OPERATOR, cast.origin(), cast.UMA, OTHER)


def test_keys_of_before_are_gone_when_somebody_is_enabled_again(olga):
    ApiKey.objects.create(person=Person.objects.get(), name="x", hash="h", created_at=0)
    person_accounts.disable(OPERATOR, cast.origin(), OLGA)
    person_accounts.enable(OPERATOR, cast.origin(), OLGA)
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize(
    "act",
    [
        lambda by: person_accounts.add(by, cast.origin(), "new@people.test"),
        person_accounts.listed,
        lambda by: person_accounts.make_operator(by, cast.origin(), OLGA, True),
        lambda by: person_accounts.set_password(by, cast.origin(), OLGA, OTHER),
        lambda by: person_accounts.unlink(by, cast.origin(), OLGA),
        lambda by: person_accounts.disable(by, cast.origin(), OLGA),
        lambda by: person_accounts.enable(by, cast.origin(), OLGA),
    ],
)
def test_nobody_but_the_operator_does_this(olga, act):
    with pytest.raises(OutOfReach):
        act(cast.actor(cast.ALICE))


def test_nobody_is_told_of_who_is_not_there(acme):
    with pytest.raises(UserNotFound):
        person_accounts.disable(OPERATOR, cast.origin(), "nobody@people.test")


def test_an_address_that_was_a_deleted_mailboxs_is_free_again(acme):
    passed = holder()
    type(cast.row(cast.UMA)).objects.filter(address=cast.UMA).update(deleted_at=1)
    assert kept.owner_of(cast.UMA) is None
    assert Person.objects.get(id=passed.person_id).email.endswith("@former.invalid")


def test_an_old_session_is_too_old_to_change_what_opens_the_account():
    from postroom.core.errors import FreshSignInNeeded

    now = datetime.now(UTC)
    persons.require_fresh((now - timedelta(minutes=14)).timestamp(), cast.origin(now))
    with pytest.raises(FreshSignInNeeded):
        persons.require_fresh((now - timedelta(minutes=16)).timestamp(), cast.origin(now))
