"""How long something lasts, in words."""

from typing import Final

from postroom.core.languages import Language, Text

_UNITS: Final = (
    (86_400, Text(en="1 day", fr="1 jour"), Text(en="{n} days", fr="{n} jours")),
    (3600, Text(en="1 hour", fr="1 heure"), Text(en="{n} hours", fr="{n} heures")),
    (60, Text(en="1 minute", fr="1 minute"), Text(en="{n} minutes", fr="{n} minutes")),
)


def in_words(seconds: int, language: Language) -> str:
    """In the largest unit that loses nothing; what is left below a minute is not told."""
    for size, one, many in _UNITS:
        if seconds >= size and (seconds % size == 0 or size == 60):
            n = seconds // size
            return one.at(language) if n == 1 else many.at(language, n=n)
    return _UNITS[-1][1].at(language)
