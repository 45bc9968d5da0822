"""Changes taken back: settings, names, states, aliases. Each by the action that makes such changes: its rules hold.

Only where what was changed is still as that change left it. What has no way back is refused: secrets, which nobody has
kept, and letters, which are out.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from postroom.actions import (
    aliases,
    companies,
    domain_support,
    domain_switch,
    domains,
    mailbox_states,
    mailboxes,
    person_mailboxes,
)
from postroom.actions import mailbox_removal as removal
from postroom.actions.action import writes
from postroom.actions.mailbox_checks import told_of
from postroom.actions.person_mailboxes import PersonalChange
from postroom.actions.settings_change import settable_names, told
from postroom.core import catalogue
from postroom.core.aliases import read_line
from postroom.core.catalogue.attribute import Level
from postroom.core.errors import ChangedSince, NameTaken, NotFound, NotSettable, NotUndoable, Refused, RoleTooSmall
from postroom.core.lifecycle import DomainState
from postroom.core.records import Origin
from postroom.core.roles import CHANGE, Actor, Permission, allows
from postroom.store import rows
from postroom.store.models import Company, History
from postroom.store.rows import CompanyRow, DomainRow, MailboxRow

Subject = CompanyRow | DomainRow | MailboxRow
Changes = Mapping[str, Any]
"""Field → [before, after]."""

_LEVELS: Final = {CompanyRow: Level.COMPANY, DomainRow: Level.DOMAIN, MailboxRow: Level.MAILBOX}
_SEES: Final = {
    Level.COMPANY: Permission.COMPANY_SEE,
    Level.DOMAIN: Permission.DOMAIN_SEE,
    Level.MAILBOX: Permission.MAILBOX_SEE,
}
_OF_PERSON: Final = frozenset({"first_name", "last_name", "secondary_email"})
_BESIDE_SETTINGS: Final = _OF_PERSON | {"support_email"}
"""Whoever may change the object may change these."""
_KEPT_ELSEWHERE: Final = frozenset({"sieve"})
"""Settings that somebody may have changed on the mail servers meanwhile."""


@writes(
    Permission.ALIAS_CHANGE,
    Permission.COMPANY_CHANGE,
    Permission.DOMAIN_CHANGE,
    Permission.DOMAIN_SWITCH,
    Permission.MAILBOX_CHANGE,
    Permission.MAILBOX_RENAME,
    Permission.MAILBOX_SWITCH,
)
def revert(actor: Actor, origin: Origin, id: int) -> None:
    """Of an entry of the history. Raises NotFound for one that is not there or whose object is out of reach,
    NotUndoable, ChangedSince, RoleTooSmall, and what the change back raises."""
    entry = History.objects.filter(id=id).first()
    row = _row(entry.kind, entry.object_id) if entry else None
    if entry is None or row is None or not allows(actor, _SEES[_LEVELS[type(row)]], row.target):
        raise NotFound
    refused = why_not(actor, row, entry.verb, entry.changes)
    if refused:
        raise refused
    _go_back(actor, origin, row, entry.verb, entry.changes)
    if entry.verb == "changed" and "own_aliases" not in entry.changes:
        _check(_row(entry.kind, entry.object_id), entry.changes)


def _row(kind: str, id: int) -> Subject | None:
    """Locked; None for what is gone, and for people: their accounts are theirs."""
    if kind == "mailbox":
        mailbox = rows.mailbox_by_id(id, lock=True)
        return mailbox if mailbox and mailbox.deleted_at is None else None
    if kind == "domain":
        domain = rows.domain_by_id(id, lock=True)
        return domain if domain and domain.deleted_at is None else None
    name = Company.objects.filter(id=id).values_list("name", flat=True).first() if kind == "company" else None
    return rows.find_company(name, lock=True) if name else None


def why_not(actor: Actor, row: Subject, verb: str, changes: Changes) -> Refused | None:
    """What speaks against undoing an entry of the row's history, as far as the row shows: the database is not asked."""
    needed = _permission(row, verb, changes)
    if needed is None:
        return NotUndoable()
    if not allows(actor, needed, row.target):
        return RoleTooSmall()
    other = _changed_since(row, verb, changes)
    if other:
        return ChangedSince(f"changed since: {', '.join(other)}")
    if verb != "changed" or "own_aliases" in changes:
        return None
    closed = changes.keys() - _BESIDE_SETTINGS - set(settable_names(_LEVELS[type(row)], actor, row.target))
    return NotSettable(hints=dict.fromkeys(sorted(closed), "is not yours to change")) if closed else None


def _changed_since(row: Subject, verb: str, changes: Changes) -> list[str]:
    """The fields. Whether aliases were is found out when they are changed back."""
    if "own_aliases" in changes:
        return []
    if verb == "renamed":
        return [] if row.name == changes["name"][1] else ["name"]
    if verb != "changed":
        is_off = isinstance(row, DomainRow | MailboxRow) and row.status == DomainState.DISABLED
        return [] if is_off == (verb == "disabled") else ["status"]
    now = _now(row)
    return [field for field, (_, after) in changes.items() if not _same(told(field, now.get(field)), after)]


