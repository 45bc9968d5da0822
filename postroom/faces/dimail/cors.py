"""Which pages of other sites may call from a browser.

dimail lets all of them, with the browser's own credentials (specs/dimail.md 1). So does FAKE. For real they must bring
an account's credentials themselves: a browser that remembers a password would send it along for any page.
"""

from typing import Final
from wsgiref.types import WSGIEnvironment

from django.conf import settings

_METHODS: Final = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"
_SECONDS: Final = "600"

Headers = list[tuple[str, str]]


def is_preflight(environ: WSGIEnvironment) -> bool:
    return bool(environ.get("HTTP_ORIGIN") and environ.get("HTTP_ACCESS_CONTROL_REQUEST_METHOD"))


def headers(environ: WSGIEnvironment) -> Headers:
    origin = environ.get("HTTP_ORIGIN")
    if not origin:
        return []
    if not settings.DIMAIL_FAKE:
        return [("Access-Control-Allow-Origin", "*")]
    return [
        ("Access-Control-Allow-Origin", origin),
        ("Access-Control-Allow-Credentials", "true"),
        ("Vary", "Origin"),
    ]


def preflight(environ: WSGIEnvironment) -> tuple[int, Headers, bytes]:
    asked = environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS")
    told = [("Content-Type", "text/plain; charset=utf-8"), *headers(environ)]
    told += [("Access-Control-Allow-Methods", _METHODS), ("Access-Control-Max-Age", _SECONDS)]
    told += [("Access-Control-Allow-Headers", asked)] if asked else []
    return 200, told, b"OK"
