"""Passkeys (WebAuthn): the two ceremonies, making one and showing one. The library checks what the browser sends.

A passkey that has checked who is there (a finger, a PIN) opens alone; otherwise it is a second factor.
"""

import json
from collections.abc import Mapping
from typing import Any

import msgspec
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from postroom.actions import persons, second_factors, signin
from postroom.actions.action import reads, writes
from postroom.actions.person_signin import Passed
from postroom.actions.second_factors import PasskeyView
from postroom.core.errors import AccountDisabled, BadCredentials, BadRequest, WrongState
from postroom.core.public_ids import Kind, public_id
from postroom.core.records import Origin
from postroom.core.roles import Actor
from postroom.store import history
from postroom.store import persons as kept
from postroom.store.models import Passkey, Person

LIMIT = 20
_TRANSPORTS = frozenset(one.value for one in AuthenticatorTransport)
# What the library raises for what it was sent, besides its own errors.
_BAD = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError)


class Site(msgspec.Struct, frozen=True):
    """Who we are to browsers."""

    id: str
    """The host name: passkeys are bound to it."""
    origin: str
    """https://host[:port]."""


class Ceremony(msgspec.Struct, frozen=True):
    options: dict[str, Any]
    """For navigator.credentials, in JSON."""
    challenge: str


@reads()
def begin_making(actor: Actor, site: Site) -> Ceremony:
    person = Person.objects.filter(id=actor.person_id or 0).first()
    if person is None or actor.narrowing is not None:
        raise persons.not_signed_in()
    options = generate_registration_options(
        rp_id=site.id,
        rp_name="Postroom",
        user_id=public_id(Kind.PERSON, person.pk).encode(),
        user_name=person.email,
        user_display_name=person.name or person.email,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
        exclude_credentials=_known(person.pk),
    )
    return Ceremony(json.loads(options_to_json(options)), bytes_to_base64url(options.challenge))


def _known(person_id: int) -> list[PublicKeyCredentialDescriptor]:
    found = Passkey.objects.filter(person_id=person_id).order_by("id").values_list("credential_id", "transports")
    return [
        PublicKeyCredentialDescriptor(
            id=base64url_to_bytes(id), transports=[AuthenticatorTransport(one) for one in transports] or None
        )
        for id, transports in found
    ]


@writes()
def make(
    actor: Actor, origin: Origin, site: Site, challenge: str, credential: Mapping[str, Any], name: str
) -> tuple[PasskeyView, list[str]]:
    """The passkey, and recovery codes where there were none. Raises BadRequest for no answer to the challenge."""
    person = persons.own(actor)
    if not name.strip() or len(name) > 128 or not name.isprintable():
        raise BadRequest(hints={"name": "must be 1 to 128 printable characters"})
    if Passkey.objects.filter(person=person).count() >= LIMIT:
        raise WrongState(f"there are {LIMIT} passkeys; remove one first")
    try:
        verified = verify_registration_response(
            credential=dict(credential),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.id,
            expected_origin=site.origin,
        )
    except _BAD:
        raise BadRequest(hints={"credential": "does not answer what was asked"}) from None
    id = bytes_to_base64url(verified.credential_id)
    if Passkey.objects.filter(credential_id=id).exists():
        raise BadRequest(hints={"credential": "is known already"})
    made = Passkey.objects.create(
        person=person,
        name=name.strip(),
        credential_id=id,
        public_key=bytes_to_base64url(verified.credential_public_key),
        sign_count=verified.sign_count,
        transports=_transports(credential),
        created_at=history.milliseconds(origin),
    )
    persons.update(person, actor.name, origin, {}, {"passkeys": [None, made.name]})
    return second_factors.passkey_view(made), second_factors.codes_if_none(actor, origin, person)


def _transports(credential: Mapping[str, Any]) -> list[str]:
    response = credential.get("response")
    told = response.get("transports") if isinstance(response, Mapping) else None
    return sorted(_TRANSPORTS.intersection(one for one in told if isinstance(one, str))) if told else []


@reads()
def begin_showing(site: Site, person_id: int | None) -> Ceremony:
    """`person_id`: who has done the first step; None: the passkey is to open alone."""
    alone = person_id is None
    options = generate_authentication_options(
        rp_id=site.id,
        allow_credentials=[] if person_id is None else _known(person_id),
        user_verification=UserVerificationRequirement.REQUIRED if alone else UserVerificationRequirement.PREFERRED,
    )
    return Ceremony(json.loads(options_to_json(options)), bytes_to_base64url(options.challenge))


@reads()
def show(origin: Origin, site: Site, challenge: str, credential: Mapping[str, Any], person_id: int | None) -> Passed:
    """Raises BadCredentials, TooManyAttempts, AccountDisabled."""
    now, tries = origin.at.timestamp(), signin.Tries(None, origin.network_address)
    signin.check_attempts(tries, now)
    person = _verified(origin, site, challenge, credential, person_id)
    if person is None:
        signin.note_failure(tries, now)
        raise BadCredentials("this passkey does not open the account")
    if kept.standing(person.pk) is None:
        raise AccountDisabled
    return Passed(person_id=person.pk, method="passkey")


@writes()
def _verified(
    origin: Origin, site: Site, challenge: str, credential: Mapping[str, Any], person_id: int | None
) -> Person | None:
    found = Passkey.objects.select_for_update(of=("self",)).select_related("person")
    passkey = found.filter(credential_id=str(credential.get("id"))[:1400]).first()
    if passkey is None or person_id not in {None, passkey.person_id}:
        return None
    try:
        verified = verify_authentication_response(
            credential=dict(credential),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.id,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=person_id is None,
        )
    except _BAD:
        return None
    passkey.sign_count, passkey.last_used_at = verified.new_sign_count, history.milliseconds(origin)
    passkey.save(update_fields=["sign_count", "last_used_at"])
    return passkey.person
