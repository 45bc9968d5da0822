"""Settings with where each value comes from: set here, at a level above, or built in."""

from collections.abc import Mapping, Sequence

import msgspec

from postroom.actions.action import reads
from postroom.actions.settings_change import settable_names
from postroom.core import catalogue, inheritance
from postroom.core.catalogue.attribute import Attribute, Level, Value
from postroom.core.roles import Actor, Permission, Target
from postroom.store import reach
from postroom.store.rows import Settings

Chain = Sequence[tuple[Level, Settings]]


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    value: Value
    """In force; None for a secret, whatever it is."""
    origin: str
    """The level that says so: mailbox, domain, company; "default": none does."""
    settable: bool
    """By whoever asks."""
    secret: bool


@reads(Permission.DOMAIN_SEE)
def of_domain(actor: Actor, name: str) -> dict[str, Setting]:
    row = reach.domain_for_person(actor, name, Permission.DOMAIN_SEE)
    chain = ((Level.DOMAIN, row.settings), (Level.COMPANY, row.company.settings))
    return _settings(actor, row.target, chain)


@reads(Permission.MAILBOX_SEE)
def of_mailbox(actor: Actor, address: str) -> dict[str, Setting]:
    row = reach.mailbox_for_person(actor, address, Permission.MAILBOX_SEE)
    chain = (
        (Level.MAILBOX, row.settings),
        (Level.DOMAIN, row.domain.settings),
        (Level.COMPANY, row.domain.company.settings),
    )
    return _settings(actor, row.target, chain)


def names(level: Level) -> Mapping[str, Attribute]:
    """Those that are settings: what has a place of its own is not."""
    return {name: a for name, a in catalogue.attributes(level).items() if a.stored and a.set_by[level] is not None}


def _settings(actor: Actor, target: Target, chain: Chain) -> dict[str, Setting]:
    level = chain[0][0]
    open_ones = set(settable_names(level, actor, target))
    found = {}
    for name, attribute in names(level).items():
        resolved = inheritance.explain(name, chain)
        found[name] = Setting(
            value=None if attribute.secret else resolved.value,
            origin=resolved.origin or "default",
            settable=name in open_ones,
            secret=attribute.secret,
        )
    return found
