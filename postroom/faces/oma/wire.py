"""What clients send, in all the ways they send it (oma.md section 1.2): one reader a type."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from postroom.actions.pages import PageRequest
from postroom.core.address import fold
from postroom.core.errors import BadRequest

_decode = msgspec.json.Decoder().decode
_LARGEST_NUMBER = 10**12
_DEEPEST = 32


class NotAnObject(Exception):
    """The body is not one JSON object. HTTP 400; the text says why."""


def parse(body: bytes) -> dict[str, Any]:
    """Raises NotAnObject. Later keys win over earlier ones of the same name."""
    try:
        value = _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise NotAnObject(f"the body is not valid JSON: {error}") from None
    if not isinstance(value, dict):
        raise NotAnObject("the body must be one JSON object")
    if b"\\u" in body or body.count(b"[") + body.count(b"{") > _DEEPEST:
        _refuse_odd(value, 0)
    return value


def _refuse_odd(value: Any, depth: int) -> None:
    """NUL and lone surrogates can be stored in no database, and nothing of ours nests deeply."""
    if depth > _DEEPEST:
        raise NotAnObject(f"the body is nested more than {_DEEPEST} deep")
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= c <= "\udfff" for c in value):
            raise NotAnObject("a text holds a NUL or half a surrogate pair")
    elif isinstance(value, dict):
        for key, item in value.items():
            _refuse_odd(key, depth)
            _refuse_odd(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            _refuse_odd(item, depth + 1)


def as_text(raw: object) -> str | None:
    """None where it is no text."""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return None
    return str(raw)


def _as_flag(raw: object) -> bool | None:
    if isinstance(raw, bool):
        return raw
    return {"1": True, "0": False, "true": True, "false": False}.get(str(raw).lower()) if as_text(raw) else None


class Fields:
    """The fields of one object in a request. `at` names the object in hints."""

    def __init__(self, values: Mapping[str, Any], at: str = "") -> None:
        self._values = values
        self._at = at

    def raw(self, *names: str) -> Any:
        """The first of `names` that is there and not null."""
        for name in names:
            value = self._values.get(name)
            if value is not None:
                return value
        return None

    def has(self, name: str) -> bool:
        return name in self._values

    def _bad(self, name: str, hint: str) -> BadRequest:
        return BadRequest(hints={f"{self._at}{name}": hint})

    def text(self, *names: str) -> str | None:
        """None where it is absent, null or empty."""
        raw = self.raw(*names)
        if raw is None:
            return None
        text = as_text(raw)
        if text is None:
            raise self._bad(names[0], "must be a text")
        return text or None

    def required_text(self, *names: str) -> str:
        text = self.text(*names)
        if text is None:
            raise self._bad(names[0], "is required")
        return text

    def name(self, *names: str) -> str:
        """Of a domain, account or company: folded, its syntax not looked at (oma.md section 3)."""
        return fold(self.required_text(*names))

    def flag(self, name: str) -> bool:
        raw = self.raw(name)
        if raw is None or raw == "":
            return False
        flag = _as_flag(raw)
        if flag is None:
            raise self._bad(name, "must be true or false")
        return flag

    def number(self, name: str, lowest: int, highest: int) -> int | None:
        raw = self.raw(name)
        if raw is None or raw == "":
            return None
        text = as_text(raw) or ""
        digits = text[:-2] if text.endswith(".0") else text
        if not (digits.isascii() and digits.isdecimal()) or len(digits) > 18 or not lowest <= int(digits) <= highest:
            raise self._bad(name, f"must be a whole number from {lowest} to {highest}")
        return int(digits)

    def object(self, name: str) -> dict[str, Any]:
        """`{}` where it is absent, null, empty text or the empty list that PHP makes of an empty array."""
        raw = self.raw(name)
        if raw is None or raw in ([], ""):
            return {}
        if not isinstance(raw, dict):
            raise self._bad(name, "must be an object")
        return raw

    def required_object(self, name: str) -> dict[str, Any]:
        if self._values.get(name) is None:
            raise self._bad(name, "is required and must be an object")
        return self.object(name)

    def fields(self, name: str) -> "Fields":
        return Fields(self.object(name), f"{self._at}{name}.")

    def texts(self, *names: str) -> list[str]:
        """One text counts as a list of one; null, "" and [""] as the empty list."""
        raw = self.raw(*names)
        if raw is None:
            return []
        items = raw if isinstance(raw, list) else [raw]
        texts = [as_text(item) for item in items]
        if None in texts:
            raise self._bad(names[0], "must be a list of texts")
        return [text for text in texts if text]


def nested(fields: Fields, name: str) -> Callable[[str], Fields]:
    """For a field, who has it: the request, or else the object `name` in it, where some clients put their options."""
    inner = fields.fields(name)
    return lambda field: inner if fields.raw(field) is None and inner.raw(field) is not None else fields


def page(fields: Fields, renamed: Mapping[str, str] | None = None) -> PageRequest:
    """`range` and `sort`; their keys in any case, and `sort` inside `range` too (oma.md section 1.6)."""
    range = Fields({k.lower(): v for k, v in fields.object("range").items()}, "range.")
    sort = fields.fields("sort") if fields.raw("sort") is not None else range.fields("sort")
    direction = (sort.text("direction") or "ascending").lower()
    if direction not in {"ascending", "descending"}:
        raise BadRequest(hints={"sort.direction": "must be ascending or descending"})
    by = sort.text("by")
    return PageRequest(
        first=range.number("first", 0, _LARGEST_NUMBER) or 0,
        limit=range.number("limit", 0, _LARGEST_NUMBER),
        by=(renamed or {}).get(by, by) if by else None,
        descending=direction == "descending",
    )
