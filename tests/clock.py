"""What the worker of a test takes for the time."""

import time


class Clock:
    """The worker's time: a little ahead of the actions' own, and moved on by hand."""

    def __init__(self) -> None:
        self.now = time.time_ns() // 1_000_000 + 1000

    def __call__(self) -> int:
        self.now = max(self.now, time.time_ns() // 1_000_000 + 1000)
        return self.now

    def forward(self, seconds: float) -> None:
        self.now = self() + int(seconds * 1000)
