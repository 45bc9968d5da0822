"""Which route a path means, with a slash at its end or without: never a redirect (specs/dimail.md 4)."""

import functools
from typing import Any

from postroom.faces.dimail.errors import Refusal
from postroom.faces.dimail.route import Route
from postroom.faces.dimail.routes import ROUTES

_ANY = object()


@functools.cache
def _tree() -> dict[Any, Any]:
    """A level a part of the path; `_ANY` leads on for whatever has a name in braces; a leaf is method → route."""
    root: dict[Any, Any] = {}
    for route in ROUTES:
        node = root
        for part in _parts(route.path):
            node = node.setdefault(_ANY if part.startswith("{") else part, {})
        node.setdefault(None, {})[route.method] = route
    return root


def _parts(path: str) -> list[str]:
    return path.removeprefix("/").removesuffix("/").split("/")


def find(method: str, path: str) -> tuple[Route, dict[str, str]]:
    """(the route, the named parts). Raises Refusal."""
    parts = _parts(path)
    methods = _leaf(_tree(), parts)
    if methods is None:
        raise Refusal(404, "Not Found")
    if method not in methods:
        raise Refusal(405, "Method Not Allowed", {"Allow": ", ".join(sorted(methods))})
    route: Route = methods[method]
    named = zip(_parts(route.path), parts, strict=True)
    return route, {name[1:-1]: part for name, part in named if name.startswith("{")}


def _leaf(node: dict[Any, Any], parts: list[str]) -> dict[str, Route] | None:
    """A part as it is goes before a name in braces."""
    if not parts:
        found: dict[str, Route] | None = node.get(None)
        return found
    first, *others = parts
    for key in (first, _ANY) if first else ():
        if key in node and (leaf := _leaf(node[key], others)) is not None:
            return leaf
    return None
