"""What the core says of a single value or case, in the reader's language.

The core speaks English, for programs; the French of each sentence stands in details_table.py. One that does not is
shown in English rather than not at all.
"""

import re
from functools import lru_cache
from typing import Final

from django.utils import translation

from postroom.core.catalogue import CATALOGUE
from postroom.core.catalogue.attribute import Kind
from postroom.core.catalogue.bounds_words import bounds_in
from postroom.core.languages import Language, Text, best
from postroom.faces.web.details_table import DETAILS

_NAME: Final = re.compile(r"\{(\w+)\}")
_HINT: Final = "hint"


def translated(text: str) -> str:
    """Made a sentence: it begins with a capital and ends with a full stop."""
    if not text:
        return ""
    return _sentence(_french(text) if _language() is Language.FRENCH else text)


def about(attribute: str, text: str) -> str:
    """The same of a setting: what its kind takes is said in the reader's language, too. Empty where that has it not."""
    known = CATALOGUE.get(attribute)
    if known is not None and text.startswith(f"must be {known.kind.bounds}"):
        return of_kind(known.kind, text)
    return translated(text) if is_told(text) else ""


def of_kind(kind: Kind, text: str) -> str:
    """Of a value of the kind, wherever it stands."""
    must = f"must be {kind.bounds}"
    if _language() is not Language.FRENCH or not text.startswith(must):
        return translated(text)
    rest = text.removeprefix(must)
    bounds = f"doit être {bounds_in(kind, Language.FRENCH)}"
    if rest.startswith("; each "):
        return _sentence(f"{bounds}\u00a0; chacun {_french(rest.removeprefix('; each '))}")
    return _sentence(bounds if not rest else f"{bounds}{rest}")


def is_told(text: str) -> bool:
    """Whether the reader's language has it."""
    return _language() is not Language.FRENCH or is_known(text)


def is_known(text: str) -> bool:
    """Whether there is a French of it."""
    return _french(text) != text


def _language() -> Language:
    return best(translation.get_language() or "")


def _sentence(text: str) -> str:
    is_word = text.partition(" ")[0].replace("’", "").isalpha()  # an address stays as it is written
    begun = text[0].upper() + text[1:] if is_word else text
    return begun if begun[-1] in ".!?…" else f"{begun}."


@lru_cache(maxsize=2000)
def _french(text: str) -> str:
    """The same again where there is none; also where a part of it has none: half a sentence helps nobody."""
    for pattern, detail in _patterns():
        found = pattern.fullmatch(text)
        if found is None:
            continue
        values = found.groupdict()
        parts = {name: _french(value) for name, value in values.items() if name.endswith(_HINT)}
        if all(part != values[name] for name, part in parts.items()):
            return detail.fr.format(**{**values, **parts})
    return text


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[re.Pattern[str], Text]]:
    """Those without a gap first: they fit one sentence and no other."""
    ordered = sorted(DETAILS, key=lambda detail: bool(_NAME.search(_plain(detail.en))))
    return [(_pattern(detail.en), detail) for detail in ordered]


def _plain(template: str) -> str:
    return template.replace("{{", "").replace("}}", "")


def _pattern(template: str) -> re.Pattern[str]:
    parts = _NAME.split(template.replace("{{", "\0").replace("}}", "\1"))
    written = [
        f"(?P<{part}>.+?)" if number % 2 else re.escape(part.replace("\0", "{").replace("\1", "}"))
        for number, part in enumerate(parts)
    ]
    return re.compile("".join(written), re.DOTALL)
