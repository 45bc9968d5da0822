"""Programs that mailbox holders may sign in to with their mailbox: Postroom is their OpenID provider."""

import re
import secrets
from collections.abc import Sequence
from urllib.parse import urlsplit

import msgspec

from postroom.actions.action import reads, writes
from postroom.core.errors import BadRequest, CompanyNotFound, NameTaken, NotFound, OutOfReach
from postroom.core.passwords.tokens import hash_token, new_token
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission, Target, allows
from postroom.store import history, rows
from postroom.store.models import Company, OidcClient

_ID = re.compile(r"[A-Za-z0-9._-]{3,64}")
_REGISTRATION = re.compile(r"[A-Za-z0-9-]{1,32}")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class ClientWish(msgspec.Struct, frozen=True, kw_only=True):
    client_id: str
    name: str
    redirect_uris: Sequence[str]
    """Compared exactly (RFC 9700 section 2.1)."""
    logout_uris: Sequence[str] = ()
    public: bool = False
    """It can keep no secret, a program in a browser say: it gets none, and must use PKCE."""
    signs_userinfo: bool = False


class ClientLine(msgspec.Struct, frozen=True, kw_only=True):
    client_id: str
    name: str
    redirect_uris: list[str]
    public: bool
    created_at: int


def _require(actor: Actor) -> None:
    if not allows(actor, Permission.COMPANY_CREATE, Target()):
        raise OutOfReach


@writes(Permission.COMPANY_CREATE)
def add(actor: Actor, origin: Origin, wish: ClientWish) -> str:
    """Its secret, shown this once; empty for a public one. Raises BadRequest, NameTaken, OutOfReach."""
    _require(actor)
    _check(wish)
    if OidcClient.objects.filter(client_id=wish.client_id).exists():
        raise NameTaken(hints={"client_id": "is in use"})
    secret = "" if wish.public else new_token() + secrets.token_hex(16)
    OidcClient.objects.create(
        client_id=wish.client_id,
        name=wish.name,
        secret_hash=hash_token(secret) if secret else "",
        redirect_uris=list(wish.redirect_uris),
        logout_uris=list(wish.logout_uris),
        signs_userinfo=wish.signs_userinfo,
        created_at=history.milliseconds(origin),
    )
    return secret


def _check(wish: ClientWish) -> None:
    hints = {}
    if not _ID.fullmatch(wish.client_id):
        hints["client_id"] = "must be 3 to 64 letters, digits, dots, hyphens and underscores"
    if not wish.name.strip() or len(wish.name) > 128:
        hints["name"] = "must have 1 to 128 characters"
    if not wish.redirect_uris:
        hints["redirect_uris"] = "at least one is needed"
    for field, uris in (("redirect_uris", wish.redirect_uris), ("logout_uris", wish.logout_uris)):
        problem = next(filter(None, map(_problem_of, uris)), "")
        if problem:
            hints[field] = problem
    if hints:
        raise BadRequest(hints=hints)


def _problem_of(uri: str) -> str:
    parts = urlsplit(uri)
    if parts.scheme not in {"https", "http"} or not parts.hostname or parts.fragment or len(uri) > 2000:
        return f"{uri[:200]} must be a whole address with https and without #…"
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        return f"{uri[:200]} must begin with https: what is sent there opens the session"
    return ""


@reads(Permission.COMPANY_CREATE)
def listed(actor: Actor) -> list[ClientLine]:
    _require(actor)
    return [
        ClientLine(
            client_id=client.client_id,
            name=client.name,
            redirect_uris=client.redirect_uris,
            public=not client.secret_hash,
            created_at=client.created_at,
        )
        for client in OidcClient.objects.order_by("client_id")
    ]


@writes(Permission.COMPANY_CREATE)
def remove(actor: Actor, client_id: str) -> None:
    """What it was given ends with it."""
    _require(actor)
    if not OidcClient.objects.filter(client_id=client_id).delete()[0]:
        raise NotFound


@writes(Permission.COMPANY_CREATE)
def register_company(actor: Actor, origin: Origin, name: str, registration_ids: Sequence[str]) -> None:
    """Its numbers in public registers (people.md section 8). Raises BadRequest, OutOfReach."""
    _require(actor)
    row = rows.find_company(name.strip().lower(), lock=True)
    if row is None:
        raise CompanyNotFound
    if any(not _REGISTRATION.fullmatch(number) for number in registration_ids):
        raise BadRequest(hints={"registration_id": "must be letters, digits and hyphens, at most 32"})
    found = Company.objects.filter(id=row.id)
    before = found.values_list("registration_ids", flat=True).get()
    found.update(registration_ids=list(registration_ids))
    history.note(row, actor.name, origin, "changed", {"registration_ids": [before, list(registration_ids)]})
    rows.save(row)
