"""Why a setting of a mailbox or a domain has its value: the whole chain, and who made it so."""

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from postroom.actions.action import reads
from postroom.actions.settings_change import quota_bytes, quota_in_force, settable_names
from postroom.core import catalogue, inheritance
from postroom.core.catalogue.attribute import Attribute, Level, Rank, Settings, Value
from postroom.core.errors import BadRequest
from postroom.core.explain.why import Change, Note, Place, Why
from postroom.core.mail import live
from postroom.core.roles import Actor, Permission, Target, allows
from postroom.store import reach
from postroom.store.models import History
from postroom.store.rows import CompanyRow, DomainRow, MailboxRow

_ADDED_UP: Final = frozenset({"allow", "block"})
_SEES: Final = {
    Level.COMPANY: Permission.COMPANY_SEE,
    Level.DOMAIN: Permission.DOMAIN_SEE,
    Level.MAILBOX: Permission.MAILBOX_SEE,
}


class _Step(msgspec.Struct, frozen=True):
    """A level of the chain."""

    level: Level
    id: int
    name: str
    settings: Settings
    target: Target


@reads(Permission.DOMAIN_SEE, Permission.MAILBOX_SEE)
def why(actor: Actor, of: str, setting: str) -> Why:
    """`of`: an address or a domain; of an address that of its domain where only domains have the setting.

    Raises BadRequest, and what looking for them raises (store/reach.py)."""
    level = Level.MAILBOX if "@" in of else Level.DOMAIN
    if level is Level.MAILBOX and _find(level, setting) is None and _find(Level.DOMAIN, setting):
        level, of = Level.DOMAIN, of.rpartition("@")[2]
    attribute = _attribute(level, setting)
    row = (
        reach.mailbox_for_person(actor, of, Permission.MAILBOX_SEE)
        if level is Level.MAILBOX
        else reach.domain_for_person(actor, of, Permission.DOMAIN_SEE)
    )
    chain = list(_chain(row))
    resolved = inheritance.explain(attribute.name, [(step.level, step.settings) for step in chain])
    return Why(
        of=row.name,
        setting=attribute.name,
        value=None if attribute.secret else _in_force(row, chain, attribute),
        origin=resolved.origin or "default",
        default=attribute.default,
        places=tuple(_place(step, attribute) for step in chain if attribute.on(step.level)),
        notes=tuple(_notes(row, attribute)),
        changed=_last_change(actor, chain, attribute, resolved.origin),
        settable=attribute.name in settable_names(level, actor, row.target),
        secret=attribute.secret,
    )


def settings(level: Level) -> list[str]:
    """The names that can be asked for."""
    return [name for name, a in catalogue.attributes(level).items() if a.stored and a.set_by[level] is not None]


def _attribute(level: Level, setting: str) -> Attribute:
    found = _find(level, setting)
    if found is None:
        raise BadRequest(hints={"setting": f"is not a setting of {catalogue.LEVEL_NAMES[level]}"})
    return found


def _find(level: Level, setting: str) -> Attribute | None:
    found = catalogue.find(level, setting.strip())
    return found if found is not None and found.name in settings(level) else None


def _chain(row: MailboxRow | DomainRow) -> Iterator[_Step]:
    domain = row
    if isinstance(row, MailboxRow):
        yield _Step(Level.MAILBOX, row.id, row.address, row.settings, row.target)
        domain = row.domain
    assert isinstance(domain, DomainRow)
    yield _Step(Level.DOMAIN, domain.id, domain.name, domain.settings, domain.target)
    company: CompanyRow = domain.company
    yield _Step(Level.COMPANY, company.id, company.name, company.settings, company.target)


def _in_force(row: MailboxRow | DomainRow, chain: Sequence[_Step], attribute: Attribute) -> Value:
    """As the mail servers are told it."""
    if isinstance(row, MailboxRow):
        fixed = live.OF_TYPE.get(row.type, {})
        if attribute.name in fixed:
            return fixed[attribute.name]
    return inheritance.effective(chain[0].level, *(step.settings for step in chain)).get(attribute.name)


def _place(step: _Step, attribute: Attribute) -> Place:
    value = step.settings.get(attribute.name)
    return Place(step.level, step.name, None if attribute.secret else value, value is not None)


def _notes(row: MailboxRow | DomainRow, attribute: Attribute) -> Iterator[Note]:
    name = attribute.name
    yield Note("added_up" if name in _ADDED_UP else attribute.inherits.value)
    held = row.suspended_by.get(name)
    if held and row.settings.get(name) == "suspended":
        yield Note(f"suspended_{Rank(held).name.lower()}")
    if isinstance(row, MailboxRow):
        yield from _notes_of_mailbox(row, name)


def _notes_of_mailbox(row: MailboxRow, name: str) -> Iterator[Note]:
    if name in live.OF_TYPE.get(row.type, {}):
        yield Note("of_type", {"type": row.type})
    if name != "quota":
        return
    own, maximum = row.settings.get("quota"), row.domain.settings.get("quota_maximum")
    if row.type != "mailbox":
        yield Note("no_quota")
    elif isinstance(maximum, int):
        written = quota_bytes(own, Level.MAILBOX) if isinstance(own, int) else 0
        if quota_in_force(row.type, row.settings, row.domain.settings) != written:
            yield Note("cut", {"maximum": maximum})


def _last_change(actor: Actor, chain: Sequence[_Step], attribute: Attribute, origin: Level | None) -> Change | None:
    """At the level that says so; at the object itself where none does: somebody may have put it back."""
    step = next((step for step in chain if step.level is origin), chain[0])
    if not allows(actor, _SEES[step.level], step.target):
        return None
    found = History.objects.filter(kind=step.level.value, object_id=step.id, changes__has_key=attribute.name)
    entry = found.order_by("-id").values_list("at", "actor", "face").first()
    return Change(*entry) if entry else None
