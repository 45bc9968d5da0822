"""Texts for people, in every language that Postroom speaks."""

import re
from enum import StrEnum
from typing import Final

import msgspec

_BESIDE_SIGNS: Final = re.compile(r" (?=[:;?!»](?:\s|$))|(?<=«) ")


class Language(StrEnum):
    ENGLISH = "en"
    FRENCH = "fr"


class Text(msgspec.Struct, frozen=True):
    """A sentence in each language; `{names}` in braces are filled in.

    An ordinary space before a sign, or inside quotation marks, becomes in French one that no line ends at.
    """

    en: str
    fr: str

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "fr", _BESIDE_SIGNS.sub("\u00a0", self.fr))

    def at(self, language: Language, **values: object) -> str:
        template = self.fr if language is Language.FRENCH else self.en
        return template.format(**values) if values else template


def best(wanted: str) -> Language:
    """From a code such as fr or fr-FR, or Accept-Language (RFC 9110 section 12.5.4); English when in doubt."""
    choices: list[tuple[float, Language]] = []
    for part in wanted.split(","):
        code, _, parameters = part.strip().partition(";")
        quality = _quality(parameters)
        language = _known(code)
        if language and quality > 0:
            choices.append((quality, language))
    return max(choices, key=lambda choice: choice[0], default=(1.0, Language.ENGLISH))[1]


def _known(code: str) -> Language | None:
    primary = code.strip().lower().replace("_", "-").partition("-")[0]
    return next((language for language in Language if language == primary), None)


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
