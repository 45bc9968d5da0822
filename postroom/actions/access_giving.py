"""Roles on a domain, as every noun that gives them needs it. Whoever calls holds the domain's lock."""

from postroom.core.access_rules import PEOPLES_ROLES, height
from postroom.core.errors import RoleTooHigh, RoleTooSmall
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission, Role, roles_on
from postroom.store import history, reach
from postroom.store.models import Access, Person
from postroom.store.rows import DomainRow


def managed(actor: Actor, name: str, permission: Permission) -> tuple[DomainRow, int]:
    """The domain, locked, and the height of the actor's role on it. Raises DomainNotFound, RoleTooSmall, IsAlias."""
    row = reach.domain_for_person(actor, name, permission, lock=True)
    own = _height_now(actor, row)
    if own < height(Role.ADMINISTRATOR):
        raise RoleTooSmall
    return row, own


def _height_now(actor: Actor, row: DomainRow) -> int:
    """A role that was taken away a moment ago, while the actor was on the way here, counts no more."""
    roles = roles_on(actor, row.target)
    if actor.person_id is None or not roles.intersection(PEOPLES_ROLES):
        return height(*roles)
    held = Access.objects.filter(person_id=actor.person_id, domain_id=row.id).values_list("role", flat=True).first()
    return height(*roles.difference(PEOPLES_ROLES), *([Role(held)] if held else []))


def check_may_give(own: int, role: Role) -> None:
    """Raises RoleTooHigh."""
    if own < height(role):
        raise RoleTooHigh(hints={"role": "You cannot grant a role higher than your own."})


def give(actor: Actor, origin: Origin, row: DomainRow, person: Person, role: Role) -> Access:
    """The caller knows that there is none yet, and saves the domain's row."""
    made = Access.objects.create(person=person, domain_id=row.id, role=role, created_at=history.milliseconds(origin))
    history.note(row, actor.name, origin, "access given", {role_of(person): [None, role]})
    return made


def known_person(email: str) -> Person | None:
    """Whose address it is; they have shown that it is theirs."""
    return Person.objects.filter(emails__email=email).first()


def role_of(person: Person) -> str:
    """The field's name in the history."""
    return f"role of {person.email}"
