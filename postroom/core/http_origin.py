"""Where a request came from and where it was sent to, as WSGI's environ (PEP 3333) or Django's META tell."""

import re
from collections.abc import Collection, Mapping
from typing import Any

_HOST = re.compile(r"[A-Za-z0-9.:\[\]_-]{1,255}")


def client_address(environ: Mapping[str, Any], trusted_proxies: Collection[str]) -> str:
    """Behind a proxy that we trust, the last address that it wrote down itself."""
    address = str(environ.get("REMOTE_ADDR") or "")
    if address in trusted_proxies:
        return str(environ.get("HTTP_X_FORWARDED_FOR", address)).rpartition(",")[2].strip()
    return address


def base(environ: Mapping[str, Any], public_url: str, trusted_proxies: Collection[str]) -> str:
    """Without a slash at the end: `public_url` where the operator has set it, else where this client found us."""
    if public_url:
        return public_url
    behind_proxy = environ.get("REMOTE_ADDR") in trusted_proxies
    scheme = environ.get("HTTP_X_FORWARDED_PROTO") if behind_proxy else environ.get("wsgi.url_scheme")
    host = str(environ.get("HTTP_HOST") or environ.get("SERVER_NAME") or "localhost")
    return f"{'https' if scheme == 'https' else 'http'}://{host if _HOST.fullmatch(host) else 'localhost'}"
