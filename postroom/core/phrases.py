"""Sentences that are made in English and read in French, too: they are known again by how they are built."""

import re
from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import Final

import msgspec

from postroom.core.languages import Text

_NAME: Final = re.compile(r"\{(\w+)\}")
_HINT: Final = "hint"
_TOLD: Final = "told"
_DEEPEST: Final = 3
"""Sentences within sentences: what a server said may look like many."""


class _Row(msgspec.Struct, frozen=True):
    pattern: re.Pattern[str]
    piece: str
    """Stands in every text that fits: to look for it is quick."""
    french: str
    known: int
    """How many characters do not differ."""


class Phrases:
    """`{names}` stand for what differs, and stay as they are. One that ends with `hint` holds another sentence of the
    table; one that ends with `told` holds such a sentence or somebody else's words. Of several rows that fit, the one
    that knows most of the text is taken."""

    def __init__(self, rows: Sequence[Text]) -> None:
        self._texts = rows
        self.french = lru_cache(maxsize=2000)(self._french)

    def _french(self, text: str, within: int = 0) -> str:
        """The same again where there is none; also where a part of it has none: half a sentence helps nobody."""
        if within > _DEEPEST:
            return text
        for row in self._rows:
            found = row.pattern.fullmatch(text) if row.piece in text else None
            if found is None:
                continue
            values = found.groupdict()
            parts = {n: self._french(part, within + 1) for n, part in values.items() if n.endswith((_HINT, _TOLD))}
            if all(part != values[name] for name, part in parts.items() if name.endswith(_HINT)):
                return row.french.format(**{**values, **parts})
        return text

    @cached_property
    def _rows(self) -> list[_Row]:
        return sorted(map(_row, self._texts), key=lambda row: row.known, reverse=True)


def pattern(template: str) -> re.Pattern[str]:
    """What the template can become. What it begins with is a name, and not "somebody: what they said"."""
    parts = _parts(template)
    written = [_group(part) if number % 2 else re.escape(part) for number, part in enumerate(parts)]
    if not parts[0] and not parts[1].endswith(_HINT):
        written[1] = f"(?P<{parts[1]}>(?:(?!: ).)+?)"
    return re.compile("".join(written), re.DOTALL)


def _group(name: str) -> str:
    return f"(?P<{name}>.+?)"


def _row(text: Text) -> _Row:
    pieces = _parts(text.en)[::2]
    return _Row(pattern(text.en), max(pieces, key=len), text.fr, sum(map(len, pieces)))


def _parts(template: str) -> list[str]:
    """What stands between the names, and every second one a name."""
    parts = _NAME.split(template.replace("{{", "\0").replace("}}", "\1"))
    return [part.replace("\0", "{").replace("\1", "}") for part in parts]
