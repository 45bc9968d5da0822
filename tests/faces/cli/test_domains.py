"""`postroom domain …`."""

import pytest
from typer.testing import CliRunner

from postroom.actions import domains
from postroom.core.roles import OPERATOR
from postroom.drivers import make
from postroom.faces.cli.main import app
from postroom.store.models import Domain, History
from postroom.worker import loop
from tests import cast

TOWN = "town.example"


@pytest.fixture
def town(acme):
    cast.company("town", "mayor@town.adm", trusted=False)
    domains.change(OPERATOR, cast.origin(), TOWN, {"company": "town"}, create_only=True)
    while loop.round_once():
        pass
    return make("fake", {"path": ":memory:"})


@pytest.fixture
def run(town):
    def call(*words):
        result = CliRunner().invoke(app, ("domain", *words))
        return result.exit_code, result.output

    return call


def test_all_domains_are_listed_with_their_state(run):
    lines = [line.split()[:2] for line in run("list")[1].splitlines()]
    assert lines == [
        ["acme.adm", "enabled"],
        ["acme.example", "enabled"],
        ["town.adm", "enabled"],
        ["town.example", "pending"],
    ]


def test_or_those_in_one_state(run):
    assert [line.split()[0] for line in run("list", "--status", "pending")[1].splitlines()] == [TOWN]


def test_or_those_of_a_name(run):
    assert [line.split()[0] for line in run("list", "--match", "acme.ex")[1].splitlines()] == ["acme.example"]


def test_a_state_that_there_is_not_is_refused(run):
    code, said = run("list", "--status", "odd")
    assert (code, "There is no status odd" in said) == (1, True)


def test_check_says_what_came_of_it(run):
    assert run("check", TOWN) == (0, f"{TOWN:.<60} UPDATED (enabled)\n")


def test_check_says_that_nothing_has_changed(run):
    run("check", TOWN)
    assert run("check", TOWN) == (0, f"{TOWN:.<60} CHECKED (enabled)\n")


def test_one_that_fails_does_not_stop_the_others(run):
    code, said = run("check", "nothing.example", TOWN)
    assert (code, "UPDATED (enabled)" in said) == (1, True)


def test_a_failed_domain_is_no_trouble(run, town):
    """As it is in People (people.md section 7.3, defect 12)."""
    town.command("set_check", {"domain": TOWN, "test": "cert", "ok": False})
    town.command("set_fix", {"domain": TOWN, "repairs": False})
    assert run("check", TOWN) == (0, f"{TOWN:.<60} UPDATED (failed)\n")
    assert "NO     cert" in run("show", TOWN)[1]


def test_all_of_them_are_the_workers(run):
    assert run("check", "--all") == (0, "The worker looks at 2 domains now.\n")


@pytest.mark.parametrize("words", [(), (TOWN, "--all")])
def test_either_names_or_all(run, words):
    assert run("check", *words)[0] == 1


def test_show_tells_what_to_do(run, town):
    town.command("set_check", {"domain": TOWN, "test": "mx", "ok": False, "code": "no_mx"})
    run("check", TOWN)
    said = run("show", TOWN)[1]
    assert "town.example: action_required, no mail flows" in said
    assert "has no MX record" in said
    assert "town.example. IN MX 10 mx.postroom.example." in said


def test_show_before_anybody_looked(run):
    assert "checked never" in run("show", TOWN)[1]


def test_show_tells_why_it_could_not_be_found_out(run):
    Domain.objects.filter(name=TOWN).update(check_failure="platform_away")
    assert "The mail platform does not answer." in run("show", TOWN)[1]


def test_off_and_on_again(run):
    assert run("disable", TOWN, "--reason", "not paid") == (0, f"{TOWN} is disabled.\n")
    assert run("enable", TOWN) == (0, f"{TOWN} is pending.\n")


def test_the_reason_is_kept(run):
    run("disable", TOWN, "--reason", "not paid")
    assert History.objects.get(name=TOWN, verb="disabled").changes["reason"] == [None, "not paid"]


@pytest.mark.parametrize("words", [("show",), ("disable",), ("enable",)])
def test_an_unknown_domain_is_told(run, words):
    assert run(*words, "nothing.example")[0] == 1


def test_what_is_not_off_cannot_be_switched_on(run):
    assert run("enable", TOWN)[0] == 1
