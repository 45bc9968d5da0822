"""People as the operator sees them: made, listed, given all rights, given a password, disabled."""

from datetime import datetime

import msgspec
from django.db.models import Exists, OuterRef, Q

from postroom.actions import persons, second_factors
from postroom.actions.action import reads, writes
from postroom.actions.new_passwords import of_person
from postroom.actions.persons import PersonView
from postroom.core.address import fold, parse_address
from postroom.core.errors import BadRequest, BadValueError, ExistsAlready, OutOfReach, UserNotFound, WrongState
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission, Role, Target, allows
from postroom.store import history
from postroom.store import persons as kept
from postroom.store.models import Access, ApiKey, Passkey, Person, PersonEmail


def _require(actor: Actor) -> None:
    if not allows(actor, Permission.PERSON_CHANGE, Target()):
        raise OutOfReach


@reads(Permission.PERSON_CHANGE)
def add(
    actor: Actor, origin: Origin, email: str, *, name: str = "", password: str | None = None, operator: bool = False
) -> int:
    """Without a password they sign in with the identity provider. Raises BadRequest, BadAttribute, ExistsAlready."""
    _require(actor)
    try:
        address = str(parse_address(email))
    except BadValueError as error:
        raise BadRequest(hints={"email": str(error)}) from None
    if len(name) > persons.LONGEST_NAME or (name and not name.isprintable()):
        raise BadRequest(hints={"name": f"must be at most {persons.LONGEST_NAME} printable characters"})
    return _add(actor, origin, address, name, "" if password is None else of_person(password, address, name), operator)


@writes(Permission.PERSON_CHANGE)
def _add(actor: Actor, origin: Origin, email: str, name: str, stored: str, operator: bool) -> int:
    if kept.owner_of(email) is not None:
        raise ExistsAlready(f"{email} is somebody's already")
    person = persons.create(email, history.milliseconds(origin), name=name, password=stored, is_operator=operator)
    persons.update(person, actor.name, origin, {}, {"is_operator": [None, operator]}, "created")
    return person.pk


@reads(Permission.PERSON_CHANGE)
def listed(actor: Actor, q: str = "", *, first: int = 0, limit: int = 20) -> tuple[list[PersonView], int]:
    """A page of those whose name or an address of theirs contains the text, and how many there are."""
    _require(actor)
    found = Person.objects.order_by("email")
    if q:
        further = PersonEmail.objects.filter(person=OuterRef("id"), email__contains=fold(q))
        found = found.filter(Q(email__contains=fold(q)) | Q(name__icontains=q) | Q(Exists(further)))
    return persons.views(found[first : first + limit]), found.count()


class PersonCard(msgspec.Struct, frozen=True, kw_only=True):
    person: PersonView
    last_sign_in: datetime | None
    totp: bool
    passkeys: list[str]
    """Their names."""
    keys: int
    """API keys."""
    domains: list[tuple[str, Role]]
    """On which they were given a role, by name; MOST_DOMAINS of them."""
    domain_count: int


MOST_DOMAINS = 100


@reads(Permission.PERSON_CHANGE)
def show(actor: Actor, id: int) -> PersonCard:
    """Raises UserNotFound."""
    _require(actor)
    views = persons.views(Person.objects.filter(id=id))
    if not views:
        raise UserNotFound
    accesses = Access.objects.filter(person=id, domain__deleted_at=None).order_by("domain__name")
    last_login, totp = Person.objects.values_list("last_login", "totp").get(id=id)
    return PersonCard(
        person=views[0],
        last_sign_in=last_login,
        totp=bool(totp),
        passkeys=list(Passkey.objects.filter(person=id).order_by("id").values_list("name", flat=True)),
        keys=ApiKey.objects.filter(person=id).count(),
        domains=[(name, Role(role)) for name, role in accesses.values_list("domain__name", "role")[:MOST_DOMAINS]],
        domain_count=accesses.count(),
    )


@writes(Permission.PERSON_CHANGE)
def remove_second_factors(actor: Actor, origin: Origin, email: str) -> None:
    """For somebody who lost the telephone: their one-time codes, passkeys and recovery codes open nothing from now on.
    Their sessions end. Raises UserNotFound, WrongState where there are none."""
    person = _locked(actor, email)
    if not second_factors.forget(person, actor.name, origin):
        raise WrongState(f"{email} has no second factor")


@writes(Permission.PERSON_CHANGE)
def make_operator(actor: Actor, origin: Origin, email: str, is_operator: bool) -> None:
    """Raises UserNotFound."""
    person = _locked(actor, email)
    told = {"is_operator": [person.is_operator, is_operator]}
    persons.update(person, actor.name, origin, {"is_operator": is_operator}, told)


@reads(Permission.PERSON_CHANGE)
def set_password(actor: Actor, origin: Origin, email: str, password: str) -> None:
    """Their sessions end. Raises UserNotFound, BadAttribute, WrongState for a mailbox's holder."""
    _require(actor)
    person = kept.find(fold(email))
    if person is None:
        raise UserNotFound(f"nobody has the address {email}")
    if person.mailbox_id is not None:
        raise WrongState(f"{email} signs in with the password of the mailbox")
    stored = of_person(password, person.email, person.name, person.password)
    persons.set_hash(person.pk, actor.name, origin, stored)


@writes(Permission.PERSON_CHANGE)
def unlink(actor: Actor, origin: Origin, email: str) -> None:
    """Forget as whom the identity provider knows them: the next of its accounts with their address is theirs. Their
    sessions end. Raises UserNotFound."""
    person = _locked(actor, email)
    values = {"sub": None, "sessions_from": history.milliseconds(origin)}
    persons.update(person, actor.name, origin, values, {"provider": [person.sub is not None, False]})


@writes(Permission.PERSON_CHANGE)
def disable(actor: Actor, origin: Origin, email: str) -> None:
    """Sessions and API keys open nothing from now on. Raises UserNotFound."""
    person = _locked(actor, email)
    values = {"is_active": False, "sessions_from": history.milliseconds(origin)}
    persons.update(person, actor.name, origin, values, {"is_active": [person.is_active, False]})


@writes(Permission.PERSON_CHANGE)
def enable(actor: Actor, origin: Origin, email: str) -> None:
    """API keys made before are gone: whoever was shut out may have left some behind. Raises UserNotFound."""
    person = _locked(actor, email)
    ApiKey.objects.filter(person=person).delete()
    persons.update(person, actor.name, origin, {"is_active": True}, {"is_active": [person.is_active, True]})


def _locked(actor: Actor, email: str) -> Person:
    _require(actor)
    known = kept.find(fold(email))
    person = kept.locked(known.pk) if known else None
    if person is None:
        raise UserNotFound(f"nobody has the address {email}")
    return person
