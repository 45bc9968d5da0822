"""`column IN (…)` with one parameter, however many values: databases take so many only, and Django looks at each."""

from collections.abc import Collection
from typing import Any

from django.db.models import F, Lookup, Value


class _OneOf(Lookup):
    """The numbers are written as text: psycopg looks at each one of a list."""

    lookup_name = "one_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        left, parameters = self.process_lhs(compiler, connection)
        written = ",".join(map(str, self.rhs.value))
        if connection.vendor == "postgresql":
            return self.condition(left), (*parameters, f"{{{written}}}")
        return self.condition_of_sqlite(left), (*parameters, f"[{written}]")

    def condition(self, left: str) -> str:
        return f"{left} = ANY(%s::bigint[])"

    def condition_of_sqlite(self, left: str) -> str:
        return f"{left} IN (SELECT value FROM json_each(%s))"  # noqa: S608 -- a column that Django has quoted


class _AlsoOneOf(_OneOf):
    """Written so that planners see nothing in it: neither an index to use nor numbers to think about one by one."""

    lookup_name = "also_one_of"

    def condition(self, left: str) -> str:
        return f"({left} IN (SELECT unnest(%s::bigint[]))) IS TRUE"

    def condition_of_sqlite(self, left: str) -> str:
        return f"+{super().condition_of_sqlite(left)}"


def one_of(field: str, numbers: Collection[int]) -> Lookup:
    """A condition on a field that holds numbers."""
    return _OneOf(F(field), Value(sorted(numbers)))


def also_one_of(field: str, numbers: Collection[int]) -> Lookup:
    """The same where another condition finds the rows by an index, in order, and few of them are wanted."""
    return _AlsoOneOf(F(field), Value(sorted(numbers)))
