"""Accounts of programs that call the dimail face (specs/dimail.md 2, 3.2): who they are, and what they may do.

An administrator has the role of a company's administrator on the company that dimail's domains are in. Any other
account has the domains that it was allowed, and its perms.
"""

import functools
import os
import time
import uuid
from collections.abc import Sequence
from typing import Final

import msgspec
from django.conf import settings as configuration
from django.db.models import QuerySet

from postroom.actions import company_making, signin
from postroom.actions.action import reads, writes
from postroom.core.errors import (
    BadCredentials,
    BadRequest,
    ExistsAlready,
    OutOfReach,
    UserNotFound,
)
from postroom.core.passwords import schemes
from postroom.core.passwords.credential_cache import CredentialCache
from postroom.core.records import Origin
from postroom.core.roles import OPERATOR, Actor, Grant, Permission, Role, Target, allows
from postroom.store import dimail_callers, history, rows
from postroom.store.models import DimailAccount, DomainName
from postroom.store.sql import Row, json_value

PERMS: Final = ("new_domain", "create_users", "manage_users")
FEATURES: Final = ("webmail", "mailbox", "alias")
LONGEST_NAME: Final = 150
ENCODING: Final = "ARGON2ID"
FIRST: Final = "FAKE"
"""Whoever comes while there is no account."""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    """0: the one that is let in while there is none."""
    name: str
    uuid: str
    is_admin: bool
    perms: tuple[str, ...]
    company_id: int
    """The company that dimail's domains are in; 0: not made yet."""

    @property
    def label(self) -> str:
        """In the history."""
        return f"dimail:{self.name}"

    def has(self, perm: str) -> bool:
        return self.is_admin or perm in self.perms


class DomainFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The domain that a request is about, by its own name."""

    id: int
    company_id: int
    features: tuple[str, ...]


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """An account, and how it stands to a domain."""

    account: Account
    actor: Actor
    domain: DomainFacts | None = None
    """None: there is no such domain, or none was named."""
    manages: bool = False
    """The domain's mailboxes and aliases."""


@functools.cache
def _cache() -> CredentialCache | None:
    """None: the operator wants every password hashed."""
    seconds = configuration.CREDENTIAL_CACHE_SECONDS
    return CredentialCache(os.urandom(32), lifetime=seconds) if seconds else None


def _found(name: str, domain: str) -> Row | None:
    # Databases refuse to be asked for some of what no name can hold.
    return dimail_callers.find(name, domain, configuration.DIMAIL_COMPANY) if name.isprintable() else None


def _caller(row: Row) -> Caller:
    id, name, key, is_admin, perms, company, domain_id, domain_company, features, allowed = row[:10]
    account = Account(
        id=id, name=name, uuid=str(uuid.UUID(str(key))), is_admin=bool(is_admin), perms=tuple(json_value(perms)),
        company_id=company or 0,
    )  # fmt: skip
    domain = None
    if domain_id is not None:
        known = FEATURES if features is None else tuple(json_value(features))
        domain = DomainFacts(id=domain_id, company_id=domain_company, features=known)
    return _standing(account, domain, allowed=bool(allowed))


def _standing(account: Account, domain: DomainFacts | None, *, allowed: bool) -> Caller:
    grants = []
    if account.is_admin and account.company_id:
        grants.append(Grant(Role.COMPANY, account.company_id))
    if domain and allowed:
        grants.append(Grant(Role.ADMINISTRATOR, domain.company_id, domain.id))
    actor = Actor(name=account.label, company_id=account.company_id or None, grants=tuple(grants))
    own = account.is_admin and domain is not None and domain.company_id == account.company_id
    return Caller(account=account, actor=actor, domain=domain, manages=domain is not None and (allowed or own))


@reads()
def by_password(name: str, password: str, network_address: str, now: float, domain: str = "") -> Caller:
    """Raises BadCredentials, TooManyAttempts, Overloaded. `domain`: the one it asks about, by its canonical name."""
    row = _found(name, domain)
    stored, id = (row[10], row[0]) if row else ("", 0)
    cache = _cache()
    if row and cache and cache.knows(id, stored, password, time.monotonic()):
        return _caller(row)
    tries = signin.Tries(f"dimail:{name if name.isprintable() else ''}", network_address)
    # A developer who mistypes must not be kept waiting; and what FAKE guards is worth nothing.
    if not configuration.DIMAIL_FAKE:
        signin.check_attempts(tries, now)
    if not signin.checked(-id, stored, password, ENCODING):
        signin.note_failure(tries, now)
        raise BadCredentials
    signin.forget_failures(tries)
    assert row is not None
    if cache:
        cache.remember(id, stored, password, time.monotonic())
    return _caller(row)


