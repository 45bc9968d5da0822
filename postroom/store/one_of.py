"""`column IN (…)` with one parameter, however many values: databases take so many only, and Django looks at each."""

from collections.abc import Collection
from typing import Any

import msgspec
from django.db.models import F, Lookup, Value


class _OneOf(Lookup):
    lookup_name = "one_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        left, parameters = self.process_lhs(compiler, connection)
        values = self.rhs.value
        if connection.vendor == "postgresql":
            return f"{left} = ANY(%s)", (*parameters, values)
        in_list = f"{left} IN (SELECT value FROM json_each(%s))"  # noqa: S608 -- a column that Django has quoted
        return in_list, (*parameters, msgspec.json.encode(values).decode())


def one_of(field: str, numbers: Collection[int]) -> Lookup:
    """A condition on a field that holds numbers."""
    return _OneOf(F(field), Value(sorted(numbers)))
