"""The drivers that the contract suite is run against, and records to give them."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from postroom.core.plan import PutDomain, PutMailbox
from postroom.core.records import DomainRecord, MailboxRecord
from postroom.drivers.contract import Driver
from postroom.drivers.fake import FakePlatform
from tests.drivers.openxchange.host import Ox, without_network

DRIVERS: dict[str, Callable[[pytest.FixtureRequest], Driver]] = {
    "fake in memory": lambda _: FakePlatform(),
    "fake on file": lambda request: FakePlatform(request.getfixturevalue("tmp_path") / "platform.sqlite3"),
    "openxchange": lambda request: request.getfixturevalue("ox").driver(),  # over SSH: openxchange/test_over_ssh.py
}


@pytest.fixture(params=DRIVERS)
def driver(request: pytest.FixtureRequest) -> Iterator[Driver]:
    """An empty platform."""
    driver = DRIVERS[request.param](request)
    yield driver
    driver.close()


@pytest.fixture
def ox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ox:
    """A simulated Open-Xchange without a network between: mostly it is about what is said, not about the way."""
    ssh, folder = without_network(tmp_path / "bin")
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)
    return Ox(ssh, tmp_path / "ox")


@pytest.fixture
def fake() -> Iterator[FakePlatform]:
    """An empty platform, fake for certain."""
    platform = FakePlatform(sleep=lambda _: None, clock=lambda: 1_800_000_000.0)
    yield platform
    platform.close()


def a_domain(name: str = "acme.com", *, key: int = 1, **more: object) -> DomainRecord:
    context = {"context_key": key, "context_name": "acme.com"}
    return DomainRecord(key=key, name=name, **{"active": True, "settings": {"spamlevel": "Normal"}, **context, **more})


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
