"""On SQLite a process works on one request at a time; the others wait here instead of fighting over the interpreter.

Measured: three threads that take turns at every statement answer half as much as three that wait in line. What
takes long and needs neither the interpreter nor the database, which is hashing, steps aside meanwhile: so there can
be threads enough for those who wait for a hash and still one for everybody else. On PostgreSQL, where threads wait
for the network, there is no line.
"""

import threading
from types import TracebackType

from django.conf import settings
from django.db import connection


class Lane:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._here = threading.local()

    def __enter__(self) -> None:
        if settings.IS_SQLITE:
            self._lock.acquire()
            self._here.held = True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.leave()

    def leave(self) -> bool:
        """Whether this thread was in the lane."""
        held: bool = getattr(self._here, "held", False)
        if held:
            self._here.held = False
            self._lock.release()
        return held


class Aside:
    """`with Aside():` lets others pass; not inside a transaction, which would hold up those who pass."""

    def __enter__(self) -> None:
        self._left = not connection.in_atomic_block and LANE.leave()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._left:
            LANE.__enter__()


LANE = Lane()
