"""API keys: a person's rights for a program, narrowed as they say. Shown once, stored as a hash.

What a key may do is worked out anew at each call: never more than its owner may at that moment.
"""

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from django.db.models import Q

from postroom.actions import persons
from postroom.actions.action import reads, writes
from postroom.core.errors import BadCredentials, BadRequest, NotFound, PostroomError, WrongState
from postroom.core.outside import networks
from postroom.core.passwords.tokens import hash_token, new_api_key
from postroom.core.records import Origin
from postroom.core.roles import GRANTS, Actor, Narrowing, Permission, may_claim
from postroom.store import history, reach
from postroom.store import persons as kept
from postroom.store.models import ApiKey, Domain
from postroom.store.sql import Compiled, json_value

PREFIX = "pr_"
LIMIT = 50
_SHOWN = 9
_LONGEST_LIST = 100
_MINUTE = 60_000
_LONGEST_LIFE = 10 * 366 * 86_400_000


class KeyWish(msgspec.Struct, frozen=True, kw_only=True):
    """None: not narrowed in this respect."""

    name: str
    permissions: Sequence[str] | None = None
    domains: Sequence[str] | None = None
    networks: Sequence[str] | None = None
    """It is good only from there: 192.0.2.0/24, 2001:db8::/32."""
    expires_at: int | None = None
    """Milliseconds."""


