"""Two requests of one person at the same moment, in threads of their own."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from postroom.actions import person_signin, persons, second_factors, signin
from postroom.core.errors import BadCredentials
from postroom.core.identity import Identity
from postroom.store import history
from postroom.store.models import Person, PersonEmail, SignInAttempt
from tests import cast
from tests.threads import MARK, at_once, shared_database

pytestmark = MARK

OLGA = "olga@people.test"
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def shared(tmp_path):
    with shared_database(tmp_path):
        cast.acme()
        yield


@pytest.fixture
def enrolled(shared):
    """Olga, her authenticator's secret, her recovery codes."""
    id = cast.person(OLGA).pk
    me = persons.actor(id)
    secret = second_factors.begin_totp(me).secret
    codes = second_factors.confirm_totp(me, cast.origin(NOON), secret, pyotp.TOTP(secret).at(NOON))
    return id, secret, codes


def test_every_guess_of_those_who_guess_at_once_is_counted(shared):
    one, other = signin.Tries("b", "192.0.2.1", "a"), signin.Tries("a", "192.0.2.1", "b")
    at_once(*[lambda tries=tries: signin.note_failure(tries, 1.0) for tries in (one, other)] * 4)
    assert dict(SignInAttempt.objects.values_list("key", "failures")) == {
        "account:a": 4, "account:b": 4, "typed:a": 4, "typed:b": 4, "network:192.0.2.1": 8,
    }  # fmt: skip


def opened(results):
    assert all(isinstance(result, (str, BadCredentials)) for result in results), results
    return sum(isinstance(result, str) for result in results)


def test_of_two_who_show_one_code_one_gets_in(enrolled):
    id, secret, _ = enrolled
    at = NOON + timedelta(seconds=60)
    code = pyotp.TOTP(secret).at(at)
    results = at_once(*[lambda: second_factors.check_code(cast.origin(at), id, code)] * 4)
    assert opened(results) == 1


def test_of_two_who_show_one_recovery_code_one_gets_in(enrolled):
    id, _, codes = enrolled
    results = at_once(*[lambda: second_factors.check_code(cast.origin(NOON), id, codes[0])] * 4)
    assert opened(results) == 1


def test_a_holder_who_comes_twice_at_once_is_one_person(shared):
    at_once(*[lambda: person_signin.by_password(cast.origin(), cast.UMA, cast.PASSWORD)] * 4)
    assert (Person.objects.count(), PersonEmail.objects.count()) == (1, 1)


def test_so_is_somebody_who_comes_twice_from_the_provider(shared):
    identity = Identity(sub="s-1", email=OLGA)
    results = at_once(*[lambda: person_signin.by_identity(cast.origin(), identity)] * 4)
    assert len({result.person_id for result in results}) == 1
    assert list(history.broken_chains("person")) == []


def test_who_was_made_between_two_looks_is_the_same(shared, monkeypatch):
    identity, really = Identity(sub="s-1", email=OLGA), person_signin.kept.owner_of

    def owner_of(email):
        monkeypatch.undo()
        person_signin.by_identity(cast.origin(), identity)
        return really(email)

    monkeypatch.setattr(person_signin.kept, "owner_of", owner_of)
    person_signin.by_identity(cast.origin(), identity)
    assert Person.objects.count() == 1


def test_of_two_accounts_of_the_provider_with_one_address_one_gets_it(shared):
    both = [Identity(sub=f"s-{n}", email=OLGA) for n in range(2)]
    results = at_once(*(lambda i=i: person_signin.by_identity(cast.origin(), i) for i in both))
    assert sum(isinstance(result, BadCredentials) for result in results) == 1
