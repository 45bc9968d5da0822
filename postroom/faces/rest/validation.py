"""What is wrong with a body or a query, said as People says it (people.md section 1)."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import msgspec

Details: TypeAlias = Mapping[str, Any]
_MESSAGES: Mapping[str, str | Callable[[Details], str]] = {
    "missing": "This field is required.",
    "string_type": "Not a valid string.",
    "string_too_long": lambda ctx: f"Ensure this field has no more than {ctx['max_length']} characters.",
    "string_too_short": lambda ctx: (
        "This field may not be blank."
        if ctx["min_length"] == 1
        else f"Ensure this field has at least {ctx['min_length']} characters."
    ),
    "string_pattern_mismatch": "Enter a valid value.",
    "bool_type": "Must be a valid boolean.",
    "bool_parsing": "Must be a valid boolean.",
    "int_type": "A valid integer is required.",
    "int_parsing": "A valid integer is required.",
    "int_from_float": "A valid integer is required.",
    "list_type": "Expected a list of items.",
    "dict_type": "Expected a dictionary of items.",
    "too_long": lambda ctx: f"Ensure this field has no more than {ctx['max_length']} elements.",
    "greater_than_equal": lambda ctx: f"Ensure this value is greater than or equal to {ctx['ge']}.",
    "less_than_equal": lambda ctx: f"Ensure this value is less than or equal to {ctx['le']}.",
    "extra_forbidden": "This field is not known.",
}
_NOT_AN_OBJECT = frozenset({"model_type", "model_attributes_type"})
WHOLE = "non_field_errors"
"""Where what belongs to no field is told."""


def messages(errors: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Field → what is wrong with it. `errors` are pydantic's, with ninja's `loc`: ("body", argument, field, …) or
    ("query", field).
    """
    found: dict[str, list[str]] = {}
    for error in errors:
        field = _field(error["loc"])
        text = _whole(error) if field == WHOLE else _text(error)
        if text not in found.setdefault(field, []):
            found[field].append(text)
    return found


def _field(loc: tuple[Any, ...]) -> str:
    within = loc[2:] if loc[0] == "body" else loc[1:]
    names = [str(part) for part in within if isinstance(part, str)]
    return names[0] if names else WHOLE


def _whole(error: Mapping[str, Any]) -> str:
    if error["type"] in _NOT_AN_OBJECT:
        return "Invalid data. Expected a dictionary."
    return _text(error)


def _text(error: Mapping[str, Any]) -> str:
    kind = error["type"]
    if error.get("input", ...) is None:
        return "This field may not be null."
    if kind in {"enum", "literal_error"}:
        return f'"{_short(error.get("input"))}" is not a valid choice.'
    found = _MESSAGES.get(kind)
    if found is None:
        told = str(error["msg"])
        return told.removeprefix("Value error, ")
    return found if isinstance(found, str) else found(error.get("ctx", {}))


def _short(value: object) -> str:
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return text if len(text) <= 60 else f"{text[:60]}…"
