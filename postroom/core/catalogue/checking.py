"""From what a client sent to values that can be stored, or to a hint for everything wrong with it."""

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from itertools import islice

from postroom.core.address import fold
from postroom.core.catalogue import reading
from postroom.core.catalogue.attribute import Attribute, BadValueError, Level, NotGiven, Value
from postroom.core.catalogue.entries import attributes, find
from postroom.core.errors import BadAttribute, NotSettable

LEVEL_NAMES: Mapping[Level, str] = {
    Level.COMPANY: "a company",
    Level.DOMAIN: "a domain",
    Level.MAILBOX: "a user",
}
_SUGGESTIONS = 5
"""Looking for a similar name takes a while: a request full of wrong names gets it for the first few."""


def check(
    level: Level,
    raw: Mapping[str, object],
    may_set: Callable[[Attribute], bool],
    current: Mapping[str, object],
) -> dict[str, Value]:
    """The values to store by canonical name; None unsets. `current` holds what read-only attributes are now.

    All are looked at before anything is refused. Raises NotSettable for those that are unknown or not for
    this asker to set; if there are none, BadAttribute for bad values. Hints go by the name that was sent.
    """
    forbidden = {
        reading.shown(n): hint for n, sent in raw.items() if (hint := _why_not(level, n, sent, may_set, current))
    }
    if forbidden:
        raise NotSettable(hints={**forbidden, **_suggestions(level, raw)})
    values: dict[str, Value] = {}
    bad: dict[str, str] = {}
    for wire_name, sent in raw.items():
        attribute = find(level, wire_name)
        if attribute is None or attribute.set_by[level] is None or _told_twice(attribute, wire_name, raw):
            continue
        value, hint = _parsed(attribute, level, sent)
        if hint:
            bad[wire_name] = hint
        elif not isinstance(value, NotGiven):
            values[attribute.name] = value
    if bad:
        raise BadAttribute(hints=bad)
    return values


def _told_twice(attribute: Attribute, wire_name: str, raw: Mapping[str, object]) -> bool:
    """Sent under several names: the canonical one wins."""
    return wire_name != attribute.name and attribute.name in raw


def _why_not(
    level: Level,
    wire_name: str,
    sent: object,
    may_set: Callable[[Attribute], bool],
    current: Mapping[str, object],
) -> str:
    """Why this asker cannot set it; empty where it can, or where nothing would change."""
    attribute = find(level, wire_name)
    if attribute is None:
        return _unknown(level)
    if attribute.set_by[level] is None:
        return "" if _same(sent, current.get(attribute.name)) else "cannot be changed"
    if may_set(attribute) or isinstance(_parsed(attribute, level, sent)[0], NotGiven):
        return ""
    return "is not yours to change"


def _parsed(attribute: Attribute, level: Level, sent: object) -> tuple[Value | NotGiven, str]:
    """The value, and what is wrong with it."""
    try:
        return attribute.kind_on(level).parse(sent), ""
    except BadValueError as error:
        return None, str(error)


def _same(sent: object, now: object) -> bool:
    if isinstance(sent, str) and isinstance(now, str):
        return fold(sent) == fold(now)
    return sent == now


def _unknown(level: Level) -> str:
    return f"is not an attribute of {LEVEL_NAMES[level]}"


def _suggestions(level: Level, raw: Iterable[str]) -> dict[str, str]:
    """Better hints for the first few unknown names."""
    unknown = islice((reading.shown(name) for name in raw if find(level, name) is None), _SUGGESTIONS)
    similar = {name: get_close_matches(name.lower(), attributes(level), n=1) for name in unknown}
    return {name: f"{_unknown(level)}; did you mean {found[0]}?" for name, found in similar.items() if found}
