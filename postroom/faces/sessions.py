"""The session of a person: Django's, in the database, for twelve hours; a new key at each step of signing in."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec
from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import CsrfViewMiddleware, rotate_token

from postroom.actions import person_signin, persons
from postroom.actions.person_signin import Passed
from postroom.actions.persons import SignedIn
from postroom.core.errors import BadCredentials, OutOfReach
from postroom.core.records import Origin
from postroom.core.roles import Actor
from postroom.faces.asked import Asked, base_of

SECOND_STEP_SECONDS = 600
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_SIGNED_IN, _WAITING, _ID_TOKEN = "person", "waiting", "id_token"


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """What a session says of whoever has signed in."""

    person_id: int
    at: int
    """Milliseconds."""
    proof: str
    methods: tuple[str, ...]


def move_on(request: Asked, passed: Passed, methods: tuple[str, ...], id_token: str = "") -> list[str] | None:
    """After a step: signed in, and the names of the domains that invitations led to; None: another step is needed."""
    if passed.still:
        _fresh(request, id_token)
        until = _now(request.origin) + SECOND_STEP_SECONDS
        request.session[_WAITING] = {**msgspec.to_builtins(passed), "methods": list(methods), "until": until}
        return None
    joined = person_signin.finish(request.origin, passed, methods)
    begin(request, passed, methods, id_token)
    return joined


def begin(request: Asked, passed: Passed, methods: tuple[str, ...], id_token: str = "") -> None:
    _fresh(request, id_token)
    opened = Opened(
        person_id=passed.person_id, at=int(request.origin.at.timestamp() * 1000), proof=passed.proof, methods=methods
    )
    request.session[_SIGNED_IN] = msgspec.to_builtins(opened)


def _fresh(request: HttpRequest, id_token: str) -> None:
    """Whoever knew the session's key before knows nothing now."""
    kept = id_token or request.session.get(_ID_TOKEN, "")
    request.session.flush()
    if kept:
        request.session[_ID_TOKEN] = kept
    rotate_token(request)


def _now(origin: Origin) -> float:
    return origin.at.timestamp()


def waiting(request: Asked) -> tuple[Passed, tuple[str, ...]] | None:
    """Who has done the first step, and with what."""
    kept = request.session.get(_WAITING)
    if not isinstance(kept, Mapping) or kept["until"] < _now(request.origin):
        return None
    passed = {name: kept[name] for name in Passed.__struct_fields__}
    return msgspec.convert(passed, Passed), tuple(kept["methods"])


def second_step(request: Asked) -> tuple[Passed, tuple[str, ...]]:
    """Raises BadCredentials."""
    found = waiting(request)
    if found is None:
        raise BadCredentials("begin with the first step of signing in")
    return found


def past_second_step(request: Asked, method: str) -> list[str]:
    """Raises BadCredentials."""
    passed, methods = second_step(request)
    joined = move_on(request, msgspec.structs.replace(passed, still=()), (*methods, method))
    return joined or []


def opened(request: HttpRequest) -> Opened | None:
    kept = request.session.get(_SIGNED_IN)
    return msgspec.convert(kept, Opened) if isinstance(kept, Mapping) else None


def signed_in(request: Asked) -> SignedIn | None:
    """None where nobody is, or not any more."""
    found = opened(request)
    if found is None:
        return None
    begun_since = int((_now(request.origin) - settings.SESSION_COOKIE_AGE) * 1000)
    who = persons.of_session(found.person_id, found.at, found.proof) if found.at > begun_since else None
    if who is None:
        request.session.flush()
    return who


def actor_of(request: Asked) -> Actor | None:
    """None where nobody is signed in, or not any more."""
    who = signed_in(request)
    return who.actor if who else None


class _Check(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


def check_token(request: HttpRequest) -> None:
    """For a face that Django's middleware does not guard. Raises OutOfReach for a change without X-CSRFToken."""
    if request.method in _SAFE:
        return
    check = _Check(lambda _: None)  # type: ignore[arg-type]
    check.process_request(request)
    reason = check.process_view(request, None, (), {})  # type: ignore[arg-type]
    if reason:
        raise OutOfReach(f"CSRF Failed: {str(reason).rstrip('.')}.")


def keep_with(request: HttpRequest, proof: str) -> None:
    """Whoever has the session has given the mailbox another password, which it ends with from now on."""
    found = opened(request)
    if found is not None and found.proof:
        request.session.cycle_key()
        request.session[_SIGNED_IN] = msgspec.to_builtins(msgspec.structs.replace(found, proof=proof))


def end(request: HttpRequest) -> str:
    """The ID token with which the provider can be told, where it opened this session."""
    id_token = str(request.session.get(_ID_TOKEN, ""))
    request.session.flush()
    return id_token


def require_fresh(request: Asked) -> None:
    """Raises FreshSignInNeeded, and OutOfReach for an API key."""
    found = opened(request)
    if found is None or request.auth.narrowing is not None:
        raise persons.not_signed_in()
    persons.require_fresh(found.at / 1000, request.origin)


def refuse_other_sites(request: HttpRequest) -> None:
    """Another site must not sign its visitors in as somebody it knows. Raises OutOfReach."""
    came_from = request.headers.get("Origin")
    if came_from is not None and urlsplit(came_from).netloc != urlsplit(base_of(request)).netloc:
        raise OutOfReach("this must be asked for by our own pages")
