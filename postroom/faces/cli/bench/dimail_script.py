"""What is asked of the dimail face and of the plain handlers, and what the preparation hands on."""

import random
from base64 import b64encode
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from postroom.faces.cli.bench import load
from postroom.faces.cli.bench.script import domain_name

CREATE: Final = "create a mailbox"
CHECK: Final = "check"
CALLS: Final = (CREATE, CHECK)
PREFIX: Final = "/dimail"
"""Of Postroom's paths on its main server."""
REGIE: Final = "la_regie"
"""People's account, as Postroom keeps its password."""
REGIE_AS_DIMAIL: Final = "la_regie_as_dimail"
"""The same with the hash that dimail's libraries make without being told a cost."""
PASSWORD: Final = "Correct-horse-7"  # noqa: S105 -- of a throw-away database
POSTROOM: Final = "postroom"
PLAIN: Final = "dimail's hashing"
LEVEL: Final = "our hashing"
REFERENCES: Final = (PLAIN, LEVEL)
_REQUESTS: Final = 2000


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    domains: int
    mailboxes_each: int
    token: str
    """Of REGIE, who manages all domains."""
    mailbox: dict[str, Any]
    """The row of a new mailbox as Postroom writes it, …"""
    entry: dict[str, Any]
    """… and its entry in the history."""
    json_columns: dict[str, list[str]]
    """By table."""


class Request(msgspec.Struct, frozen=True):
    method: str
    path: str
    authorization: str
    body: bytes = b""

    def raw(self) -> bytes:
        """As it goes over the wire."""
        head = f"{self.method} {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {self.authorization}\r\n"
        if self.body:
            head += f"Content-Type: application/json\r\nContent-Length: {len(self.body)}\r\n"
        return head.encode() + b"\r\n" + self.body


def basic(name: str) -> str:
    return f"Basic {b64encode(f'{name}:{PASSWORD}'.encode()).decode()}"


def creation(domain: str, token: str, number: str, prefix: str = "") -> Request:
    """`number`: of eight characters; no two mailboxes of a directory have the same display name."""
    names = {"givenName": "Nora", "surName": f"Neu {number}", "displayName": f"Nora Neu {number}"}
    path = f"{prefix}/domains/{domain}/mailboxes/nora.{number}"
    return Request("POST", path, f"Bearer {token}", msgspec.json.encode(names))


def check(domain: str, account: str, prefix: str = "") -> Request:
    return Request("GET", f"{prefix}/domains/{domain}/check", basic(account))


def requests(call: str, server: str, prepared: Prepared, number: int = _REQUESTS) -> Iterator[Request]:
    """About random domains, the same ones for every server."""
    pick = random.Random(call)  # noqa: S311 -- see above
    prefix = PREFIX if server == POSTROOM else ""
    for _ in range(number):
        domain = domain_name(pick.randrange(prepared.domains))
        if call == CREATE:
            yield creation(domain, prepared.token, load.CHANGING.decode(), prefix)
        else:
            yield check(domain, REGIE_AS_DIMAIL if server == PLAIN else REGIE, prefix)
