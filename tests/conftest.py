"""Fixtures that every folder uses. The database is SQLite, or what DATABASE_URL says."""

import os
import tempfile
from datetime import UTC, datetime

os.environ.setdefault("POSTROOM_DIR", tempfile.gettempdir())
os.environ.setdefault("POSTROOM_SECRET_KEY", "only-for-tests")

import pytest

from tests import cast


@pytest.hookimpl(optionalhook=True)  # also where pytest-xdist is not installed
def pytest_xdist_make_scheduler(config, log):
    """All that share the one stack of mail servers run in one process, the other files anywhere.

    Not by the mark `xdist_group`: pytest 9.2 does not hear of it (pytest-xdist issue 1386).
    """
    from xdist.scheduler import LoadScopeScheduling

    class OneStack(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            file = nodeid.partition("::")[0]
            return "servers" if file.startswith("tests/servers/") else file

    return OneStack(config, log)


@pytest.fixture(autouse=True)
def _fresh_process_memory():
    """What a process remembers between requests must not pass from test to test."""
    yield
    from postroom.actions import live, signin
    from postroom.drivers import close_all
    from postroom.store import projection

    signin.forget_everything()
    live.forget_everything()
    close_all()
    projection.forget_everything()


@pytest.fixture
def stopped_clock(time_machine):
    """No time passes, however slow the machine is. Before any other fixture that asks for the time."""
    time_machine.move_to(datetime.now(UTC), tick=False)


@pytest.fixture
def acme(db):
    cast.acme()


@pytest.fixture
def other(acme):
    cast.other()


@pytest.fixture
def people(acme):
    cast.people()
