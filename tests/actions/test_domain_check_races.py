"""Two who press the button at the same moment, an operator in between, and a mailbox that comes meanwhile."""

import threading
import time

import pytest
from django.conf import settings
from django.db import connection, transaction

from postroom.actions import domain_checks, domain_switch, domains
from postroom.core.lifecycle import DomainState
from postroom.core.roles import OPERATOR
from postroom.drivers import make
from postroom.store import rows
from postroom.store.models import Domain, History, Job, OutgoingMail
from postroom.worker import loop
from tests import cast, threads

pytestmark = threads.MARK
TOWN = "town.example"


@pytest.fixture
def town(tmp_path):
    with threads.shared_database(tmp_path):
        cast.acme()
        cast.company("town", "mayor@town.adm", trusted=False)
        domains.change(OPERATOR, cast.origin(), TOWN, {"company": "town"}, create_only=True)
        Domain.objects.filter(name=TOWN).update(support_email="dns@town.example.org")
        while loop.round_once():
            pass
        yield make("fake", {"path": ":memory:"})


def check():
    return domain_checks.check_now(OPERATOR, cast.origin(), TOWN).status


def test_two_checks_at_once_say_it_once(town, monkeypatch):
    together, really = threading.Barrier(2, timeout=20), town.check_domain

    def check_domain(record, ownership=""):
        report = really(record, ownership)
        together.wait()  # both know, and neither has written
        return report

    monkeypatch.setattr(town, "check_domain", check_domain)
    assert threads.at_once(check, check) == [DomainState.ENABLED] * 2
    assert History.objects.filter(name=TOWN, verb="checked").count() == 1
    assert OutgoingMail.objects.filter(purpose="domain_status").count() == 1


def test_an_operator_who_disables_meanwhile_wins(town, monkeypatch):
    asked, off, really = threading.Event(), threading.Event(), town.check_domain

    def check_domain(record, ownership=""):
        report = really(record, ownership)
        asked.set()
        assert off.wait(20)
        return report

    def disable():
        assert asked.wait(20)
        domain_switch.disable(OPERATOR, cast.origin(), TOWN)
        off.set()

    monkeypatch.setattr(town, "check_domain", check_domain)
    threads.at_once(check, disable)
    assert Domain.objects.get(name=TOWN).status == DomainState.DISABLED


def wait_until_somebody_waits_for_a_lock(attempts=2000):
    """On SQLite whoever writes waits at the beginning of the transaction, and nobody can see it."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    for _ in range(attempts if not settings.IS_SQLITE else 0):
        with connection.cursor() as cursor:
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    assert settings.IS_SQLITE, "the check did not wait"


def test_a_mailbox_that_comes_while_a_check_waits_for_the_domain_is_released(town, monkeypatch):
    locked, asked, really = threading.Event(), threading.Event(), town.check_domain

    def check_domain(record, ownership=""):
        asked.set()
        assert locked.wait(20)
        return really(record, ownership)

    def create():
        assert asked.wait(20)
        with transaction.atomic():
            rows.lock_domain(Domain.objects.get(name=TOWN).pk)
            locked.set()
            wait_until_somebody_waits_for_a_lock()
            cast.mailbox(f"clerk@{TOWN}")

    monkeypatch.setattr(town, "check_domain", check_domain)
    threads.at_once(check, create)
    assert Job.objects.filter(kind="release_waiting").exists()
