"""Another mail server with much to deliver, over a few connections that it keeps. It costs little of the cores."""

import re
import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

HOST: Final = "127.0.0.1"
_REMOTE: Final = "192.0.2.10"
_NAME: Final = "mx.elsewhere.example"
_REPLIES_BEFORE_DATA: Final = 3
_SILENCE: Final = 60.0
_LINE_OF_A_DELIVERY: Final = re.compile(rb"/lmtp\[\d+\]: .* status=(\w+) .*")
_LINE: Final = "In reply to your letter of last week we are glad to send you the figures that you asked for.\r\n"
_SIZE: Final = 2000


class NotTakenError(Exception):
    """What the server said instead"""


def message(number: int, sender: str, recipient: str) -> bytes:
    """About 2 kB, each another one."""
    head = (
        f"From: Claire Martin <{sender}>\r\nTo: <{recipient}>\r\nSubject: Your question no. {number}\r\n"
        f"Date: Mon, 2 Mar 2026 09:{number % 60:02d}:00 +0100\r\nMessage-ID: <{number}.{time.time_ns()}@{_NAME}>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    )
    return f"{head}{_LINE * ((_SIZE - len(head)) // len(_LINE) + 1)}.\r\n".encode()


class _Connection:
    """Introduces itself at once; then one message after the other, with the commands before it in one packet."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection((HOST, port), timeout=_SILENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._read = b""
        self._content = b""
        self._replies = 0
        self._converse(None, f"EHLO {_NAME}", f"XCLIENT ADDR={_REMOTE} NAME={_NAME}", f"EHLO {_NAME}")

    def _converse(self, *commands: str | None) -> None:
        for command in commands:
            if command:
                self.socket.sendall(f"{command}\r\n".encode())
            while not (replies := list(self._take())):
                self._read += self.socket.recv(65536)
            if replies[0] >= 400:
                raise NotTakenError(f"{command}: {replies[0]}")

    def _take(self) -> Iterator[int]:
        """Codes of the replies that are there in full."""
        while b"\r\n" in self._read:
            line, _, self._read = self._read.partition(b"\r\n")
            if line[3:4] != b"-":
                if int(line[:3]) >= 400:
                    raise NotTakenError(line.decode(errors="replace"))
                yield int(line[:3])

    def send(self, sender: str, recipient: str, content: bytes) -> None:
        self._content, self._replies = content, 0
        self.socket.sendall(f"MAIL FROM:<{sender}>\r\nRCPT TO:<{recipient}>\r\nDATA\r\n".encode())

    def goes_on(self) -> bool:
        """Something has come. False when the message was taken."""
        self._read += self.socket.recv(65536)
        for _ in self._take():
            self._replies += 1
            if self._replies == _REPLIES_BEFORE_DATA:
                self.socket.sendall(self._content)
        return self._replies <= _REPLIES_BEFORE_DATA


def deliver(port: int, log: Path, mail: Sequence[tuple[str, str, bytes]], connections: int) -> tuple[float, int]:
    """Seconds until the last message is in its mailbox, as Postfix' log says, and how many were put off meanwhile."""
    there = log.stat().st_size
    selector = selectors.DefaultSelector()
    connected = [_Connection(port) for _ in range(connections)]
    for each in connected:
        selector.register(each.socket, selectors.EVENT_READ, each)
    begun = time.perf_counter()
    try:
        _send_all(selector, connected, mail)
        put_off = _await_deliveries(log, there, len(mail))
        return time.perf_counter() - begun, put_off
    finally:
        selector.close()
        for each in connected:
            each.socket.close()


def _send_all(
    selector: selectors.BaseSelector, connected: Sequence[_Connection], mail: Sequence[tuple[str, str, bytes]]
) -> None:
    waiting = iter(mail)
    busy = 0
    for each, first in zip(connected, waiting, strict=False):
        each.send(*first)
        busy += 1
    while busy:
        events = selector.select(_SILENCE)
        if not events:
            raise NotTakenError(f"no answer within {_SILENCE:.0f} seconds")
        for key, _ in events:
            if key.data.goes_on():
                continue
            following = next(waiting, None)
            if following is None:
                busy -= 1
            else:
                key.data.send(*following)


def _await_deliveries(log: Path, there: int, number: int) -> int:
    """How many were put off in between: Postfix tries those again by itself."""
    begun = time.perf_counter()
    while True:
        with log.open("rb") as lines:
            lines.seek(there)
            states = Counter(_LINE_OF_A_DELIVERY.findall(lines.read()))
        if states[b"sent"] >= number:
            return states[b"deferred"]
        if states[b"bounced"] or time.perf_counter() - begun > _SILENCE:
            raise NotTakenError(f"{number - states[b'sent']} messages were not delivered; {log} says why")
        time.sleep(0.005)
