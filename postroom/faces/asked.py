"""A request in which somebody may be signed in, as the faces for people see it."""

import uuid
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from postroom.core import http_origin
from postroom.core.records import Origin
from postroom.core.roles import Actor


class Asked(HttpRequest):
    """What a face adds to Django's request before its handlers see it."""

    auth: Actor
    origin: Origin


NOBODY = Actor(name="")
"""Who has not signed in, where that is allowed."""


def client_address(request: HttpRequest) -> str:
    return http_origin.client_address(request.META, settings.TRUSTED_PROXIES)


def origin_of(request: HttpRequest, face: str) -> Origin:
    agent = request.headers.get("User-Agent", "").split(" ")[0]
    return Origin(
        face=face,
        application="".join(c for c in agent if c.isprintable())[:128] or face,
        request_id=uuid.uuid4().hex,
        at=datetime.now(UTC),
        network_address=client_address(request),
    )


def base_of(request: HttpRequest) -> str:
    """Where people reach us, for absolute links."""
    return http_origin.base(request.META, settings.PUBLIC_URL, settings.TRUSTED_PROXIES)


def page_here(wanted: str, default: str = "/") -> str:
    """A path of ours to go on to; `default` for what would lead anywhere else."""
    inside = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if inside and wanted.isprintable() else default
