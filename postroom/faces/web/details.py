"""What the core says of a single value or case, and drivers of what failed, in the reader's language.

They speak English, for programs; the French of each sentence stands in details_table.py. One that does not is shown in
English rather than not at all.
"""

from typing import Final

from django.utils import translation

from postroom.core.catalogue import CATALOGUE
from postroom.core.catalogue.attribute import Kind
from postroom.core.catalogue.bounds_words import bounds_in
from postroom.core.languages import Language, best
from postroom.core.phrases import Phrases
from postroom.faces.web.details_of_calls import CALLS
from postroom.faces.web.details_table import DETAILS

_PHRASES: Final = Phrases(DETAILS)
_CALLS: Final = {text.en: text.fr for text in CALLS}


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


def of_failure(text: str) -> str:
    """Why something failed: our own words in the reader's language, those of a server as it said them."""
    return _french(text) if _language() is Language.FRENCH else text


def of_call(text: str, language: Language) -> str:
    """What a call of REST or dimail does, as its face says it."""
    return _CALLS.get(text, text) if language is Language.FRENCH else text


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


def _french(text: str) -> str:
    return _PHRASES.french(text)