class KeyView(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    name: str
    shown_prefix: str
    permissions: list[str] | None
    domains: list[str] | None
    """Those that still exist."""
    networks: list[str] | None
    created_at: int
    expires_at: int | None
    last_used_at: int | None
    last_used_from: str


class NewKey(msgspec.Struct, frozen=True, kw_only=True):
    view: KeyView
    token: str

    def __repr__(self) -> str:
        return f"NewKey({self.view!r})"


@writes()
def create(actor: Actor, origin: Origin, wish: KeyWish) -> NewKey:
    """Raises BadRequest for what the asker may not do or reach, WrongState after fifty keys, OutOfReach for a key."""
    person = persons.own(actor)
    now = history.milliseconds(origin)
    scopes = _scopes(actor, wish, now)
    if ApiKey.objects.filter(person=person).count() >= LIMIT:
        raise WrongState(f"you have {LIMIT} API keys; revoke one first")
    token = new_api_key()
    made = ApiKey.objects.create(
        person=person,
        name=wish.name.strip(),
        shown_prefix=token[:_SHOWN],
        hash=hash_token(token),
        scopes=scopes,
        created_at=now,
        expires_at=wish.expires_at,
    )
    persons.update(person, actor.name, origin, {}, {"api_key": [None, f"{made.name} ({made.shown_prefix}…)"]})
    return NewKey(view=_views([made])[0], token=token)


def _scopes(actor: Actor, wish: KeyWish, now: int) -> dict[str, Any]:
    hints: dict[str, str] = {}
    if not wish.name.strip() or len(wish.name) > 128 or not wish.name.isprintable():
        hints["name"] = "must be 1 to 128 printable characters"
    if wish.expires_at is not None and not now < wish.expires_at <= now + _LONGEST_LIFE:
        hints["expires_at"] = "must be in the future, and within ten years"
    scopes: dict[str, Any] = {}
    for field, check in (("permissions", _permissions), ("domains", _domains), ("networks", _networks)):
        values = getattr(wish, field)
        if values is None:
            continue
        if not 1 <= len(values) <= _LONGEST_LIST:
            hints[field] = f"must name 1 to {_LONGEST_LIST}, or be null"
            continue
        try:
            scopes[field] = check(actor, values)
        except ValueError as error:
            hints[field] = str(error)
    if hints:
        raise BadRequest(hints=hints)
    return scopes


@reads()
def grantable(actor: Actor) -> list[Permission]:
    """What a key of theirs can be narrowed to: what they may do somewhere."""
    roles = {grant.role for grant in actor.grants}
    return [one for one in Permission if roles & GRANTS[one] or (one is Permission.DOMAIN_CLAIM and may_claim(actor))]


def _permissions(actor: Actor, names: Sequence[str]) -> list[str]:
    mine = grantable(actor)
    for name in names:
        if name not in set(Permission):
            raise ValueError(f"{name[:64]} is no permission")
        if name not in mine:
            raise ValueError(f"{name}: you may do this nowhere yourself")
    return sorted(set(names))


def _domains(actor: Actor, names: Sequence[str]) -> list[int]:
    ids = []
    for name in names:
        try:
            ids.append(reach.domain_for_person(actor, name.strip().lower(), Permission.DOMAIN_SEE).id)
        except PostroomError:
            raise ValueError(f"{name[:255]} is no domain that you can see") from None
    return sorted(set(ids))


def _networks(actor: Actor, texts: Sequence[str]) -> list[str]:
    try:
        return [str(network) for network in networks(texts)]
    except ValueError:
        raise ValueError("must be networks such as 192.0.2.0/24 or addresses") from None


@reads()
def listed(actor: Actor, *, first: int = 0, limit: int = 20) -> tuple[list[KeyView], int]:
    """Whoever asks has these, the newest first; and how many there are."""
    found = ApiKey.objects.filter(person_id=actor.person_id or 0).order_by("-created_at", "-id")
    return _views(list(found[first : first + limit])), found.count()


@reads()
def show(actor: Actor, id: int) -> KeyView:
    """Raises NotFound."""
    found = list(ApiKey.objects.filter(person_id=actor.person_id or 0, id=id))
    if not found:
        raise NotFound
    return _views(found)[0]


def _views(found: list[ApiKey]) -> list[KeyView]:
    ids = {id for key in found for id in key.scopes.get("domains") or ()}
    names = dict(Domain.objects.filter(id__in=ids, deleted_at=None).values_list("id", "name")) if ids else {}
    return [_view(key, names) for key in found]


def _view(key: ApiKey, names: Mapping[int, str]) -> KeyView:
    domains = key.scopes.get("domains")
    return KeyView(
        id=key.pk,
        name=key.name,
        shown_prefix=key.shown_prefix,
        permissions=key.scopes.get("permissions"),
        domains=None if domains is None else sorted(names[id] for id in domains if id in names),
        networks=key.scopes.get("networks"),
        created_at=key.created_at,
        expires_at=key.expires_at,
        last_used_at=key.last_used_at,
        last_used_from=key.last_used_from,
    )


@writes()
def revoke(actor: Actor, origin: Origin, id: int) -> None:
    """It opens nothing from now on. Raises NotFound."""
    person = persons.own(actor)
    found = ApiKey.objects.filter(person=person, id=id).first()
    if found is None:
        raise NotFound
    found.delete()
    persons.update(person, actor.name, origin, {}, {"api_key": [f"{found.name} ({found.shown_prefix}…)", None]})


_key = Compiled(
    lambda p: ApiKey.objects.filter(hash=p.text(0)).values_list(
        "id", "person_id", "scopes", "expires_at", "last_used_at"
    )
)


@reads()
def actor(token: str, network_address: str, now: float) -> Actor:
    """Whoever has the key may do what it says of what its owner may today. Raises BadCredentials."""
    at = int(now * 1000)
    found = _key.row(hash_token(token)) if token.startswith(PREFIX) else None
    if found is None:
        raise BadCredentials("this API key is not known; it may have been revoked")
    id, person_id, scopes, expires_at, last_used_at = found
    limits = json_value(scopes)
    if expires_at is not None and expires_at <= at:
        raise BadCredentials("this API key has expired")
    if not _is_inside(network_address, limits.get("networks")):
        raise BadCredentials("this API key may not be used from your network address")
    owner = kept.standing(person_id)
    if owner is None:
        raise BadCredentials("the owner of this API key is disabled")
    if last_used_at is None or last_used_at <= at - _MINUTE:
        _note_use(id, network_address, at)
    return msgspec.structs.replace(owner.actor, narrowing=_narrowing(limits))


def _narrowing(limits: Mapping[str, Any]) -> Narrowing:
    permissions, domains = limits.get("permissions"), limits.get("domains")
    known = set(Permission)
    return Narrowing(
        permissions=None if permissions is None else frozenset(Permission(one) for one in permissions if one in known),
        domains=None if domains is None else frozenset(domains),
    )


def _is_inside(address: str, allowed: Sequence[str] | None) -> bool:
    if allowed is None:
        return True
    try:
        asker = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(asker, ipaddress.IPv6Address) and asker.ipv4_mapped is not None:
        asker = asker.ipv4_mapped
    return any(asker in network for network in networks(allowed))


@writes()
def _note_use(id: int, network_address: str, at: int) -> None:
    """At most once a minute: the one write that reading with a key costs."""
    stale = Q(last_used_at=None) | Q(last_used_at__lte=at - _MINUTE)
    ApiKey.objects.filter(stale, id=id).update(last_used_at=at, last_used_from=network_address[:45])
