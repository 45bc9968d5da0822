"""Is a domain there, and ours to manage? Every other answer about a domain says "no right" to both."""

import msgspec

from postroom.drivers.dimail.wire import Reply, Request, Talk


class _Name(msgspec.Struct, frozen=True):
    name: str


def is_there(talk: Talk, name: str) -> bool:
    """Raises PermanentFailure for one that somebody else manages there."""
    reply = talk.ask(Request(method="GET", path=("domains", name)))
    if reply.status == 404:
        return False
    if reply.status != 200:
        raise reply.refusal()
    require(reply, name)
    return True


def require(reply: Reply, name: str) -> None:
    """That it is about this domain. Raises TemporaryFailure."""
    if reply.read(_Name).name.lower() != name:
        raise reply.unreadable()
