"""A mailbox on another POP3 server. It has no folders and no flags; the time of a message is read from its headers."""

import contextlib
import hashlib
import poplib
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import compat32
from email.utils import parsedate_to_datetime
from typing import Any, Final, TypeVar

from postroom.core.folder_names import INBOX
from postroom.drivers.contract import PermanentFailure, TemporaryFailure
from postroom.drivers.copying.connecting import Wire, connect, hiding, proving
from postroom.drivers.copying.contract import Message, Opened, Place, RefusedHere, RemoteFolder

_PASSING: Final = ("[IN-USE]", "[SYS/TEMP]", "[LOGIN-DELAY]", "LOCKED", "TRY AGAIN")
_LONGEST_NAME: Final = 70  # RFC 1939
Answer = TypeVar("Answer")


class _Spoken(poplib.POP3):
    """The standard library's POP3, whose way in and out is a Wire: bounded in all, not by the length of a line."""

    def __init__(self, wire: Wire, host: str, port: int) -> None:
        self.wire = wire
        super().__init__(host, port)

    def _create_socket(self, timeout: float) -> Any:
        return self.wire.sock

    def _getline(self) -> tuple[bytes, int]:
        line = self.wire.readline()
        return line.rstrip(b"\r\n"), len(line)

    def _putline(self, line: bytes) -> None:
        self.wire.send(line + b"\r\n")

    def hide(self) -> None:
        self._shortcmd("STLS")  # type: ignore[attr-defined]
        self.wire.encrypt(hiding(), self.host)


class Pop3Source:
    def __init__(self, place: Place) -> None:
        self._largest = place.largest
        self._numbers: dict[str, int] = {}
        self._sizes: dict[int, int] = {}
        wire = self._wire = connect(place.host, place.port, place.allowed)
        try:
            if place.method == "pop3s":
                wire.encrypt(proving(), place.host)
            self._pop = self._asked(lambda: _Spoken(wire, place.host, place.port))
            self.encrypted = place.method == "pop3s" or self._hide()
            self._sign_in(place)
        except BaseException:
            wire.close()
            raise

    def _hide(self) -> bool:
        with contextlib.suppress(RefusedHere):
            if "STLS" in self._ask(self._pop.capa):
                self._ask(self._pop.hide)
                return True
        return False

    def _sign_in(self, place: Place) -> None:
        try:
            self._pop.encoding = "UTF-8"
            self._ask(lambda: self._pop.user(place.login))
            self._ask(lambda: self._pop.pass_(place.password))
        except RefusedHere as refusal:
            if any(word in refusal.reason.upper() for word in _PASSING):
                reason = f"The server takes no login at the moment: {refusal.reason}"
                raise TemporaryFailure(reason, 300.0) from None
            raise PermanentFailure(f"The server refuses the login: {refusal.reason}") from None

    def folders(self) -> list[RemoteFolder]:
        return [RemoteFolder(name="INBOX", path=INBOX)]

    def open(self, folder: RemoteFolder) -> Opened:
        listed = self._ask(self._pop.list)[1]
        self._sizes = dict(_numbers(line) for line in listed)
        self._numbers = self._named() if self._sizes else {}
        return Opened("", len(self._sizes))

    def _named(self) -> dict[str, int]:
        """Unique names where the server has them; without, the place in the list and the size must do."""
        with contextlib.suppress(RefusedHere):
            lines = (line.split(maxsplit=1) for line in self._ask(self._pop.uidl)[1])
            named = {_key(parts[1].decode("latin-1")): int(parts[0]) for parts in lines if len(parts) == 2}
            if len(named) == len(self._sizes):
                return named
        return {f"#{number}:{size}": number for number, size in self._sizes.items()}

    def keys(self, after: str) -> list[str]:
        return sorted(self._numbers, key=self._numbers.__getitem__)

    def fetch(self, keys: Sequence[str]) -> Iterator[Message]:
        for key in keys:
            number = self._numbers[key]
            size = self._sizes[number]
            try:
                if size > self._largest:
                    raise RefusedHere(f"{size} bytes are more than is copied")
                lines = self._ask(lambda n=number: self._pop.retr(n), size=size)[1]  # type: ignore[misc]
            except RefusedHere as refusal:
                yield Message(key=key, size=size, data=None, reason=refusal.reason)
                continue
            data = b"\r\n".join(lines) + b"\r\n"
            yield Message(key=key, size=len(data), at=written_at(data), data=data)

    def close(self) -> None:
        self._wire.begin(seconds=2)
        with contextlib.suppress(Exception):
            self._asked(lambda: self._pop._shortcmd("QUIT"))  # type: ignore[attr-defined]
        self._wire.close()

    def _ask(self, call: Callable[[], Answer], *, size: int = 0) -> Answer:
        self._wire.begin_mail(size)
        return self._asked(call)

    @staticmethod
    def _asked(call: Callable[[], Answer]) -> Answer:
        try:
            return call()
        except poplib.error_proto as error:
            raw = error.args[0] if error.args else b""
            text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw)
            raise RefusedHere("".join(c if c.isprintable() else " " for c in text)[:300]) from None
        except OSError as error:
            raise TemporaryFailure(f"The connection broke off: {error}") from None
        except (ValueError, LookupError) as error:
            raise RefusedHere(f"an answer of the server cannot be read ({type(error).__name__})") from None


def _numbers(line: bytes) -> tuple[int, int]:
    number, size = line.split()[:2]
    return int(number), int(size)


def _key(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME and name.isprintable() else hashlib.sha256(name.encode()).hexdigest()


def written_at(data: bytes) -> datetime | None:
    """When the last server on its way took it, else when its sender says to have written it."""
    head = message_from_bytes(data[:65536], policy=compat32)
    received = str(head.get("Received", "")).rpartition(";")[2]
    for text in (received, str(head.get("Date", ""))):
        with contextlib.suppress(ValueError, TypeError, IndexError, OverflowError):
            at = parsedate_to_datetime(text.strip())
            return at if at.tzinfo else at.replace(tzinfo=UTC)
    return None
