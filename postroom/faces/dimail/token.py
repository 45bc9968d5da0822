"""Tokens: JWT by HS256, with the account's name and when it ends (specs/dimail.md 2). Programs may sign their own with
the shared secret."""

import functools
from typing import Final

import msgspec
from django.conf import settings
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from postroom.actions import dimail_accounts
from postroom.faces.dimail.errors import DENIED, Refusal
from postroom.faces.dimail.route import Call, Guard, Route

SECONDS: Final = 47 * 60
_ALGORITHM: Final = "HS256"
_NEVER: Final = 10**12
"""Seconds: thirty thousand years."""


class TokenAnswer(msgspec.Struct, frozen=True, kw_only=True):
    access_token: str
    token_type: str = "bearer"  # noqa: S105 -- the kind of token


class Claims(msgspec.Struct, frozen=True):
    name: str
    ends_at: float
    """Seconds."""
    issued_at: float | None
    """None: it does not say."""


@functools.lru_cache(maxsize=4)
def _key(secret: str) -> OctKey:
    return OctKey.import_key(secret)


def _secret() -> str:
    """Raises Refusal."""
    if not settings.DIMAIL_JWT_SECRET:
        raise Refusal(503, "No tokens here: the operator has to set DIMAIL_JWT_SECRET")
    return str(settings.DIMAIL_JWT_SECRET)


def made(name: str, now: float) -> str:
    claims = {"sub": name, "exp": int(now) + SECONDS, "iat": int(now)}
    return jwt.encode({"typ": "JWT", "alg": _ALGORITHM}, claims, _key(_secret()), [_ALGORITHM])


def read(token: str, now: float) -> Claims:
    """Raises Refusal for what is not ours, over, or no token at all."""
    claims = _claims(token, _secret())
    if claims.ends_at <= now:
        raise Refusal(403, DENIED)
    return claims


@functools.lru_cache(maxsize=1024)
def _claims(token: str, secret: str) -> Claims:
    """A signature is looked at once: a program calls with the same token for an hour."""
    try:
        claims = jwt.decode(token, _key(secret), algorithms=[_ALGORITHM]).claims
    except (JoseError, ValueError):
        raise Refusal(403, DENIED) from None
    name, end = claims.get("sub"), _time(claims.get("exp"))
    if not isinstance(name, str) or end is None:
        raise Refusal(403, DENIED)
    return Claims(name, end, _time(claims.get("iat")))


def _time(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if abs(value) < _NEVER else None


def give(call: Call) -> TokenAnswer:
    """A token for the account, or with `username` for another one that it may stand for."""
    name = dimail_accounts.impersonated(call.caller, call.query.get("username") or call.account.name)
    return TokenAnswer(access_token=made(name, call.origin.at.timestamp()))


ROUTES = (
    Route("GET", "/token", Guard.USER, give, answer=TokenAnswer, query=("username",), fails=(503,), section="4.1"),
)
