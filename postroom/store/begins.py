"""Text that begins with something, found by an index, on both databases.

An index of PostgreSQL's usual order, which follows a language, finds no beginnings: these compare byte by byte. What
is constant here is written into the SQL, since SQLite finds no index of an expression that has a parameter.
"""

from typing import Any, Final

from django.db.models import F, Func, Lookup, TextField, Value

_LAST: Final = "\U0010ffff"
"""Comes after every letter there is."""


class Plain(Func):
    """The text itself."""

    text = "%(expressions)s"
    find = "instr"
    template = text
    arity = 1
    output_field = TextField()

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:  # type: ignore[override]
        template = self.text.replace("POSITION", self.find)
        return super().as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = f'({self.text.replace("POSITION", "strpos")}) COLLATE "C"'
        return super().as_sql(compiler, connection, template=template, **context)


class Lowered(Plain):
    text = "lower(%(expressions)s)"


class SecondWord(Plain):
    """What comes after the first blank: of a mailbox's search text, the last name where there is one."""

    text = "substr(%(expressions)s, POSITION(%(expressions)s, ' ') + 1)"


class AfterDot(Plain):
    """Of an address, what comes after the first dot of its local part; null where that has none."""

    text = (
        "CASE WHEN POSITION(%(expressions)s, '.') BETWEEN 1 AND POSITION(%(expressions)s, '@') "
        "THEN substr(%(expressions)s, POSITION(%(expressions)s, '.') + 1) END"
    )


class _Begins(Lookup):
    """`rhs` is a Value of text that is not empty."""

    lookup_name = "begins"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        left, parameters = self.process_lhs(compiler, connection)
        first, beyond = self.bounds(connection.vendor)
        text = self.rhs.value
        return f"{left} {first} %s AND {left} {beyond} %s", (*parameters, text, *parameters, text + _LAST)

    def bounds(self, vendor: str) -> tuple[str, str]:
        return ">=", "<"


class _KeyBegins(_Begins):
    """Of a column that has Django's index for beginnings, which is a byte by byte one of other operators."""

    def bounds(self, vendor: str) -> tuple[str, str]:
        return ("~>=~", "~<~") if vendor == "postgresql" else (">=", "<")


def begins(expression: Plain, text: str) -> Lookup:
    """A condition on what has an index of its own. `text` as it is stored: folded."""
    return _Begins(expression, Value(text))


def key_begins(field: str, text: str) -> Lookup:
    """A condition on a unique text column."""
    return _KeyBegins(F(field), Value(text))
