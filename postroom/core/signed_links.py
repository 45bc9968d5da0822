"""Links that open one file for a while, without other credentials (oma.md section 1.5). Nothing is stored for them."""

import hashlib
import hmac
from typing import Final

import msgspec

LIFETIME: Final = 15 * 60
"""Seconds."""


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """What a download address consists of; whoever has it may fetch the file for a while."""

    type: str
    id: str
    user: str
    expires: int
    token: str

    def __repr__(self) -> str:
        return f"Link({self.type!r}, {self.id!r})"


def token(key: str, type: str, id: str, user: str, expires: int) -> str:
    """32 hexadecimal digits, as the vendor's have."""
    said = "\0".join(("download", type, id, user, str(expires)))
    return hmac.new(key.encode(), said.encode(), hashlib.sha256).hexdigest()[:32]


def is_good(given: str, expected: str, expires: int, now: int) -> bool:
    """`now` and `expires` in seconds."""
    return hmac.compare_digest(given.encode(), expected.encode()) and now < expires
