"""All entries of this folder's subject files in one table, and found by name."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from postroom.core.catalogue.attribute import Attribute, Level
from postroom.core.catalogue.delivery import DELIVERY
from postroom.core.catalogue.limits import LIMITS
from postroom.core.catalogue.mail_services import SERVICES
from postroom.core.catalogue.naming import NAMING
from postroom.core.catalogue.profile import PROFILE
from postroom.core.catalogue.security import SECURITY
from postroom.core.catalogue.spam import SPAM


def by_name(entries: Iterable[Attribute]) -> Mapping[str, Attribute]:
    """In alphabetical order. Raises ValueError where two want the same name, on the wire or here."""
    found: dict[str, Attribute] = {}
    taken: set[str] = set()
    for entry in sorted(entries, key=lambda attribute: attribute.name):
        names = {entry.name, *entry.wire_names}
        if taken & names:
            raise ValueError(f"two attributes are called {', '.join(sorted(taken & names))}")
        taken |= names
        found[entry.name] = entry
    return MappingProxyType(found)


CATALOGUE = by_name((*NAMING, *PROFILE, *SPAM, *DELIVERY, *SERVICES, *LIMITS, *SECURITY))
"""By canonical name."""

# Worked out once: get_domain and get_user ask at every call.
_AT: Mapping[Level, Mapping[str, Attribute]] = {
    level: MappingProxyType({a.name: a for a in CATALOGUE.values() if a.on(level)}) for level in Level
}
_ON_THE_WIRE: Mapping[Level, Mapping[str, Attribute]] = {
    level: {name: a for a in _AT[level].values() for name in (a.name, *a.wire_names)} for level in Level
}


def attributes(level: Level) -> Mapping[str, Attribute]:
    """By canonical name, in alphabetical order."""
    return _AT[level]


def find(level: Level, wire_name: str) -> Attribute | None:
    """By canonical name or by another spelling that clients use."""
    return _ON_THE_WIRE[level].get(wire_name)
