"""The worker runs until it is told to stop, whatever the database does."""

import threading

from django.db import OperationalError

from postroom.store.models import Job
from postroom.worker import loop


def run_until(monkeypatch, rounds):
    """Run the worker; each item is one round: what it returns or raises. Then it is told to stop."""
    stop, left = threading.Event(), list(rounds)
    stop.wait = lambda seconds: False

    def round_once():
        happening = left.pop(0)
        if not left:
            stop.set()
        if isinstance(happening, Exception):
            raise happening
        return happening

    monkeypatch.setattr(loop, "round_once", round_once)
    monkeypatch.setattr(loop, "database_gone", lambda error: error)
    loop.run(stop)
    return left


def test_it_stops_when_it_is_told_to(db, monkeypatch):
    assert run_until(monkeypatch, [1, 0]) == []


def test_it_outlives_a_database_that_is_away(db, monkeypatch):
    assert run_until(monkeypatch, [OperationalError("gone"), 0]) == []


def test_it_sees_to_the_periodic_jobs(db, monkeypatch):
    run_until(monkeypatch, [0])
    assert Job.objects.filter(kind="purge").exists()


def test_an_idle_round_does_nothing(db):
    assert loop.round_once() == 0
