from collections.abc import Callable

import pytest

from postroom.drivers import make
from postroom.drivers.fake import FakePlatform
from postroom.worker import loop
from tests.clock import Clock

HOUR = 3600
DAY = 24 * HOUR


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
