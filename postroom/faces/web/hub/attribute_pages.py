"""The reference of attributes, made from the catalogue."""

import json
from collections.abc import Iterator, Mapping
from typing import Final

import msgspec
from django.http import HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from postroom.core.catalogue import attributes, words
from postroom.core.catalogue.attribute import Attribute, Inheritance, Level, Rank, Value
from postroom.core.catalogue.bounds_words import bounds_in
from postroom.core.errors import NotFound
from postroom.core.languages import Language
from postroom.faces.web.hub import frame
from postroom.faces.web.hub.inline import inline
from postroom.faces.web.page import Asked, page

_RANKS: Final[Mapping[Rank | None, str]] = {
    None: gettext_noop("nobody: it can only be read"),
    Rank.SELF: gettext_noop("the account’s holder, and all above"),
    Rank.WORKGROUP: gettext_noop("administrators of the workgroup, and all above"),
    Rank.DOMAIN: gettext_noop("administrators of the domain, and of the company"),
    Rank.COMPANY: gettext_noop("administrators of the company"),
    Rank.OPERATOR: gettext_noop("the operator"),
}
_INHERITS: Final[Mapping[Inheritance, str]] = {
    Inheritance.LIVE: gettext_noop("where it is not set, the level above holds, at every moment"),
    Inheritance.COPIED: gettext_noop("copied from the level above when the object is made"),
    Inheritance.OWN: gettext_noop("not inherited"),
}
_TITLES: Final[Mapping[Level, str]] = {
    Level.COMPANY: gettext_noop("Attributes of a company"),
    Level.DOMAIN: gettext_noop("Attributes of a domain"),
    Level.MAILBOX: gettext_noop("Attributes of an account"),
}


class Told(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    label: str
    help: str
    takes: str
    default: str
    inherits: str
    set_by: str
    also: tuple[str, ...]
    billable: bool
    secret: bool


class Group(msgspec.Struct, frozen=True):
    key: str
    title: str
    attributes: list[Told]


@page(anonymous=True, methods=("GET",))
def listed(request: Asked, level: str) -> HttpResponse:
    if level not in set(Level):
        raise NotFound
    at = Level(level)
    context = {"title": _(_TITLES[at]), "groups": list(_groups(at, request.language)), "level": at}
    return frame.shown(request, "web/hub/attributes.html", context)


def _groups(level: Level, language: Language) -> Iterator[Group]:
    for key, title in words.GROUPS.items():
        here = [_told(a, level, language) for a in attributes(level).values() if words.group_of(a.name) == key]
        if here:
            yield Group(key, title.at(language), here)


def _told(attribute: Attribute, level: Level, language: Language) -> Told:
    return Told(
        name=attribute.name,
        label=words.label(attribute.name, language),
        help=words.help(attribute.name, language),
        takes=bounds_in(attribute.kind_on(level), language),
        default=_value(attribute.default),
        inherits=_(_INHERITS[attribute.inherits]),
        set_by=_(_RANKS[attribute.set_by[level]]),
        also=attribute.wire_names,
        billable=attribute.billable,
        secret=attribute.secret,
    )


def _value(value: Value) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def searchable(level: Level, language: Language) -> Iterator[tuple[str, str, SafeString]]:
    """Name, label, help."""
    for name in attributes(level):
        yield name, words.label(name, language), inline(words.help(name, language))
