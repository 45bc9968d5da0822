"""Looking for words in everything that the hub says. The texts are few: they are all looked at, in memory."""

import functools
from collections.abc import Iterator
from typing import Final

import msgspec
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from postroom.core.catalogue.attribute import Level
from postroom.core.languages import Language
from postroom.core.search_text import folded
from postroom.faces.oma.reference import REFERENCE
from postroom.faces.web.hub import attribute_pages, call_pages, error_pages, guides, role_pages

LONGEST: Final = 200
MOST: Final = 50
_EXCERPT: Final = 180


class Place(msgspec.Struct, frozen=True):
    title: str
    where: str
    href: str
    words: str


class Found(msgspec.Struct, frozen=True):
    title: str
    where: str
    href: str
    excerpt: str


def find(q: str, language: Language) -> list[Found]:
    """What holds all the words, best first: names that begin so, then titles, then texts."""
    words = _folded(q).split()
    hits: list[tuple[int, int, Place]] = []
    for number, (place, title, text) in enumerate(_places(language)):
        if words and all(word in title or word in text for word in words):
            hits.append((_rank(words, title), number, place))
    hits.sort(key=lambda hit: hit[:2])
    return [_shown(place, words) for _rank, _number, place in hits[:MOST]]


def _rank(words: list[str], title: str) -> int:
    if title == " ".join(words):
        return 0
    if title.startswith(words[0]):
        return 1
    return 2 if all(word in title for word in words) else 3


def _shown(place: Place, words: list[str]) -> Found:
    at = min((found for word in words if (found := _folded(place.words).find(word)) >= 0), default=0)
    begin = place.words.find(" ", at - _EXCERPT // 3) + 1 if at > _EXCERPT // 3 else 0
    text = place.words[begin : begin + _EXCERPT].strip()
    before, after = "… " if begin else "", " …" if begin + _EXCERPT < len(place.words) else ""
    return Found(place.title, place.where, place.href, f"{before}{text}{after}")


def _folded(text: str) -> str:
    """However long it is."""
    return " ".join(folded(word) for word in text.split())


@functools.cache
def _places(language: Language) -> list[tuple[Place, str, str]]:
    """Each with its folded title and text."""
    with translation.override(language):
        return [(place, _folded(place.title), _folded(place.words)) for place in _all(language)]


def _all(language: Language) -> Iterator[Place]:
    yield from _methods(language)
    yield from _attributes(language)
    yield from _errors()
    yield from _permissions()
    yield from _texts(language)
    yield from _calls(language)


def _methods(language: Language) -> Iterator[Place]:
    for name, entry in REFERENCE.items():
        says = [entry.says, *([entry.more] if entry.more else []), *(field.says for field in entry.fields)]
        fields = " ".join(field.name for field in entry.fields)
        text = " ".join(one.at(language) for one in says).replace("`", "")
        yield Place(name, _("Method of OMA"), reverse("hub_oma_method", args=[name]), f"{text} {fields}")


def _attributes(language: Language) -> Iterator[Place]:
    kinds = {
        Level.COMPANY: _("Attribute of a company"),
        Level.DOMAIN: _("Attribute of a domain"),
        Level.MAILBOX: _("Attribute of an account"),
    }
    for level, where in kinds.items():
        page = reverse("hub_attributes", args=[level])
        for name, label, help in attribute_pages.searchable(level, language):
            yield Place(name, where, f"{page}#{name}", f"{label}: {help}")


def _errors() -> Iterator[Place]:
    for name, says in error_pages.searchable():
        yield Place(name, _("Error"), f"{reverse('hub_errors')}#{name}", says)


def _permissions() -> Iterator[Place]:
    for one in role_pages.granted():
        yield Place(one.permission, _("Permission"), f"{reverse('hub_roles')}#{one.permission}", one.words)


def _texts(language: Language) -> Iterator[Place]:
    for slug in guides.GUIDES:
        guide = guides.guide(slug, language)
        page = reverse("hub_guide", args=[slug])
        for section in guide.sections:
            yield Place(section.title, guide.title, f"{page}#{section.anchor}".rstrip("#"), section.words)


def _calls(language: Language) -> Iterator[Place]:
    for call, _subject in call_pages.rest_calls(language):
        yield Place(f"{call.method} {call.path}", _("Call of REST"), reverse("hub_rest"), call.says.replace("`", ""))
    for call in call_pages.dimail_calls(language):
        yield Place(
            f"{call.method} {call.path}", _("Call of dimail"), reverse("hub_dimail"), call.says.replace("`", "")
        )
