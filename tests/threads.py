"""A database that threads share: on PostgreSQL the test's own, on SQLite a file, since a test's own is in memory."""

import contextlib
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.db import connection

from postroom.core.errors import PostroomError

MARK = pytest.mark.django_db(transaction=True)
"""`pytestmark` of a module whose tests use `shared_database`."""


@contextlib.contextmanager
def shared_database(tmp_path):
    with _file(tmp_path / "shared.sqlite3") if settings.IS_SQLITE else contextlib.nullcontext():
        yield


@contextlib.contextmanager
def _file(path):
    connection.ensure_connection()
    copy = sqlite3.connect(path)
    connection.connection.backup(copy)
    copy.close()
    in_memory, name = connection.connection, connection.settings_dict["NAME"]
    connection.connection, connection.settings_dict["NAME"] = None, str(path)
    try:
        yield
    finally:
        connection.close()
        connection.connection, connection.settings_dict["NAME"] = in_memory, name


def at_once(*functions):
    """What each gave, or how it was refused. Other errors are faults."""
    ready = threading.Barrier(len(functions))

    def run(function):
        try:
            connection.ensure_connection()
            ready.wait(20)
            return function()
        except PostroomError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(functions)) as pool:
        return list(pool.map(run, functions))
