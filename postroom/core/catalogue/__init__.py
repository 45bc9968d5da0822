"""Every attribute of companies, domains and mailboxes, and what is asked about all of them at once."""

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType

from postroom.core.catalogue.attribute import Attribute, Inheritance, Level, NotGiven, Settings, Value
from postroom.core.catalogue.checking import LEVEL_NAMES, check
from postroom.core.catalogue.entries import CATALOGUE, attributes, find
from postroom.core.catalogue.quota import MEGABYTE, MEGABYTES_UP_TO, below_company, to_bytes

__all__ = [
    "CATALOGUE",
    "LEVEL_NAMES",
    "MEGABYTE",
    "MEGABYTES_UP_TO",
    "attributes",
    "below_company",
    "built_in_defaults",
    "check",
    "copied_defaults",
    "find",
    "options",
    "settable",
    "shown",
    "to_bytes",
]

# Worked out once a level: get_domain and get_user ask at every call.
_SECRETS: Mapping[Level, Mapping[str, None]] = {
    level: dict.fromkeys(a.name for a in attributes(level).values() if a.secret and a.stored) for level in Level
}
_UNSET: Mapping[Level, Mapping[str, Value]] = {
    level: {
        a.name: a.unset
        for a in attributes(level).values()
        if a.stored and not a.secret and not isinstance(a.unset, NotGiven)
    }
    for level in Level
}
_LISTS: Mapping[Level, tuple[str, ...]] = {
    level: tuple(name for name, value in _UNSET[level].items() if isinstance(value, list)) for level in Level
}
_COPIED: Mapping[Level, tuple[Attribute, ...]] = {
    level: tuple(a for a in attributes(level).values() if a.inherits is Inheritance.COPIED) for level in Level
}


def settable(level: Level, may_set: Callable[[Attribute], bool]) -> list[str]:
    return [a.name for a in attributes(level).values() if a.set_by[level] is not None and may_set(a)]


@cache
def options(level: Level) -> Mapping[str, list[str]]:
    """Attribute → all its values, where they can be listed. The same object at each call: do not change it."""
    found = {a.name: list(a.kind_on(level).options) for a in attributes(level).values()}
    return MappingProxyType({name: values for name, values in found.items() if values})


def built_in_defaults(level: Level) -> dict[str, Value]:
    """What an object without a parent begins with: a company. Live attributes stay unset."""
    return copied_defaults(level, {})


def copied_defaults(child: Level, parent: Settings, *, quota_threshold: int = MEGABYTES_UP_TO) -> dict[str, Value]:
    """What is written down for a new object: the parent's copied values, built-in ones where it has none."""
    values: dict[str, Value] = {}
    for attribute in _COPIED[child]:
        value = parent.get(attribute.name)
        if value is None:
            value = attribute.default
        if child is Level.DOMAIN and attribute.name == "quota" and isinstance(value, int):
            value = below_company(value, threshold=quota_threshold)
        if value is not None:
            values[attribute.name] = value
    return values


def shown(level: Level, settings: Settings) -> dict[str, Value]:
    """Every attribute that is kept in `settings`, set or not, secrets as null.

    What lives in rows (`stored` is False) the caller adds; the workgroup of a mailbox too.
    """
    empty: dict[str, Value] = {name: [] for name in _LISTS[level]}  # new ones: the caller may change them
    return {**_UNSET[level], **empty, **settings, **_SECRETS[level]}
