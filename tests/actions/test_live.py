"""Asking a platform holds up nobody: no transaction is open meanwhile, no place in the lane is kept."""

import logging
import threading
from types import SimpleNamespace

import pytest
from django.db import connection

from postroom.actions import mailboxes, stored_mail
from postroom.actions.lane import LANE
from postroom.actions.stored_mail import FilterChange, Wish
from postroom.core.errors import PlatformAway, PlatformRefused
from postroom.core.roles import OPERATOR
from postroom.drivers import make
from postroom.drivers.fake.platform import FakePlatform
from postroom.worker import loop
from tests import cast

CALLS = {
    "folders": lambda: stored_mail.folders(OPERATOR, cast.UMA),
    "messages": lambda: stored_mail.messages(OPERATOR, cast.UMA, Wish()),
    "deleted": lambda: stored_mail.deleted_messages(OPERATOR, cast.UMA, None),
    "move": lambda: stored_mail.move(OPERATOR, cast.origin(), cast.UMA, ["1"], "Sent"),
    "restore": lambda: stored_mail.restore(OPERATOR, cast.origin(), cast.UMA, ["1"]),
    "kick": lambda: stored_mail.end_sessions(OPERATOR, cast.origin(), cast.UMA),
    "put_script": lambda: stored_mail.change_filter(
        OPERATOR, cast.origin(), cast.UMA, FilterChange(name="a", text="keep;", activate="a")
    ),
    "check_script": lambda: mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"sieve": "keep;"}),
}


@pytest.fixture
def platform(acme, monkeypatch):
    # The test's own transaction does not count.
    monkeypatch.setattr("postroom.actions.lane.connection", SimpleNamespace(in_atomic_block=False))
    loop.until_idle(lambda: loop.milliseconds() + 1000)
    platform = make("fake", {"path": ":memory:"})
    assert isinstance(platform, FakePlatform)
    return platform


def others_pass():
    """Whether another thread gets into the lane now."""
    passed = threading.Event()

    def go():
        with LANE:
            passed.set()

    thread = threading.Thread(target=go, daemon=True)
    thread.start()
    return passed.wait(2)


@pytest.mark.parametrize("operation", CALLS)
def test_nothing_is_held_while_a_platform_is_asked(platform, monkeypatch, operation):
    seen, outside = [], len(connection.atomic_blocks)

    def looked(asked, *_):
        if asked == operation:
            seen.append((len(connection.atomic_blocks) - outside, others_pass()))

    monkeypatch.setattr(platform, "_obey_script", looked)
    with LANE:
        CALLS[operation]()
    assert set(seen) == {(0, True)}


@pytest.mark.parametrize(("kind", "error"), [("temporary", PlatformAway), ("permanent", PlatformRefused)])
def test_the_reason_is_for_the_operator(platform, caplog, kind, error):
    platform.command("fail_next", {"operation": "folders", "kind": kind, "reason": "disk 7 is broken"})
    with caplog.at_level(logging.WARNING), pytest.raises(error) as raised:
        stored_mail.folders(OPERATOR, cast.UMA)
    assert "disk 7" in caplog.text
    assert "disk 7" not in str(raised.value)
