"""A running demo and a real browser: Debian's Chromium."""

import contextlib
import os
import shutil
from urllib.parse import urlsplit

import pytest

from tests.browser import serving
from tests.browser.visitor import Visitor

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_collection_modifyitems(items):
    missing = pytest.mark.skip(reason="there is no chromium on this machine (Debian's package chromium)")
    for item in items:
        if "/tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(missing)


@pytest.fixture(scope="session")
def town(tmp_path_factory):
    with _database(tmp_path_factory) as database, serving.running(tmp_path_factory.mktemp("town"), database) as town:
        yield town


@contextlib.contextmanager
def _database(tmp_path_factory):
    """On PostgreSQL one of its own for each process, on the server that DATABASE_URL names."""
    url = os.environ.get("DATABASE_URL", "")
    if urlsplit(url).scheme not in {"postgres", "postgresql"}:
        yield ""
        return
    from postroom.faces.cli.bench import databases

    name = f"postroom_browser_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    with databases.fresh("postgresql", name, tmp_path_factory.mktemp("database"), url) as fresh:
        yield fresh


# One a module, since playwright keeps an event loop running as long as it is open: Django would refuse the database to
# all tests that come after in this process.
@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def visitor(chromium, town):
    """Makes visitors: `visitor()` is nobody, `visitor("owner", "fr")` has signed in. Their faults fail the test."""
    made = []

    def make(role="", language="en", **options):
        one = Visitor(chromium, town, language, **options)
        made.append(one)
        if role:
            one.sign_in(role)
        return one

    yield make
    faults = [fault for one in made for fault in one.faults]
    for one in made:
        one.close()
    assert not faults, "\n".join(faults)
