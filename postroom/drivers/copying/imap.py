"""IMAP over a watched connection, with the library's words turned into ours."""

import imaplib
import logging
import ssl
from collections.abc import Callable
from typing import Any, Final, TypeVar

from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from postroom.drivers.contract import PermanentFailure, TemporaryFailure
from postroom.drivers.copying.connecting import Wire, hiding
from postroom.drivers.copying.contract import RefusedHere

# The library tells every line that it sends and gets; they are other people's mail.
logging.getLogger("imapclient").setLevel(logging.WARNING)

_PASSING: Final = ("UNAVAILABLE", "INUSE", "LIMIT", "CONTACTADMIN", "TRY AGAIN", "TOO MANY")
"""What servers say when the login may be right and they do not take it now (RFC 5530, and habits)."""

Answer = TypeVar("Answer")


class _Spoken(imaplib.IMAP4):
    """The standard library's IMAP, whose way in and out is a Wire."""

    def __init__(self, wire: Wire, host: str) -> None:
        self._wire = wire
        super().__init__(host)

    @property
    def sock(self) -> Any:
        return self._wire.sock

    @sock.setter
    def sock(self, sock: Any) -> None:
        if sock is not self._wire.sock:  # encryption has begun
            self._wire.use(sock)

    def open(self, host: str = "", port: int = 0, timeout: float | None = None) -> None:
        self.host = host

    def read(self, size: int) -> bytes:
        return self._wire.read(size)

    def readline(self) -> bytes:
        return self._wire.readline()

    def send(self, data: Any) -> None:
        self._wire.send(data)

    def shutdown(self) -> None:
        self._wire.close()


class _Client(IMAPClient):  # type: ignore[misc]
    def __init__(self, wire: Wire, host: str) -> None:
        self._wire = wire
        super().__init__(host, ssl=False, timeout=None)
        self.normalise_times = False  # times with their zone, as they were written

    def _create_IMAP4(self) -> _Spoken:  # noqa: N802 -- the library's name
        return _Spoken(self._wire, self.host)


class Imap:
    """A signed-in connection. Each call has its own bounds."""

    def __init__(self, wire: Wire, host: str) -> None:
        self._wire = wire
        try:
            self._client = self._asked(lambda: _Client(wire, host))
        except BaseException:
            wire.close()
            raise
        self._client._imap.debug = 0  # the library turns it on to feed its log

    def hide(self) -> bool:
        """Begin encryption where the server offers it; whether it did."""
        if not self.can("STARTTLS"):
            return False
        self.ask(lambda client: client.starttls(hiding()))
        return True

    def sign_in(self, login: str, password: str) -> None:
        def run(client: Any) -> Any:
            plain = login.isascii() and password.isascii() and not client.has_capability("LOGINDISABLED")
            return client.login(login, password) if plain else client.plain_login(login, password)

        try:
            self.ask(run)
        except RefusedHere as refusal:
            raise PermanentFailure(f"The server refuses the login: {refusal.reason}") from None

    def can(self, capability: str) -> bool:
        return bool(self.ask(lambda client: client.has_capability(capability)))

    def ask(self, call: Callable[[Any], Answer], *, size: int = 0) -> Answer:
        """`size`: how much mail is expected. Raises RefusedHere for the server's NO."""
        self._wire.begin_mail(size)
        return self._asked(lambda: call(self._client))

    def close(self) -> None:
        self._wire.begin(seconds=2)
        try:
            self._client.logout()
        except Exception:  # noqa: BLE001 -- whatever it is: we are leaving
            self._wire.close()

    @staticmethod
    def _asked(call: Callable[[], Answer]) -> Answer:
        try:
            return call()
        except LoginError as error:
            text = _said(error)
            if any(word in text.upper() for word in _PASSING):
                raise TemporaryFailure(f"The server takes no login at the moment: {text}", 300.0) from None
            raise PermanentFailure(f"The server refuses the login: {text}") from None
        except imaplib.IMAP4.abort as error:
            raise TemporaryFailure(f"The connection broke off: {_said(error)}") from None
        except ssl.SSLError as error:
            raise TemporaryFailure(f"The server's encryption fails: {error.reason}") from None
        except imaplib.IMAP4.error as error:
            raise RefusedHere(_said(error)) from None
        except OSError as error:
            raise TemporaryFailure(f"The connection broke off: {error}") from None
        except (ValueError, LookupError, TypeError) as error:  # of the parser, which met something odd
            raise RefusedHere(f"an answer of the server cannot be read ({type(error).__name__})") from None


def _said(error: Exception) -> str:
    """The server's own words, short and without marks that do not belong into a line."""
    text = str(error.args[0] if error.args else error)
    if text.startswith(("b'", 'b"')) and text.endswith(text[1]):
        text = text[2:-1]
    return "".join(c if c.isprintable() else " " for c in text)[:300]
