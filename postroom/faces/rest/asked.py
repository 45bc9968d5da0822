"""A request as the handlers of REST see it: who asks, whence, and for which object."""

import uuid
from datetime import UTC, datetime

import msgspec
from django.conf import settings
from django.http import HttpRequest

from postroom.actions.entry import Door
from postroom.core import http_origin
from postroom.core.languages import Language, best
from postroom.core.records import Origin
from postroom.core.roles import Actor


class Asked(HttpRequest):
    """What the door (door.py) adds to Django's request before a handler sees it."""

    auth: Actor
    origin: Origin
    entered: "Entered"
    route: str
    """The path as it is written down: for logs, since what stands in it may be a secret."""


class Entered(msgspec.Struct, frozen=True):
    """The object that the path names, known to be there and open to the asker."""

    door: Door | None = None
    number: int = 0
    """Of the access, invitation or alias."""
    address: str = ""
    """Of the mailbox."""
    name: str = ""
    """The domain's, as the path says it."""
    restore_id: str = ""
    """Of a deleted mailbox."""
    secret: str = ""
    """Of a link that the path ends with."""

    def __repr__(self) -> str:
        return f"Entered({self.domain!r}, {self.number}, {self.address!r})"

    @property
    def domain(self) -> str:
        return self.door.name if self.door else self.name


def client_address(request: HttpRequest) -> str:
    return http_origin.client_address(request.META, settings.TRUSTED_PROXIES)


def origin_of(request: HttpRequest) -> Origin:
    agent = request.headers.get("User-Agent", "").split(" ")[0]
    return Origin(
        face="rest",
        application="".join(c for c in agent if c.isprintable())[:128] or "rest",
        request_id=uuid.uuid4().hex,
        at=datetime.now(UTC),
        network_address=client_address(request),
    )


def language_of(request: HttpRequest) -> Language:
    return best(request.headers.get("Accept-Language", ""))


def base_of(request: HttpRequest) -> str:
    """Where people reach us, for absolute links."""
    return http_origin.base(request.META, settings.PUBLIC_URL, settings.TRUSTED_PROXIES)
