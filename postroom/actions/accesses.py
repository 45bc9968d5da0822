"""Who has which role on a domain (people.md section 3.2; docs/decisions/012-people.md)."""

from collections.abc import Iterator, Mapping
from itertools import islice

import msgspec
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import Value
from django.db.models.functions import StrIndex, Substr

from postroom.actions.access_giving import give, managed, role_of
from postroom.actions.action import reads, writes
from postroom.core.access_rules import height, may_give, names, parse_role, settable
from postroom.core.errors import (
    AccessExists,
    BadRequest,
    BadValueError,
    LastOwner,
    NotFound,
    RoleTooHigh,
)
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission, Role, Target, allows, roles_on
from postroom.core.search_text import folded, words
from postroom.store import history, reach, rows
from postroom.store.models import Access, Person, PersonEmail
from postroom.store.rows import DomainRow


class PersonView(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    email: str
    name: str
    language: str
    timezone: str


class AccessView(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    person: PersonView
    role: Role
    created_at: int
    can_set_role_to: list[Role]
    """By whoever asks."""


_ORDERS: Mapping[str, str] = {"role": "role", "email": "person__email", "name": "person__name"}


@reads(Permission.ACCESS_SEE)
def listed(
    actor: Actor, domain: str, *, ordering: str = "", first: int = 0, limit: int = 20
) -> tuple[list[AccessView], int]:
    """A page, and how many there are. `ordering`: role, email or name, with - in front the other way; else the newest
    first."""
    row = reach.domain_for_person(actor, domain, Permission.ACCESS_SEE)
    found = Access.objects.filter(domain_id=row.id)
    page = found.select_related("person").order_by(*_order(ordering))[first : first + limit]
    own = _height_shown(actor, row)
    return [_view(access, own) for access in page], found.count()


def _order(ordering: str) -> list[str]:
    by = _ORDERS.get(ordering.removeprefix("-"))
    if by is None:
        return ["-created_at", "-id"]
    return [f"-{by}" if ordering.startswith("-") else by, "id"]


def _height_shown(actor: Actor, row: DomainRow) -> int:
    return height(*roles_on(actor, row.target)) if allows(actor, Permission.ACCESS_CHANGE, row.target) else 0


def _view(access: Access, own: int) -> AccessView:
    role = Role(access.role)
    return AccessView(
        id=access.pk,
        person=_person(access.person),
        role=role,
        created_at=access.created_at,
        can_set_role_to=settable(own, role),
    )


def _person(person: Person) -> PersonView:
    return PersonView(
        id=person.pk, email=person.email, name=person.name, language=person.language, timezone=person.timezone
    )


@reads(Permission.ACCESS_SEE)
def show(actor: Actor, domain: str, id: int) -> AccessView:
    row = reach.domain_for_person(actor, domain, Permission.ACCESS_SEE)
    return _view(_found(row, id), _height_shown(actor, row))


def _found(row: DomainRow, id: int) -> Access:
    found = Access.objects.filter(domain_id=row.id, id=id).select_related("person").first()
    if found is None:
        raise NotFound
    return found


def _parsed(written: object) -> Role:
    try:
        return parse_role(written)
    except BadValueError as error:
        raise BadRequest(hints={"role": str(error)}) from None


@writes(Permission.ACCESS_CHANGE)
def create(actor: Actor, origin: Origin, domain: str, person_id: int | None, role: object = Role.VIEWER) -> AccessView:
    """For somebody whom the actor knows (`candidates`); others are invited. Raises BadRequest, AccessExists,
    RoleTooHigh."""
    row, own = managed(actor, domain, Permission.ACCESS_CHANGE)
    wanted = _parsed(role)
    known = _acquaintances(actor).filter(is_active=True)
    person = known.filter(id=person_id).first() if person_id else None
    if person is None:
        raise BadRequest(hints={"user": "is nobody that you know here; invite them by e-mail"})
    if not may_give(own, wanted):
        raise RoleTooHigh("Only owners of a domain can assign other users as owners.")
    if Access.objects.filter(domain_id=row.id, person=person).exists():
        raise AccessExists(hints={"user": f"{person.email} has access to {row.name} already"})
    access = give(actor, origin, row, person, wanted)
    rows.save(row)
    return _view(access, own)


@writes(Permission.ACCESS_CHANGE)
def change(actor: Actor, origin: Origin, domain: str, id: int, role: object) -> AccessView:
    """Raises BadRequest, RoleTooHigh, LastOwner."""
    row, own = managed(actor, domain, Permission.ACCESS_CHANGE)
    access = _found(row, id)
    wanted, held = _parsed(role), Role(access.role)
    if not may_give(own, held):
        raise RoleTooHigh("You are not allowed to modify role for this user.")
    if not may_give(own, wanted):
        raise RoleTooHigh(f"You are only allowed to set role to {names(settable(own, held))}")
    if wanted is held:
        return _view(access, own)
    if _is_last_owner(access):
        raise LastOwner(hints={"role": "Cannot change the role to a non-owner role for the last owner access."})
    access.role = wanted
    access.save(update_fields=["role"])
    history.note(row, actor.name, origin, "access changed", {role_of(access.person): [held, wanted]})
    rows.save(row)
    return _view(access, own)


def _is_last_owner(access: Access) -> bool:
    """People who cannot sign in do not count: nobody would be left who can do everything."""
    others = Access.objects.filter(domain_id=access.domain_id, role=Role.OWNER, person__is_active=True)
    return access.role == Role.OWNER and not others.exclude(id=access.pk).exists()


@writes(Permission.ACCESS_CHANGE, Permission.ACCESS_SEE)
def remove(actor: Actor, origin: Origin, domain: str, id: int) -> None:
    """Everybody may give their own access back. Raises RoleTooSmall, RoleTooHigh, LastOwner."""
    row = reach.domain_for_person(actor, domain, Permission.ACCESS_SEE, lock=True)
    access = Access.objects.filter(domain_id=row.id, id=id).select_related("person").first()
    if access is None or not _is_own(actor, access):
        row, own = managed(actor, domain, Permission.ACCESS_CHANGE)
        if access is None:
            raise NotFound
        if not may_give(own, Role(access.role)):
            raise RoleTooHigh("You cannot remove somebody whose role is higher than your own.")
    if _is_last_owner(access):
        raise LastOwner("Cannot delete the last owner access for the domain.")
    access.delete()
    history.note(row, actor.name, origin, "access taken", {role_of(access.person): [access.role, None]})
    rows.save(row)


def _is_own(actor: Actor, access: Access) -> bool:
    """Not by an API key that may not change accesses."""
    narrow = actor.narrowing
    target = Target(None, access.domain_id)
    return actor.person_id == access.person_id and (narrow is None or narrow.permits(Permission.ACCESS_CHANGE, target))


@reads(Permission.ACCESS_CHANGE)
def candidates(actor: Actor, domain: str, q: str = "", limit: int = 50) -> list[PersonView]:
    """People whom the actor knows and who have no access yet, the newest first. Every word of `q` is in the name or
    address, whatever its case and accents."""
    row = reach.domain_for_person(actor, domain, Permission.ACCESS_CHANGE)
    has_access = Access.objects.filter(domain_id=row.id, person_id=OuterRef("id"))
    free = _acquaintances(actor).filter(~Exists(has_access), is_active=True).order_by("-created_at", "-id")
    wanted = words(q)
    if not wanted:
        return [_person(person) for person in free[:limit]]
    return [_person(person) for person in islice(_matching(free, wanted), limit)]


def _matching(people: QuerySet[Person], wanted: list[str]) -> Iterator[Person]:
    """Looked at here: no two databases agree on what letters without accents are."""
    for person in people.iterator(500):
        text = folded(f"{person.name} {person.email}")
        if all(word in text for word in wanted):
            yield person


@reads(Permission.ACCESS_SEE)
def known(actor: Actor, q: str = "", *, first: int = 0, limit: int = 20) -> tuple[list[PersonView], int]:
    """A page of the people whom the actor knows, and how many there are. `q` as for `candidates`."""
    people = _acquaintances(actor).filter(is_active=True).order_by("-created_at", "-id")
    wanted = words(q)
    if not wanted:
        return [_person(person) for person in people[first : first + limit]], people.count()
    found = list(_matching(people, wanted))
    return [_person(person) for person in found[first : first + limit]], len(found)


def _acquaintances(actor: Actor) -> QuerySet[Person]:
    """Those who have a role on a domain whose roles the actor may see, or an address in such a domain that was proved.

    Others are nobody's business: whoever makes up ids must not learn who is there.
    """
    if allows(actor, Permission.ACCESS_SEE, Target()):
        return Person.objects.all()
    seen = reach.domains(actor, Permission.ACCESS_SEE)
    proved = seen.exclude(proved_at=None)
    has_role = Access.objects.filter(person_id=OuterRef("id"), domain__in=seen.values("id"))
    addresses = PersonEmail.objects.filter(person_id=OuterRef("id"))
    addresses = addresses.annotate(at=Substr("email", StrIndex("email", Value("@")) + 1))
    own = addresses.filter(at__in=proved.values("name"))
    return Person.objects.filter(Q(Exists(has_role)) | Q(Exists(own)))
