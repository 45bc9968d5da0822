"""What clients send, read as the plain type that was meant (oma.md section 1.2).

Clients are PHP forms and scripts: they send numbers as text, one string for a list, null for nothing.
"""

import re
from typing import Final

from postroom.core.catalogue.attribute import BadValueError

LARGEST: Final = 2**63 - 1
"""What a database column holds."""

_LONGEST_NUMBER = 30
_NUMBER = re.compile(r"[+-]?[0-9]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
# Everything but line feed and tabulator: neither is seen by a reader nor can it be part of a header or a path.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BREAK = re.compile("[\t\n\u2028\u2029]")
_SHOWN = 60


def text(raw: object) -> str:
    """Text of one or several lines. Line breaks become line feeds."""
    if isinstance(raw, str):
        return _checked(raw)
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return str(whole_number(raw) if float_is_whole(raw) else raw)
    raise BadValueError("must be text")


def line(raw: object) -> str:
    """Text without line breaks, without blanks around it."""
    found = text(raw).strip()
    if _BREAK.search(found):
        raise BadValueError("must be a single line, without tabulators")
    return found


def _checked(raw: str) -> str:
    if _SURROGATE.search(raw):
        raise BadValueError("must be valid Unicode text; it holds half of a surrogate pair")
    found = raw.replace("\r\n", "\n").replace("\r", "\n") if "\r" in raw else raw
    if _CONTROL.search(found):
        raise BadValueError("must not hold control characters")
    return found


def float_is_whole(raw: float) -> bool:
    if isinstance(raw, int):
        return True
    if raw != raw or raw in (float("inf"), float("-inf")):
        raise BadValueError("must be a finite number")
    return raw.is_integer()


def whole_number(raw: object) -> int:
    """Raises BadValueError also for what no database column holds."""
    if isinstance(raw, str):
        raw = raw.strip()
        if not _NUMBER.fullmatch(raw) or len(raw) > _LONGEST_NUMBER:
            raise BadValueError("must be a whole number")
        raw = int(raw)
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not float_is_whole(raw):
        raise BadValueError("must be a whole number")
    found = int(raw)
    if abs(found) > LARGEST:
        raise BadValueError("must be a whole number of a reasonable size")
    return found


def flag(raw: object) -> bool:
    if isinstance(raw, str):
        raw = {"true": True, "1": True, "false": False, "0": False}.get(raw.strip().lower())
    if isinstance(raw, int | float) and raw in (0, 1):
        return bool(raw)
    raise BadValueError("must be true or false")


def entries(raw: object) -> list[object]:
    """The elements of a list; one alone need not be in a list. Empty ones are left out."""
    if isinstance(raw, dict | bool):
        raise BadValueError("must be a list")
    found = raw if isinstance(raw, list) else [raw]
    return [entry for entry in found if entry is not None and entry != ""]


def shown(value: str) -> str:
    """What somebody sent, fit to stand in a hint."""
    harmless = _CONTROL.sub("?", _SURROGATE.sub("?", value[:_SHOWN]))
    return harmless if len(value) <= _SHOWN else harmless + "…"
