"""The drivers that the contract suite is run against, and records to give them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from postroom.core.plan import PutDomain, PutMailbox
from postroom.core.records import DomainRecord, MailboxRecord
from postroom.drivers.contract import Driver
from postroom.drivers.fake import FakePlatform

DRIVERS: dict[str, Callable[[Path], Driver]] = {
    "fake in memory": lambda _: FakePlatform(),
    "fake on file": lambda folder: FakePlatform(folder / "platform.sqlite3"),
}


@pytest.fixture(params=DRIVERS)
def driver(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Driver]:
    """An empty platform."""
    driver = DRIVERS[request.param](tmp_path)
    yield driver
    driver.close()


@pytest.fixture
def fake() -> Iterator[FakePlatform]:
    """An empty platform, fake for certain."""
    platform = FakePlatform(sleep=lambda _: None, clock=lambda: 1_800_000_000.0)
    yield platform
    platform.close()


def a_domain(name: str = "acme.com", *, key: int = 1, **more: object) -> DomainRecord:
    return DomainRecord(key=key, name=name, **{"active": True, "settings": {"spamlevel": "Normal"}, **more})


def a_mailbox(address: str = "uma@acme.com", *, key: int = 11, **more: object) -> MailboxRecord:
    usual = {"type": "mailbox", "active": True, "password_hash": "{PLAIN}x", "settings": {"quota": 5000}}
    return MailboxRecord(key=key, address=address, **{**usual, **more})


@pytest.fixture
def domain() -> Callable[..., DomainRecord]:
    return a_domain


@pytest.fixture
def mailbox() -> Callable[..., MailboxRecord]:
    return a_mailbox


@pytest.fixture
def acme(driver: Driver) -> Driver:
    """The platform with acme.com and Uma in it."""
    driver.apply(PutDomain(a_domain()))
    driver.apply(PutMailbox(a_mailbox()))
    return driver
