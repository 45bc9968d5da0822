"""Addresses of a person: shown to be theirs by a letter's link, made the main one, and given up.

They sign in with any of them. The main one (`Person.email`) is where letters go, and what others see.

Whether an address is somebody else's is told to that address alone, never to who asks. Mailboxes here, and addresses in
domains whose mail is kept here, are nobody's to add: who reads one letter must not come to hold a mailbox.
"""

from typing import Final

import msgspec
from django.conf import settings as configuration

from postroom.actions import invitations, persons, request_rates
from postroom.actions.action import reads, writes
from postroom.core import brand
from postroom.core.address import parse_address
from postroom.core.errors import BadRequest, BadValueError, LinkDead, NotFound, WrongState
from postroom.core.languages import best
from postroom.core.letters.person_addresses import (
    Asked,
    address_asked,
    address_changed,
    address_made_main,
    address_not_possible,
)
from postroom.core.passwords.tokens import hash_token, new_token
from postroom.core.records import Origin
from postroom.core.roles import Actor
from postroom.store import brands, history, outgoing, rows
from postroom.store import persons as kept
from postroom.store.models import AddressProof, Person, PersonEmail
from postroom.store.public_links import page

MOST: Final = 20
"""Addresses of one person, with those that a letter is on its way to."""
LINK_SECONDS: Final = 86_400
_LETTERS: Final = ((5, 3600), (20, 86_400))
"""Of one person, to whatever addresses: (so many, in so many seconds). As often the main one is changed."""
_MISSES: Final = ((50, 3600),)
"""Of one person: links that open nothing."""


