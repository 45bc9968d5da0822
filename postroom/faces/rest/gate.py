"""What is asked before anybody looks at a body: 404 of the domain, 403, 404 of the object (people.md section 1)."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from postroom.actions import entry
from postroom.actions.entry import Door
from postroom.core.errors import NotFound
from postroom.core.public_ids import Kind, number_of
from postroom.core.roles import Actor, Permission
from postroom.core.slugs import name_of
from postroom.faces.rest.asked import Entered
from postroom.faces.rest.errors import RestError, not_found

_IN_PATHS = re.compile(r"[\w-]+")
NAMES: Mapping[Kind, str] = {
    Kind.DOMAIN: "MailDomain",
    Kind.ACCESS: "MailDomainAccess",
    Kind.INVITATION: "MailDomainInvitation",
    Kind.MAILBOX: "Mailbox",
    Kind.ALIAS: "Alias",
    Kind.PERSON: "User",
    Kind.API_KEY: "ApiKey",
}
"""As People's messages name them."""


class Gate(msgspec.Struct, frozen=True):
    public: bool = False
    """Nobody needs to be signed in."""
    domain: bool = False
    """The path names a domain, which must be there for the asker."""
    needs: Permission | None = None
    """On the domain or the mailbox; None: the action asks alone."""
    kind: Kind | None = None
    """Of the object that `{id}` names."""
    gone: bool = False
    """It is a deleted one."""


def anybody() -> Gate:
    return Gate(public=True)


def signed_in() -> Gate:
    return Gate()


def inside(needs: Permission | None = None) -> Gate:
    """Below a domain."""
    return Gate(domain=True, needs=needs)


def at(kind: Kind, needs: Permission, *, gone: bool = False) -> Gate:
    """An object below a domain."""
    return Gate(domain=True, needs=needs, kind=kind, gone=gone)


def deleted_domain() -> Gate:
    return Gate(domain=True, gone=True)


def own(kind: Kind) -> Gate:
    """An object that hangs on no domain; whose it is, the action knows."""
    return Gate(kind=kind)


def enter(gate: Gate, actor: Actor, path: Mapping[str, Any]) -> Entered:
    """Raises RestError for what is not there, OutOfReach."""
    if not gate.domain:
        secret = str(path.get("token") or path.get("code") or "")
        number = number_of(gate.kind, str(path.get("id"))) if gate.kind else 0
        if number is None:
            raise _missing(gate.kind)
        return Entered(number=number, secret=secret)
    if gate.gone and gate.kind is None:
        return Entered(name=_name(path))
    door = _door(actor, path)
    if gate.kind is not None:
        return _object(gate, actor, door, number_of(gate.kind, str(path.get("id"))))
    if gate.needs is not None:
        entry.require(actor, gate.needs, door)
    return Entered(door=door)


def _name(path: Mapping[str, Any]) -> str:
    slug = str(path["slug"])
    if not _IN_PATHS.fullmatch(slug):
        raise not_found()
    return name_of(slug) or ""


def _door(actor: Actor, path: Mapping[str, Any]) -> Door:
    try:
        return entry.domain(actor, _name(path))
    except NotFound:
        raise _missing(Kind.DOMAIN) from None


def _object(gate: Gate, actor: Actor, door: Door, number: int | None) -> Entered:
    assert gate.kind is not None
    needs = gate.needs or Permission.DOMAIN_SEE
    try:
        if gate.kind is not Kind.MAILBOX:
            return Entered(door=door, number=entry.thing(actor, needs, door, gate.kind, number))
        if gate.gone:
            address, restore_id = entry.deleted_mailbox(actor, door, number)
            return Entered(door=door, number=number or 0, address=address, restore_id=restore_id)
        return Entered(door=door, number=number or 0, address=entry.mailbox(actor, needs, door, number))
    except NotFound:
        raise _missing(gate.kind) from None


def _missing(kind: Kind | None) -> RestError:
    return not_found(NAMES.get(kind, "") if kind else "")


def refuse(gate_path: str, actor: Actor, path: Mapping[str, Any], method: str) -> None:
    """Before a verb is said not to be offered: below a domain, who may not use that verb there is told so first."""
    if "slug" not in path:
        return
    door = _door(actor, path)
    if not gate_path.endswith("{slug}/"):
        entry.refuse(actor, door, method)
