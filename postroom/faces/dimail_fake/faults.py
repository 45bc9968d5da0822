"""Calls that are to go wrong, in the order in which they were asked for; and a list of the calls that came."""

import threading
from collections import deque
from typing import Final

import msgspec

from postroom.faces.dimail_fake.endpoints import Endpoint

CALLS_KEPT: Final = 1000


class Reply(msgspec.Struct, frozen=True):
    """What is answered in place of the true answer."""

    status: int
    body: bytes
    content_type: str


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    endpoint: Endpoint | None
    """None: any."""
    written: str
    """The endpoint as it was asked for."""
    delay: float = 0.0
    """Seconds."""
    drop: bool = False
    done: bool = False
    """Whether the call does its work all the same."""
    reply: Reply | None = None


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """Without its body, which may hold a password."""

    at: str
    method: str
    path: str
    query: str
    scheme: str
    """Of the authorization, such as basic or bearer; empty without one."""
    status: int | None
    """None: the connection was dropped."""
    fault: bool


class Faults:
    """Of one process, shared by its threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[tuple[Fault, int]] = []
        self._calls: deque[Call] = deque(maxlen=CALLS_KEPT)

    def add(self, fault: Fault, times: int) -> None:
        with self._lock:
            self._waiting.append((fault, times))

    def next_for(self, method: str, path: str) -> Fault | None:
        """Uses up one, the oldest that fits."""
        with self._lock:
            for number, (fault, times) in enumerate(self._waiting):
                if fault.endpoint is None or fault.endpoint.covers(method, path):
                    self._waiting[number : number + 1] = [(fault, times - 1)] if times > 1 else []
                    return fault
        return None

    def waiting(self) -> list[tuple[Fault, int]]:
        with self._lock:
            return list(self._waiting)

    def clear(self) -> int:
        """How many there were."""
        with self._lock:
            count = len(self._waiting)
            self._waiting.clear()
            return count

    def note(self, call: Call) -> None:
        with self._lock:
            self._calls.append(call)

    def calls(self, last: int) -> list[Call]:
        """The newest last."""
        with self._lock:
            return list(self._calls)[-last:]

    def forget(self) -> None:
        with self._lock:
            self._waiting.clear()
            self._calls.clear()
