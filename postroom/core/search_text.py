"""Text as it is searched: without regard to case and accents, the same on every database."""

import unicodedata
from typing import Final

LONGEST: Final = 500
"""Characters that are looked at: a row of an index has its limits."""

_LONGEST_NAME: Final = 240

_MOST_WORDS: Final = 10
# Letters that are no other letter with a mark.
_PLAIN: Final = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "þ": "th", "\0": " "}
)


def folded(text: str) -> str:
    if text.isascii():
        return text.lower().replace("\0", " ")[:LONGEST]
    marked = unicodedata.normalize("NFKD", text.casefold()).encode("utf-8", "replace").decode()
    bare = "".join(c for c in marked if not unicodedata.combining(c))
    return bare.translate(_PLAIN)[:LONGEST]


def search_text(name: str, address: str) -> str:
    """Of a mailbox. The name comes first, so that it also sorts by names."""
    return f"{folded(name)[:_LONGEST_NAME]} {folded(address)}".lstrip()


def words(query: str) -> list[str]:
    """All of them are to be found, anywhere in the text."""
    return folded(query).split()[:_MOST_WORDS]
