"""What a brand holds: how the mails, and later the pages, that a company's people see are dressed."""

import re
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import urlsplit

import msgspec

from postroom.core.catalogue.attribute import BadValueError
from postroom.core.catalogue.kinds import Text
from postroom.core.catalogue.mail_kinds import OneAddress
from postroom.core.errors import BadAttribute

NOTHING: Final = ""
_COLOUR = re.compile(r"#[0-9a-f]{6}")


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """Empty where the brand says nothing."""

    title: str = NOTHING
    """The name that people know the service by."""
    colour: str = NOTHING
    """Of headings and buttons: #rrggbb."""
    logo_url: str = NOTHING
    help_url: str = NOTHING
    sender_name: str = NOTHING
    """Of the From header of mails."""
    sender_address: str = NOTHING
    reply_to: str = NOTHING
    footer: str = NOTHING
    """Under every mail."""


PLAIN: Final = Look()


def _text(raw: str, longest: int, *, lines: bool = False) -> str:
    return str(Text(longest, lines=lines).parse(raw) or NOTHING)


def _address(raw: str) -> str:
    return str(OneAddress().parse(raw) or NOTHING)


def _colour(raw: str) -> str:
    found = raw.strip().lower()
    if found and not _COLOUR.fullmatch(found):
        raise BadValueError("must be a colour such as #0055aa")
    return found


def _url(raw: str) -> str:
    """Only what is safe to put into a link or an image, wherever that is shown."""
    found = _text(raw, 300)
    try:
        parts = urlsplit(found)
    except ValueError:
        parts = None
    if found and (parts is None or parts.scheme != "https" or not parts.hostname or re.search(r"[\s\"'<>]", found)):
        raise BadValueError("must be an address that begins with https://")
    return found


_READERS: Final[Mapping[str, Callable[[str], str]]] = {
    "title": lambda raw: _text(raw, 128),
    "colour": _colour,
    "logo_url": _url,
    "help_url": _url,
    "sender_name": lambda raw: _text(raw, 128),
    "sender_address": _address,
    "reply_to": _address,
    "footer": lambda raw: _text(raw, 1000, lines=True),
}


def changed(look: Look, wanted: Mapping[str, str]) -> Look:
    """An empty text clears. Raises BadAttribute with a hint for each mistake."""
    values, hints = {}, {}
    for name, raw in wanted.items():
        reader = _READERS.get(name)
        try:
            if reader is None:
                raise BadValueError(f"is not part of a brand; there are {', '.join(_READERS)}")
            values[name] = reader(raw)
        except BadValueError as error:
            hints[name] = str(error)
    if hints:
        raise BadAttribute(hints=hints)
    return msgspec.structs.replace(look, **values)


def stored(look: Look) -> dict[str, str]:
    return {name: value for name, value in msgspec.structs.asdict(look).items() if value}


def loaded(value: object) -> Look:
    """From what `stored` gave; what an older or newer version has written besides is left out."""
    return msgspec.convert(value, Look)
