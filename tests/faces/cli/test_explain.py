"""`postroom explain`."""

import pytest
from typer.testing import CliRunner

from postroom.actions import mailboxes
from postroom.core.roles import OPERATOR
from postroom.faces.cli.main import app
from tests import cast


@pytest.fixture
def run(acme):
    def call(*words):
        result = CliRunner().invoke(app, ("explain", *words))
        return result.exit_code, result.output

    return call


def test_where_mail_goes(run):
    mailboxes.change(
        OPERATOR, cast.origin(), cast.UMA, {"delivery_forward": True, "forward_recipients": ["joe@there.example"]}
    )
    code, said = run(cast.UMA)
    assert code == 0
    assert said.splitlines()[0] == f"Mail to {cast.UMA} arrives in: {cast.UMA}."
    assert f"{cast.UMA}: Delivered" in said
    assert f"joe@there.example: Goes to other servers\n  forwarded by {cast.UMA}" in said


def test_what_a_sender_is_told(run):
    assert "zoe@acme.example: Refused (550 5.1.1)" in run("zoe@acme.example")[1]


def test_why_a_setting_has_its_value(run):
    code, said = run(cast.UMA, "spamlevel")
    lines = said.splitlines()
    assert (code, lines[0]) == (0, f"{cast.UMA}: spamlevel = Normal (built in)")
    assert [line.split()[0] for line in lines[1:5]] == ["mailbox", "domain", "company", ">"]


def test_in_french(run):
    assert "est une boîte aux lettres" in run(cast.UMA, "--language", "fr")[1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["uma"], "must be a full address"),
        (["a@nowhere.example"], "Domain does not exist"),
        ([cast.UMA, "colour"], "is not a setting of a user"),
        ([cast.UMA, "--language", "de"], "There is no language de"),
    ],
)
def test_what_cannot_be_explained(run, words, said):
    code, output = run(*words)
    assert (code, said in output) == (1, True)
