"""Naming calls: `POST /domains/{domain}/mailboxes/{user}`, with real names in place of the braces, or `any`."""

from collections.abc import Iterable
from urllib.parse import unquote

import msgspec

from postroom.core.address import fold
from postroom.core.errors import BadRequest

ANY = "any"


class Endpoint(msgspec.Struct, frozen=True):
    method: str
    """`any` for every one."""
    parts: tuple[str, ...]
    """Those in braces stand for every name."""

    def covers(self, method: str, path: str) -> bool:
        parts = parts_of(path)
        return (
            self.method in (ANY, method)
            and len(parts) == len(self.parts)
            and all(_is_open(mine) or mine == theirs for mine, theirs in zip(self.parts, parts, strict=True))
        )

    def is_one_of(self, routes: Iterable["Endpoint"]) -> bool:
        """Whether any call can be meant."""
        return any(self._is_within(route) for route in routes)

    def _is_within(self, route: "Endpoint") -> bool:
        return (
            self.method in (ANY, route.method)
            and len(self.parts) == len(route.parts)
            and all(
                _is_open(theirs) or (mine == theirs and not _is_open(mine))
                for mine, theirs in zip(self.parts, route.parts, strict=True)
            )
        )


def parts_of(path: str) -> tuple[str, ...]:
    """With a slash at the end or without; names as the face looks for them."""
    return tuple(fold(part) for part in path.split("/") if part)


def read(written: str, routes: Iterable[Endpoint]) -> Endpoint | None:
    """None for `any`. Raises BadRequest for what nobody can call: a fault that never comes would be hard to find."""
    if written == ANY:
        return None
    method, _, path = written.strip().partition(" ")
    endpoint = Endpoint(method if method == ANY else method.upper(), parts_of(unquote(path)))
    if not endpoint.is_one_of(routes):
        raise BadRequest(hints={"endpoint": 'must be like "POST /domains/{domain}/aliases/", with names or braces'})
    return endpoint


def _is_open(part: str) -> bool:
    return part.startswith("{") and part.endswith("}")
