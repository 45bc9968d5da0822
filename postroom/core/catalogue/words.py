"""What settings are called on pages, in every language, and what they mean to somebody who manages mail.

`Attribute.doc` speaks to programmers; this speaks to people who know neither Postroom nor mail servers.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from postroom.core.catalogue.attribute import Inheritance, Level
from postroom.core.catalogue.entries import CATALOGUE
from postroom.core.catalogue.words_of_mailboxes import MAILBOX_WORDS
from postroom.core.catalogue.words_of_service import SERVICE_WORDS
from postroom.core.catalogue.words_table import Words
from postroom.core.languages import Language, Text

GROUPS: Final[Mapping[str, Text]] = {
    "general": Text("General", "Général"),
    "services": Text("Services", "Services"),
    "delivery": Text("Delivery", "Distribution"),
    "forwarding": Text("Forwarding", "Redirection"),
    "answering": Text("Automatic answer", "Réponse automatique"),
    "spam": Text("Spam", "Indésirables"),
    "limits": Text("Limits", "Limites"),
    "security": Text("Security", "Sécurité"),
}
"""In the order in which pages show them."""

WORDS: Final[Mapping[str, Words]] = {**SERVICE_WORDS, **MAILBOX_WORDS}
"""Every attribute of the catalogue, those of one group in the order in which pages show them."""

_CHOICES: Final[Mapping[str, Text]] = {
    "enabled": Text("On", "Activé"),
    "disabled": Text("Off", "Désactivé"),
    "suspended": Text("Suspended", "Suspendu"),
    "quarantine": Text("Into the spam folder", "Dans le dossier des indésirables"),
    "passthrough": Text("Among the other mail, marked", "Avec le reste du courriel, marqués"),
    "Normal": Text("Normal", "Normal"),
    "High": Text("High", "Élevé"),
    "Very High": Text("Very high", "Très élevé"),
    "weak": Text("Weak", "Faible"),
    "medium": Text("Medium", "Moyenne"),
    "good": Text("Good", "Bonne"),
    "strong": Text("Strong", "Forte"),
    "mailbox": Text("Mailbox", "Boîte aux lettres"),
    "forward": Text("Forward", "Redirection"),
    "filter": Text("Filter", "Filtre"),
}
_LANGUAGES: Final[Mapping[str, str]] = {
    "bg": "Български", "br": "Brezhoneg", "ca": "Català", "cs": "Čeština", "cy": "Cymraeg", "da": "Dansk",
    "de": "Deutsch", "el": "Ελληνικά", "en": "English", "en_GB": "English (United Kingdom)", "es": "Español",
    "et": "Eesti", "eu": "Euskara", "fi": "Suomi", "fr": "Français", "fr_CA": "Français (Canada)", "ga": "Gaeilge",
    "gl": "Galego", "hr": "Hrvatski", "hu": "Magyar", "is": "Íslenska", "it": "Italiano", "ja": "日本語",
    "ko": "한국어", "lt": "Lietuvių", "lv": "Latviešu", "mt": "Malti", "nb": "Norsk bokmål", "nl": "Nederlands",
    "nn": "Norsk nynorsk", "oc": "Occitan", "pl": "Polski", "pt": "Português", "pt_BR": "Português (Brasil)",
    "ro": "Română", "ru": "Русский", "sk": "Slovenčina", "sl": "Slovenščina", "sr": "Српски", "sv": "Svenska",
    "tr": "Türkçe", "uk": "Українська", "zh_CN": "简体中文", "zh_TW": "繁體中文",
}  # fmt: skip


class _Below(msgspec.Struct, frozen=True):
    level: Level
    begins: Text


_BELOW: Final[Mapping[Level, _Below]] = {
    Level.COMPANY: _Below(Level.DOMAIN, Text("New domains begin with it.", "Les nouveaux domaines commencent ainsi.")),
    Level.DOMAIN: _Below(Level.MAILBOX, Text("New mailboxes begin with it.", "Les nouvelles boîtes commencent ainsi.")),
}


def label(name: str, language: Language) -> str:
    """The name itself for what is no attribute."""
    return WORDS[name].label.at(language) if name in WORDS else name


def help(name: str, language: Language, level: Level | None = None) -> str:
    """Empty for what is no attribute. With a level: also what it means for what is made below."""
    if name not in WORDS:
        return ""
    told = WORDS[name].help.at(language)
    below = _BELOW.get(level) if level else None
    if below is None or CATALOGUE[name].inherits is not Inheritance.COPIED or not CATALOGUE[name].on(below.level):
        return told
    return f"{told} {below.begins.at(language)}"


def group_of(name: str) -> str:
    return WORDS[name].group


def choice(name: str, value: str, language: Language) -> str:
    """One of several values that can be listed."""
    if name == "language":
        return _LANGUAGES.get(value, value)
    return _CHOICES[value].at(language) if value in _CHOICES else value
