"""What both sides of a copy are to each other."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final, Protocol

import msgspec

from postroom.core.folder_names import Path
from postroom.core.outside import Network
from postroom.drivers.contract import DriverError

METHODS: Final = {"imap4": 143, "imap4s": 993, "pop3": 110, "pop3s": 995}
"""OMA's names of the ways to read, and their usual ports."""


class RefusedHere(DriverError):
    """No to this one folder or message; others may be fine."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A mailbox on another server."""

    method: str
    host: str
    port: int
    login: str
    password: str
    allowed: tuple[Network, ...] = ()
    """Networks beyond the internet that we may connect to."""
    largest: int
    """Bytes of a message that is still copied."""

    def __repr__(self) -> str:
        """Without the password: this ends up in tracebacks."""
        return f"Place({self.method}, {self.host}:{self.port}, {self.login})"


class RemoteFolder(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    """As the other server calls it, in Unicode."""
    delimiter: str = ""
    path: Path
    """Where it goes here, unless somebody wants it elsewhere."""
    flags: tuple[str, ...] = ()
    """What the folder is for (RFC 6154)."""


class Opened(msgspec.Struct, frozen=True):
    validity: str
    """While it stays the same, a message keeps its key."""
    count: int


class Message(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    size: int
    flags: tuple[str, ...] = ()
    at: datetime | None = None
    data: bytes | None
    """None where it could not be had; `reason` says why, or is empty where the message has gone meanwhile."""
    reason: str = ""


class Source(Protocol):
    """One connection to another server. It changes nothing there."""

    def folders(self) -> list[RemoteFolder]: ...

    def open(self, folder: RemoteFolder) -> Opened: ...

    def keys(self, after: str) -> list[str]:
        """Of the messages in the open folder, in the order in which to copy; those beyond `after` where keys have
        an order, else all."""

    def fetch(self, keys: Sequence[str]) -> Iterator[Message]:
        """One for each key, in this order."""

    def close(self) -> None: ...


class MailSink(Protocol):
    """A mailbox of ours."""

    def append(self, folder: Path, message: Message) -> None:
        """The folder is made if it is not there. A full mailbox is a PermanentFailure."""

    def mark(self, folder: Path) -> str:
        """A place in the folder: what is stored from now on comes after it."""

    def holds(self, folder: Path, message: Message, after: str) -> bool:
        """Whether the same bytes were stored after that mark; `""`: ever."""

    def close(self) -> None: ...
