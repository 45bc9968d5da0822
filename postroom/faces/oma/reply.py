"""The bytes of an answer. Their layout matters to one vendor script that reads with regular expressions
(oma.md section 1.3): no blanks, `success` first, one blank before `"audit"` at the very end."""

import random
import time
from collections.abc import Mapping
from typing import Any

import msgspec

_encode = msgspec.json.Encoder().encode
_WORDS = (
    "anger", "apple", "birch", "bread", "chair", "cloud", "coral", "daisy", "eagle", "field", "flint", "grape", "house",
    "ivory", "jolly", "knife", "lemon", "maple", "month", "night", "ocean", "pearl", "plain", "quiet", "river", "rule",
    "shell", "stone", "table", "tiger", "uncle", "violet", "water", "world", "yacht", "zebra",
)  # fmt: skip
_pick = random.Random()  # noqa: S311 -- an id for log lines, not a secret


def new_audit() -> str:
    number = _pick.getrandbits(40)
    return f"{_WORDS[number % len(_WORDS)]}{(number >> 8) % 100:02d}_{int(time.time()):08x}{number >> 32:02x}"


def _with_audit(body: bytes, audit: str) -> bytes:
    # Without the copy that slicing bytes would make: an answer with all its options is 13 kB.
    return b"".join((memoryview(body)[:-1], b', "audit":"', audit.encode(), b'"}'))


def success(payload: Mapping[str, Any], audit: str) -> bytes:
    return _with_audit(_encode({"success": True, **payload}), audit)


def failure(
    number: int,
    text: str,
    audit: str,
    hints: Mapping[str, str] | None = None,
    payload: Mapping[str, Any] | None = None,
) -> bytes:
    """Data that a failure carries comes first, then the hints; `error` stays last."""
    body: dict[str, Any] = {"success": False, **(payload or {})}
    if hints:
        body["hints"] = hints
    body["error_number"] = number
    body["error"] = text
    return _with_audit(_encode(body), audit)
