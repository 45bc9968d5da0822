"""What happens around every operation of REST, in this order.

Who asks (401); an answer that was given before to the same request; how often they ask (429); the gate (404, 403); then
ninja reads what was sent (400) and runs the handler; whether the object was what they think (412). Whatever goes wrong
becomes an answer here.
"""

import hashlib
import logging
import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, cast

import msgspec
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja.errors import HttpError, ValidationError

from postroom.actions import conditional, idempotency, request_rates
from postroom.actions.action import DATABASE_GONE, database_gone
from postroom.actions.idempotency import Answer, Ticket
from postroom.actions.lane import LANE
from postroom.core.errors import ChangedMeanwhile, OutOfReach, PostroomError
from postroom.core.roles import Actor
from postroom.faces.asked import NOBODY, client_address, origin_of
from postroom.faces.rest import authentication, errors, gate, problems
from postroom.faces.rest.asked import Asked
from postroom.faces.rest.errors import ProblemError, RestError
from postroom.faces.rest.gate import Gate
from postroom.faces.rest.validation import messages

log = logging.getLogger("postroom.rest")

View = Callable[..., HttpResponseBase]
KEY_PATTERN = r'("?)[A-Za-z0-9._:+/=-]{1,200}\1'
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_KEPT_HEADERS = ("Content-Type", "ETag", "Location")
_NOT_KEPT = frozenset({401, 408, 429})
"""Besides what begins with 5: the same request may be answered otherwise a moment later."""


