"""Amounts of bytes as people read them."""

from typing import Final

from postroom.core.languages import Language

_UNITS: Final = {
    Language.ENGLISH: ("bytes", "kB", "MB", "GB", "TB"),
    Language.FRENCH: ("octets", "ko", "Mo", "Go", "To"),
}
_STEP: Final = 1024
_ROUND: Final = 10
"""From here on a decimal says nothing that matters."""


def size(bytes: int, language: Language) -> str:
    """1.5 GB or 1,5 Go; a unit is 1024 of the one before, as quotas are."""
    value, unit = float(bytes), 0
    while value >= _STEP and unit < len(_UNITS[language]) - 1:
        value, unit = value / _STEP, unit + 1
    text = f"{value:.0f}" if unit == 0 or value >= _ROUND or value.is_integer() else f"{value:.1f}"
    if language is Language.FRENCH:
        text = text.replace(".", ",")
    return f"{text}\N{NO-BREAK SPACE}{_UNITS[language][unit]}"
