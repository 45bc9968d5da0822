"""How long to wait after wrong passwords. Counting them is somebody else's job."""

from dataclasses import dataclass

_ENOUGH_DOUBLINGS = 64  # more would overflow a float and is beyond any longest wait


@dataclass(frozen=True, slots=True)
class AttemptLimit:
    """The first `free` failures in a row cost nothing, the next one `base_seconds`, each further one
    twice as long, never more than `max_seconds`: 96 guesses a day with these defaults."""

    free: int = 5
    base_seconds: float = 5.0
    max_seconds: float = 900.0

    def wait(self, failures: int, last_failure: float, now: float) -> float:
        """Seconds until the next try is listened to; 0: now."""
        delay = self.delay(failures)
        # A clock that was set back must not lock anybody out for longer than the delay.
        return max(0.0, delay - max(0.0, now - last_failure))

    def delay(self, failures: int) -> float:
        beyond = failures - self.free
        if beyond <= 0:
            return 0.0
        return min(self.max_seconds, self.base_seconds * 2.0 ** min(beyond - 1, _ENOUGH_DOUBLINGS))
