"""The way into a domain for REST: is it there for this person, may they, is the object there (people.md section 1).

Faces must know before they look at what was sent. The actions behind it ask again, under their locks.
"""

from collections.abc import Mapping

import msgspec
from django.db.models import Model

from postroom.actions.action import reads
from postroom.core.errors import NotFound, OutOfReach
from postroom.core.public_ids import Kind
from postroom.core.roles import Actor, Permission, Target, allows
from postroom.store import reach, rows
from postroom.store.models import Access, Alias, Invitation, Tombstone


class Door(msgspec.Struct, frozen=True):
    """A domain that is there for somebody."""

    id: int
    name: str
    company_id: int

    @property
    def target(self) -> Target:
        return Target(self.company_id, self.id)


class Ability(msgspec.Struct, frozen=True):
    """What somebody may do with a domain as a whole (people.md section 2.6)."""

    get: bool
    patch: bool
    put: bool
    post: bool
    delete: bool
    manage_accesses: bool


_OBJECTS: Mapping[Kind, type[Model]] = {
    Kind.ACCESS: Access,
    Kind.INVITATION: Invitation,
    Kind.ALIAS: Alias,
}


@reads()
def domain(actor: Actor, name: str) -> Door:
    """Raises NotFound where no role of the actor hangs on the domain, whether it exists or not."""
    found = rows.find_domain(name)
    if found is None:
        raise NotFound
    is_alias, row = found
    if is_alias or not reach.sees_into(actor, row.company_id, row.id):
        raise NotFound
    return Door(row.id, row.name, row.company_id)


def require(actor: Actor, permission: Permission, door: Door) -> None:
    reach.require(actor, permission, door.target)


def abilities(actor: Actor, target: Target) -> Ability:
    manages = allows(actor, Permission.ACCESS_CHANGE, target)
    return Ability(
        get=allows(actor, Permission.DOMAIN_SEE, target),
        patch=manages,
        put=manages,
        post=manages,
        delete=allows(actor, Permission.DOMAIN_DELETE, target),
        manage_accesses=manages,
    )


@reads()
def thing(actor: Actor, permission: Permission, door: Door, kind: Kind, number: int | None) -> int:
    """The row's number, once it is known to be of this domain. Raises OutOfReach before NotFound."""
    require(actor, permission, door)
    if number is None or not _OBJECTS[kind]._default_manager.filter(id=number, domain_id=door.id).exists():
        raise NotFound
    return number


@reads()
def mailbox(actor: Actor, permission: Permission, door: Door, number: int | None) -> str:
    """The address. One's own mailbox may be open where others are not. Raises OutOfReach, NotFound."""
    row = rows.mailbox_by_id(number) if number is not None else None
    if row is None or row.domain_id != door.id or row.deleted_at is not None:
        require(actor, permission, door)
        raise NotFound
    reach.require(actor, permission, row.target)
    return row.address


@reads()
def deleted_mailbox(actor: Actor, door: Door, number: int | None) -> tuple[str, str]:
    """The address it had, and what its restoring goes by. Raises OutOfReach, NotFound."""
    require(actor, Permission.MAILBOX_RESTORE, door)
    found = Tombstone.objects.filter(kind="mailbox", object_id=number or 0, domain_id=door.id)
    stone = found.values_list("name", "restore_id").first()
    if stone is None:
        raise NotFound
    return stone


def refuse(actor: Actor, door: Door, method: str) -> None:
    """What is asked before anybody says that a verb is not offered. Raises OutOfReach."""
    if not getattr(abilities(actor, door.target), method.lower(), False):
        raise OutOfReach
