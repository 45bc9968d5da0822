"""`postroom context …` and `postroom domain aliases`."""

import pytest
from typer.testing import CliRunner

from postroom.actions import domains
from postroom.core.roles import OPERATOR
from postroom.faces.cli.main import app
from postroom.store.models import Domain
from tests import cast

NET = "acme.net"


@pytest.fixture
def run(acme):
    domains.change(OPERATOR, cast.origin(), NET, {"company": "acme"}, create_only=True)

    def call(*words):
        result = CliRunner().invoke(app, words)
        return result.exit_code, result.output

    return call


def test_domains_are_joined_shown_and_parted(run):
    assert run("context", "join", NET, cast.ACME) == (0, f"{NET} shares its directory with {cast.ACME}.\n")
    assert run("context", "show", cast.ACME) == (0, f"{cast.ACME}\n{NET}\n")
    assert run("context", "leave", NET) == (0, f"{NET} has a directory of its own.\n")
    assert run("context", "show", cast.ACME) == (0, f"{cast.ACME}\n")


@pytest.mark.parametrize(
    "words", [("show", "no.example"), ("leave", NET), ("join", NET, NET), ("join", "no.example", NET)]
)
def test_what_cannot_be_is_said(run, words):
    code, said = run("context", *words)
    assert (code, bool(said.strip())) == (1, True)


def test_further_names_are_added_shown_and_removed(run):
    assert run("domain", "aliases", cast.ACME, "--add", "Acme.Org", "--add", "bücher.example") == (
        0,
        "acme.org\nxn--bcher-kva.example\n",
    )
    assert run("domain", "aliases", cast.ACME) == (0, "acme.org\nxn--bcher-kva.example\n")
    assert run("domain", "aliases", cast.ACME, "--remove", "acme.org") == (0, "xn--bcher-kva.example\n")
    assert Domain.objects.get(name=cast.ACME).aliases == ["xn--bcher-kva.example"]


@pytest.mark.parametrize("words", [("no.example",), (cast.ACME, "--add", NET), (cast.ACME, "--add", "no name")])
def test_a_name_that_cannot_be_added_is_refused(run, words):
    code, said = run("domain", "aliases", *words)
    assert (code, bool(said.strip()), Domain.objects.get(name=cast.ACME).aliases) == (1, True, [])
