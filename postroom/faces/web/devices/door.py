"""Where mail programs ask how they are to be set up. Plain WSGI: they come without a session, and under the names
autoconfig and autodiscover of every domain that is served, none of which is among Django's allowed hosts."""

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qs, urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

from django.conf import settings

from postroom.actions import device_setup
from postroom.actions.action import DATABASE_GONE, database_gone
from postroom.actions.device_setup import DomainSetup
from postroom.actions.lane import LANE
from postroom.core.address import fold, parse_address
from postroom.core.devices import mozilla, outlook
from postroom.core.devices.outlook import Trouble
from postroom.core.errors import BadValueError, NotFound, PlatformRefused, TryAgain

log = logging.getLogger("postroom.devices")

_LARGEST: Final = 65_536
_AUTODISCOVER: Final = "/autodiscover/autodiscover.xml"
_PLAIN: Final = ("Content-Type", "text/plain; charset=utf-8")
_XML: Final = ("Content-Type", "text/xml; charset=utf-8")
_KEPT: Final = ("Cache-Control", "max-age=600")
_NOT_KEPT: Final = ("Cache-Control", "no-store")

Headers = list[tuple[str, str]]
Answer = tuple[HTTPStatus, Headers, bytes]


def is_ours(path: str) -> bool:
    """Programs write the paths in small letters and in large ones."""
    return path.lower() in _ANSWERS


def respond(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"].lower()
    answer = _ANSWERS[path].get("GET" if method == "HEAD" else method)
    status, headers, body = _answered(answer, environ) if answer else _other_method(path)
    headers.append(("Content-Length", str(len(body))))
    start_response(f"{status.value} {status.phrase}", headers)
    return [b"" if method == "HEAD" else body]


def _answered(answer: Callable[[WSGIEnvironment], Answer], environ: WSGIEnvironment) -> Answer:
    try:
        with LANE:
            return answer(environ)
    except Exception:
        log.exception("%s failed", environ["PATH_INFO"])
        return HTTPStatus.INTERNAL_SERVER_ERROR, [_PLAIN, _NOT_KEPT], b"Internal error\n"


def _other_method(path: str) -> Answer:
    allowed = [*_ANSWERS[path], "HEAD"] if "GET" in _ANSWERS[path] else [*_ANSWERS[path]]
    return HTTPStatus.METHOD_NOT_ALLOWED, [("Allow", ", ".join(allowed)), _PLAIN], b"Method not allowed\n"


def _setup(domain: str) -> DomainSetup:
    """Raises NotFound also where nobody has said what programs connect to, TryAgain."""
    try:
        found = device_setup.of_domain(domain)
    except PlatformRefused:
        raise NotFound from None
    except DATABASE_GONE as error:
        raise database_gone(error) from error
    if not (found.servers.imap or found.servers.pop3):
        raise NotFound
    return found


# --- Thunderbird and many others ------------------------------------------------------------------------------------


def _autoconfig(environ: WSGIEnvironment) -> Answer:
    """404 for domains that are not served here, 503 where it is not known now."""
    name = _asked_domain(environ)
    try:
        found = _setup(name)
    except NotFound:
        return HTTPStatus.NOT_FOUND, [_PLAIN, _NOT_KEPT], b"Mail of this domain is not served here.\n"
    except TryAgain:
        return HTTPStatus.SERVICE_UNAVAILABLE, [_PLAIN, _NOT_KEPT, ("Retry-After", "60")], b"Try again in a minute.\n"
    body = mozilla.document(
        domain=found.domain, name=name, servers=found.servers, webmail=settings.WEBMAIL_URL, guide=_guide()
    )
    return HTTPStatus.OK, [_XML, _KEPT], body


def _asked_domain(environ: WSGIEnvironment) -> str:
    """That of ?emailaddress=, else the one in whose name we were called."""
    address = parse_qs(environ.get("QUERY_STRING", "")).get("emailaddress", [""])[0]
    if "@" in address:
        return fold(address.rpartition("@")[2])
    return fold(_host(environ).removeprefix("autoconfig."))


def _host(environ: WSGIEnvironment) -> str:
    """Without a port."""
    return str(environ.get("HTTP_HOST") or "").lower().partition(":")[0]


def _guide() -> str:
    return f"{settings.PUBLIC_URL}/my/devices/" if settings.PUBLIC_URL else ""


# --- Outlook ----------------------------------------------------------------------------------------------------------


def _autodiscover(environ: WSGIEnvironment) -> Answer:
    """Also what is refused is told with 200: so the programs' maker wants it."""
    try:
        asked = outlook.read(_body(environ))
        if not asked.is_answered:
            return _refused(environ, Trouble.OTHER_SCHEMA)
        address = parse_address(asked.address)
        found = _setup(address.domain)
    except BadValueError:
        return _refused(environ, Trouble.BAD_REQUEST)
    except NotFound:
        return _refused(environ, Trouble.ADDRESS_UNKNOWN)
    except TryAgain:
        return _refused(environ, Trouble.TRY_AGAIN)
    login = f"{address.local_part}@{found.domain}"
    return HTTPStatus.OK, [_XML, _NOT_KEPT], outlook.document(address=asked.address, login=login, servers=found.servers)


def _body(environ: WSGIEnvironment) -> bytes:
    """Only what was announced: reading on would wait for ever on some servers. Raises BadValueError."""
    announced = environ.get("CONTENT_LENGTH") or "0"
    if not (announced.isascii() and announced.isdecimal() and int(announced) <= _LARGEST):
        raise BadValueError(f"must have at most {_LARGEST} bytes")
    read: Callable[[int], bytes] = environ["wsgi.input"].read
    return read(int(announced)) if int(announced) else b""


def _way_there(environ: WSGIEnvironment) -> Answer:
    """Outlook asks without TLS where to ask: nobody has certificates for autodiscover below every domain."""
    there = urlsplit(settings.PUBLIC_URL)
    if there.scheme != "https" or there.hostname == _host(environ):
        return _refused(environ, Trouble.BAD_REQUEST)
    return HTTPStatus.FOUND, [("Location", settings.PUBLIC_URL + _AUTODISCOVER), _PLAIN, _NOT_KEPT], b""


def _refused(environ: WSGIEnvironment, trouble: Trouble) -> Answer:
    return HTTPStatus.OK, [_XML, _NOT_KEPT], outlook.refusal(trouble, _host(environ), datetime.now(UTC))


_ANSWERS: Final[Mapping[str, Mapping[str, Callable[[WSGIEnvironment], Answer]]]] = {
    "/.well-known/autoconfig/mail/config-v1.1.xml": {"GET": _autoconfig},
    "/mail/config-v1.1.xml": {"GET": _autoconfig},
    _AUTODISCOVER: {"GET": _way_there, "POST": _autodiscover},
}
