"""A request as the handlers of REST see it: who asks, whence, and for which object."""

import msgspec
from django.http import HttpRequest

from postroom.actions.entry import Door
from postroom.core.languages import Language, best
from postroom.core.roles import Actor, Permission
from postroom.faces import asked


class Asked(asked.Asked):
    """What the door (door.py) adds to Django's request before a handler sees it."""

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


_SEEING = frozenset({Permission.DOMAIN_SEE, Permission.MAILBOX_SEE, Permission.ACCESS_SEE, Permission.ALIAS_SEE})


def seeing(actor: Actor) -> Actor:
    """Whoever may change something sees it, with an API key too that may not look otherwise: what was done must not be
    answered with 403."""
    narrow = actor.narrowing
    if narrow is None or narrow.permissions is None:
        return actor
    wider = msgspec.structs.replace(narrow, permissions=narrow.permissions | _SEEING)
    return msgspec.structs.replace(actor, narrowing=wider)


def language_of(request: HttpRequest) -> Language:
    return best(request.headers.get("Accept-Language", ""))
