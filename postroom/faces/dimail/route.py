"""One row of the table of calls, and what its handler gets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from postroom.actions.dimail_accounts import Account, Caller, DomainFacts
from postroom.core.languages import Language
from postroom.core.records import Origin
from postroom.core.roles import Actor


class Guard(StrEnum):
    """Who may call (specs/dimail.md 2). Those named by a perm, and administrators, show a name and a password."""

    NONE = "nobody is asked"
    USER = "basic: any account"
    ADMIN = "basic: an administrator"
    NEW_DOMAIN = "basic: new_domain"
    CREATE_USERS = "basic: create_users"
    MANAGE_USERS = "basic: manage_users"
    BEARER = "token"


@dataclass(frozen=True, slots=True)
class Call:
    caller: Caller
    origin: Origin
    params: Mapping[str, str]
    """The parts of the path, by name."""
    body: Any
    """The route's model; None where it takes none."""
    query: Mapping[str, str]
    language: Language
    """Of what is shown to the owners of domains."""

    @property
    def account(self) -> Account:
        return self.caller.account

    @property
    def actor(self) -> Actor:
        """With its roles on the domain that the path names."""
        return self.caller.actor

    @property
    def domain(self) -> DomainFacts | None:
        """The one that the path names; None: there is none of that name."""
        return self.caller.domain


Handler = Callable[[Call], object]


@dataclass(frozen=True, slots=True)
class Route:
    method: str
    path: str
    """Without a slash at its end: both forms are answered."""
    guard: Guard
    handler: Handler
    answer: Any = None
    """The type of what the handler gives; None: nothing, with 204."""
    body: type[BaseModel] | None = None
    status: int = 200
    query: tuple[str, ...] = ()
    fails: tuple[int, ...] = ()
    """Beside what the guard and the model refuse."""
    section: str = ""
    """Of specs/dimail.md."""
