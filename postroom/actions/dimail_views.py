"""Mailboxes as dimail shows them, and who has an address (specs/dimail.md 3.4, 3.5, 3.7)."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

import msgspec

from postroom.actions.action import reads
from postroom.actions.dimail_mailboxes import WEBMAIL, Names, Place
from postroom.actions.person_mailboxes import names_of
from postroom.core.address import fold
from postroom.core.errors import NotFound, OutOfReach
from postroom.core.lifecycle import MailboxState
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission, Target, allows
from postroom.store import history, name_clashes, rows
from postroom.store.models import Alias, Domain, Mailbox
from postroom.store.rows import MailboxRow
from postroom.store.sql import Compiled, Row, json_value


class Active(StrEnum):
    YES = "yes"
    NO = "no"
    WAIT = "wait"
    """For its domain."""


class Status(StrEnum):
    OK = "ok"
    BROKEN = "broken"
    """Its platform refuses it, or something has gone wrong there."""
    UNKNOWN = "unknown"
    """Its platform has not heard of it yet."""


class MailboxView(msgspec.Struct, frozen=True, kw_only=True):
    address: str
    type: str
    """mailbox; alias for an account that keeps no mail."""
    status: Status
    has_webmail: bool
    names: Names | None
    """None: it is nobody's in particular, or its domain has no webmail, which is where names are seen."""
    active: Active
    imap: Active
    smtp: Active
    senders: list[str]
    """Other addresses that it may send as."""


class AddressView(msgspec.Struct, frozen=True, kw_only=True):
    is_alias: bool
    is_mailbox: bool
    owner: str | None
    """The mailbox with webmail that has this name, or the display name that one of this name was refused for."""
    senders: list[str]
    """What the owner may send as."""


_FIELDS: Final = (
    "address", "type", "status", "first_name", "last_name", "settings", "aliases", "failure", "due_at", "applied_name",
)  # fmt: skip
_of_domain = Compiled(
    lambda p: Mailbox.objects.filter(domain_id=p.number(0), deleted_at=None).order_by("address").values_list(*_FIELDS)
)
_of_address = Compiled(
    lambda p: Mailbox.objects.filter(domain_id=p.number(0), address=p.text(1), deleted_at=None).values_list(*_FIELDS)
)
_senders_of_domain = Compiled(
    lambda p: (
        Alias.objects.filter(
            allow_to_send=True,
            destination__in=Mailbox.objects.filter(domain_id=p.number(0), deleted_at=None).values("address"),
        )
        .order_by("local_part", "domain__name")
        .values_list("destination", "local_part", "domain__name")
    )
)
_senders_of_address = Compiled(
    lambda p: (
        Alias.objects.filter(allow_to_send=True, destination=p.text(0))
        .order_by("local_part", "domain__name")
        .values_list("destination", "local_part", "domain__name")
    )
)


@reads(Permission.MAILBOXES_SEARCH)
def listed(actor: Actor, place: Place) -> list[MailboxView]:
    """All of the domain's, by address."""
    _require(actor, place, Permission.MAILBOXES_SEARCH)
    senders: dict[str, list[str]] = {}
    for destination, name, domain in _senders_of_domain.rows(place.id):
        senders.setdefault(destination, []).append(f"{name}@{domain}")
    return [_view(place, row, senders.get(row[0], ())) for row in _of_domain.rows(place.id)]


@reads(Permission.MAILBOX_SEE)
def show(actor: Actor, place: Place, local_part: str) -> MailboxView:
    """Raises NotFound."""
    _require(actor, place, Permission.MAILBOX_SEE)
    row = _of_address.row(place.id, f"{fold(local_part)}@{place.name}")
    if row is None:
        raise NotFound
    return _view(place, row, _allowed(row[0]))


def _require(actor: Actor, place: Place, permission: Permission) -> None:
    if not allows(actor, permission, Target(place.company_id, place.id)):
        raise OutOfReach


def _allowed(address: str) -> list[str]:
    return [f"{name}@{domain}" for _, name, domain in _senders_of_address.rows(address)]


def _view(place: Place, row: Row, allowed: Sequence[str]) -> MailboxView:
    address, type, state, first, last, settings, aliases, failure, due_at, applied = row
    settings = json_value(settings)
    has_webmail = WEBMAIL in place.features
    shown = str(settings.get("name") or "")
    given, sur = names_of(first, last, shown)
    named = has_webmail and bool(given or sur)
    return MailboxView(
        address=address,
        type="mailbox" if type == "mailbox" else "alias",
        status=_status(state, failure if due_at is not None else "", applied),
        has_webmail=has_webmail,
        names=Names(given=given, sur=sur, display=shown or f"{given} {sur}".strip()) if named else None,
        active=_active(state),
        imap=_service(state, settings.get("service_imap4", "enabled")),
        smtp=_service(state, settings.get("service_smtprelay", "enabled")),
        senders=[*json_value(aliases), *allowed],
    )


def _status(state: str, failure: str, applied: str) -> Status:
    if state == MailboxState.FAILED or failure:
        return Status.BROKEN
    return Status.OK if applied else Status.UNKNOWN


def _active(state: str) -> Active:
    return {MailboxState.DISABLED.value: Active.NO, MailboxState.PENDING.value: Active.WAIT}.get(state, Active.YES)


def _service(state: str, setting: str) -> Active:
    active = _active(state)
    return active if active is not Active.YES or setting == "enabled" else Active.NO


@reads(Permission.MAILBOX_SEE)
def address(actor: Actor, origin: Origin, place: Place, local_part: str) -> AddressView:
    """Whose it is, in the directory of the domain. Raises NotFound where it is nobody's."""
    _require(actor, place, Permission.MAILBOX_SEE)
    name = fold(local_part)
    found = rows.find_mailbox(f"{name}@{place.name}")
    is_alias = Alias.objects.filter(domain_id=place.id, local_part=name).exists()
    owner = _owner(place, name, found[1] if found else None, history.milliseconds(origin))
    if found is None and owner is None and not is_alias:
        raise NotFound
    return AddressView(
        is_alias=is_alias or (found is not None and found[0]),
        is_mailbox=found is not None and not found[0],
        owner=owner.address if owner else None,
        senders=[owner.address, *owner.aliases, *_allowed(owner.address)] if owner else [],
    )


def _owner(place: Place, name: str, known: MailboxRow | None, now: int) -> MailboxRow | None:
    """The account of the directory that has this name; else the one that a mailbox of the name has just clashed with;
    else one of the same name in another of its domains."""
    if WEBMAIL not in place.features:
        return None
    if known is not None:
        return known if _is_person(known) else None
    id = name_clashes.owner(place.id, name, now)
    return rows.mailbox_by_id(id) if id is not None else _elsewhere(place, name)


def _elsewhere(place: Place, name: str) -> MailboxRow | None:
    around = Domain.objects.filter(deleted_at=None, context__domains=place.id).exclude(id=place.id)
    addresses = [f"{name}@{domain}" for domain in around.values_list("name", flat=True)]
    found = Mailbox.objects.filter(address__in=addresses, deleted_at=None, domain__in=around).order_by("id")
    people = [row for row in map(rows.mailbox_by_id, found.values_list("id", flat=True)[:1]) if row is not None]
    return next(filter(_is_person, people), None)


def _is_person(row: MailboxRow) -> bool:
    return bool(row.first_name or row.last_name or row.settings.get("name"))
