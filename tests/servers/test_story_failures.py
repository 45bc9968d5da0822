"""Parts of the stack break while messages flow. What was acknowledged arrives, once, and as its recipients' settings
say; everything recovers by itself."""

import os
import shutil
import signal
import smtplib
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from redis import Redis

from postroom.drivers.mailstack import processes
from tests.servers.clients import deliver, fetch, message, submit, wait_for
from tests.servers.hosting import PASSWORD

REMOTE_FRIEND = "friend@elsewhere.example"


class Flow:
    """Spam to Uma's filtering mailbox and letters of Uma to a friend, one after another, until stopped."""

    def __init__(self, host, uma):
        self.host, self.uma = host, uma
        self.incoming, self.outgoing, self.refused = set(), set(), []
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(self._deliver, self.incoming, "in")),
            threading.Thread(target=self._run, args=(self._submit, self.outgoing, "out")),
        ]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=90)

    def _run(self, send, acknowledged, kind):
        for number in range(100_000):
            if self._stop.is_set():
                return
            subject = f"{kind}-{number}"
            try:
                outcome = send(subject)
            except (smtplib.SMTPException, OSError) as error:
                outcome = None
                self.refused.append(f"{subject}: {type(error).__name__}")
            if outcome and outcome.code == 250:
                acknowledged.add(subject)
            elif outcome:
                self.refused.append(f"{subject}: {outcome.code}")
            self._stop.wait(0.1)

    def _deliver(self, subject):
        return deliver(self.host.stack, self.uma, message(to=self.uma, subject=subject, x_test_score=9))

    def _submit(self, subject):
        return submit(self.host.stack, self.uma, PASSWORD, REMOTE_FRIEND, message(self.uma, REMOTE_FRIEND, subject))

    def goes_on(self, within=30.0):
        """Both ways again."""
        before = len(self.incoming), len(self.outgoing)
        wait_for(lambda: len(self.incoming) > before[0] + 2 and len(self.outgoing) > before[1] + 2, within)


@pytest.fixture
def uma(host):
    from postroom.actions import domain_keys
    from postroom.core.roles import OPERATOR
    from tests import cast

    address = host.mailbox("uma", smtp_sent_limit=10_000)
    domain_keys.make(OPERATOR, cast.origin(), host.domain, "s1", 1024)
    wait_for(lambda: _redis(host.stack).hget("DKIM_SELECTORS", host.domain))
    return address


def _redis(stack):
    secret = Path(stack.facts["secrets"]["redis"]).read_text()
    return Redis(port=stack.ports["redis"], password=secret, decode_responses=True)


def kill(stack, name):
    """As a fault of memory would: no time to say goodbye, children and all."""
    before = _pid(stack, name)
    os.killpg(before, signal.SIGKILL)
    wait_for(lambda: _pid(stack, name) != before)  # it was gone, and was started again


def _pid(stack, name):
    return next(process.pid for process in processes.recorded(stack.dir / "run") if process.name == name)


@contextmanager
def database_gone(stack):
    """Nobody can open it, and on PostgreSQL those who have it open are thrown out."""
    if connection.vendor == "sqlite":
        folder = stack.dir / "data"
        hidden = stack.dir / "data-away"
        folder.rename(hidden)
        try:
            yield
        finally:
            if folder.exists():
                shutil.rmtree(folder)
            hidden.rename(folder)
        return
    given = connection.settings_dict
    server = {"host": given["HOST"], "port": given["PORT"], "user": given["USER"], "password": given["PASSWORD"]}
    connection.close()
    with psycopg.connect(**server, dbname="postgres", autocommit=True) as cluster:
        cluster.execute(f'ALTER DATABASE "{stack.database}" ALLOW_CONNECTIONS false')
        try:
            cluster.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (stack.database,)
            )
            yield
        finally:
            cluster.execute(f'ALTER DATABASE "{stack.database}" ALLOW_CONNECTIONS true')


def redis_emptied(stack):
    _redis(stack).flushall()


def database_away(stack):
    with database_gone(stack):
        time.sleep(20)


FAULTS = {
    "Redis emptied": redis_emptied,
    "Redis killed": lambda stack: kill(stack, "redis"),
    "Rspamd killed": lambda stack: kill(stack, "rspamd"),
    "the helper killed": lambda stack: kill(stack, "helper"),
    "Dovecot killed": lambda stack: kill(stack, "dovecot"),
    "the database gone for 20 s": database_away,
}

MAY_COME_TWICE = {"Dovecot killed": 2}
"""Stored, and its "250" never heard: a sender must send such a message again (RFC 1047). As many as are under way."""


@pytest.mark.parametrize("fault", FAULTS)
def test_01_nothing_acknowledged_is_lost_or_passed_unchecked(host, uma, outside, fault, record_property):
    with Flow(host, uma) as flow:
        flow.goes_on()
        FAULTS[fault](host.stack)
        flow.goes_on(within=100)  # Postfix asks a PostgreSQL that was away again after a minute
    spam = wait_for(lambda: _all_of(flow.incoming, lambda: _subjects(host, uma, "Spam")), 60)
    sent = wait_for(lambda: _all_of(flow.outgoing, lambda: [m["Subject"] for _, _, m in outside.received]), 60)
    record_property("put off meanwhile", len(flow.refused))
    if fault == "the database gone for 20 s" and not settings.IS_SQLITE:  # who has SQLite's file open reads on
        assert flow.refused
    assert len(spam) - len(set(spam)) <= MAY_COME_TWICE.get(fault, 0)
    assert sorted(sent) == sorted(set(sent))
    assert _subjects(host, uma, "INBOX") == []
    assert [m["Subject"] for _, _, m in outside.received if not m["DKIM-Signature"]] == []


def _all_of(acknowledged, look):
    with suppress(OSError):
        found = look()
        return found if set(found) >= acknowledged else None
    return None


def _subjects(host, uma, folder):
    return [mail["Subject"] for mail in fetch(host.stack, uma, PASSWORD, folder)]
