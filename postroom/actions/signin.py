"""Who is asking: a password or a token becomes an actor.

Passwords come with every call of OMA, and checking one costs a tenth of a second of a core. So a password that
was right a moment ago is remembered (core/passwords/credential_cache.py), only so many are checked at once, and
wrong ones make their sender wait. What is remembered dies with the stored hash.
"""

import functools
import os
import time
from datetime import UTC, datetime
from typing import NamedTuple

from django.conf import settings

from postroom.actions.action import reads, writes
from postroom.actions.lane import Aside
from postroom.core import inheritance
from postroom.core.errors import AccountDisabled, BadCredentials, SecondFactorMissing, TooManyAttempts
from postroom.core.lifecycle import DomainState, MailboxState
from postroom.core.passwords import schemes
from postroom.core.passwords.attempts import AttemptLimit
from postroom.core.passwords.credential_cache import CredentialCache
from postroom.core.passwords.gate import Gate
from postroom.core.passwords.single_flight import SingleFlight
from postroom.core.passwords.tokens import hash_token
from postroom.core.records import Origin
from postroom.core.roles import Actor, Grant, Role
from postroom.store import attempts, history, rows
from postroom.store.models import Address, SignInAttempt, Token
from postroom.store.sql import Compiled, Row, json_value

_ACCOUNT_LIMIT = AttemptLimit(free=5)
_NETWORK_LIMIT = AttemptLimit(free=50)  # a billing system behind one address makes honest mistakes too


class Tries(NamedTuple):
    """What wrong passwords are counted by; what is None is not."""

    account: str | None
    """Whatever name of it somebody asks for: of a mailbox its own address, of a person the main one. The typed name
    where there is none, so that as much is counted for nobody as for somebody."""
    network: str | None = None
    typed: str | None = None
    """Where an account has several names: else its holder's successes would cover guesses under another one."""

    @property
    def keys(self) -> list[str]:
        return [f"{by}:{value}"[:_LONGEST_KEY] for by, value in self._asdict().items() if value is not None]


_LONGEST_KEY = 320  # of SignInAttempt

_ACTOR_FIELDS = (
    "id", "address", "status", "domain_id", "domain__company_id", "domain__status", "domain__settings", "password",
    "admin_roles__role", "admin_roles__company_id", "admin_roles__domain_id", "admin_roles__workgroup_id",
)  # fmt: skip


def _under_mailbox() -> list[str]:
    return [f"mailbox__{field}" for field in _ACTOR_FIELDS]


_by_address = Compiled(
    lambda p: Address.objects.filter(address=p.text(0)).values_list(*_under_mailbox(), "mailbox__settings")
)
_by_token = Compiled(
    lambda p: Token.objects.filter(hash=p.text(0)).values_list(
        *_under_mailbox(), "expires_at", "opens_api", "kind", "used_at"
    )
)


@functools.cache
def _cache() -> CredentialCache:
    return CredentialCache(os.urandom(32), lifetime=settings.CREDENTIAL_CACHE_SECONDS)


@functools.cache
def _gate() -> Gate:
    """Strangers hash one at a time, and however many come, a thread of the process stays free for everybody else."""
    return Gate(slots=1, waiting=max(1, settings.SERVER_THREADS - 2))


_checking: SingleFlight[bool] = SingleFlight()


def _actor(found: list[Row]) -> Actor:
    """Raises AccountDisabled."""
    id, address, status, domain_id, company_id, domain_status, domain_settings, _password = found[0][:8]
    if status in {MailboxState.DISABLED, MailboxState.DELETED} or domain_status == DomainState.DISABLED:
        raise AccountDisabled
    # Looked at as text first: decoding a domain's settings at every call would cost more than the rest.
    if '"disabled"' in domain_settings and json_value(domain_settings).get("disabled"):
        raise AccountDisabled("the domain of this account is disabled")
    grants = [Grant(Role(row[8]), row[9], row[10], row[11]) for row in found if row[8]]
    own = Grant(Role.SELF, company_id, domain_id, None, id)
    return Actor(name=address, mailbox_id=id, company_id=company_id, domain_id=domain_id, grants=(*grants, own))


@reads()
def by_token(address: str, token: str, now: float) -> Actor:
    """For the API. The token must be that account's, alive, and made for the API. Raises BadCredentials."""
    token_hash = hash_token(token)
    found = _by_token.rows(token_hash)
    if not found:
        raise BadCredentials
    expires_at, opens_api, kind, used_at = found[0][12:]
    if not opens_api or expires_at <= now * 1000 or used_at is not None or not _is_of(found[0], address):
        raise BadCredentials
    if kind == "sso" and not Token.objects.filter(hash=token_hash, used_at=None).update(used_at=int(now * 1000)):
        raise BadCredentials
    return _actor(found)


