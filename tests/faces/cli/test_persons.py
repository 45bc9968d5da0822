"""`postroom person …`."""

import pytest
from typer.testing import CliRunner

from postroom.actions import person_signin, persons
from postroom.core.errors import AccountDisabled, BadCredentials
from postroom.core.identity import Identity
from postroom.core.roles import Permission, Target, allows
from postroom.faces.cli.main import app
from postroom.store.models import Person
from tests import cast

PASSWORD, OTHER = "Zebra-quilt-marmot-42", "Teapot!orbit.canyon.7"
OLGA = "olga@people.test"


@pytest.fixture
def run(acme):
    def call(*words, typed=""):
        result = CliRunner().invoke(app, ("person", *words), input=typed)
        return result.exit_code, result.output

    return call


@pytest.fixture
def olga(run):
    assert run("add", OLGA, "--name", "Olga Brandt", typed=f"{PASSWORD}\n")[0] == 0
    return run


def sign_in(password=PASSWORD):
    return persons.actor(person_signin.by_password(cast.origin(), OLGA, password).person_id)


def test_somebody_is_made_with_the_password_that_is_piped_in(olga):
    assert sign_in().name == OLGA


def test_the_password_is_not_printed(run):
    assert PASSWORD not in run("add", OLGA, typed=f"{PASSWORD}\n")[1]


def test_the_first_operator_is_made_here(run):
    run("add", OLGA, "--operator", typed=f"{PASSWORD}\n")
    assert allows(sign_in(), Permission.COMPANY_CREATE, Target())


def test_a_weak_password_makes_nobody_and_says_why(run):
    code, told = run("add", OLGA, "--operator", typed="password1\n")
    assert (code, Person.objects.exists()) == (1, False)
    assert "too easy to guess" in told


def test_no_password_at_all_makes_somebody_who_comes_from_the_provider(run):
    run("add", OLGA, "--no-password", "--operator")
    assert not Person.objects.get().password
    for typed in ("", PASSWORD):
        with pytest.raises(BadCredentials):
            sign_in(typed)


def test_an_empty_line_is_no_password(run):
    assert run("add", OLGA, typed="\n")[0] == 1
    assert not Person.objects.exists()


def test_nobody_is_made_twice(olga):
    assert olga("add", OLGA, typed=f"{PASSWORD}\n")[0] == 1


def test_the_list_says_who_and_how(olga):
    olga("operator", OLGA)
    assert olga("list")[1] == f"{OLGA}  Olga Brandt  operator, password\n"
    assert olga("list", "nobody")[1] == ""


def test_what_was_given_is_taken_back(olga):
    olga("operator", OLGA)
    olga("operator", OLGA, "--off")
    assert not Person.objects.get().is_operator


def test_a_new_password(olga):
    assert olga("password", OLGA, typed=f"{OTHER}\n")[0] == 0
    assert sign_in(OTHER)


def test_another_account_of_the_provider_may_follow(olga):
    person_signin.by_identity(cast.origin(), Identity(sub="s-1", email=OLGA))
    olga("unlink", OLGA)
    person_signin.by_identity(cast.origin(), Identity(sub="s-2", email=OLGA))
    assert Person.objects.get().sub == "s-2"


def test_disabled_and_enabled_again(olga):
    olga("disable", OLGA)
    with pytest.raises(AccountDisabled):
        sign_in()
    olga("enable", OLGA)
    assert sign_in()


@pytest.mark.parametrize("words", [("operator",), ("password",), ("unlink",), ("disable",), ("enable",)])
def test_who_is_not_there_is_told(run, words):
    code, told = run(*words, "nobody@people.test", typed=f"{OTHER}\n")
    assert (code, "nobody@people.test" in told) == (1, True)
