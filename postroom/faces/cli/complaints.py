"""What is told to whoever typed a command that did not work: a line or two. Tracebacks are for faults of ours."""

from typing import Any

import typer.core

from postroom.faces.cli.terminal import stop_with


class Commands(typer.core.TyperGroup):
    """The outermost group of commands: here comes out what none of them has dealt with."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except Exception as error:
            said = complaint(error)
            if said is None:
                raise
            stop_with(said)


def complaint(error: BaseException) -> str | None:
    """None for a fault of ours."""
    from django.core.exceptions import ImproperlyConfigured

    from postroom.core.errors import PostroomError

    if isinstance(error, ImproperlyConfigured):
        return str(error)
    if said := _of_database(error):
        return said
    if isinstance(error, PostroomError):
        return "\n".join([str(error), *(f"{field}: {hint}" for field, hint in error.hints.items())])
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    return None


def _of_database(error: BaseException | None) -> str:
    """Also of one that an action has made a better word of."""
    import psycopg

    from postroom.actions.action import DATABASE_GONE
    from postroom.checks import DATABASE_REMEDY
    from postroom.core.errors import Overloaded

    if isinstance(error, Overloaded):
        return _of_database(error.__cause__)
    said = str(error).strip()
    if _is(error, psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn) or said.startswith(_LACKING):
        return f'The database lacks tables of this version ({said.splitlines()[0]}). Run "postroom migrate".'
    if _is(error, psycopg.errors.InsufficientPrivilege):
        return f"The account of DATABASE_URL may not do this: {said}"
    if isinstance(error, DATABASE_GONE):
        return f"The database does not answer: {said}\n{DATABASE_REMEDY}"
    return ""


_LACKING = ("no such table", "no such column")


def _is(error: BaseException | None, *kinds: type[Exception]) -> bool:
    """Django raises an error of its own because of the driver's; compiled queries raise the driver's."""
    return isinstance(error, kinds) or isinstance(error and error.__cause__, kinds)
