"""What a person shows besides a password: one-time codes, passkeys (actions/passkeys.py), recovery codes.

Once there is one, signing in takes it, however the first step went. Whoever comes with an API key changes none of this.
"""

from collections.abc import Sequence

import msgspec
from django.conf import settings

from postroom.actions import persons, signin
from postroom.actions.action import reads, writes
from postroom.core import totp
from postroom.core.errors import BadCredentials, BadRequest, NotFound, OutOfReach, WrongState
from postroom.core.passwords.tokens import hash_token, new_app_password, recovery_code_form
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission
from postroom.core.sealing import BrokenSealError, seal, unseal
from postroom.store import history, reach, rows
from postroom.store import persons as kept
from postroom.store.models import Passkey, Person, RecoveryCode

RECOVERY_CODES = 10
_PURPOSE = "totp"


class PasskeyView(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    name: str
    created_at: int
    last_used_at: int | None


class FactorsView(msgspec.Struct, frozen=True, kw_only=True):
    totp: bool
    passkeys: list[PasskeyView]
    recovery_codes: int
    """How many are left."""


class Enrolment(msgspec.Struct, frozen=True, kw_only=True):
    secret: str
    uri: str

    def __repr__(self) -> str:
        return "Enrolment(…)"


@reads()
def show(actor: Actor) -> FactorsView:
    person = Person.objects.filter(id=actor.person_id or 0).first()
    if person is None:
        raise OutOfReach
    return FactorsView(
        totp=bool(person.totp),
        passkeys=[passkey_view(one) for one in person.passkeys.order_by("id")],
        recovery_codes=person.recovery_codes.filter(used_at=None).count(),
    )


def passkey_view(passkey: Passkey) -> PasskeyView:
    return PasskeyView(
        id=passkey.pk, name=passkey.name, created_at=passkey.created_at, last_used_at=passkey.last_used_at
    )


@reads()
def begin_totp(actor: Actor, secret: str = "") -> Enrolment:
    """Nothing is kept before the first code is shown; `secret`: one that was begun with. Raises WrongState where there
    is one."""
    person = Person.objects.filter(id=actor.person_id or 0).first()
    if person is None or actor.narrowing is not None:
        raise persons.not_signed_in()
    if person.totp:
        raise WrongState("there is an authenticator already; remove it first")
    secret = secret or totp.new_secret()
    return Enrolment(secret=secret, uri=totp.uri(secret, person.email, "Postroom"))


def sealed(secret: str) -> str:
    """To be kept, in the session until it is confirmed."""
    return seal(secret, settings.SECRET_KEY, _PURPOSE)


def unsealed(kept: str) -> str:
    """Empty where the installation's key was changed since."""
    try:
        return unseal(kept, settings.SECRET_KEY, _PURPOSE) if kept else ""
    except BrokenSealError:
        return ""


@writes()
def confirm_totp(actor: Actor, origin: Origin, secret: str, code: str) -> list[str]:
    """Fresh recovery codes, shown this once; none where they exist already. Raises BadRequest for a wrong code."""
    person = persons.own(actor)
    if person.totp:
        raise WrongState("there is an authenticator already; remove it first")
    step = totp.step_of(secret, code, origin.at.timestamp(), 0)
    if step is None:
        raise BadRequest(hints={"code": "is not what the authenticator shows now; is its clock right?"})
    values = {"totp": sealed(secret), "totp_step": step}
    persons.update(person, actor.name, origin, values, {"totp": [False, True]})
    return codes_if_none(actor, origin, person)


@writes()
def remove_totp(actor: Actor, origin: Origin) -> None:
    """Raises NotFound where there is none."""
    person = persons.own(actor)
    if not person.totp:
        raise NotFound
    persons.update(person, actor.name, origin, {"totp": "", "totp_step": 0}, {"totp": [True, False]})
    _tidy(person)


@writes()
def remove_passkey(actor: Actor, origin: Origin, id: int) -> None:
    """Raises NotFound."""
    person = persons.own(actor)
    found = Passkey.objects.filter(person=person, id=id).first()
    if found is None:
        raise NotFound
    found.delete()
    persons.update(person, actor.name, origin, {}, {"passkeys": [found.name, None]})
    _tidy(person)


def _tidy(person: Person) -> None:
    """Recovery codes stand in for factors: without any they are worth nothing."""
    if not person.totp and not Passkey.objects.filter(person=person).exists():
        RecoveryCode.objects.filter(person=person).delete()


@writes()
def new_recovery_codes(actor: Actor, origin: Origin) -> list[str]:
    """Shown this once; those before are worth nothing. Raises WrongState without a second factor."""
    person = persons.own(actor)
    if not person.totp and not Passkey.objects.filter(person=person).exists():
        raise WrongState("recovery codes stand in for a second factor; set one up first")
    return _fresh_codes(actor, origin, person)


def codes_if_none(actor: Actor, origin: Origin, person: Person) -> list[str]:
    if RecoveryCode.objects.filter(person=person, used_at=None).exists():
        return []
    return _fresh_codes(actor, origin, person)


def _fresh_codes(actor: Actor, origin: Origin, person: Person) -> list[str]:
    codes = [new_app_password() for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.filter(person=person).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(person=person, hash=hash_token(code)) for code in codes)
    persons.update(person, actor.name, origin, {}, {"recovery_codes": [None, len(codes)]})
    return codes


@reads()
def check_code(origin: Origin, person_id: int, code: str) -> str:
    """The second step: of an authenticator or a recovery code; "otp" or "recovery". Each opens once.

    Raises BadCredentials, TooManyAttempts.
    """
    now, tries = origin.at.timestamp(), signin.Tries(f"second factor of {person_id}", origin.network_address)
    signin.check_attempts(tries, now)
    method = _spend(origin, person_id, code)
    if method is None:
        signin.note_failure(tries, now)
        raise BadCredentials("this code is wrong, or was used already")
    signin.forget_failures(tries)
    return method


@writes()
def _spend(origin: Origin, person_id: int, code: str) -> str | None:
    person = kept.locked(person_id)
    if person is None:
        return None
    step = _step(person, code, origin.at.timestamp())
    if step is not None:
        Person.objects.filter(id=person_id).update(totp_step=step)
        return "otp"
    now = history.milliseconds(origin)
    unused = RecoveryCode.objects.filter(person=person, hash=hash_token(recovery_code_form(code)), used_at=None)
    if not unused.update(used_at=now):
        return None
    persons.update(person, person.email, origin, {}, {"recovery_codes": ["(one)", "used"]})
    return "recovery"


def _step(person: Person, code: str, now: float) -> int | None:
    secret = unsealed(person.totp)
    return totp.step_of(secret, code, now, person.totp_step) if secret else None


@writes(Permission.SECOND_FACTOR_REMOVE)
def remove_of_mailbox(actor: Actor, origin: Origin, address: str) -> None:
    """All that the mailbox's holder has set up, by who manages it: for somebody who lost the telephone. Sessions end.

    That one is required stays, for it is the company's to say (`2fa_required_oma`).
    """
    row = reach.mailbox(actor, address, Permission.SECOND_FACTOR_REMOVE, lock=True)
    person = Person.objects.select_for_update().filter(mailbox_id=row.id).first()
    if person is None:
        return
    gone = forget(person, actor.name, origin)
    if not gone:
        return
    history.note(row, actor.name, origin, "changed", {"second_factors": [gone, []]})
    rows.save(row)


def forget(person: Person, by: str, origin: Origin) -> list[str]:
    """All that a locked person has set up; the names of it. Sessions end."""
    gone = list(_names(person))
    if gone:
        Passkey.objects.filter(person=person).delete()
        RecoveryCode.objects.filter(person=person).delete()
        values = {"totp": "", "totp_step": 0, "sessions_from": history.milliseconds(origin)}
        persons.update(person, by, origin, values, {"second_factors": [gone, []]})
    return gone


def _names(person: Person) -> Sequence[str]:
    names = ["totp"] if person.totp else []
    return [*names, *Passkey.objects.filter(person=person).order_by("id").values_list("name", flat=True)]
