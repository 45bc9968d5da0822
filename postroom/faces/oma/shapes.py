"""Pieces that several methods' answers share."""

import functools
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from postroom.core import catalogue
from postroom.core.catalogue.attribute import Level

_LONG = 200
"""Longer values are told by their size in change logs (oma.md section 5.2)."""


def seconds(milliseconds: int | None) -> int | None:
    return None if milliseconds is None else milliseconds // 1000


def folder_path(folder: str) -> str:
    """OMA writes dots between the levels; a dot in a name stays one."""
    return folder.replace("/", ".")


@functools.cache
def options(level: Level) -> msgspec.Raw:
    """The allowed values of every attribute that has a list of them: some 600 time zones, so encoded once.

    A company has no time zone of its own, but lists them for its domains (oma.md section 5.2).
    """
    zones = {"timezone": catalogue.options(Level.DOMAIN)["timezone"]}
    return msgspec.Raw(msgspec.json.encode({**catalogue.options(level), **zones}))


def settable(names: Sequence[str]) -> dict[str, Sequence[str]]:
    """Under both spellings that the documents use (oma.md section 1.6)."""
    return {"settable_attribute": names, "settable_attributes": names}


def counted(name: str, items: list[Any], total: int) -> dict[str, Any]:
    return {name: items, "count": len(items), "total_count": total}


def changes(entries: Sequence[Any], total: int) -> dict[str, Any]:
    told = [
        {
            "application": e.application,
            "msg": _message(e.verb, e.changes),
            "time": e.at // 1000,
            "user": e.actor,
        }
        for e in entries
    ]
    return {"count": len(told), "total_count": total, "changes": told}


def _message(verb: str, changes: Mapping[str, Any]) -> str:
    if verb in {"changed", "checked"}:
        return "; ".join(_told(name, *change) for name, change in changes.items())
    now = {name: before if after is None else after for name, (before, after) in changes.items()}
    return f"{verb}: " + "; ".join(f"{name} {_short(value)}" for name, value in now.items())


def _told(name: str, before: Any, after: Any) -> str:
    return f"unset {name}, was {_short(before)}" if after is None else f"set {name} to {_short(after)}"


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return text if len(text) <= _LONG else f"({len(text.encode())} bytes)"
