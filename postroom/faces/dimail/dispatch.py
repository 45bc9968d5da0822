"""From HTTP to a handler and back. Plain WSGI: nothing of Django's request handling runs here."""

import json
import logging
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final
from wsgiref.types import StartResponse, WSGIEnvironment

import msgspec
from django.conf import settings

from postroom.actions.action import DATABASE_GONE, database_gone
from postroom.actions.lane import LANE
from postroom.core.address import fold
from postroom.core.errors import PostroomError
from postroom.core.http_origin import client_address
from postroom.core.languages import Language, best
from postroom.core.records import Origin
from postroom.faces.dimail import cors, docs, guards, wire
from postroom.faces.dimail.errors import Refusal, refusal_of
from postroom.faces.dimail.finding import find
from postroom.faces.dimail.route import Call, Route

log = logging.getLogger("postroom.dimail")

PREFIX: Final = "/dimail"
_JSON: Final = ("Content-Type", "application/json")
_NO_STORE: Final = ("Cache-Control", "no-store")
_STATUS: Final = {int(status): f"{int(status)} {status.phrase}" for status in HTTPStatus}
_encode = msgspec.json.Encoder().encode

Headers = list[tuple[str, str]]
Answer = tuple[int, Headers, bytes]


def is_ours(path: str) -> bool:
    return path.startswith(PREFIX) and path[len(PREFIX) : len(PREFIX) + 1] in {"", "/"}


def below_prefix(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """On the main server."""
    path = environ["PATH_INFO"].removeprefix(PREFIX)
    script = environ.get("SCRIPT_NAME", "") + PREFIX
    return application({**environ, "PATH_INFO": path or "/", "SCRIPT_NAME": script}, start_response)


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """At the root, and below the prefix."""
    method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
    if method == "OPTIONS" and cors.is_preflight(environ):
        status, headers, body = cors.preflight(environ)
    else:
        page = docs.page(path, environ.get("SCRIPT_NAME", "")) if method == "GET" else None
        status, headers, body = page or _answer(environ, method, path)
        headers += cors.headers(environ)
    if status != HTTPStatus.NO_CONTENT:
        headers.append(("Content-Length", str(len(body))))
    start_response(_STATUS[status], headers)
    return [body]


def _answer(environ: WSGIEnvironment, method: str, path: str) -> Answer:
    request_id = secrets.token_hex(16)
    try:
        route, params = find(method, path.encode("latin-1").decode("utf-8", "replace"))
        with LANE:
            result = route.handler(_call(environ, route, params, request_id))
    except Refusal as refusal:
        return _refused(refusal)
    except PostroomError as error:
        return _refused(refusal_of(error))
    except DATABASE_GONE as error:
        log.error("%s: %s %s: %s", request_id, method, path, error)
        return _refused(refusal_of(database_gone(error)))
    except Exception:
        log.exception("%s: %s %s failed", request_id, method, path)
        return crash()
    if route.status == HTTPStatus.NO_CONTENT:
        return route.status, [_NO_STORE], b""
    return route.status, [_JSON, _NO_STORE], _encode(result)


def crash() -> Answer:
    """As dimail's framework answers what nobody expected."""
    headers = [("Content-Type", "text/plain; charset=utf-8"), _NO_STORE]
    return HTTPStatus.INTERNAL_SERVER_ERROR, headers, b"Internal Server Error"


def _refused(refusal: Refusal) -> Answer:
    if refusal.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return crash()
    # What was sent may stand in it, and need not be sound Unicode.
    body = json.dumps({"detail": refusal.detail}).encode()
    return refusal.status, [_JSON, _NO_STORE, *refusal.headers.items()], body


def _call(environ: WSGIEnvironment, route: Route, params: dict[str, str], request_id: str) -> Call:
    """In the order of dimail: who calls, then what is said. Raises Refusal, PostroomError."""
    origin = Origin(
        face="dimail",
        application=_application(environ),
        request_id=request_id,
        at=datetime.now(UTC),
        network_address=client_address(environ, settings.TRUSTED_PROXIES),
    )
    domain = params.get("domain")
    if domain is not None:
        params["domain"] = domain = fold(domain)
    caller = guards.caller(route, environ, origin, domain or "")
    body: Any = None
    if route.body is not None:
        body = wire.body(wire.raw_body(environ, settings.LARGEST_BODY), route.body)
    return Call(
        caller=caller, origin=origin, params=params, body=body, query=wire.query(environ), language=_language(environ)
    )


def _application(environ: WSGIEnvironment) -> str:
    agent = str(environ.get("HTTP_USER_AGENT") or "")
    return agent if agent.isprintable() and agent else "dimail"


def _language(environ: WSGIEnvironment) -> Language:
    """French, as dimail's, for programs that do not say."""
    wanted = environ.get("HTTP_ACCEPT_LANGUAGE")
    return best(wanted) if wanted else Language.FRENCH
