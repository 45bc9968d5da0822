"""Folders, messages and sessions of the simulated platform's mailboxes."""

import json
import sqlite3
from collections.abc import Sequence
from email.parser import BytesParser
from email.policy import default
from typing import Any, Final

from postroom.drivers.contract import Folder, MailUsage, Message, NoFolder, NoMailbox

OWN_FOLDERS: Final = ("Drafts", "INBOX", "Sent", "Spam", "Trash")
"""Every mailbox has them from the start."""

_FIELDS: Final = "id, folder, headers, size, seen"


def key_of(connection: sqlite3.Connection, address: str) -> int:
    row = connection.execute("SELECT key FROM mailboxes WHERE address = ?", (address,)).fetchone()
    if row is None:
        raise NoMailbox(f"There is no mailbox {address} on this platform")
    return int(row[0])


def folders(connection: sqlite3.Connection, key: int) -> list[Folder]:
    counted = connection.execute(
        "SELECT folder, count(*), sum(NOT seen) FROM messages WHERE key = ? AND NOT deleted GROUP BY folder", (key,)
    )
    counts = {folder: (messages, unseen) for folder, messages, unseen in counted}
    return [
        Folder(name=name, messages=counts.get(name, (0, 0))[0], unseen=counts.get(name, (0, 0))[1])
        for name in sorted(_names(connection, key))
    ]


def _names(connection: sqlite3.Connection, key: int) -> set[str]:
    made = connection.execute("SELECT name FROM folders WHERE key = ?", (key,))
    return {*OWN_FOLDERS, *(name for (name,) in made)}


def require_folder(connection: sqlite3.Connection, key: int, folder: str) -> None:
    if folder not in _names(connection, key):
        raise NoFolder(f"There is no folder {folder}")


def make_folder(connection: sqlite3.Connection, key: int, folder: str) -> None:
    connection.execute("INSERT OR IGNORE INTO folders VALUES (?, ?)", (key, folder))


def remove_folder(connection: sqlite3.Connection, key: int, folder: str) -> int:
    """With its messages, which can be restored; how many they were."""
    connection.execute("DELETE FROM folders WHERE key = ? AND name = ?", (key, folder))
    return expunge(connection, key, folder)


def messages(
    connection: sqlite3.Connection, key: int, folder: str, *, unseen: bool, newest: bool, limit: int
) -> list[Message]:
    order = "DESC" if newest else "ASC"
    rows = connection.execute(
        f"SELECT {_FIELDS} FROM messages WHERE key = ? AND folder = ? AND NOT deleted AND NOT (seen AND ?) "  # noqa: S608
        f"ORDER BY id {order} LIMIT ?",
        (key, folder, unseen, limit),
    )
    return [_message(row) for row in rows]


def deleted(connection: sqlite3.Connection, key: int, folder: str, limit: int) -> list[Message]:
    rows = connection.execute(
        f"SELECT {_FIELDS} FROM messages WHERE key = ? AND deleted AND ? IN ('', folder) ORDER BY id LIMIT ?",  # noqa: S608
        (key, folder, limit),
    )
    return [_message(row) for row in rows]


def deleted_folders(connection: sqlite3.Connection, key: int) -> list[str]:
    rows = connection.execute("SELECT DISTINCT folder FROM messages WHERE key = ? AND deleted ORDER BY folder", (key,))
    return [folder for (folder,) in rows]


def move(connection: sqlite3.Connection, key: int, ids: Sequence[str], folder: str) -> frozenset[str]:
    there = _present(connection, key, ids, deleted=False)
    for id in there:
        # A new number, as on real servers: the message is the youngest of its new folder.
        connection.execute(
            "INSERT INTO messages (key, folder, headers, size, seen) "
            "SELECT key, ?, headers, size, seen FROM messages WHERE id = ?",
            (folder, _number(id)),
        )
        connection.execute("DELETE FROM messages WHERE id = ?", (_number(id),))
    return there


