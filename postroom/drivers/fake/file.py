"""The SQLite file in which the simulated platform lives.

Server and worker processes share it, and a process may be killed at any moment: every change is one
transaction of a write-ahead log. One connection a process, under a lock; a forked child opens its own.
"""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from postroom.drivers import contract

IN_MEMORY: Final = ":memory:"
BUSY_SECONDS: Final = 5.0
REASONS_OF_THE_FILE: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_READONLY,
    }
)

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS domains (key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, record TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS mailboxes (
    key INTEGER PRIMARY KEY, address TEXT NOT NULL UNIQUE, domain TEXT NOT NULL, record TEXT NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS mailboxes_of_domain ON mailboxes (domain, address);
CREATE TABLE IF NOT EXISTS domain_aliases (name TEXT PRIMARY KEY, key INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS aliases_of_domain ON domain_aliases (key);
CREATE TABLE IF NOT EXISTS mailbox_aliases (
    address TEXT NOT NULL, key INTEGER NOT NULL, PRIMARY KEY (address, key)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS aliases_of_mailbox ON mailbox_aliases (key);
CREATE TABLE IF NOT EXISTS calls (
    id INTEGER PRIMARY KEY, at REAL NOT NULL,
    operation TEXT NOT NULL, name TEXT NOT NULL, outcome TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS checks (
    domain TEXT NOT NULL, test TEXT NOT NULL, code TEXT NOT NULL, detail TEXT NOT NULL,
    PRIMARY KEY (domain, test)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS new_domains (test TEXT PRIMARY KEY, code TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS passes (domain TEXT NOT NULL, test TEXT NOT NULL, PRIMARY KEY (domain, test)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS fixes (
    domain TEXT PRIMARY KEY, repairs INTEGER NOT NULL, breaks TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS failures (
    id INTEGER PRIMARY KEY, operation TEXT NOT NULL, times INTEGER NOT NULL, kind TEXT NOT NULL,
    reason TEXT NOT NULL, retry_in REAL NOT NULL);
CREATE TABLE IF NOT EXISTS delays (operation TEXT PRIMARY KEY, seconds REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS folders (key INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY (key, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, key INTEGER NOT NULL, folder TEXT NOT NULL, headers TEXT NOT NULL,
    size INTEGER NOT NULL, seen INTEGER NOT NULL, deleted INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS messages_of_mailbox ON messages (key, deleted, folder, id);
CREATE TABLE IF NOT EXISTS scripts (
    key INTEGER NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL, active INTEGER NOT NULL,
    PRIMARY KEY (key, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS refused_scripts (part TEXT PRIMARY KEY, error TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS refused_mailboxes (address TEXT PRIMARY KEY, reason TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS ox_contexts (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS ox_mappings (key INTEGER PRIMARY KEY, context INTEGER NOT NULL, name TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS ox_accounts (
    id INTEGER PRIMARY KEY AUTOINCREMENT, key INTEGER NOT NULL UNIQUE, context INTEGER NOT NULL, email TEXT NOT NULL,
    display_name TEXT NOT NULL, given_name TEXT NOT NULL, sur_name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS sessions (id INTEGER PRIMARY KEY, key INTEGER NOT NULL, service TEXT NOT NULL);
"""
TABLES: Final = (
    "domains",
    "mailboxes",
    "domain_aliases",
    "mailbox_aliases",
    "calls",
    "checks",
    "new_domains",
    "passes",
    "fixes",
    "failures",
    "delays",
    "secrets",
    "folders",
    "messages",
    "scripts",
    "refused_scripts",
    "refused_mailboxes",
    "sessions",
    "ox_contexts",
    "ox_mappings",
    "ox_accounts",
)


class StateFile:
    def __init__(self, path: str | Path) -> None:
        self.path = str(path)
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._process = 0
        self._inherited: list[sqlite3.Connection | None] = []

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing. Raises TemporaryFailure where the file is locked, full, broken or out of reach."""
        with self._lock:
            try:
                connection = self._open()
                connection.execute("BEGIN IMMEDIATE")
                try:
                    yield connection
                    connection.execute("COMMIT")
                finally:
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
            except OSError as error:
                raise contract.TemporaryFailure(f"The simulated platform's file: {error}", 1.0) from error
            except sqlite3.DatabaseError as error:
                if getattr(error, "sqlite_errorcode", 0) & 0xFF not in REASONS_OF_THE_FILE:
                    raise  # a fault of ours
                raise contract.TemporaryFailure(f"The simulated platform's file: {error}", 1.0) from error

    def close(self) -> None:
        """In memory, everything is lost."""
        with self._lock:
            if self._connection is not None and self._process == os.getpid():
                self._connection.close()
            self._connection = None

    def _open(self) -> sqlite3.Connection:
        if self._connection is None or self._process != os.getpid():
            # What a parent process left in our memory must not be used, nor even closed.
            self._inherited.append(self._connection)
            self._connection = _connect(self.path)
            self._process = os.getpid()
        return self._connection


def _connect(path: str) -> sqlite3.Connection:
    if path != IN_MEMORY:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))  # it holds password hashes
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        _prepare(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    _write_ahead(connection)
    connection.execute("PRAGMA synchronous=NORMAL")  # a kill loses nothing; a power cut the last moments
    connection.execute("BEGIN IMMEDIATE")
    for statement in SCHEMA.split(";"):
        connection.execute(statement)
    connection.execute("COMMIT")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Where two processes meet a new file, SQLite refuses the slower one at once; here it waits."""
    give_up_at = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.01)
        else:
            return
