"""What the simulated platform has been told to do: failures, delays, fixed secrets. Answers of checks: checks.py."""

import sqlite3
from typing import Final

from postroom.drivers.contract import PermanentFailure, TemporaryFailure

WRITES: Final = ("put_domain", "remove_domain", "put_mailbox", "remove_mailbox", "conflict")
READS: Final = ("observe_domain", "observe_mailbox", "observe_mailboxes", "domains", "check_domain", "fix_domain")
MAIL: Final = (
    "folders", "deleted_folders", "messages", "move", "deleted", "restore", "reindex", "deposit", "usage", "kick",
    "kick_domain", "scripts", "check_script", "put_script", "activate_script", "delete_script",
)  # fmt: skip
OPERATIONS: Final = (*READS, *WRITES, *MAIL, "apply", "any")
"""What can fail or be slow. `apply` stands for every change, `any` for every call."""


def delay(connection: sqlite3.Connection, operation: str) -> float:
    """Seconds; where several delays fit, the longest."""
    row = connection.execute(
        "SELECT max(seconds) FROM delays WHERE operation IN (?, ?, ?)", _covering(operation)
    ).fetchone()
    return float(row[0] or 0.0)


def next_failure(connection: sqlite3.Connection, operation: str) -> TemporaryFailure | PermanentFailure | None:
    """Uses up one of the failures that were asked for, the oldest that fits first."""
    row = connection.execute(
        "UPDATE failures SET times = times - 1 WHERE id = "
        "(SELECT id FROM failures WHERE operation IN (?, ?, ?) ORDER BY id LIMIT 1) "
        "RETURNING id, times, kind, reason, retry_in",
        _covering(operation),
    ).fetchone()
    if row is None:
        return None
    number, times, kind, reason, retry_in = row
    if times == 0:
        connection.execute("DELETE FROM failures WHERE id = ?", (number,))
    return PermanentFailure(reason) if kind == "permanent" else TemporaryFailure(reason, retry_in)


def refuse_mailbox(connection: sqlite3.Connection, address: str) -> None:
    """Raises PermanentFailure where that was asked for."""
    row = connection.execute("SELECT reason FROM refused_mailboxes WHERE address = ?", (address,)).fetchone()
    if row is not None:
        raise PermanentFailure(row[0])


def fixed_secret(connection: sqlite3.Connection, name: str) -> str | None:
    row = connection.execute("SELECT value FROM secrets WHERE name = ?", (name,)).fetchone()
    return row and str(row[0])


def _covering(operation: str) -> tuple[str, str, str]:
    return operation, "apply" if operation in WRITES else operation, "any"
