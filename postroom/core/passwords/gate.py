"""How many may hash at once."""

import threading
from types import TracebackType

from postroom.core.errors import Overloaded


class Gate:
    """`with gate:` around every slow hash. At most `slots` threads hash (one a core), at most `waiting`
    more wait, each for `patience` seconds; any other is turned away at once. So a flood of wrong
    passwords leaves threads free for everybody who does not need a hash."""

    def __init__(self, slots: int, waiting: int, patience: float = 5.0) -> None:
        self._slots = threading.BoundedSemaphore(slots)
        self._chairs = threading.BoundedSemaphore(waiting)
        self._patience = patience

    def __enter__(self) -> None:
        if not self._slots.acquire(blocking=False):
            self._wait()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._slots.release()

    def _wait(self) -> None:
        if not self._chairs.acquire(blocking=False):
            raise Overloaded("too many sign-ins at this moment")
        try:
            if not self._slots.acquire(timeout=self._patience):
                raise Overloaded("too many sign-ins at this moment")
        finally:
            self._chairs.release()