def _actor_by_password(found: list[Row]) -> Actor:
    """Raises AccountDisabled, or SecondFactorMissing: OMA has no place for one, so requiring it closes this door."""
    own_settings = found[0][12]
    if '"2fa_required_oma"' in own_settings and json_value(own_settings).get("2fa_required_oma"):
        raise SecondFactorMissing("use a token that an administrator of the company made for you")
    return _actor(found)


def _is_of(account: Row, address: str) -> bool:
    """Whether the address is the account's own or an alias of it."""
    if account[1] == address:
        return True
    named = _by_address.row(address)
    return named is not None and bool(named[0] == account[0])


@reads()
def by_password(address: str, password: str, network_address: str, now: float) -> Actor:
    """Raises BadCredentials, TooManyAttempts, AccountDisabled, or Overloaded when too many are being checked."""
    found = _by_address.rows(address)
    stored, id = (found[0][7], found[0][0]) if found else ("", 0)
    if found and _cache().knows(id, stored, password, time.monotonic()):
        return _actor_by_password(found)
    tries = Tries(found[0][1] if found else address, network_address, address)
    check_attempts(tries, now)
    if not checked(id, stored, password):
        note_failure(tries, now)
        raise BadCredentials
    forget_failures(tries)
    actor = _actor_by_password(found)
    stored = _regenerated(id, stored, password)
    _cache().remember(id, stored, password, time.monotonic())
    return actor


def checked(id: int, stored: str, password: str, usual: str = schemes.DEFAULT) -> bool:
    """`is_right`, once for all who ask for the same at this moment."""
    with Aside():
        return _checking.ask((id, stored, password, usual), lambda: is_right(stored, password, usual))


def is_right(stored: str, password: str, usual: str = schemes.DEFAULT) -> bool:
    """`usual`: how passwords of this kind of account are stored: an unknown one must take as long as a known one."""
    with _gate():
        if not stored:
            schemes.verify_nothing(password, usual)
        return schemes.verify(password, stored)


def check_attempts(tries: Tries, now: float) -> None:
    """Raises TooManyAttempts."""
    wait = max((_wait(row, now) for row in SignInAttempt.objects.filter(key__in=tries.keys)), default=0.0)
    if wait > 0:
        seconds = int(wait) + 1
        raise TooManyAttempts(f"too many wrong passwords; try again in {seconds} seconds", wait=seconds)


def _wait(row: SignInAttempt, now: float) -> float:
    limit = _NETWORK_LIMIT if row.key.startswith("network:") else _ACCOUNT_LIMIT
    return limit.wait(row.failures, row.last_at / 1000, now)


@writes()
def note_failure(tries: Tries, now: float) -> None:
    attempts.note(tries.keys, int(now * 1000))


def forget_failures(tries: Tries) -> None:
    """A success clears the account, not the network: else one good account would cover guesses at others."""
    SignInAttempt.objects.filter(key__in=tries._replace(network=None).keys).delete()


def _regenerated(mailbox_id: int, stored: str, password: str) -> str:
    """`regen_passwords`: the password is at hand, so it can be stored in the encoding that is wanted now."""
    row = rows.mailbox_by_id(mailbox_id)
    encoding = wanted_encoding(row, stored) if row else None
    if encoding is None:
        return stored
    fresh = schemes.encode(password, encoding)
    return fresh if store_fresh(mailbox_id, stored, fresh) else stored


def wanted_encoding(row: rows.MailboxRow, stored: str) -> str | None:
    """In what to store the password anew; None: it can stay as it is."""
    chain = (row.domain.settings, row.domain.company.settings)
    encoding = str(inheritance.value("default_password_encoding", *chain))
    wanted = inheritance.value("regen_passwords", *chain) and schemes.needs_rehash(stored, encoding)
    return encoding if wanted else None


@writes()
def store_fresh(mailbox_id: int, stored: str, fresh: str) -> bool:
    """False where the password was changed meanwhile."""
    row = rows.mailbox_by_id(mailbox_id, lock=True)
    if row is None or row.password != stored:
        return False
    origin = Origin(face="signin", application="regen_passwords", request_id="", at=datetime.now(UTC))
    row.password = fresh
    row.changed(history.milliseconds(origin))
    history.note(row, row.address, origin, "changed", {"password": ["(secret)", "(secret)"]})
    rows.save(row)
    return True


def forget_everything() -> None:
    """Empty what was remembered, for tests."""
    _cache.cache_clear()
    _gate.cache_clear()
