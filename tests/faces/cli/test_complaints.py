"""What the command line says when something is wrong: a line or two, and no traceback."""

import sqlite3

import psycopg
import pytest
import typer
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, OperationalError, ProgrammingError, connection, transaction
from typer.testing import CliRunner

from postroom.actions.action import database_gone
from postroom.core.errors import BadRequest, NotFound
from postroom.faces.cli.complaints import Commands, complaint


def caused(error, cause):
    error.__cause__ = cause
    return error


@pytest.mark.django_db
@pytest.mark.parametrize("question", ["SELECT 1 FROM nowhere", "SELECT nothing FROM store_company"])
def test_a_database_without_the_tables_is_told_to_be_migrated(question):
    with pytest.raises(DatabaseError) as found, transaction.atomic():
        connection.cursor().execute(question)
    assert "postroom migrate" in complaint(found.value)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OperationalError("unable to open database file"), "does not answer: unable to open database file\n"),
        (caused(database_gone(OSError()), OperationalError("refused")), "does not answer: refused\n"),
        (caused(database_gone(OSError()), sqlite3.OperationalError("no such table: x")), "postroom migrate"),
        (psycopg.errors.UndefinedTable("relation x"), "postroom migrate"),
        (caused(ProgrammingError("no schema"), psycopg.errors.InsufficientPrivilege()), "may not do this: no schema"),
        (ImproperlyConfigured("POSTROOM_DIR is odd"), "POSTROOM_DIR is odd"),
        (NotFound("there is no domain x"), "there is no domain x"),
        (BadRequest(hints={"quota": "too large"}), "\nquota: too large"),
        (FileNotFoundError(2, "No such file", "/nowhere"), "/nowhere: No such file"),
    ],
)
def test_what_is_wrong_is_told(error, said):
    assert said in complaint(error)


@pytest.mark.parametrize(
    "error", [ValueError("ours"), ProgrammingError("syntax"), BrokenPipeError(32, "Broken pipe"), KeyError("x")]
)
def test_a_fault_of_ours_keeps_its_traceback(error):
    assert complaint(error) is None


@pytest.fixture
def failing():
    """Commands of which one fails in a group below the outermost one."""

    def run(error):
        outer, inner = typer.Typer(cls=Commands), typer.Typer()

        @inner.command("first")
        def first() -> None:
            raise error

        inner.command("second")(lambda: None)
        outer.add_typer(inner, name="inner")
        return CliRunner().invoke(outer, ["inner", "first"])

    return run


def test_commands_end_with_what_is_wrong(failing):
    result = failing(NotFound("there is no [SPAM] here"))
    assert (result.exit_code, result.output) == (1, "there is no [SPAM] here\n")


def test_faults_come_through(failing):
    assert isinstance(failing(ValueError("ours")).exception, ValueError)
