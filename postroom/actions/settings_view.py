"""Settings with where each value comes from: set here, at a level above, or built in."""

from collections.abc import Mapping, Sequence

import msgspec

from postroom.actions.action import reads
from postroom.actions.settings_change import defaults_again, settable_names
from postroom.core import catalogue, inheritance
from postroom.core.catalogue.attribute import Attribute, Inheritance, Level, Value
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
    inherited: Value
    """What holds as soon as it is unset here; None for a secret."""


@reads(Permission.COMPANY_SEE)
def of_company(actor: Actor, name: str) -> dict[str, Setting]:
    """Raises OutOfReach, also for one that is not there."""
    row = reach.company(actor, name, Permission.COMPANY_SEE)
    return _settings(actor, row.target, ((Level.COMPANY, row.settings),))


@reads(Permission.DOMAIN_SEE)
def of_domain(actor: Actor, name: str) -> dict[str, Setting]:
    row = reach.domain_for_person(actor, name, Permission.DOMAIN_SEE)
    chain = ((Level.DOMAIN, row.settings), (Level.COMPANY, row.company.settings))
    return _settings(actor, row.target, chain)


@reads(Permission.MAILBOX_SEE)
def of_mailbox(actor: Actor, address: str) -> dict[str, Setting]:
    row = reach.mailbox_for_person(actor, address, Permission.MAILBOX_SEE)
    chain = (
        (Level.MAILBOX, {**row.settings, "workgroup": row.workgroup}),
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
    copied = defaults_again(level, chain[1][1] if len(chain) > 1 else {})
    found = {}
    for name, attribute in names(level).items():
        resolved = inheritance.explain(name, chain)
        found[name] = Setting(
            value=None if attribute.secret else resolved.value,
            origin=resolved.origin or "default",
            settable=name in open_ones,
            secret=attribute.secret,
            inherited=None if attribute.secret else _inherited(attribute, chain[1:], copied),
        )
    return found


def _inherited(attribute: Attribute, above: Chain, copied: Settings) -> Value:
    if attribute.inherits is Inheritance.LIVE:
        return inheritance.explain(attribute.name, above).value
    return copied.get(attribute.name) if attribute.inherits is Inheritance.COPIED else attribute.default
