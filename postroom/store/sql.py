"""Queries that Django builds once and the driver runs many times.

Building and compiling a query costs Django five to ten times what running it costs (docs/decisions/002-lean-path.md).
Here the models stay the source of the SQL, on both databases, but it is made once a process.
"""

import threading
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias

import msgspec
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet

Row: TypeAlias = tuple[Any, ...]
_MARK = "\x02parameter-{}\x03"
_FIRST_MARK_NUMBER = 8_111_222_333_000

json_value = msgspec.json.Decoder().decode
"""Of a JSON column: both drivers hand it over as text."""
encode = msgspec.json.Encoder().encode


def json_text(value: object) -> str:
    return encode(value).decode()


class _OfThread(threading.local):
    connection: BaseDatabaseWrapper | None = None


_of_thread = _OfThread()


def django_connection() -> BaseDatabaseWrapper:
    """What `django.db.connection` stands for. That one looks it up anew at each use, for more than a query costs."""
    found = _of_thread.connection
    if found is None:
        found = _of_thread.connection = connections[DEFAULT_DB_ALIAS]
    return found


def is_sqlite() -> bool:
    return django_connection().vendor == "sqlite"


def driver_connection() -> Any:
    """The driver's own connection of this thread, inside whatever transaction Django has begun."""
    found = django_connection()
    if found.connection is None:
        found.ensure_connection()
    return found.connection


class Marks:
    """Stand-ins for parameters while the query is built: `text(0)`, `number(1)`, …"""

    @staticmethod
    def text(position: int) -> str:
        return _MARK.format(position)

    @staticmethod
    def number(position: int) -> int:
        return _FIRST_MARK_NUMBER + position


class Compiled:
    """A SELECT made from a queryset; `build` gets `Marks` in place of the parameters.

    A paged one takes two more parameters at the end: how many rows, after how many. `lock`: the rows of these tables
    are ours until the transaction ends, those of the others that are joined are nobody's.
    """

    def __init__(
        self, build: Callable[[type[Marks]], QuerySet[Any, Any]], *, paged: bool = False, lock: Sequence[str] = ()
    ) -> None:
        self._build = build
        self._paged = paged
        self._lock = lock
        self._made: tuple[str, str, tuple[Callable[[Sequence[Any]], Any], ...]] | None = None

    def _make(self) -> tuple[str, str, tuple[Callable[[Sequence[Any]], Any], ...]]:
        sql, constants = self._build(Marks).query.sql_with_params()
        pick = tuple(_picker(constant) for constant in constants)
        if self._paged:
            sql += " LIMIT %s OFFSET %s"
            pick += (itemgetter(-2), itemgetter(-1))
        vendor = django_connection().vendor
        if self._lock and vendor != "sqlite":  # whose IMMEDIATE transaction holds the one write lock
            sql += f" FOR UPDATE OF {', '.join(self._lock)}"
        self._made = (vendor, sql.replace("%s", "?") if vendor == "sqlite" else sql, pick)
        return self._made

    def run(self, *parameters: Any) -> Any:
        made = self._made
        if made is None or made[0] != django_connection().vendor:
            made = self._make()
        return driver_connection().execute(made[1], [pick(parameters) for pick in made[2]])

    def row(self, *parameters: Any) -> Row | None:
        found: Row | None = self.run(*parameters).fetchone()
        return found

    def rows(self, *parameters: Any) -> list[Row]:
        found: list[Row] = self.run(*parameters).fetchall()
        return found


def _picker(constant: Any) -> Callable[[Sequence[Any]], Any]:
    if isinstance(constant, str) and constant.startswith(_MARK[:11]):
        return itemgetter(int(constant[11:-1]))
    if isinstance(constant, int) and not isinstance(constant, bool) and 0 <= constant - _FIRST_MARK_NUMBER < 100:
        return itemgetter(constant - _FIRST_MARK_NUMBER)
    return lambda parameters: constant


def execute(sql: str, parameters: Sequence[Any]) -> Any:
    """Run a statement written with %s on the driver's connection."""
    if is_sqlite():
        sql = sql.replace("%s", "?")
    return driver_connection().execute(sql, parameters)


class Statement(NamedTuple):
    """Written with %s."""

    sql: str
    values: Sequence[Any]


def insert_together(inserts: Sequence[Statement]) -> None:
    """Run them all, on PostgreSQL in one way to the server and back. None may need to see what another one writes."""
    if is_sqlite():
        for sql, values in inserts:
            execute(sql, values)
        return
    *others, last = (sql for sql, _ in inserts)
    before = ", ".join(f"insert_{number} AS ({sql})" for number, sql in enumerate(others))
    execute(f"WITH {before} {last}", [value for _, values in inserts for value in values])


def claiming(due: str, update: str) -> str:
    """A statement that updates the rows of `due`, a SELECT with LIMIT whose rows other workers are not to get.

    PostgreSQL may run a sub-select anew for each row it compares, and then finds others than those it has locked:
    so what is `due` is looked up once, before.
    """
    lock = "" if is_sqlite() else " FOR UPDATE SKIP LOCKED"
    return f"WITH due AS MATERIALIZED ({due}{lock}) {update}"


def execute_many(sql: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run a statement written with %s once for each of the rows, without waiting for each."""
    if rows:
        driver_connection().cursor().executemany(sql.replace("%s", "?") if is_sqlite() else sql, rows)


def columns(model: type[Model], names: Sequence[str]) -> list[str]:
    """The database's names of a model's fields."""
    return [str(model._meta.get_field(name).column) for name in names]  # type: ignore[union-attr]


class Writer:
    """UPDATE of the given fields of one row, by its id, written once."""

    def __init__(self, model: type[Model], fields: Sequence[str], json: frozenset[str]) -> None:
        self.fields = tuple(fields)
        self.json = json
        self._table = model._meta.db_table
        self._model = model
        self._made: tuple[str, str] | None = None

    def _make(self) -> tuple[str, str]:
        assignments = ", ".join(f'"{column}" = %s' for column in columns(self._model, self.fields))
        sql = f'UPDATE "{self._table}" SET {assignments} WHERE "id" = %s'  # noqa: S608 -- names from the model
        vendor = django_connection().vendor
        self._made = (vendor, sql.replace("%s", "?") if vendor == "sqlite" else sql)
        return self._made

    def write(self, row: Any) -> None:
        driver_connection().execute(self._statement(), self._values(row))

    def write_many(self, rows: Sequence[Any]) -> None:
        driver_connection().cursor().executemany(self._statement(), [self._values(row) for row in rows])

    def _statement(self) -> str:
        made = self._made
        if made is None or made[0] != django_connection().vendor:
            made = self._make()
        return made[1]

    def _values(self, row: Any) -> list[Any]:
        values = [json_text(getattr(row, name)) if name in self.json else getattr(row, name) for name in self.fields]
        return [*values, row.id]
