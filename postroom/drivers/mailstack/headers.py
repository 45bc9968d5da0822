"""The header of a message, as people read it."""

import re
from email.errors import HeaderParseError
from email.header import decode_header
from typing import Final

_NOT_SHOWN: Final = re.compile(r"[\x00-\x1f\x7f]")


def read_headers(text: str) -> tuple[tuple[str, str], ...]:
    """(name, value) in order; unfolded, encoded words decoded (RFC 2047). What cannot be read is left as it is."""
    unfolded = re.sub(r"\r?\n[ \t]+", " ", text)
    pairs = (line.partition(":") for line in unfolded.splitlines() if ":" in line)
    return tuple((name.strip(), _NOT_SHOWN.sub("", _decoded(value.strip()))) for name, _, value in pairs)


def _decoded(value: str) -> str:
    if "=?" not in value:
        return value
    try:
        return "".join(_text(part, charset) for part, charset in decode_header(value))
    except (HeaderParseError, LookupError, ValueError):
        return value


def _text(part: bytes | str, charset: str | None) -> str:
    return part if isinstance(part, str) else part.decode(charset or "latin-1", "replace")
