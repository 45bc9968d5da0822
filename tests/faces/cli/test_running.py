"""`postroom serve` and `worker`, before they begin."""

import socket

import pytest
import typer

from postroom import checks
from postroom.checks import Problem
from postroom.faces.cli import running


@pytest.fixture
def taken():
    """A port where somebody listens already, who would share it."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def said(capsys, *where):
    with pytest.raises(typer.Exit):
        running.refuse_taken(*where)
    return capsys.readouterr().err


def test_a_port_of_another_server_is_refused(taken, capsys):
    assert f"Port {taken} is in use" in said(capsys, "127.0.0.1", taken)


def test_a_port_that_is_free_is_not(taken):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    running.refuse_taken("127.0.0.1", free)


@pytest.mark.parametrize("address", ["nowhere.example", "300.0.0.1", "203.0.113.9"])
def test_addresses_that_are_not_ours_are_refused(address, capsys):
    assert address in said(capsys, address, 8080)


@pytest.mark.django_db
def test_what_keeps_it_from_working_is_told_at_the_start(monkeypatch, capsys):
    found = [Problem("P004", "The tables are old.", "Do so."), Problem("P009", "Something else.", "Do that.")]
    monkeypatch.setattr(checks, "problems", lambda: iter(found))
    monkeypatch.setattr("django.db.connections.close_all", lambda: None)
    running._warn()
    assert capsys.readouterr().err == "P004 The tables are old.\n      Do so.\n"
