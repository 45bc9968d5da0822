"""Who calls, and may they: the three ways of specs/dimail.md 2, with the very answers of dimail."""

import base64
import binascii
import logging
from collections.abc import Mapping
from typing import Final
from wsgiref.types import WSGIEnvironment

from django.conf import settings

from postroom.actions import dimail_accounts
from postroom.actions.dimail_accounts import Account, Caller, DomainFacts
from postroom.core.errors import BadCredentials
from postroom.core.records import Origin
from postroom.core.roles import Actor
from postroom.faces.dimail import token
from postroom.faces.dimail.errors import DENIED, NO_DOMAIN, Refusal
from postroom.faces.dimail.route import Call, Guard, Route

log = logging.getLogger("postroom.dimail")

_PERMS: Final[Mapping[Guard, str]] = {
    Guard.NEW_DOMAIN: "new_domain",
    Guard.CREATE_USERS: "create_users",
    Guard.MANAGE_USERS: "manage_users",
}
_BASIC: Final = {"WWW-Authenticate": "Basic"}
_NOT_SIGNED_IN: Final = "Not authenticated"
_UNREADABLE: Final = "Invalid authentication credentials"
_NOBODY: Final = Caller(
    account=Account(id=0, name="", uuid="", is_admin=False, perms=(), company_id=0), actor=Actor(name="nobody")
)


def caller(route: Route, environ: WSGIEnvironment, origin: Origin, domain: str) -> Caller:
    """Raises Refusal, BadCredentials, TooManyAttempts."""
    if route.guard is Guard.NONE:
        return _NOBODY
    written = environ.get("HTTP_AUTHORIZATION") or ""
    scheme, _, credentials = written.partition(" ")
    if route.guard is Guard.BEARER:
        return _by_token(scheme, credentials.strip(), origin, domain)
    found = _by_password(route, scheme, credentials.strip(), origin, domain)
    if not _may(found.account, route.guard):
        raise Refusal(403, DENIED)
    return found


def _may(account: Account, guard: Guard) -> bool:
    return guard is Guard.USER or account.is_admin or (guard in _PERMS and _PERMS[guard] in account.perms)


def _by_token(scheme: str, credentials: str, origin: Origin, domain: str) -> Caller:
    if not scheme or not credentials:
        raise Refusal(403, _NOT_SIGNED_IN)
    if scheme.lower() != "bearer":
        raise Refusal(403, _UNREADABLE)
    claims = token.read(credentials, origin.at.timestamp())
    return dimail_accounts.by_name(claims.name, claims.issued_at, domain)


def _by_password(route: Route, scheme: str, credentials: str, origin: Origin, domain: str) -> Caller:
    if scheme.lower() != "basic":
        raise Refusal(401, _NOT_SIGNED_IN, _BASIC)
    try:
        name, colon, password = base64.b64decode(credentials, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        colon = ""
    if not colon:
        raise Refusal(401, _UNREADABLE, _BASIC)
    try:
        return dimail_accounts.by_password(name, password, origin.network_address, origin.at.timestamp(), domain)
    except BadCredentials:
        if not _lets_first_in(route) or not dimail_accounts.is_empty():
            raise
    log.warning("no dimail account yet: %s %s as %s", route.method, route.path, dimail_accounts.FIRST)
    return dimail_accounts.first(origin, domain)


def _lets_first_in(route: Route) -> bool:
    """Whether somebody unknown may call while there is no account: in FAKE mode; else only for making the first one,
    where the operator has opened that door."""
    return settings.DIMAIL_FAKE or (settings.DIMAIL_BOOTSTRAP and route.guard is Guard.CREATE_USERS)


def managed(call: Call) -> DomainFacts:
    """The path's domain for a call about its mailboxes or aliases: first may they, then is it there (4.5–4.8)."""
    if call.domain is None and call.account.is_admin:
        raise Refusal(404, NO_DOMAIN)
    if call.domain is None or not call.caller.manages:
        raise Refusal(403, DENIED)
    return call.domain


def shown(call: Call) -> DomainFacts:
    """The path's domain for a call about itself: first is it there, then may they (4.4)."""
    if call.domain is None:
        raise Refusal(404, NO_DOMAIN)
    if not call.caller.manages:
        raise Refusal(401, "Not authorized.")
    return call.domain
