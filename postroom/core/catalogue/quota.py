"""The unit of a quota: the one place that knows it (oma.md section 7.5, docs/decisions/005-quota-units.md)."""

from typing import Final

from postroom.core.catalogue.attribute import Level

MEGABYTE: Final = 1_048_576
MEGABYTES_UP_TO: Final = 1_048_576
"""A number up to this is read as megabytes, a larger one as bytes. A company's is always in megabytes."""


def to_bytes(value: int, *, level: Level, threshold: int = MEGABYTES_UP_TO) -> int:
    if level is Level.COMPANY or value <= threshold:
        return value * MEGABYTE
    return value


def below_company(megabytes: int, *, threshold: int = MEGABYTES_UP_TO) -> int:
    """A company's number, written so that it means the same on a domain or mailbox."""
    return megabytes if megabytes <= threshold else megabytes * MEGABYTE
