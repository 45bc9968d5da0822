"""What programs are told about a mailbox holder who signs in (people.md section 8; OpenID Connect Core section 5.1)."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

EIDAS1: Final = "eidas1"
"""The only level of authentication that ProConnect's clients ask for and that we can vouch for."""

SCOPES: Final[Mapping[str, tuple[str, ...]]] = {
    "openid": ("sub",),
    "email": ("email", "email_verified"),
    "profile": ("name", "given_name", "family_name", "usual_name", "locale"),
    "given_name": ("given_name",),
    "usual_name": ("usual_name",),
    "uid": ("uid",),
    "siret": ("siret",),
    "siren": ("siren",),
}


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    sub: str
    """The mailbox's public id: it stays when the mailbox is renamed."""
    address: str
    first_name: str
    last_name: str
    language: str
    registration_ids: Sequence[str]


def claims(holder: Holder, scope: str) -> dict[str, Any]:
    """Those of the scopes asked for, as far as there is something to say."""
    siret = next((number for number in holder.registration_ids if len(number) == 14 and number.isdigit()), "")
    known = {
        "sub": holder.sub,
        "email": holder.address,
        "email_verified": True,
        "name": f"{holder.first_name} {holder.last_name}".strip(),
        "given_name": holder.first_name,
        "family_name": holder.last_name,
        "usual_name": holder.last_name,
        "uid": holder.sub,
        "locale": holder.language,
        "siret": siret,
        "siren": siret[:9],
    }
    asked = {"sub", *(name for part in scope.split() for name in SCOPES.get(part, ()))}
    return {name: value for name, value in known.items() if name in asked and value != ""}