def restore(connection: sqlite3.Connection, key: int, ids: Sequence[str]) -> frozenset[str]:
    there = _present(connection, key, ids, deleted=True)
    for id in there:
        row = connection.execute(
            "UPDATE messages SET deleted = 0 WHERE id = ? RETURNING folder", (_number(id),)
        ).fetchone()
        make_folder(connection, key, row[0])
    return there


def expunge(connection: sqlite3.Connection, key: int, folder: str) -> int:
    done = connection.execute(
        "UPDATE messages SET deleted = 1 WHERE key = ? AND folder = ? AND NOT deleted", (key, folder)
    )
    return done.rowcount


def add(
    connection: sqlite3.Connection, key: int, folder: str, headers: Sequence[tuple[str, str]], size: int, seen: bool
) -> str:
    make_folder(connection, key, folder)
    added = connection.execute(
        "INSERT INTO messages (key, folder, headers, size, seen) VALUES (?, ?, ?, ?, ?)",
        (key, folder, json.dumps(headers), size, seen),
    )
    return _id(added.lastrowid or 0)


def deposit(connection: sqlite3.Connection, key: int, message: bytes) -> None:
    parsed = BytesParser(policy=default).parsebytes(message, headersonly=True)
    headers = [(name, str(value)) for name, value in parsed.items()]
    add(connection, key, "INBOX", headers, len(message), False)


def usage(connection: sqlite3.Connection, addresses: Sequence[str]) -> dict[str, MailUsage]:
    rows = connection.execute(
        "SELECT address, coalesce(sum(size), 0), count(id) FROM mailboxes LEFT JOIN messages "
        "ON messages.key = mailboxes.key AND NOT deleted "
        "WHERE address IN (SELECT value FROM json_each(?)) GROUP BY address",
        (json.dumps(list(addresses)),),
    )
    return {address: MailUsage(bytes=size, messages=count) for address, size, count in rows}


def begin_session(connection: sqlite3.Connection, key: int, service: str) -> None:
    connection.execute("INSERT INTO sessions (key, service) VALUES (?, ?)", (key, service))


def kick(connection: sqlite3.Connection, key: int) -> None:
    connection.execute("DELETE FROM sessions WHERE key = ?", (key,))


def kick_domain(connection: sqlite3.Connection, domain: str) -> None:
    connection.execute("DELETE FROM sessions WHERE key IN (SELECT key FROM mailboxes WHERE domain = ?)", (domain,))


def sessions(connection: sqlite3.Connection, domain: str) -> list[dict[str, object]]:
    """Of the mailboxes of a domain, or of all where it is empty."""
    rows = connection.execute(
        "SELECT address, service FROM sessions JOIN mailboxes USING (key) WHERE ? IN ('', domain) ORDER BY id",
        (domain,),
    )
    return [{"address": address, "service": service} for address, service in rows]


def _id(number: int) -> str:
    return f"{number:032x}"


def _number(id: str) -> int:
    """0 where it is no id of ours."""
    is_ours = len(id) == 32 and all(c in "0123456789abcdef" for c in id) and id < f"{2**63:032x}"
    return int(id, 16) if is_ours else 0


def _present(connection: sqlite3.Connection, key: int, ids: Sequence[str], *, deleted: bool) -> frozenset[str]:
    rows = connection.execute(
        "SELECT id FROM messages WHERE key = ? AND deleted = ? AND id IN (SELECT value FROM json_each(?))",
        (key, deleted, json.dumps([_number(id) for id in ids])),
    ).fetchall()
    return frozenset(_id(number) for (number,) in rows)


def _message(row: tuple[Any, ...]) -> Message:
    number, folder, headers, size, seen = row
    pairs = tuple((name, value) for name, value in json.loads(headers))
    return Message(id=_id(number), folder=folder, headers=pairs, size=size, seen=bool(seen))
