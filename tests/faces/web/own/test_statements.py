"""How often a page asks the database, besides finding out who has signed in."""

import pytest
from django.db import connection

from postroom.actions import app_passwords
from postroom.core.roles import OPERATOR
from tests import cast

pytestmark = pytest.mark.django_db


def statements(holder, path):
    """Django's and ours. Those without which a page with nothing on it does not come are taken off."""
    if connection.vendor != "sqlite":
        pytest.skip("counted on SQLite")
    return _counted(holder, path) - _counted(holder, "password/")


def _counted(holder, path):
    seen = []
    holder.get(path)  # what a process remembers is remembered now
    connection.connection.set_trace_callback(seen.append)
    try:
        assert holder.get(path).status_code == 200
    finally:
        connection.connection.set_trace_callback(None)
    return len(seen)


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("", 6), ("forward/", 1), ("auto-reply/", 1), ("senders/", 1), ("devices/", 4), ("app-passwords/", 2),
        ("details/", 1),
    ],
)  # fmt: skip
def test_a_page_asks_a_few_times_however_much_there_is(uma, path, most):
    uma.set(block=[f"n{number}.example" for number in range(200)], forward_recipients=["joe@home.example"])
    for number in range(4):
        app_passwords.add(OPERATOR, cast.origin(), cast.UMA, f"device {number}")
    assert statements(uma, path) <= most