class AddressView(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    email: str
    stays: bool
    """It is the main one, or their last one."""
    can_be_main: bool


class WaitingView(msgspec.Struct, frozen=True, kw_only=True):
    """A letter was sent there."""

    id: int
    email: str
    expires_at: int


class AddressesView(msgspec.Struct, frozen=True, kw_only=True):
    own: list[AddressView]
    waiting: list[WaitingView]
    can_add: bool
    """A mailbox's holder has the mailbox's address, and no letter adds another one."""


@reads()
def show(actor: Actor, origin: Origin) -> AddressesView:
    """Of whoever asks, by name. Raises OutOfReach for one who is no person."""
    person = Person.objects.filter(id=actor.person_id or 0).first()
    if person is None:
        raise persons.not_signed_in()
    found = sorted(person.emails.all(), key=lambda one: (one.email != person.email, one.email))
    waiting = person.address_proofs.filter(expires_at__gt=history.milliseconds(origin)).order_by("email")
    can_change = person.mailbox_id is None
    return AddressesView(
        own=[
            AddressView(
                id=one.pk,
                email=one.email,
                stays=one.email == person.email or len(found) == 1,
                can_be_main=can_change and one.email != person.email,
            )
            for one in found
        ],
        waiting=[WaitingView(id=one.pk, email=one.email, expires_at=one.expires_at) for one in waiting],
        can_add=can_change,
    )


@writes()
def add(actor: Actor, origin: Origin, email: object) -> str:
    """Write to the address; it is theirs when they confirm by the letter's link. The canonical address.

    The link in a letter before opens nothing from now on. Raises BadRequest, WrongState, TooManyRequests, and
    OutOfReach for an API key.
    """
    person = persons.own(actor)
    address = _parsed(email)
    _check(person, address, origin)
    at, now = origin.at.timestamp(), history.milliseconds(origin)
    request_rates.count(f"address letters of person {person.pk}", _LETTERS, at)
    request_rates.count(f"address letters to {address}", configuration.INVITATIONS_TO_ONE, at)
    token = new_token()
    values = {"token_hash": hash_token(token), "expires_at": now + LINK_SECONDS * 1000}
    # Also where it cannot be added: whoever asks sees no difference, and nobody gets this token.
    AddressProof.objects.update_or_create(person=person, email=address, defaults=values)
    persons.update(person, actor.name, origin, {}, {"emails": [None, address]}, "address letter sent")
    look, language = brand.PLAIN, best(person.language)
    if _is_taken(person, address):
        letter = address_not_possible(look, language, address, person.email)
    else:
        link = page(f"/account/addresses/confirm/{token}/")
        told = Asked(email=address, account=person.email, seconds=LINK_SECONDS, link=link)
        letter = address_asked(look, language, told)
    outgoing.put([brands.dressed(address, "address_asked", look, letter)], now)
    return address


def _parsed(email: object) -> str:
    try:
        if not isinstance(email, str) or not email.strip():
            raise BadValueError("This field is required.")
        return str(parse_address(email))
    except BadValueError as error:
        raise BadRequest(hints={"email": str(error)}) from None


def _check(person: Person, address: str, origin: Origin) -> None:
    """What the asker may be told. Raises BadRequest, WrongState."""
    _check_no_holder(person)
    own = set(person.emails.values_list("email", flat=True))
    if address in own:
        raise BadRequest(hints={"email": "is yours already"})
    living = person.address_proofs.filter(expires_at__gt=history.milliseconds(origin)).exclude(email=address)
    if len(own) + living.count() >= MOST:
        raise WrongState(f"you have {MOST} addresses; remove one first")


def _check_no_holder(person: Person) -> None:
    if person.mailbox_id is not None:
        raise WrongState("whoever holds a mailbox signs in with its address, and has no others")


def _is_taken(person: Person, address: str) -> bool:
    owner = kept.owner_of(address)
    if owner is not None and owner.pk != person.pk:
        return True
    domain = rows.find_domain(address.rpartition("@")[2])
    return rows.find_mailbox(address) is not None or (domain is not None and domain[1].proved_at is not None)


@reads()
def asked(actor: Actor, origin: Origin, token: str) -> str:
    """The address that the link confirms. Looking costs nothing: virus scanners open links too. Raises LinkDead,
    TooManyRequests."""
    return _proof(actor, origin, token).email


def _proof(actor: Actor, origin: Origin, token: str) -> AddressProof:
    living = AddressProof.objects.filter(expires_at__gt=history.milliseconds(origin))
    found = living.filter(token_hash=hash_token(token), person_id=actor.person_id or 0).first()
    if found is None:
        request_rates.count(f"dead address links of {actor.person_id}", _MISSES, origin.at.timestamp())
        raise LinkDead("the link is incomplete, too old or used up, or another account than this one asked for it")
    return found


@reads()
def confirm(actor: Actor, origin: Origin, token: str) -> tuple[str, list[str]]:
    """The address is theirs, and invitations to it become accesses: the address, and the domains' names.

    Raises LinkDead, TooManyRequests, and OutOfReach for an API key.
    """
    asked(actor, origin, token)
    person_id, email = _confirm(actor, origin, token)
    return email, invitations.accept(person_id, origin)


@writes()
def _confirm(actor: Actor, origin: Origin, token: str) -> tuple[int, str]:
    person = persons.own(actor)
    proof = _proof(actor, origin, token)
    if _is_taken(person, proof.email):  # meanwhile
        raise LinkDead
    proof.delete()
    now = history.milliseconds(origin)
    # Whoever loses a race for it does all of this again, and finds it taken.
    PersonEmail.objects.get_or_create(email=proof.email, person=person, defaults={"verified_at": now})
    persons.update(person, actor.name, origin, {}, {"emails": [None, proof.email]}, "address added")
    _tell(person, proof.email, now, added=True)
    return person.pk, proof.email


@writes()
def make_main(actor: Actor, origin: Origin, id: int) -> str:
    """The one before stays theirs; the address. Raises NotFound, WrongState, TooManyRequests, and OutOfReach for an
    API key."""
    person = persons.own(actor)
    _check_no_holder(person)
    found = PersonEmail.objects.filter(person=person, id=id).first()
    if found is None:
        raise NotFound
    before = person.email
    if found.email == before:
        return before
    if _is_read_by_another(found):
        raise WrongState("e-mails to this address go to a mailbox here, which may be somebody else's")
    request_rates.count(f"main addresses of person {person.pk}", _LETTERS, origin.at.timestamp())
    told = {"email": [before, found.email]}
    persons.update(person, actor.name, origin, {"email": found.email}, told, "main address changed")
    _tell_both(person, before, history.milliseconds(origin))
    return found.email


def _is_read_by_another(found: PersonEmail) -> bool:
    """It is an alias, or has become a mailbox since they have shown that it is theirs."""
    mailbox = rows.find_mailbox(found.email)
    return mailbox is not None and (mailbox[0] or mailbox[1].created_at > found.verified_at)


@writes()
def remove(actor: Actor, origin: Origin, id: int) -> str:
    """Roles that came by it stay; the address. Raises NotFound, WrongState, and OutOfReach for an API key."""
    person = persons.own(actor)
    found = PersonEmail.objects.filter(person=person, id=id).first()
    if found is None:
        raise NotFound
    if found.email == person.email or person.emails.count() == 1:
        raise WrongState("you sign in with this address, so it stays")
    found.delete()
    persons.update(person, actor.name, origin, {}, {"emails": [found.email, None]}, "address removed")
    _tell(person, found.email, history.milliseconds(origin), added=False)
    return found.email


@writes()
def withdraw(actor: Actor, origin: Origin, id: int) -> str:
    """The link that was sent opens nothing from now on; the address. Raises NotFound, and OutOfReach for an API key."""
    person = persons.own(actor)
    found = AddressProof.objects.filter(person=person, id=id).first()
    if found is None:
        raise NotFound
    found.delete()
    persons.update(person, actor.name, origin, {}, {"emails": [found.email, None]}, "address letter withdrawn")
    return found.email


def _tell(person: Person, email: str, now: int, *, added: bool) -> None:
    """Where a stranger in the session cannot hide it."""
    look, link = brand.PLAIN, page("/account/security/")
    told = Asked(email=email, account=person.email, seconds=0, link=link)
    letter = address_changed(look, best(person.language), told, added=added)
    outgoing.put([brands.dressed(person.email, "address_changed", look, letter)], now)


def _tell_both(person: Person, before: str, now: int) -> None:
    """The new main address, and the one before: whoever reads that must learn of it."""
    look, link = brand.PLAIN, page("/account/security/")
    told = Asked(email=person.email, account=before, seconds=0, link=link)
    letter = address_made_main(look, best(person.language), told)
    outgoing.put([brands.dressed(to, "address_changed", look, letter) for to in (before, person.email)], now)
