"""`postroom dimail account …`, `postroom dimail allow …`, and what `postroom check` says of the face."""

import pytest
from typer.testing import CliRunner

from postroom import checks
from postroom.actions import dimail_accounts
from postroom.faces.cli.main import app
from postroom.store.models import DimailAccount, History
from tests import cast


@pytest.fixture
def run(acme):
    def call(*words, typed=""):
        result = CliRunner().invoke(app, ["dimail", *words], input=typed)
        return result.exit_code, result.output

    return call


def signs_in(name: str, password: str) -> bool:
    found = dimail_accounts.by_password(name, password, "", 0.0)
    return found.account.name == name


def test_an_account_is_made_and_its_password_told_once(run):
    code, said = run("account", "add", "people", "--perm", "new_domain", "--perm", "create_users")
    password = said.rsplit(maxsplit=1)[-1]
    assert (code, said.split()[:3], signs_in("people", password)) == (0, ["name", "people", "password"], True)


def test_or_it_is_asked_for(run):
    code, said = run("account", "add", "people", "--ask", typed=f"{cast.PASSWORD}\n")
    assert (code, cast.PASSWORD in said, signs_in("people", cast.PASSWORD)) == (0, False, True)


def test_accounts_are_listed(run):
    run("account", "add", "root", "--admin")
    run("account", "add", "people", "--perm", "new_domain")
    run("account", "add", "small")
    assert run("account", "list") == (
        0,
        "people: new_domain\nroot: admin\nsmall: the domains it is allowed\n",
    )


def test_a_password_is_changed(run):
    run("account", "add", "people")
    code, said = run("account", "password", "people")
    assert (code, signs_in("people", said.split()[-1])) == (0, True)


def test_a_typed_password_is_not_shown(run):
    run("account", "add", "people")
    assert cast.PASSWORD not in run("account", "password", "people", "--ask", typed=f"{cast.PASSWORD}\n")[1]
    assert signs_in("people", cast.PASSWORD)


def test_an_account_is_removed(run):
    run("account", "add", "people")
    assert run("account", "remove", "people") == (0, "people is removed.\n")
    assert not DimailAccount.objects.exists()


def test_a_domain_is_allowed_shown_and_taken_back(run):
    run("account", "add", "people")
    assert run("allow", "add", "people", "ACME.example") == (0, "people manages ACME.example.\n")
    assert run("allow", "list") == run("allow", "list", "people") == (0, f"people {cast.ACME}\n")
    assert run("allow", "remove", "people", cast.ACME) == (0, f"people does not manage {cast.ACME} any more.\n")
    assert run("allow", "list") == (0, "")


@pytest.mark.parametrize(
    "words",
    [
        ("account", "add", "people"), ("account", "add", "a:b"), ("account", "add", "x", "--perm", "all"),
        ("account", "password", "no"), ("account", "remove", "no"), ("allow", "add", "no", cast.ACME),
        ("allow", "add", "people", "no.example"), ("allow", "remove", "people", cast.ACME),
        ("allow", "remove", "no", cast.ACME),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_and_changes_nothing(run, words):
    run("account", "add", "people")
    before = History.objects.count()
    code, said = run(*words)
    assert (code, bool(said.strip()), History.objects.count()) == (1, True, before)


def test_a_pair_is_allowed_once(run):
    run("account", "add", "people")
    run("allow", "add", "people", cast.ACME)
    assert run("allow", "add", "people", cast.ACME) == (1, f"people manages {cast.ACME} already.\n")


def ids() -> set[str]:
    return {problem.id for problem in checks.problems()}


@pytest.mark.parametrize("name", ["DIMAIL_FAKE", "DIMAIL_BOOTSTRAP"])
def test_an_open_door_is_a_problem(acme, settings, name):
    assert "P010" not in ids()
    setattr(settings, name, True)
    assert "P010" in ids()


@pytest.mark.parametrize(("secret", "bad"), [("", False), ("short", True), ("x" * 32, False)])
def test_a_short_secret_is_a_problem(acme, settings, secret, bad):
    settings.DIMAIL_JWT_SECRET = secret
    assert ("P011" in ids()) is bad
