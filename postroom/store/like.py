"""OMA's search wildcards (oma.md section 4): `*` any run, `?` exactly one character, case-insensitive, whole value."""

from typing import Any

from django.db.models import F, Lookup, Value

_ESCAPES = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_", "*": "%", "?": "_"})


class _Like(Lookup):
    lookup_name = "like"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        left, left_parameters = self.process_lhs(compiler, connection)
        right, right_parameters = self.process_rhs(compiler, connection)
        return f"{left} LIKE {right} ESCAPE '\\'", (*left_parameters, *right_parameters)

    def get_prep_lookup(self) -> Any:
        return self.rhs


def like(field: str, wildcard: str) -> Lookup:
    """A condition on a field that holds folded text."""
    return _Like(F(field), Value(wildcard.lower().translate(_ESCAPES)))
