"""The ids that REST shows: UUIDs computed from an object's kind and row number, so that no column keeps them.

UUID version 8 (RFC 9562 section 5.8): 48 bits of the number, 8 of the kind, and 62 of a digest of both, which tells
an id that was made up or mistyped. An id is no secret and opens nothing: every action asks for permission.
"""

import hashlib
import uuid
from enum import IntEnum


class Kind(IntEnum):
    """Never renumber: clients keep these ids."""

    COMPANY = 1
    DOMAIN = 2
    MAILBOX = 3
    ALIAS = 4
    PERSON = 5
    ACCESS = 6
    INVITATION = 7
    API_KEY = 8
    PASSKEY = 9
    CONTEXT = 10


_LARGEST = 2**48 - 1
_TAG = 2**62 - 1


def _tag(kind: int, number: int) -> int:
    digest = hashlib.blake2s(f"{kind}:{number}".encode(), person=b"postroom", digest_size=8).digest()
    return int.from_bytes(digest) & _TAG


def public_id(kind: Kind, number: int) -> str:
    """`number` is a row's, up to 2**48 - 1."""
    if not 0 <= number <= _LARGEST:
        raise ValueError(f"{number} is no row number")
    tag = _tag(kind, number)
    # Under the tag's bits, so that neighbours do not look alike.
    hidden = number ^ (tag & _LARGEST)
    return str(uuid.UUID(int=hidden << 80 | 0x8 << 76 | int(kind) << 64 | 0b10 << 62 | tag))


def number_of(kind: Kind, text: str) -> int | None:
    """The row number behind an id; None for one that is not of this kind, or none of ours."""
    try:
        whole = uuid.UUID(text).int
    except (ValueError, AttributeError, TypeError):
        return None
    number = whole >> 80 ^ (whole & _TAG & _LARGEST)
    return number if public_id(kind, number) == str(uuid.UUID(int=whole)) else None
