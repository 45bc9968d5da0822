"""Wrong passwords: of one account they are counted together, whatever name of it is typed."""

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from postroom.actions import domains, mail_signin, mailboxes, person_accounts, person_signin, persons, signin
from postroom.core.address import fold
from postroom.core.errors import BadCredentials, TooManyAttempts
from postroom.core.roles import OPERATOR
from postroom.store import attempts, sql
from postroom.store.models import Person, PersonEmail, SignInAttempt
from tests import cast

PASSWORD = "Zebra-quilt-marmot-42"
OLGA, OTHER = "olga@people.test", "o@people.test"
NAMES = [cast.UMA, "u@acme.example", "sales@acme.example", "uma@acme.test"]
NOBODY = "nobody@acme.example"


@pytest.fixture
def uma(acme):
    """A mailbox with many names."""
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"aliases": ["acme.test"]})
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"aliases": ["u", "sales", "uma@acme.test"]})


@pytest.fixture
def olga(acme):
    """A person with two addresses."""
    person_accounts.add(OPERATOR, cast.origin(), OLGA, name="Olga", password=PASSWORD)
    person = Person.objects.get(email=OLGA)
    PersonEmail.objects.create(person=person, email=OTHER, verified_at=1)
    return person


def api(address, password="wrong", network="192.0.2.1"):
    return signin.by_password(address, password, network, time.time())


def web(address, password="wrong"):
    return person_signin.by_password(cast.origin(), address, password)


def refused(ask, address, times=1):
    for _ in range(times):
        with pytest.raises(BadCredentials):
            ask(address)


def failures(name):
    return sum(SignInAttempt.objects.filter(key=name).values_list("failures", flat=True))


@pytest.mark.parametrize("ask", [api, web])
def test_guesses_under_all_names_of_a_mailbox_are_guesses_at_one_account(stopped_clock, uma, ask):
    for name in [*NAMES, *NAMES[:2]]:
        refused(ask, name)
    for name in NAMES:
        with pytest.raises(TooManyAttempts):
            ask(name, cast.PASSWORD)


@pytest.mark.parametrize("ask", [api, web])
@pytest.mark.parametrize("typed", [cast.UMA.upper(), f" {cast.UMA} "])
def test_so_are_those_under_one_name_however_it_is_written(stopped_clock, uma, ask, typed):
    refused(lambda name: ask(fold(name)) if ask is api else ask(name), typed, 6)
    with pytest.raises(TooManyAttempts):
        ask(cast.UMA, cast.PASSWORD)


@pytest.mark.parametrize("ask", [api, web])
@pytest.mark.parametrize("name", ["uma+lists@acme.example", "u@acme.test", "uma"])
def test_what_cannot_be_signed_in_with_is_not_the_account(stopped_clock, uma, ask, name):
    refused(ask, name, 6)
    ask(cast.UMA, cast.PASSWORD)


def test_guesses_at_mail_are_guesses_at_the_account_too(stopped_clock, uma):
    refused(api, "u@acme.example", 6)
    with pytest.raises(TooManyAttempts):
        mail_signin.token_opens(cast.UMA, "a-token-or-something-like-it", time.time())


@pytest.mark.parametrize("first", [OLGA, OTHER])
def test_guesses_under_all_addresses_of_a_person_are_guesses_at_one_account(stopped_clock, olga, first):
    refused(web, first, 3)
    refused(web, OTHER if first == OLGA else OLGA, 3)
    for address in (OLGA, OTHER):
        with pytest.raises(TooManyAttempts):
            web(address, PASSWORD)


def test_and_so_are_those_at_changing_the_password(stopped_clock, olga):
    refused(web, OTHER, 6)
    with pytest.raises(TooManyAttempts):
        persons.change_password(persons.actor(olga.pk), cast.origin(), PASSWORD, "Another-quilt-marmot-42")


@pytest.mark.parametrize("ask", [api, web])
def test_a_right_password_ends_the_count_of_the_account_and_of_the_name(uma, ask):
    refused(ask, "u@acme.example", 3)
    ask("u@acme.example", cast.PASSWORD)
    assert (failures(f"account:{cast.UMA}"), failures("typed:u@acme.example")) == (0, 0)


def test_but_not_that_of_another_name_which_its_holder_does_not_use(uma):
    refused(api, "u@acme.example", 3)
    api(cast.UMA, cast.PASSWORD)
    assert (failures(f"account:{cast.UMA}"), failures("typed:u@acme.example")) == (0, 3)


@pytest.mark.parametrize("ask", [api, web])
@pytest.mark.parametrize("name", [cast.UMA, "u@acme.example", NOBODY])
def test_as_much_is_written_whoever_it_is(uma, ask, name):
    refused(ask, name)
    assert sorted(key.partition(":")[0] for key in SignInAttempt.objects.values_list("key", flat=True)) == [
        "account", "network", "typed",
    ]  # fmt: skip


@pytest.mark.parametrize("name", [cast.UMA, "u@acme.example", NOBODY])
def test_as_many_statements_are_run_whoever_it_is(uma, monkeypatch, name):
    refused(api, name)
    real, run = sql.execute, []
    monkeypatch.setattr(attempts, "execute", lambda *asked: run.append(asked[0]) or real(*asked))
    with CaptureQueriesContext(connection) as asked:
        refused(api, name)
    told = [query["sql"].split()[0] for query in asked if "SAVEPOINT" not in query["sql"]]
    assert (told, len(run)) == (["SELECT"], 1)


def test_an_account_that_is_nobodys_waits_as_well(stopped_clock, uma):
    refused(api, NOBODY, 6)
    with pytest.raises(TooManyAttempts) as told:
        api(NOBODY)
    refused(api, "u@acme.example", 6)
    with pytest.raises(TooManyAttempts) as told_of_uma:
        api(cast.UMA)
    assert str(told.value) == str(told_of_uma.value)


@pytest.mark.parametrize("kind", ["account", "typed"])
def test_the_wait_is_the_longest_of_all_counts(stopped_clock, uma, kind):
    refused(api, cast.UMA, 6)
    SignInAttempt.objects.filter(key=f"{kind}:{cast.UMA}").update(failures=8)
    with pytest.raises(TooManyAttempts) as told:
        api(cast.UMA)
    assert 15 < told.value.wait <= 21


def test_a_network_that_guesses_at_many_waits(stopped_clock, uma):
    refused(api, NOBODY)
    SignInAttempt.objects.filter(key="network:192.0.2.1").update(failures=50)
    refused(api, "another@acme.example")
    with pytest.raises(TooManyAttempts):
        api(cast.UMA, cast.PASSWORD)
    api(cast.UMA, cast.PASSWORD, network="192.0.2.2")


def test_names_that_are_too_long_are_counted(uma):
    refused(api, "x" * 1000)
    assert failures("typed:" + "x" * 314) == 1