def _permission(row: Subject, verb: str, changes: Changes) -> Permission | None:
    """To make the change back; None where there is no such thing."""
    level = _LEVELS[type(row)]
    if verb in ("disabled", "enabled") and "status" in changes:
        return Permission.MAILBOX_SWITCH if level is Level.MAILBOX else Permission.DOMAIN_SWITCH
    if verb == "renamed" and level is Level.MAILBOX:
        return Permission.MAILBOX_RENAME
    if verb != "changed":
        return None
    if level is Level.DOMAIN and changes.keys() == {"own_aliases"}:
        return Permission.ALIAS_CHANGE
    if level is Level.DOMAIN and changes.keys() == {"support_email"}:
        return CHANGE[level] if changes["support_email"][0] else None  # it can be given, but not be taken away
    return CHANGE[level] if changes and all(_comes_back(level, field) for field in changes) else None


def _comes_back(level: Level, field: str) -> bool:
    if level is Level.MAILBOX and field in _OF_PERSON:
        return True
    known = catalogue.attributes(level).get(field)
    return known is not None and known.set_by[level] is not None and not known.secret and field not in _KEPT_ELSEWHERE


def _now(row: Subject) -> dict[str, Any]:
    """By the names of the history."""
    if isinstance(row, MailboxRow):
        return told_of(row)
    if isinstance(row, DomainRow):
        return {**row.settings, "aliases": row.aliases, "company": row.company.name, "support_email": row.support_email}
    return dict(row.settings)


def _same(one: Any, other: Any) -> bool:
    """An empty list or text and nothing at all are the same to who reads them."""
    return bool(one == other or (one in (None, "", []) and other in (None, "", [])))


def _go_back(actor: Actor, origin: Origin, row: Subject, verb: str, changes: Changes) -> None:
    if verb == "changed":
        _CHANGED[type(row)](actor, origin, row, changes)
    elif isinstance(row, MailboxRow) and verb == "renamed":
        removal.rename(actor, origin, row.address, changes["name"][0])
    elif isinstance(row, MailboxRow):
        (mailbox_states.enable if verb == "disabled" else mailbox_states.disable)(actor, origin, row.address)
    else:
        (domain_switch.enable if verb == "disabled" else domain_switch.disable)(actor, origin, row.name)


def _company(actor: Actor, origin: Origin, row: Subject, changes: Changes) -> None:
    companies.change(actor, origin, row.name, _before(changes))


def _domain(actor: Actor, origin: Origin, row: Subject, changes: Changes) -> None:
    if "own_aliases" in changes:
        _aliases(actor, origin, row.name, *changes["own_aliases"])
    elif "support_email" in changes:
        domain_support.change(actor, origin, row.name, changes["support_email"][0])
    else:
        domains.change(actor, origin, row.name, _before(changes))


def _aliases(actor: Actor, origin: Origin, domain: str, gone: list[str] | None, made: list[str] | None) -> None:
    """Raises ChangedSince where somebody has made or removed the same."""
    try:
        for line in made or ():
            name, destination, _ = read_line(line)
            aliases.remove_destination(actor, origin, domain, name, destination)
        for line in gone or ():
            aliases.create(actor, origin, domain, *read_line(line))
    except (NotFound, NameTaken) as error:
        raise ChangedSince("changed since: own_aliases") from error


def _mailbox(actor: Actor, origin: Origin, row: Subject, changes: Changes) -> None:
    attributes = _before(changes)
    of_person = {field: attributes.pop(field) or "" for field in _OF_PERSON & changes.keys()}
    if of_person.get("first_name") or of_person.get("last_name"):
        attributes.pop("name", None)  # made of both
    elif "name" in attributes:
        of_person = {field: value for field, value in of_person.items() if field == "secondary_email"}
    if of_person:
        person_mailboxes.update(actor, origin, row.name, PersonalChange(**of_person))
    if attributes:
        mailboxes.change(actor, origin, row.name, attributes)


def _before(changes: Changes) -> dict[str, Any]:
    return {field: before for field, (before, _) in changes.items()}


_CHANGED: Final[Mapping[type[Subject], Callable[[Actor, Origin, Subject, Changes], None]]] = {
    CompanyRow: _company,
    DomainRow: _domain,
    MailboxRow: _mailbox,
}


def _check(row: Subject | None, changes: Changes) -> None:
    """Raises NotUndoable, and so takes everything back, where something else has come out: what held then may not be
    possible any more, such as a default that was another one."""
    now = _now(row) if row else {}
    other = [field for field, (before, _) in changes.items() if not _same(told(field, now.get(field)), before)]
    if other:
        raise NotUndoable(f"cannot be as before: {', '.join(other)}")
