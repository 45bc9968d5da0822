"""A connection to a server that somebody named: to no address of ours, and never for longer or more than asked."""

import contextlib
import socket
import ssl
import time
from collections.abc import Sequence
from typing import Final

from postroom.core.outside import Network, may_connect
from postroom.drivers.contract import PermanentFailure, TemporaryFailure

CONNECT_SECONDS: Final = 15.0
SILENCE: Final = 30.0
"""Seconds without a byte after which a server is taken for gone."""
CALL_SECONDS: Final = 120.0
SLOWEST: Final = 256 << 10
"""Bytes a second that a server must manage."""
ANSWER_BYTES: Final = 16 << 20
"""Of an answer that is not mail: room for the numbers of two million messages."""


def check(host: str, port: int, allowed: Sequence[Network]) -> list[str]:
    """The addresses of the host that we may connect to. They are connected to as they are, not looked up again:
    a name can mean something else a moment later."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            raise TemporaryFailure(f"The name {host} cannot be looked up at the moment") from None
        raise PermanentFailure(f"There is no server named {host}") from None
    except (UnicodeError, ValueError):
        raise PermanentFailure(f"{host} is not a server's name") from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    kept = [address for address in addresses if may_connect(address, allowed)]
    if not kept:
        raise PermanentFailure(
            f"{host} is in a network that mail is not copied from; who runs this Postroom can allow it"
        )
    return kept


def connect(host: str, port: int, allowed: Sequence[Network]) -> "Wire":
    last: OSError | None = None
    for address in check(host, port, allowed)[:4]:
        try:
            return Wire(socket.create_connection((address, port), timeout=CONNECT_SECONDS))
        except OSError as error:
            last = error
    raise TemporaryFailure(f"{host} port {port} does not answer: {last}")


def proving() -> ssl.SSLContext:
    """For methods that promise encryption: the server proves its name."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def hiding() -> ssl.SSLContext:
    """For methods that promise none, where the server offers it all the same: it hides the password from those who
    only listen. To ask for proof would gain nothing: whoever can forge it can also take the offer away."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class Wire:
    """Bytes to and from a server, within a budget of bytes and seconds that `begin` sets for each call."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self._waiting = bytearray()
        self.begin()

    def begin(self, budget: int = ANSWER_BYTES, seconds: float = CALL_SECONDS) -> None:
        self._budget = budget
        self._until = time.monotonic() + seconds

    def begin_mail(self, size: int) -> None:
        """For an answer with so many bytes of mail. Some servers only estimate, so twice as much is no lie."""
        self.begin(ANSWER_BYTES + 2 * size, CALL_SECONDS + size / SLOWEST)

    def encrypt(self, context: ssl.SSLContext, host: str) -> None:
        """From the first byte on. Raises PermanentFailure where the server does not prove its name."""
        self.sock.settimeout(CONNECT_SECONDS)
        try:
            self.use(context.wrap_socket(self.sock, server_hostname=host))
        except ssl.SSLCertVerificationError as error:
            raise PermanentFailure(
                f"The certificate of {host} does not prove its name: {error.verify_message}"
            ) from None
        except ssl.SSLError as error:
            raise PermanentFailure(f"{host} does not speak TLS on this port: {error.reason}") from None
        except OSError as error:
            raise TemporaryFailure(f"{host} hangs up: {error}") from None

    def use(self, sock: socket.socket) -> None:
        """From now on. What came before encryption began is not to be taken for what comes after it."""
        if self._waiting:
            raise PermanentFailure("The server talks on where encryption should begin")
        self.sock = sock

    def send(self, data: bytes) -> None:
        self.sock.settimeout(CALL_SECONDS)
        try:
            self.sock.sendall(data)
        except OSError as error:
            raise _gone(error) from None

    def read(self, size: int) -> bytes:
        if size > self._budget + len(self._waiting):
            raise TemporaryFailure("The server announces more than was asked for")
        while len(self._waiting) < size:
            self._more()
        return self._take(size)

    def readline(self) -> bytes:
        looked = 0
        while (end := self._waiting.find(b"\n", looked)) < 0:
            looked = len(self._waiting)
            self._more()
        return self._take(end + 1)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.sock.close()

    def _take(self, size: int) -> bytes:
        taken = bytes(self._waiting[:size])
        del self._waiting[:size]
        return taken

    def _more(self) -> None:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TemporaryFailure("The server takes too long for one answer")
        self.sock.settimeout(min(left, SILENCE))
        try:
            chunk = self.sock.recv(65536)
        except OSError as error:
            raise _gone(error) from None
        if not chunk:
            raise TemporaryFailure("The server has hung up")
        self._budget -= len(chunk)
        if self._budget < 0:
            raise TemporaryFailure("The server answers more than was asked for")
        self._waiting += chunk


def _gone(error: OSError) -> TemporaryFailure:
    return TemporaryFailure("The server has stopped answering" if isinstance(error, TimeoutError) else f"{error}")
