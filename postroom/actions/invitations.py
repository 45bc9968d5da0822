"""Invitations to manage a domain (people.md section 3.5; docs/decisions/012-people.md)."""

from datetime import datetime

import msgspec
from django.conf import settings as configuration

from postroom.actions import request_rates
from postroom.actions.access_giving import check_may_give, give, known_person, managed, role_of
from postroom.actions.action import reads, writes
from postroom.core.access_rules import higher, parse_role
from postroom.core.address import parse_address
from postroom.core.errors import AccessExists, BadRequest, BadValueError, InvitationExists, NotFound
from postroom.core.languages import best
from postroom.core.letters.invitation import Invited, invitation
from postroom.core.passwords.tokens import hash_token, new_token
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission, Role
from postroom.store import brands, history, outgoing, reach, rows
from postroom.store.models import Access, Invitation, Person
from postroom.store.public_links import page
from postroom.store.rows import DomainRow


class InvitationView(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    email: str
    domain_id: int
    role: Role
    issuer_id: int | None
    """The person; None: somebody who is none, or is gone."""
    created_at: int
    expires_at: int

    def is_expired(self, now: datetime) -> bool:
        return self.expires_at <= now.timestamp() * 1000


class AccessMade(msgspec.Struct, frozen=True, kw_only=True):
    """Nobody was written to: the person is known, and has the role from now on."""

    access_id: int
    email: str
    role: Role


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """What the holder of an invitation's link is told. Having it shows that the address is theirs."""

    email: str
    domain: str
    role: Role
    by: str
    """The address of whoever invited; empty: the provider."""
    expires_at: int


@reads(Permission.INVITATION_SEE)
def listed(actor: Actor, domain: str, *, first: int = 0, limit: int = 20) -> tuple[list[InvitationView], int]:
    """A page, the newest first, expired ones too; and how many there are."""
    row = reach.domain_for_person(actor, domain, Permission.INVITATION_SEE)
    found = Invitation.objects.filter(domain_id=row.id)
    return [_view(one) for one in found.order_by("-created_at", "-id")[first : first + limit]], found.count()


@reads(Permission.INVITATION_SEE)
def show(actor: Actor, domain: str, id: int) -> InvitationView:
    row = reach.domain_for_person(actor, domain, Permission.INVITATION_SEE)
    return _view(_found(row, id))


def _found(row: DomainRow, id: int) -> Invitation:
    found = Invitation.objects.filter(domain_id=row.id, id=id).first()
    if found is None:
        raise NotFound
    return found


def _view(found: Invitation) -> InvitationView:
    return InvitationView(
        id=found.pk,
        email=found.email,
        domain_id=found.domain_id,
        role=Role(found.role),
        issuer_id=found.issuer_id,
        created_at=found.created_at,
        expires_at=found.expires_at,
    )


@writes(Permission.INVITATION_CHANGE)
def create(
    actor: Actor, origin: Origin, domain: str, email: object, role: object = Role.VIEWER
) -> InvitationView | AccessMade:
    """Somebody whose address is known gets access at once. Raises BadRequest, RoleTooHigh, AccessExists,
    InvitationExists, TooManyRequests."""
    row, own = managed(actor, domain, Permission.INVITATION_CHANGE)
    address, wanted = _parsed(email, role)
    check_may_give(own, wanted)
    person = known_person(address)
    if person is not None:
        return _access_instead(actor, origin, row, person, wanted)
    if Invitation.objects.filter(domain_id=row.id, email=address).exists():
        raise InvitationExists(
            hints={"email": f"{address} is invited already; refresh the invitation to send it again"}
        )
    made = Invitation(
        domain_id=row.id,
        email=address,
        role=wanted,
        issuer_id=actor.person_id,
        created_at=history.milliseconds(origin),
    )
    _send(actor, origin, row, made)
    history.note(row, actor.name, origin, "invited", {_field(made): [None, wanted]})
    rows.save(row)
    return _view(made)


def _parsed(email: object, role: object) -> tuple[str, Role]:
    hints, address, wanted = {}, "", Role.VIEWER
    try:
        if not isinstance(email, str) or not email.strip():
            raise BadValueError("This field is required.")
        address = str(parse_address(email))
    except BadValueError as error:
        hints["email"] = str(error)
    try:
        wanted = parse_role(role)
    except BadValueError as error:
        hints["role"] = str(error)
    if hints:
        raise BadRequest(hints=hints)
    return address, wanted


def _access_instead(actor: Actor, origin: Origin, row: DomainRow, person: Person, role: Role) -> AccessMade:
    if Access.objects.filter(domain_id=row.id, person=person).exists():
        raise AccessExists(hints={"email": f"{person.email} has access to {row.name} already"})
    access = give(actor, origin, row, person, role)
    rows.save(row)
    return AccessMade(access_id=access.pk, email=person.email, role=role)


def _field(found: Invitation) -> str:
    """Its name in the history."""
    return f"invitation of {found.email}"


def _send(actor: Actor, origin: Origin, row: DomainRow, found: Invitation) -> None:
    """A new link and a new time to use it in; the link before opens nothing from now on. Raises TooManyRequests."""
    at, now = origin.at.timestamp(), history.milliseconds(origin)
    of_domain = configuration.INVITATIONS_PROVED if row.proved_at else configuration.INVITATIONS_UNPROVED
    request_rates.count(f"invitations of domain {row.id}", of_domain, at)
    request_rates.count(f"invitations to {found.email}", configuration.INVITATIONS_TO_ONE, at)
    token, seconds = new_token(), configuration.INVITATION_SECONDS
    found.token_hash, found.expires_at = hash_token(token), now + seconds * 1000
    found.save()
    chain = (row.settings, row.company.settings)
    issuer = Person.objects.filter(id=actor.person_id).first() if actor.person_id else None
    told = Invited(
        domain=row.name,
        role=Role(found.role),
        by=issuer.email if issuer else "",
        seconds=seconds,
        link=page(f"/invitations/{token}"),
    )
    look = brands.look(row.company_id, *chain)
    letter = invitation(look, best(issuer.language) if issuer else brands.language(*chain), told)
    outgoing.put([brands.dressed(found.email, "invitation", look, letter)], now)


@writes(Permission.INVITATION_CHANGE)
def refresh(actor: Actor, origin: Origin, domain: str, id: int) -> InvitationView | AccessMade:
    """Send it again, good for as long as a new one. Raises NotFound, RoleTooHigh, TooManyRequests."""
    row, own = managed(actor, domain, Permission.INVITATION_CHANGE)
    found = _found(row, id)
    role = Role(found.role)
    check_may_give(own, role)
    person = known_person(found.email)
    if person is not None:
        access = _taken_up(actor, origin, row, found, person)
        rows.save(row)
        return AccessMade(access_id=access.pk, email=person.email, role=Role(access.role))
    _send(actor, origin, row, found)
    history.note(row, actor.name, origin, "invitation renewed", {_field(found): [role, role]})
    rows.save(row)
    return _view(found)


def _taken_up(actor: Actor, origin: Origin, row: DomainRow, found: Invitation, person: Person) -> Access:
    """The invitation becomes an access; of two roles the higher one stays. The caller saves the domain's row."""
    access = Access.objects.filter(domain_id=row.id, person=person).first()
    told: dict[str, list[str | None]] = {_field(found): [found.role, None]}
    if access is None:
        access = Access(person=person, domain_id=row.id, created_at=history.milliseconds(origin))
    before, access.role = access.role or None, higher(Role(access.role or found.role), Role(found.role))
    if access.role != before:
        access.save()
        told[role_of(person)] = [before, access.role]
    found.delete()
    history.note(row, actor.name, origin, "invitation accepted", told)
    return access


@writes(Permission.INVITATION_CHANGE)
def remove(actor: Actor, origin: Origin, domain: str, id: int) -> None:
    """Its link opens nothing from now on. Raises NotFound, RoleTooHigh."""
    row, own = managed(actor, domain, Permission.INVITATION_CHANGE)
    found = _found(row, id)
    check_may_give(own, Role(found.role))
    found.delete()
    history.note(row, actor.name, origin, "invitation withdrawn", {_field(found): [found.role, None]})
    rows.save(row)


@reads()
def offer(token: str, now: datetime) -> Offer:
    """Raises NotFound for a link that was never sent, is no longer the newest, or is too old."""
    usable = Invitation.objects.filter(expires_at__gt=int(now.timestamp() * 1000), domain__deleted_at=None)
    found = usable.select_related("domain", "issuer").filter(token_hash=hash_token(token)).first() if token else None
    if found is None:
        raise NotFound("this invitation cannot be used any more; ask whoever invited you to send it again")
    return Offer(
        email=found.email,
        domain=found.domain.name,
        role=Role(found.role),
        by=found.issuer.email if found.issuer else "",
        expires_at=found.expires_at,
    )


@writes()
def accept(person_id: int, origin: Origin) -> list[str]:
    """Make accesses of the invitations to any address that the person has shown to be theirs; the domains' names.

    For every sign-in: where there is nothing to do it asks the database once. Expired invitations stay as they are.
    """
    found = Invitation.objects.filter(
        email__in=Person.objects.filter(id=person_id, is_active=True).values("emails__email"),
        expires_at__gt=history.milliseconds(origin),
        domain__deleted_at=None,
    )
    # In one order, so that two people who sign in at once do not wait for each other's domains.
    domains = sorted(set(found.values_list("domain_id", flat=True)))
    if not domains:
        return []
    person = Person.objects.get(id=person_id)
    actor = Actor(name=person.email, person_id=person_id)
    locked = [row for id in domains if (row := rows.domain_by_id(id, lock=True)) and row.deleted_at is None]
    by_domain: dict[int, list[Invitation]] = {}
    for one in found.order_by("id"):  # asked again: they may have been withdrawn while we waited
        by_domain.setdefault(one.domain_id, []).append(one)
    for row in locked:
        for one in by_domain.get(row.id, []):
            _taken_up(actor, origin, row, one, person)
        rows.save(row)
    return sorted(row.name for row in locked if row.id in by_domain)
