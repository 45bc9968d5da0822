"""An Open-Xchange with acme.com in it, and a host with a real sshd."""

import pytest
from django.conf import settings

from postroom.core.plan import PutDomain, PutMailbox, honoured
from tests.drivers.conftest import a_domain, a_mailbox
from tests.drivers.openxchange.host import Host

UMA, MAX = "uma@acme.com", "max@acme.com"


@pytest.fixture(scope="session")
def ox_host():
    if not settings.IS_SQLITE:
        pytest.skip("done with SQLite: it asks no database, and takes a while")
    host = Host()
    yield host
    host.close()


@pytest.fixture
def drive(ox):
    """A driver with other settings than usual, and acme.com there."""
    made = []

    def drive(**more):
        made.append(ox.driver(**more))
        made[-1].apply(PutDomain(a_domain()))
        return made[-1]

    yield drive
    for driver in made:
        driver.close()


@pytest.fixture
def driver(drive):
    return drive()


def put(driver, address=UMA, *, key=11, was=None, **more):
    record = honoured(a_mailbox(address, key=key, **more), driver.abilities)
    driver.apply(PutMailbox(record, was))
    return record
