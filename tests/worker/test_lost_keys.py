"""Servers that lost their keys get them back, whatever else the worker is about."""

import threading

import pytest
from django.db import OperationalError

from postroom.store.models import Platform
from postroom.worker import lost_keys, table_readers


class Reader:
    """A platform whose servers read our tables."""

    def __init__(self, *, filled):
        self.filled, self.given = filled, []

    @property
    def reading(self):
        return self

    def is_filled(self):
        return self.filled

    def fill(self, changes):
        self.given, self.filled = list(changes), True


@pytest.fixture
def reader(db, monkeypatch):
    """The only platform that reads tables; it has lost everything."""
    Platform.objects.create(name="servers", driver="mailstack", settings={}, created_at=0)
    reader = Reader(filled=False)
    monkeypatch.setattr(table_readers, "make", lambda driver, settings: reader)
    return reader


def run(monkeypatch, *happenings):
    """Each is one look of the thread: what it raises, if anything. Then it is told to stop."""
    stop, left = threading.Event(), list(happenings)
    stop.wait = lambda seconds: False

    def give_back():
        happening = left.pop(0)
        if not left:
            stop.set()
        if happening is not None:
            raise happening

    monkeypatch.setattr(lost_keys, "give_back", give_back)
    monkeypatch.setattr(lost_keys, "database_gone", lambda error: error)
    thread = lost_keys.start(stop)
    thread.join(10)
    return left


def test_who_lost_them_gets_them_back(reader):
    lost_keys.give_back()
    assert reader.filled


def test_who_has_them_is_left_alone(reader):
    reader.filled = True
    lost_keys.give_back()
    assert reader.given == []


def test_it_outlives_a_database_that_is_away(monkeypatch):
    assert run(monkeypatch, OperationalError("gone"), None) == []


def test_it_outlives_a_fault(monkeypatch):
    assert run(monkeypatch, KeyError("ours"), None) == []
