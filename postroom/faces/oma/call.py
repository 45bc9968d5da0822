"""One request of OMA after its credentials were checked."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import msgspec

from postroom.core.records import Origin
from postroom.core.roles import Actor
from postroom.faces.oma.wire import Fields


class Call(msgspec.Struct, frozen=True, kw_only=True):
    actor: Actor
    origin: Origin
    request: dict[str, Any]
    fields: Fields
    base: str = ""
    """The address of the API as the client knows it, for links to download."""


class Failure(msgspec.Struct, frozen=True):
    """An answer that fails and carries data all the same (oma.md section 1.3)."""

    number: int
    text: str
    payload: Mapping[str, Any]


Answer: TypeAlias = Mapping[str, Any] | Failure
Method: TypeAlias = Callable[[Call], Answer]
