"""From HTTP to a method and back. Plain WSGI: nothing of Django's request handling runs here."""

import functools
import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from django.conf import settings

from postroom.actions import signin
from postroom.actions.action import DATABASE_GONE, database_gone
from postroom.actions.lane import LANE
from postroom.core.address import fold
from postroom.core.errors import BadCredentials, PostroomError
from postroom.core.http_origin import base, client_address
from postroom.core.records import Origin
from postroom.core.roles import Actor
from postroom.faces.oma.call import Call, Failure
from postroom.faces.oma.errors import number_of, text_of
from postroom.faces.oma.methods import METHODS, NOT_YET
from postroom.faces.oma.reply import failure, new_audit, success
from postroom.faces.oma.wire import Fields, NotAnObject, as_text, parse

log = logging.getLogger("postroom.oma")

_HEADERS = [("Content-Type", "application/json; charset=utf-8"), ("Cache-Control", "no-store")]


class _Refusal(Exception):
    """An answer other than 200: the request never became a call of a method."""

    def __init__(self, status: str, number: int, text: str) -> None:
        super().__init__(text)
        self.status, self.number, self.text = status, number, text


@functools.lru_cache(maxsize=256)
def method_in(path: str) -> str | None:
    """The method that a path names, or None where the path is not OMA's (oma.md section 1.1, leniency)."""
    parts = [part for part in path.split("/") if part]
    if parts and parts[0] == "api":
        parts = [part for part in parts if part != "api"]
        # /api/v1.0/… is the REST face.
        return parts[0] if len(parts) == 1 and not parts[0].startswith("v1") else None if parts else ""
    return parts[0] if len(parts) == 1 and (parts[0] in METHODS or parts[0] in NOT_YET) else None


def respond(method: str, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    with LANE:
        status, body = answered(method, environ)
    start_response(status, [*_HEADERS, ("Content-Length", str(len(body)))])
    return [body]


def answered(method: str, environ: WSGIEnvironment) -> tuple[str, bytes]:
    """The status line and the body, for a caller that is in the lane."""
    audit = new_audit()
    try:
        return "200 OK", _answer(method, environ, audit)
    except _Refusal as refusal:
        return refusal.status, failure(refusal.number, refusal.text, audit)
    except PostroomError as error:
        return "200 OK", failure(number_of(error), text_of(error), audit, error.hints)
    except DATABASE_GONE as error:
        log.error("%s: %s: %s", audit, method, error)
        gone = database_gone(error)
        return "200 OK", failure(number_of(gone), text_of(gone), audit)
    except Exception:
        log.exception("%s: %s failed", audit, method)
        return "500 Internal Server Error", failure(0, "Server error", audit)


def _answer(method: str, environ: WSGIEnvironment, audit: str) -> bytes:
    run = METHODS.get(method)
    if environ["REQUEST_METHOD"] != "POST" or (run is None and method not in NOT_YET):
        named = f"there is no method {method[:64]!r}" if environ["REQUEST_METHOD"] == "POST" else "call it with POST"
        raise _Refusal("404 Not Found", 5, f"Request is badly formatted: {named}")
    try:
        request = parse(_body(environ))
    except NotAnObject as error:
        raise _Refusal("400 Bad Request", 5, f"Request is badly formatted: {error}") from None
    now = datetime.now(UTC)
    address = client_address(environ, settings.TRUSTED_PROXIES)
    credentials = request.get("credentials")
    actor = _actor(credentials, address, now)
    if run is None:
        return failure(0, f"{method} is not there yet in this version of Postroom: {NOT_YET[method]}", audit)
    client = credentials.get("client") if isinstance(credentials, dict) else None
    origin = Origin(
        face="oma",
        application=client if isinstance(client, str) and client else "OMA",
        request_id=audit,
        at=now,
        network_address=address,
    )
    answer = run(Call(actor=actor, origin=origin, request=request, fields=Fields(request), base=_base(environ)))
    if isinstance(answer, Failure):
        return failure(answer.number, answer.text, audit, None, answer.payload)
    return success(answer, audit)


def _body(environ: WSGIEnvironment) -> bytes:
    limit: int = settings.LARGEST_BODY
    announced = environ.get("CONTENT_LENGTH") or ""
    if announced.isdecimal() and int(announced) > limit:
        raise _Refusal("400 Bad Request", 5, f"Request is badly formatted: the body is larger than {limit} bytes")
    read: Callable[[int], bytes] = environ["wsgi.input"].read
    body = read(int(announced)) if announced.isdecimal() else read(limit + 1)
    if len(body) > limit:
        raise _Refusal("400 Bad Request", 5, f"Request is badly formatted: the body is larger than {limit} bytes")
    return body


def _actor(credentials: Any, network_address: str, now: datetime) -> Actor:
    """Raises SignInRefused. A password goes before a token; missing credentials are wrong ones."""
    if not isinstance(credentials, dict):
        raise BadCredentials
    user, password = as_text(credentials.get("user")), as_text(credentials.get("password"))
    if not user:
        raise BadCredentials
    user = fold(user)
    if password:
        return signin.by_password(user, password, network_address, now.timestamp())
    token = as_text(credentials.get("token") or credentials.get("session_token"))
    if not token:
        raise BadCredentials
    return signin.by_token(user, token, now.timestamp())


def _base(environ: WSGIEnvironment) -> str:
    return f"{base(environ, settings.PUBLIC_URL, settings.TRUSTED_PROXIES)}/api"
