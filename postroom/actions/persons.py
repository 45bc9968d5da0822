"""People who sign in: what they may do, and what they change about themselves."""

import zoneinfo
from collections.abc import Callable
from typing import Any

import msgspec
from django.db.models import QuerySet

from postroom.actions import signin
from postroom.actions.action import reads, writes
from postroom.actions.new_passwords import of_person
from postroom.core.errors import AccountDisabled, BadCredentials, BadRequest, FreshSignInNeeded, OutOfReach, WrongState
from postroom.core.languages import Language
from postroom.core.records import Origin
from postroom.core.roles import Actor
from postroom.store import history, persons
from postroom.store.models import Person, PersonEmail

LONGEST_NAME = 200


class PersonView(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    email: str
    emails: list[str]
    """Every address that they have shown to be theirs."""
    name: str
    language: str
    timezone: str
    is_operator: bool
    is_active: bool
    mailbox: str
    """The mailbox whose holder it is; empty: none."""
    has_password: bool
    """An own one, not a mailbox's."""
    provider: bool
    """Has signed in with the identity provider."""
    created_at: int


class PersonChange(msgspec.Struct, frozen=True, kw_only=True):
    name: str | msgspec.UnsetType = msgspec.UNSET
    language: str | msgspec.UnsetType = msgspec.UNSET
    timezone: str | msgspec.UnsetType = msgspec.UNSET


@reads()
def actor(person_id: int) -> Actor:
    """With what they may do today. Raises AccountDisabled."""
    found = persons.standing(person_id)
    if found is None:
        raise AccountDisabled
    return found.actor


class SignedIn(msgspec.Struct, frozen=True, kw_only=True):
    """Who has a session, with what every page says of them."""

    actor: Actor
    name: str
    language: str
    timezone: str
    mailbox: str
    """The address of the mailbox whose holder it is; empty: none, or it cannot be signed in to now."""


@reads()
def of_session(person_id: int, since: int, mailbox_password: str) -> SignedIn | None:
    """Whoever signed in at `since` (milliseconds); None where that session is over.

    `mailbox_password`: of the mailbox whose password began it (`Passed.proof`); such a session ends with that password.
    """
    found = persons.standing(person_id)
    if found is None or since < found.sessions_from:
        return None
    if mailbox_password not in {"", found.mailbox_password}:
        return None
    return SignedIn(
        actor=found.actor,
        name=found.name,
        language=found.language,
        timezone=found.timezone,
        mailbox=found.mailbox,
    )


@reads()
def show(actor: Actor) -> PersonView:
    """Whoever asks. Raises OutOfReach for one who is no person."""
    found = Person.objects.filter(id=actor.person_id or 0)
    if not found:
        raise OutOfReach
    return views(found)[0]


def views(found: QuerySet[Person]) -> list[PersonView]:
    return [
        PersonView(
            id=person.pk,
            email=person.email,
            emails=sorted(one.email for one in person.emails.all()),
            name=person.name,
            language=person.language,
            timezone=person.timezone,
            is_operator=person.is_operator,
            is_active=person.is_active,
            mailbox=person.mailbox.address if person.mailbox and person.mailbox.deleted_at is None else "",
            has_password=bool(person.password),
            provider=person.sub is not None,
            created_at=person.created_at,
        )
        for person in found.select_related("mailbox").prefetch_related("emails")
    ]


@writes()
def change(actor: Actor, origin: Origin, change: PersonChange) -> None:
    """What somebody may say of themselves. Raises BadRequest."""
    values = {name: value for name, value in msgspec.structs.asdict(change).items() if value is not msgspec.UNSET}
    hints = {name: hint for name, value in values.items() if (hint := _CHECKS[name](value))}
    if hints:
        raise BadRequest(hints=hints)
    person = own(actor)
    before = {name: getattr(person, name) for name in values}
    update(person, actor.name, origin, values, {name: [before[name], value] for name, value in values.items()})


def _name_hint(name: Any) -> str:
    bad = not isinstance(name, str) or len(name) > LONGEST_NAME or not name.isprintable() or not name.strip()
    return f"must be 1 to {LONGEST_NAME} printable characters" if bad else ""


def _language_hint(code: Any) -> str:
    return "" if code in set(Language) else f"must be one of {', '.join(Language)}"


def _timezone_hint(name: Any) -> str:
    return "" if name in zoneinfo.available_timezones() else "must be a time zone such as Europe/Paris"


_CHECKS: dict[str, Callable[[Any], str]] = {
    "name": _name_hint,
    "language": _language_hint,
    "timezone": _timezone_hint,
}


def not_signed_in() -> OutOfReach:
    return OutOfReach("only a person who is signed in may do this, and not with an API key")


def own(actor: Actor) -> Person:
    """Whoever asks, locked. Raises OutOfReach for one who is no person or came with an API key: a key may have been
    given away, and must not change what opens the account."""
    if actor.person_id is None or actor.narrowing is not None:
        raise not_signed_in()
    person = persons.locked(actor.person_id)
    if person is None:
        raise OutOfReach
    return person


def update(
    person: Person, by: str, origin: Origin, values: dict[str, Any], told: history.Changes, verb: str = "changed"
) -> None:
    """Of a locked one."""
    for name, value in values.items():
        setattr(person, name, value)
    history.note(person, by, origin, verb, told)
    person.save(update_fields=[*values, "history_head"])


@reads()
def change_password(actor: Actor, origin: Origin, old: str, new: str) -> None:
    """Everybody's sessions but the one that asks end. Raises BadCredentials, TooManyAttempts, BadAttribute,
    WrongState for one whose password is a mailbox's or an identity provider's."""
    if actor.person_id is None or actor.narrowing is not None:
        raise not_signed_in()
    person = Person.objects.get(id=actor.person_id)
    if not person.password:
        raise WrongState("you sign in without a password of your own here; change it where it is kept")
    now, tries = origin.at.timestamp(), signin.Tries(person.email, origin.network_address)
    signin.check_attempts(tries, now)
    if not signin.checked(person.pk, person.password, old):
        signin.note_failure(tries, now)
        raise BadCredentials("the old password is wrong")
    set_hash(person.pk, actor.name, origin, of_person(new, person.email, person.name, person.password))


@writes()
def set_hash(person_id: int, by: str, origin: Origin, stored: str) -> None:
    """Every session ends."""
    person = persons.locked(person_id)
    if person is None:
        raise OutOfReach
    values = {"password": stored, "sessions_from": history.milliseconds(origin)}
    update(person, by, origin, values, {"password": ["(secret)", "(secret)"]})


@writes()
def end_sessions(actor: Actor, origin: Origin) -> None:
    """Everywhere, the one that asks too."""
    person = own(actor)
    update(person, actor.name, origin, {"sessions_from": history.milliseconds(origin)}, {}, "signed out everywhere")


def require_fresh(since: float, origin: Origin) -> None:
    """`since`: when the session began, in seconds. What opens the account is changed only shortly after a sign-in: a
    browser left open must not be enough. Raises FreshSignInNeeded."""
    if origin.at.timestamp() - since > FRESH_SECONDS:
        raise FreshSignInNeeded("sign in again to change what opens your account")


FRESH_SECONDS = 15 * 60


def create(email: str, now: int, **values: Any) -> Person:
    """With a verified address that is nobody's. The caller notes it in the history."""
    person = Person.objects.create(email=email, created_at=now, **values)
    PersonEmail.objects.create(person=person, email=email, verified_at=now)
    return person
