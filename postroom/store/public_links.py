"""Addresses of our own pages, for e-mails: there is no request that would say what this server is called."""

from django.conf import settings

_USUAL_URL = "http://localhost:8080"  # of `postroom serve`; `postroom check` asks for the real one


def page(path: str) -> str:
    return f"{settings.PUBLIC_URL or _USUAL_URL}{path}"
