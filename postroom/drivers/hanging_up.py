"""Ending a request in time. A socket's limit is for each of its parts, and the head of an answer that comes drop by
drop has many."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection


class Watch:
    """Over one request."""

    def __init__(self) -> None:
        self.socket: Any = None
        """From when an answer is waited for."""
        self.is_over = False

    def end(self) -> None:
        """Whoever waits for more gets no more."""
        self.is_over = True
        if self.socket is not None:
            with suppress(OSError):
                socket.socket.shutdown(self.socket, socket.SHUT_RDWR)  # TLS's own would take away what is being read


_mine = threading.local()


@contextmanager
def after(until: float) -> Iterator[Watch]:
    """`until`: by the monotonic clock. For requests of this thread."""
    watch = _mine.watch = Watch()
    timer = threading.Timer(max(until - time.monotonic(), 0.0), watch.end)
    timer.daemon = True
    timer.start()
    try:
        yield watch
    finally:
        timer.cancel()
        _mine.watch = None


def _watched(connection: HTTPConnection) -> None:
    watch: Watch | None = getattr(_mine, "watch", None)
    if watch is not None:
        watch.socket = connection.sock


class _Http(HTTPConnection):
    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # as urllib3 has it
        _watched(self)
        return super().getresponse()


class _Https(HTTPSConnection):
    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # as urllib3 has it
        _watched(self)
        return super().getresponse()


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https


POOLS: Final = {"http": _HttpPool, "https": _HttpsPool}
"""Whose connections can be ended."""
