"""How often somebody may ask, whatever process answers."""

import hashlib
from collections.abc import Sequence

from postroom.actions.action import writes
from postroom.core.errors import TooManyRequests
from postroom.store import request_counts


@writes()
def count(who: str, limits: Sequence[tuple[int, int]], now: float) -> None:
    """One more request of `who`, who may make (so many, in so many seconds). Raises TooManyRequests.

    Those that are refused do not count.
    """
    waits = [_wait(who, most, seconds, now) for most, seconds in limits]
    if any(waits):
        raise TooManyRequests(max(waits))


def _wait(who: str, most: int, seconds: int, now: float) -> int:
    key = hashlib.sha256(f"{seconds} {who}".encode()).hexdigest()
    milliseconds = int(now * 1000)
    number, began = request_counts.add(key, milliseconds, seconds * 1000)
    return 0 if number <= most else max(1, -(-(began + seconds * 1000 - milliseconds) // 1000))
