"""What an OpenID provider remembers: codes and tokens on their way, the keys that it signs with.

Codes and tokens are stored as hashes. A code opens once; used again, it closes what it had opened (RFC 6749 section
4.1.2).
"""

import os
from collections.abc import Sequence

import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings

from postroom.actions.action import reads, writes
from postroom.core import inheritance
from postroom.core.lifecycle import MailboxState
from postroom.core.oidc_claims import Holder
from postroom.core.passwords.tokens import hash_token
from postroom.core.public_ids import Kind, public_id
from postroom.core.sealing import seal, unseal
from postroom.store import rows
from postroom.store.models import Company, OidcClient, OidcCode, OidcToken, SigningKey

CODE_SECONDS = 60
TOKEN_SECONDS = 600
_KEY_LIFE = 90 * 86_400_000
_KEY_PURPOSE = "oidc signing key"


class Client(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    client_id: str
    name: str
    secret_hash: str
    redirect_uris: list[str]
    logout_uris: list[str]
    signs_userinfo: bool


class Code(msgspec.Struct, frozen=True, kw_only=True):
    """What was agreed when it was given out."""

    client_id: int
    mailbox_id: int
    redirect_uri: str
    scope: str
    nonce: str
    challenge: str
    challenge_method: str
    acr: str
    amr: Sequence[str]
    signed_in_at: int
    """Seconds."""


class Token(msgspec.Struct, frozen=True, kw_only=True):
    client_id: int
    mailbox_id: int
    scope: str
    acr: str


@reads()
def client(client_id: str) -> Client | None:
    found = OidcClient.objects.filter(client_id=client_id).first()
    return _client(found) if found else None


@reads()
def client_by_number(id: int) -> Client | None:
    found = OidcClient.objects.filter(id=id).first()
    return _client(found) if found else None


def _client(found: OidcClient) -> Client:
    return Client(**{name: getattr(found, name) for name in Client.__struct_fields__})


@reads()
def holder(mailbox_id: int) -> Holder | None:
    """None where the mailbox may not sign in, or may not any more."""
    row = rows.mailbox_by_id(mailbox_id)
    if row is None or row.status != MailboxState.ENABLED or not row.domain.serves:
        return None
    name = str(row.settings.get("name") or "")
    first, _, last = name.rpartition(" ")
    return Holder(
        sub=public_id(Kind.MAILBOX, row.id),
        address=row.address,
        first_name=row.first_name or first,
        last_name=row.last_name or last,
        language=str(inheritance.value("language", row.settings, row.domain.settings, row.domain.company.settings)),
        registration_ids=_registration_ids(row.domain.company_id),
    )


def _registration_ids(company_id: int) -> list[str]:
    found = Company.objects.filter(id=company_id).values_list("registration_ids", flat=True).first()
    return [str(number) for number in found or []]


@writes()
def keep_code(text: str, code: Code, now: float) -> None:
    values = msgspec.structs.asdict(code) | {"amr": list(code.amr), "signed_in_at": code.signed_in_at * 1000}
    OidcCode.objects.create(hash=hash_token(text), expires_at=int((now + CODE_SECONDS) * 1000), **values)


@writes()
def use_code(text: str, client_id: int, now: float) -> Code | None:
    """None for one that is unknown, too old, another client's or used already; then what it had opened is closed."""
    found = OidcCode.objects.select_for_update().filter(hash=hash_token(text)).first()
    if found is None:
        return None
    if found.used_at is not None:
        OidcToken.objects.filter(code_hash=found.hash).delete()
        return None
    if found.client_id != client_id or found.expires_at <= now * 1000:
        return None
    OidcCode.objects.filter(hash=found.hash).update(used_at=int(now * 1000))
    values = {name: getattr(found, name) for name in Code.__struct_fields__}
    return Code(**values | {"signed_in_at": found.signed_in_at // 1000})


@writes()
def keep_token(text: str, token: Token, code: str, now: float) -> None:
    OidcToken.objects.create(
        hash=hash_token(text),
        code_hash=hash_token(code),
        expires_at=int((now + TOKEN_SECONDS) * 1000),
        **msgspec.structs.asdict(token),
    )


@reads()
def token(text: str, now: float) -> Token | None:
    found = OidcToken.objects.filter(hash=hash_token(text), expires_at__gt=int(now * 1000)).first()
    return Token(**{name: getattr(found, name) for name in Token.__struct_fields__}) if found else None


class Key(msgspec.Struct, frozen=True):
    kid: str
    pem: bytes

    def __repr__(self) -> str:
        return f"Key({self.kid!r})"


@reads()
def signing_keys(now: float) -> list[Key]:
    """The newest first: it signs; the others are published for what they signed. Made when it is needed first, and anew
    every three months."""
    at = int(now * 1000)
    known = _keys(at)
    if not known or known[0].created_at < at - _KEY_LIFE:
        _make_key(at)
        known = _keys(at)
    return [Key(key.kid, unseal(key.sealed, settings.SECRET_KEY, _KEY_PURPOSE).encode()) for key in known]


def _keys(at: int) -> list[SigningKey]:
    return list(SigningKey.objects.filter(created_at__gte=at - 2 * _KEY_LIFE).order_by("-created_at", "-id"))


@writes()
def _make_key(at: int) -> None:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    SigningKey.objects.filter(created_at__lt=at - 2 * _KEY_LIFE).delete()
    sealed = seal(pem.decode(), settings.SECRET_KEY, _KEY_PURPOSE)
    SigningKey.objects.create(kid=f"{at:x}-{os.urandom(4).hex()}", sealed=sealed, created_at=at)


def forget_old(now: int) -> None:
    """Codes and tokens that are over. A used code is kept as long as a token of it may be good."""
    OidcCode.objects.filter(expires_at__lt=now - TOKEN_SECONDS * 1000).delete()
    OidcToken.objects.filter(expires_at__lt=now).delete()
