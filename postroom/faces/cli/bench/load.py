"""A client that costs little: it shares the cores with what it measures.

Requests are ready bytes; of an answer only its status, its length and its first words are looked at.
"""

import selectors
import socket
import time
from collections.abc import Callable, Sequence
from itertools import count

import msgspec

CHANGING = b"#value##"
"""In a request: replaced by another text of the same length at every call, so that every change is one."""

_GOOD = b'{"success":true'
_LARGEST_READ = 1 << 18
_numbers = count(1)


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    calls: int
    """All that were answered."""
    a_second: float
    p50: float
    """Milliseconds."""
    p95: float
    p99: float
    failures: int
    first_failure: str = ""


class _Client:
    """One connection, one request at a time."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._read = b""
        self._wanted = 0
        self.sent_at = 0.0

    def send(self, request: bytes) -> None:
        self._read, self._wanted = b"", 0
        if CHANGING in request:
            request = request.replace(CHANGING, b"%08x" % next(_numbers))
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def read(self) -> bytes | None:
        """The whole answer, or None while there is more to come."""
        piece = self.socket.recv(_LARGEST_READ)
        if not piece:
            raise ConnectionError("the server closed the connection")
        self._read = self._read + piece if self._read else piece
        if not self._wanted:
            self._wanted = length(self._read)
        return self._read if self._wanted and len(self._read) >= self._wanted else None


def http(path: str, body: bytes) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def length(answer: bytes) -> int:
    """Of the whole answer; 0 while its head is not there yet."""
    end = answer.find(b"\r\n\r\n")
    if end < 0:
        return 0
    head = answer[:end].lower()
    at = head.find(b"\r\ncontent-length:")
    if at < 0:
        raise ConnectionError("the answer has no Content-Length")
    return end + 4 + int(head[at + 17 :].split(b"\r\n", 1)[0])


def is_good(answer: bytes) -> bool:
    return answer.startswith(b"HTTP/1.1 200") and answer.startswith(_GOOD, answer.find(b"\r\n\r\n") + 4)


def percentile(sorted_values: Sequence[float], share: float) -> float:
    if not sorted_values:
        return 0.0
    return sorted_values[min(len(sorted_values) - 1, int(len(sorted_values) * share))]


def run(
    port: int, requests: Sequence[bytes], clients: int, seconds: float, good: Callable[[bytes], bool] = is_good
) -> Sample:
    """Keep `clients` requests on their way for some seconds. Each client walks through its own part of `requests`.

    `good` says of an answer whether it was a success.
    """
    selector = selectors.DefaultSelector()
    connected = [_Client(port) for _ in range(clients)]
    for client in connected:
        selector.register(client.socket, selectors.EVENT_READ, client)
    try:
        return _drive(selector, connected, requests, seconds, good)
    finally:
        selector.close()
        for client in connected:
            client.socket.close()


def _drive(
    selector: selectors.BaseSelector,
    clients: Sequence[_Client],
    requests: Sequence[bytes],
    seconds: float,
    good: Callable[[bytes], bool],
) -> Sample:
    upcoming, number = next(_numbers), len(requests)
    clock, took, failures, first = time.perf_counter, [], 0, ""
    begun = clock()
    until = begun + seconds
    for client in clients:
        upcoming += 1
        client.send(requests[upcoming % number])
    busy = len(clients)
    while busy:
        events = selector.select(30)
        if not events:
            raise ConnectionError("no answer within 30 seconds")
        for key, _ in events:
            client = key.data
            answer = client.read()
            if answer is None:
                continue
            now = clock()
            took.append(now - client.sent_at)
            if not good(answer):
                failures += 1
                first = first or answer[:2000].decode(errors="replace")
            if now < until:
                upcoming += 1
                client.send(requests[upcoming % number])
            else:
                busy -= 1
    ended = clock()
    took.sort()
    return Sample(
        calls=len(took), a_second=len(took) / (ended - begun), p50=percentile(took, 0.5) * 1000,
        p95=percentile(took, 0.95) * 1000, p99=percentile(took, 0.99) * 1000, failures=failures, first_failure=first,
    )  # fmt: skip