@reads()
def by_name(name: str, issued_at: float | None, domain: str = "") -> Caller:
    """Whoever brought a token with this name in it. Raises BadCredentials where the account is gone, or was made or got
    another password since (`issued_at` in seconds; None: the token does not say)."""
    row = _found(name, domain)
    if row is None or (issued_at is not None and int(issued_at) < row[11] // 1000):
        raise BadCredentials
    return _caller(row)


@reads()
def is_empty() -> bool:
    """Whether there is no account at all."""
    return not DimailAccount.objects.exists()


@reads()
def first(origin: Origin, domain: str = "") -> Caller:
    """Whoever comes while there is no account. Raises BadCredentials as soon as there is one."""
    if not is_empty():
        raise BadCredentials
    account = Account(
        id=0, name=FIRST, uuid=str(uuid.UUID(int=0)), is_admin=True, perms=(), company_id=company(origin).id
    )
    found = DomainName.objects.filter(name=domain, is_alias=False).values_list(
        "domain_id", "domain__company_id", "domain__dimail__features"
    )
    facts = [DomainFacts(id=id, company_id=of, features=tuple(known or FEATURES)) for id, of, known in found]
    return _standing(account, facts[0] if facts else None, allowed=False)


@writes(Permission.COMPANY_CREATE)
def company(origin: Origin) -> rows.CompanyRow:
    """The one that dimail's domains are in. Not trusted: its domains wait until a check finds them right."""
    name = configuration.DIMAIL_COMPANY
    return rows.find_company(name) or company_making.insert(
        "postroom", origin, name, trusted=False, catchall_allowed=False
    )


class AccountView(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    is_admin: bool
    uuid: str
    perms: list[str]


class AccountWish(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    password: str
    is_admin: bool = False
    perms: Sequence[str] = ()

    def __repr__(self) -> str:
        """Without the password."""
        return f"AccountWish({self.name!r}, is_admin={self.is_admin}, perms={list(self.perms)!r})"


class AccountChange(msgspec.Struct, frozen=True, kw_only=True):
    """What stays as it is, is None."""

    password: str | None = None
    is_admin: bool | None = None
    perms: Sequence[str] | None = None

    def __repr__(self) -> str:
        """Without the password."""
        return f"AccountChange(is_admin={self.is_admin}, perms={self.perms!r})"


@reads(Permission.DIMAIL_ACCOUNT_CHANGE)
def listed(caller: Caller) -> list[AccountView]:
    """By name. Those of an account that is no administrator are the ones it has made, and itself. Raises OutOfReach."""
    return [_view(row) for row in in_reach(caller).order_by("name")]


@reads(Permission.DIMAIL_ACCOUNT_CHANGE)
def show(caller: Caller, name: str) -> AccountView:
    """Raises OutOfReach, UserNotFound."""
    return _view(_one(caller, name))


def _view(row: DimailAccount) -> AccountView:
    return AccountView(name=row.name, is_admin=row.is_admin, uuid=str(row.uuid), perms=list(row.perms))


def in_reach(caller: Caller) -> QuerySet[DimailAccount]:
    """Those that the caller manages. Raises OutOfReach."""
    require(caller, "manage_users")
    if caller.account.is_admin:
        return DimailAccount.objects.all()
    own = DimailAccount.objects.filter(created_by_id=caller.account.id)
    return own | DimailAccount.objects.filter(id=caller.account.id)


def _one(caller: Caller, name: str, *, lock: bool = False) -> DimailAccount:
    found = in_reach(caller).filter(name=name) if name.isprintable() else DimailAccount.objects.none()
    row = (found.select_for_update() if lock else found).first()
    if row is None:
        raise UserNotFound
    return row


def managed(caller: Caller, name: str) -> DimailAccount:
    """One that the caller may change, locked. Raises OutOfReach, UserNotFound."""
    row = _one(caller, name, lock=True)
    _check_rights(caller, row.is_admin, row.perms)
    return row


def require(caller: Caller, perm: str) -> None:
    """Raises OutOfReach."""
    company_of = Target(caller.account.company_id or None)
    if perm not in caller.account.perms and not allows(caller.actor, Permission.DIMAIL_ACCOUNT_CHANGE, company_of):
        raise OutOfReach


@writes(Permission.DIMAIL_ACCOUNT_CHANGE)
def add(caller: Caller, origin: Origin, wish: AccountWish) -> AccountView:
    """Nobody makes an account that may more than its maker. Raises OutOfReach, BadRequest, ExistsAlready."""
    require(caller, "create_users")
    _check_name(wish.name)
    perms = _checked_perms(wish.perms)
    _check_rights(caller, wish.is_admin, perms)
    rows.find_company(company(origin).name, lock=True)
    if caller.account.id == 0 and caller.account.name == FIRST and not is_empty():
        raise OutOfReach  # another one came first at the same moment
    if DimailAccount.objects.filter(name=wish.name).exists():
        raise ExistsAlready
    now = history.milliseconds(origin)
    row = DimailAccount.objects.create(
        name=wish.name, uuid=uuid.uuid4(), password_hash=_encoded(wish.password), is_admin=wish.is_admin, perms=perms,
        created_by_id=caller.account.id or None, tokens_from=now, created_at=now,
    )  # fmt: skip
    told: history.Changes = {"name": [None, row.name], "is_admin": [None, row.is_admin], "perms": [None, perms]}
    _save(row, caller, origin, "created", told)
    return _view(row)


@writes(Permission.DIMAIL_ACCOUNT_CHANGE)
def change(caller: Caller, origin: Origin, name: str, wish: AccountChange) -> AccountView:
    """A new password ends its tokens. Raises OutOfReach, UserNotFound, BadRequest."""
    row = managed(caller, name)
    told: dict[str, list[object]] = {}
    if wish.is_admin is not None and wish.is_admin != row.is_admin:
        told["is_admin"], row.is_admin = [row.is_admin, wish.is_admin], wish.is_admin
    if wish.perms is not None and (perms := _checked_perms(wish.perms)) != row.perms:
        told["perms"], row.perms = [row.perms, perms], perms
    _check_rights(caller, row.is_admin, row.perms)
    if wish.password is not None:
        row.password_hash, row.tokens_from = _encoded(wish.password), history.milliseconds(origin)
        told["password"] = ["(secret)", "(secret)"]
    if told:
        _save(row, caller, origin, "changed", told)
    return _view(row)


@writes(Permission.DIMAIL_ACCOUNT_CHANGE)
def remove(caller: Caller, origin: Origin, name: str) -> None:
    """Its allows go too; its domains stay. Raises OutOfReach, UserNotFound."""
    row = managed(caller, name)
    history.note(row, caller.actor.name, origin, "deleted", {"name": [row.name, None]})
    row.delete()


def _save(row: DimailAccount, caller: Caller, origin: Origin, verb: str, told: history.Changes) -> None:
    history.note(row, caller.actor.name, origin, verb, told)
    row.save()


def _check_name(name: str) -> None:
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable() or ":" in name or name.strip() != name:
        raise BadRequest(hints={"name": f"must be 1 to {LONGEST_NAME} printable characters, without colons"})


def _checked_perms(perms: Sequence[str]) -> list[str]:
    """In their usual order, each once."""
    unknown = sorted(set(perms) - set(PERMS))
    if unknown:
        raise BadRequest(hints={"perms": f"must be among {', '.join(PERMS)}"})
    return [perm for perm in PERMS if perm in perms]


def _check_rights(caller: Caller, is_admin: bool, perms: Sequence[str]) -> None:
    """Nobody gives, or touches, what they do not have themselves."""
    if not caller.account.is_admin and (is_admin or not set(perms) <= set(caller.account.perms)):
        raise OutOfReach


def _encoded(password: str) -> str:
    try:
        return schemes.encode(password, ENCODING)
    except ValueError:
        most = schemes.LONGEST_PLAIN_BYTES
        raise BadRequest(hints={"password": f"must be 1 to {most} bytes, and hold no NUL"}) from None


OPERATORS: Final = Caller(
    account=Account(id=0, name="operator", uuid="", is_admin=True, perms=(), company_id=0), actor=OPERATOR
)
"""At the command line."""


@reads()
def impersonated(caller: Caller, name: str) -> str:
    """The account for which a token was asked: its own, one it has made and manages, any for an administrator.

    Raises OutOfReach, also for an account that is not there.
    """
    if name == caller.account.name:
        return name
    try:
        row = _one(caller, name)
    except UserNotFound:
        raise OutOfReach from None
    _check_rights(caller, row.is_admin, row.perms)
    return row.name
