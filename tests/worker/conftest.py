import time
from collections.abc import Callable

import pytest

from postroom.drivers import make
from postroom.drivers.fake import FakePlatform
from postroom.worker import loop

HOUR = 3600
DAY = 24 * HOUR


class Clock:
    """The worker's time: a little ahead of the actions' own, and moved on by hand."""

    def __init__(self) -> None:
        self.now = loop.milliseconds() + 1000

    def __call__(self) -> int:
        self.now = max(self.now, time.time_ns() // 1_000_000 + 1000)
        return self.now

    def forward(self, seconds: float) -> None:
        self.now = self() + int(seconds * 1000)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def work(clock: Clock) -> Callable[[], None]:
    """The worker does all that is due."""
    return lambda: loop.until_idle(clock)


@pytest.fixture
def platform(acme: None) -> FakePlatform:
    """Acme's mail platform; the worker has not run yet."""
    driver = make("fake", {"path": ":memory:"})
    assert isinstance(driver, FakePlatform)
    return driver


@pytest.fixture
def applied(platform: FakePlatform, work: Callable[[], None]) -> FakePlatform:
    """Acme's mail platform, which knows everything."""
    work()
    return platform
