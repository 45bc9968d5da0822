"""Fixtures that every folder uses. The database is SQLite, or what DATABASE_URL says."""

import os
import tempfile

os.environ.setdefault("POSTROOM_DIR", tempfile.gettempdir())
os.environ.setdefault("POSTROOM_SECRET_KEY", "only-for-tests")

import pytest

from tests import cast


@pytest.fixture(autouse=True)
def _fresh_process_memory():
    """What a process remembers between requests must not pass from test to test."""
    yield
    from postroom.actions import signin
    from postroom.drivers import close_all
    from postroom.store import projection

    signin.forget_everything()
    close_all()
    projection.forget_everything()


@pytest.fixture
def acme(db):
    cast.acme()


@pytest.fixture
def other(acme):
    cast.other()


@pytest.fixture
def people(acme):
    cast.people()
