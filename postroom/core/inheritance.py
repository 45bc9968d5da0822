"""Values in force, along company → domain → mailbox (oma.md section 7.1)."""

from collections.abc import Sequence

from postroom.core.catalogue import CATALOGUE, attributes
from postroom.core.catalogue.attribute import Inheritance, Level, Resolved, Settings, Value, resolve

LIVE: tuple[tuple[str, Value], ...] = tuple(
    (a.name, a.default) for a in CATALOGUE.values() if a.inherits is Inheritance.LIVE
)
LIVE_NAMES = frozenset(name for name, _ in LIVE)
_OWN_DEFAULTS: dict[Level, dict[str, Value]] = {
    level: {
        a.name: a.default
        for a in attributes(level).values()
        if a.inherits is Inheritance.OWN and a.stored and a.default
    }
    for level in Level
}
"""What an own attribute means while it is unset, where that is more than nothing."""
_ADDED_UP = ("allow", "block")  # a domain's lists hold for its mailboxes beside their own


def inherited(*above: Settings) -> dict[str, Value]:
    """What each live attribute would be if it were unset here; `above` runs from the parent upwards."""
    values = dict(LIVE)
    for settings in reversed(above):
        for name in LIVE_NAMES & settings.keys():
            values[name] = settings[name]
    return values


def value(name: str, *chain: Settings) -> Value:
    """The value in force of one live attribute; `chain` runs from the object itself upwards."""
    for settings in chain:
        if name in settings:
            return settings[name]
    return CATALOGUE[name].default


def explain(name: str, chain: Sequence[tuple[Level, Settings]]) -> Resolved:
    """The value in force and the level that says so."""
    return resolve(CATALOGUE[name], chain)


def effective(level: Level, *chain: Settings) -> dict[str, Value]:
    """Everything in force for an object: what a mail platform is told. `chain` begins with the object itself."""
    values = {**_OWN_DEFAULTS[level], **inherited(*chain[1:]), **chain[0]}
    for name in _ADDED_UP:
        entries = [e for settings in reversed(chain) for e in _list(settings.get(name))]
        if entries:
            values[name] = list(dict.fromkeys(entries))
    return {name: value for name, value in values.items() if value is not None}


def _list(value: Value) -> list[str]:
    return [e for e in value if isinstance(e, str)] if isinstance(value, list) else []