class Spec(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known of a route: the door obeys it, the OpenAPI document is made from it."""

    method: str
    path: str
    name: str
    gate: Gate
    succeeds: tuple[int, ...]
    fails: tuple[int, ...] = ()
    """What it can answer besides what its gate and method bring with them."""
    alone: bool = False
    """Waits for a mail platform: never inside a transaction."""
    sessions_only: bool = False
    """API keys cannot be used for it."""
    searches: bool = False
    """Finds people: limited more than other reads."""
    shown_by: str = ""
    """The name of the GET route whose ETag If-Match is compared with."""
    tagged: bool = False
    """Shows one object, with an ETag."""
    media: str = ""
    """Of the answer, where it is not JSON."""
    takes: str = ""
    """The type of the body, where it is not JSON."""
    example: str = ""
    """Of such a body."""
    allowed: str = ""
    """On a verb that is not offered: those that are."""

    @property
    def writes(self) -> bool:
        return self.method not in _SAFE

    @property
    def keyed(self) -> bool:
        return self.writes and not self.gate.public


SHOWS: dict[str, View] = {}
"""The views behind `shown_by`; filled while routes are written down."""


def around(spec: Spec) -> Callable[[View], View]:
    def decorate(run: View) -> View:
        if spec.tagged:
            SHOWS[spec.name] = run

        @wraps(run)
        def view(request: HttpRequest, **path: Any) -> HttpResponseBase:
            asked = cast(Asked, request)
            asked.origin, asked.route = origin_of(request, "rest"), spec.path
            with LANE:
                response = _answered(asked, lambda: _inside(asked, spec, run, path))
            return _finished(asked, spec, response)

        return view

    return decorate


def _answered(request: Asked, run: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    try:
        return run()
    except Exception as error:  # noqa: BLE001 -- the last place where a client can still be told
        return _told(request, error)


def _told(request: Asked, error: Exception) -> HttpResponse:
    if isinstance(error, HttpError) and isinstance(error.__cause__, Exception):
        error = error.__cause__  # what the parser said, which ninja puts into an error of its own
    if isinstance(error, RestError):
        return errors.plain(error.status, error.body, error.headers)
    if isinstance(error, ProblemError):
        return problems.answer(request, error.problem)
    if isinstance(error, ValidationError):
        return errors.plain(400, messages(error.errors))
    if isinstance(error, PostroomError):
        return errors.answer(request, error)
    if isinstance(error, RequestDataTooBig):
        return problems.answer(request, problems.TOO_LARGE, limit=settings.LARGEST_BODY)
    if isinstance(error, DATABASE_GONE):
        log.error("%s: %s %s: %s", request.origin.request_id, request.method, request.route, error)
        return errors.answer(request, database_gone(error))
    log.error("%s: %s %s failed", request.origin.request_id, request.method, request.route, exc_info=error)
    return problems.answer(request, problems.FAULT, id=request.origin.request_id)


def _inside(request: Asked, spec: Spec, run: View, path: Mapping[str, Any]) -> HttpResponseBase:
    _refuse_large(request)
    actor = authentication.actor_of(request)
    if actor is None and not spec.gate.public:
        raise errors.not_signed_in()
    if spec.sessions_only and "Authorization" in request.headers:
        raise OutOfReach("this takes a session, not an API key")
    request.auth = actor or NOBODY
    if spec.allowed:
        if actor is not None:
            gate.refuse(spec.path, actor, path, request.method or "")
        raise errors.not_allowed(request.method or "", spec.allowed)

    key = request.headers.get("Idempotency-Key") if spec.keyed else None
    if key is None or actor is None:
        _count(request, spec, actor)
        return _entered(request, spec, run, path)
    known = _known(ticket := _ticket(request, actor, key))
    return known or _once(request, spec, ticket, lambda: _entered(request, spec, run, path))


def _refuse_large(request: Asked) -> None:
    """By the length that is told, before anything is read: Django sets files no limit. Raises RequestDataTooBig."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if not announced.isdecimal() or int(announced) > settings.LARGEST_BODY:
        raise RequestDataTooBig


def _count(request: Asked, spec: Spec, actor: Actor | None) -> None:
    """Raises TooManyRequests."""
    now = request.origin.at.timestamp()
    network = client_address(request)
    if actor is None:
        if spec.writes:
            request_rates.count(f"anonymous {network}", settings.REST_ANONYMOUS, now)
    elif spec.searches:
        request_rates.count(f"searches {_who(actor)}", settings.REST_SEARCHES, now)
    elif spec.writes:
        request_rates.count(f"writes {_who(actor)}", settings.REST_WRITES, now)
        request_rates.count(f"writes from {network}", settings.REST_WRITES_OF_NETWORK, now)


def _who(actor: Actor) -> str:
    return f"person {actor.person_id}" if actor.person_id is not None else actor.name


def _entered(request: Asked, spec: Spec, run: View, path: Mapping[str, Any]) -> HttpResponseBase:
    request.entered = gate.enter(spec.gate, request.auth, path)
    if spec.writes and not spec.takes and not request.body:
        request._body = b"{}"  # a body that says nothing lacks the fields that are required
    wanted = request.headers.get("If-Match")
    if not (wanted and spec.shown_by):
        return run(request, **path)
    entered = request.entered
    with conditional.unchanging(request.auth, entered.door, spec.gate.kind, entered.number):
        is_same = _matches(wanted, etag(SHOWS[spec.shown_by](request, **path)))
        # What would fail anyway is told first (RFC 9110 section 13.2.1); what would not is undone.
        response = run(request, **path)
        if not is_same:
            raise ChangedMeanwhile
        return response


def etag(response: HttpResponseBase) -> str:
    """Strong: it is made of every byte."""
    return f'"{hashlib.sha256(cast(HttpResponse, response).content).hexdigest()[:32]}"'


def _matches(header: str, tag: str) -> bool:
    return header.strip() == "*" or tag in [one.strip() for one in header.split(",")]


def _ticket(request: Asked, actor: Actor, key: str) -> Ticket:
    if not re.fullmatch(KEY_PATTERN, key):
        raise ProblemError(problems.BAD_KEY)
    said = (request.method or "", request.get_full_path(), request.headers.get("If-Match", ""), request.body)
    return idempotency.ticket(_who(actor), key.strip('"'), said, int(request.origin.at.timestamp() * 1000))


def _known(ticket: Ticket) -> HttpResponse | None:
    """The answer that was given before; None: it is begun now."""
    known = idempotency.begin(ticket)
    if known is None:
        return None
    response = HttpResponse(known.body, status=known.status)
    for name, value in known.headers.items():
        response[name] = value
    response["Idempotent-Replayed"] = "true"
    return response


def _once(request: Asked, spec: Spec, ticket: Ticket, work: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    try:
        _count(request, spec, request.auth)  # what is refused counts too, and the transaction would undo it
        with idempotency.finishing(ticket, together=not spec.alone) as keep:
            response = cast(HttpResponse, work())
            keep(_kept(response))
            return response
    except Exception as error:  # noqa: BLE001 -- nothing was done, and that is an answer too
        response = _told(request, error)
    if response.status_code in _NOT_KEPT or response.status_code >= 500:
        idempotency.forget(ticket)
    else:
        idempotency.keep(ticket, _kept(response))
    return response


def _kept(response: HttpResponse) -> Answer:
    headers = {name: response[name] for name in _KEPT_HEADERS if name in response}
    return Answer(response.status_code, headers, response.content)


def _finished(request: Asked, spec: Spec, response: HttpResponseBase) -> HttpResponseBase:
    if request.method == "HEAD" and isinstance(response, HttpResponse):
        response["Content-Length"] = str(len(response.content))
        response.content = b""
    # Django would log the path of what was refused, and some paths hold secrets.
    response._has_been_logged = True  # type: ignore[attr-defined]
    response["X-Request-Id"] = request.origin.request_id
    response["Vary"] = "Accept-Language, Authorization, Cookie"
    response["X-Content-Type-Options"] = "nosniff"
    response.setdefault("Cache-Control", "private, no-cache" if spec.tagged else "no-store")
    if response.status_code != 200 or not spec.tagged:
        return response
    tag = etag(response)
    response["ETag"] = tag
    if _none_matches(request.headers.get("If-None-Match"), tag):
        return response
    unchanged = HttpResponse(status=304)
    for name in ("ETag", "Vary", "Cache-Control", "X-Request-Id"):
        unchanged[name] = response[name]
    del unchanged["Content-Type"]
    return unchanged


def _none_matches(header: str | None, tag: str) -> bool:
    """Compared weakly, as RFC 9110 section 13.1.2 wants it."""
    if header is None:
        return True
    tags = [one.strip().removeprefix("W/") for one in header.split(",")]
    return header.strip() != "*" and tag not in tags
