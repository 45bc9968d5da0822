"""`postroom mail` where there is nothing, or something else, to work with."""

import json

import pytest
import typer
from typer.testing import CliRunner

from postroom.actions import setup
from postroom.faces.cli import mail_test
from postroom.faces.cli.main import app
from tests import cast


def test_ending_what_was_never_started_says_so(tmp_path):
    said = CliRunner().invoke(app, ["mail", "down", "--dir", str(tmp_path / "nowhere")])
    assert (said.exit_code, "Nothing ran." in said.output) == (0, True)


@pytest.mark.parametrize("name", ["--ports", "--port"])
def test_where_its_ports_begin_may_be_said_in_two_ways(tmp_path, name):
    said = CliRunner().invoke(app, ["mail", "up", "--dir", str(tmp_path), name, "70000"])
    assert (said.exit_code, "65535" in said.output) == (2, True)


def test_the_test_says_when_new_domains_go_elsewhere(db, tmp_path, capsys):
    (tmp_path / "mail.json").write_text(json.dumps({}))
    setup.add_platform(cast.origin(), "fake", "fake", {"path": ":memory:"})
    with pytest.raises(typer.Exit):
        mail_test.run(tmp_path)
    assert "driver fake" in capsys.readouterr().err
