"""The domains and mailboxes of the simulated platform, and what a real one would refuse."""

import sqlite3
from typing import Any, Final

import msgspec

from postroom.core.aliases import swallows
from postroom.core.plan import Change, PutDomain, PutMailbox, RemoveDomain, RemoveMailbox
from postroom.core.records import AliasRecord, DomainRecord, MailboxRecord
from postroom.drivers.contract import PermanentFailure
from postroom.drivers.fake import open_xchange

_JSON: Final = msgspec.json.Decoder()


def domain(connection: sqlite3.Connection, name: str) -> DomainRecord | None:
    row = connection.execute("SELECT record FROM domains WHERE name = ?", (name,)).fetchone()
    return row and _domain(row[0])


def domains(connection: sqlite3.Connection, after: str, limit: int) -> list[DomainRecord]:
    rows = connection.execute("SELECT record FROM domains WHERE name > ? ORDER BY name LIMIT ?", (after, limit))
    return [_domain(record) for (record,) in rows]


def mailbox(connection: sqlite3.Connection, address: str) -> MailboxRecord | None:
    row = connection.execute("SELECT record FROM mailboxes WHERE address = ?", (address,)).fetchone()
    return row and _mailbox(row[0])


def mailboxes(connection: sqlite3.Connection, domain: str, after: str, limit: int) -> list[MailboxRecord]:
    rows = connection.execute(
        "SELECT record FROM mailboxes WHERE domain = ? AND address > ? ORDER BY address LIMIT ?",
        (domain, after, limit),
    )
    return [_mailbox(record) for (record,) in rows]


def reached(connection: sqlite3.Connection, address: str) -> list[str]:
    """Where a message to the address ends: mailboxes of this platform by their own address, and addresses elsewhere.

    Nowhere: nobody takes it, or it is swallowed.
    """
    found: set[str] = set()
    seen: set[str] = set()
    waiting = [address]
    while waiting:
        home, here = _at_home(connection, waiting.pop())
        if home in seen:
            continue
        seen.add(home)
        if here is None:
            found.update(() if swallows(home) else [home])
            continue
        found.update(_mailboxes_of(connection, home))
        local_part = home.rpartition("@")[0]
        waiting.extend(
            d for a in here.own_aliases if here.active and a.local_part == local_part for d in a.destinations
        )
    return sorted(found)


def _at_home(connection: sqlite3.Connection, address: str) -> tuple[str, DomainRecord | None]:
    """The address under its domain's own name, and the domain where it is on this platform."""
    local_part, _, name = address.rpartition("@")
    row = connection.execute(
        "SELECT record FROM domains WHERE name = ?1 OR key = (SELECT key FROM domain_aliases WHERE name = ?1)", (name,)
    ).fetchone()
    here = _domain(row[0]) if row else None
    return (f"{local_part}@{here.name}" if here else address), here


def _mailboxes_of(connection: sqlite3.Connection, address: str) -> list[str]:
    rows = connection.execute(
        "SELECT address FROM mailboxes WHERE (address = ?1 OR key IN "
        "(SELECT key FROM mailbox_aliases WHERE address = ?1)) AND record ->> '$.active' ORDER BY address",
        (address,),
    )
    return [found for (found,) in rows]


def apply(connection: sqlite3.Connection, change: Change) -> None:
    match change:
        case PutDomain(record=record):
            _put_domain(connection, record)
        case RemoveDomain(name=name, key=key):
            _remove_domain(connection, name, key)
        case PutMailbox(record=record):
            _put_mailbox(connection, record)
        case RemoveMailbox(address=address, key=key):
            _remove_mailbox(connection, address, key)
        case _:
            raise PermanentFailure(change.reason)


def _put_domain(connection: sqlite3.Connection, record: DomainRecord) -> None:
    for name in (record.name, *record.aliases):
        _refuse_taken_domain(connection, name, record.key)
    row = connection.execute("SELECT name FROM domains WHERE key = ?", (record.key,)).fetchone()
    connection.execute(
        "INSERT INTO domains VALUES (?, ?, ?) "
        "ON CONFLICT (key) DO UPDATE SET name = excluded.name, record = excluded.record",
        (record.key, record.name, _json(record)),
    )
    connection.execute("DELETE FROM domain_aliases WHERE key = ?", (record.key,))
    connection.executemany(
        "INSERT OR IGNORE INTO domain_aliases VALUES (?, ?)", [(name, record.key) for name in record.aliases]
    )
    moved = open_xchange.put_domain(connection, record)
    if row and row[0] != record.name:
        _move_mailboxes(connection, row[0], record.name)
    elif moved:
        _move_mailboxes(connection, record.name, record.name)


def _refuse_taken_domain(connection: sqlite3.Connection, name: str, key: int) -> None:
    row = connection.execute(
        "SELECT key FROM (SELECT key, name FROM domains UNION ALL SELECT key, name FROM domain_aliases) "
        "WHERE name = ? AND key <> ?",
        (name, key),
    ).fetchone()
    if row:
        raise PermanentFailure(f"{name} is a name or an alias of another domain")


def _move_mailboxes(connection: sqlite3.Connection, old: str, new: str) -> None:
    rows = connection.execute("SELECT record FROM mailboxes WHERE domain = ?", (old,)).fetchall()
    for (text,) in rows:
        record = _mailbox(text)
        moved = msgspec.structs.replace(
            record,
            address=_in_domain(record.address, old, new),
            aliases=tuple(_in_domain(alias, old, new) for alias in record.aliases),
        )
        _store_mailbox(connection, moved)


def _in_domain(address: str, old: str, new: str) -> str:
    local_part, _, name = address.rpartition("@")
    return f"{local_part}@{new}" if name == old else address


def _remove_domain(connection: sqlite3.Connection, name: str, key: int | None) -> None:
    row = connection.execute("SELECT key FROM domains WHERE name = ?", (name,)).fetchone()
    if row is None or key not in (None, row[0]):
        return
    if connection.execute("SELECT 1 FROM mailboxes WHERE domain = ? LIMIT 1", (name,)).fetchone():
        raise PermanentFailure(f"{name} still has mailboxes")
    connection.execute("DELETE FROM domains WHERE key = ?", row)
    connection.execute("DELETE FROM domain_aliases WHERE key = ?", row)
    open_xchange.remove_domain(connection, row[0])


def _put_mailbox(connection: sqlite3.Connection, record: MailboxRecord) -> None:
    name = record.address.rpartition("@")[2]
    if domain(connection, name) is None:
        raise PermanentFailure(f"The domain {name} is not on this platform")
    row = connection.execute("SELECT key FROM mailboxes WHERE address = ?", (record.address,)).fetchone()
    if row and row[0] != record.key:
        raise PermanentFailure(f"{record.address} is the address of another mailbox")
    _store_mailbox(connection, record)


def _store_mailbox(connection: sqlite3.Connection, record: MailboxRecord) -> None:
    connection.execute(
        "INSERT INTO mailboxes VALUES (?, ?, ?, ?) ON CONFLICT (key) DO UPDATE "
        "SET address = excluded.address, domain = excluded.domain, record = excluded.record",
        (record.key, record.address, record.address.rpartition("@")[2], _json(record)),
    )
    connection.execute("DELETE FROM mailbox_aliases WHERE key = ?", (record.key,))
    connection.executemany(
        "INSERT OR IGNORE INTO mailbox_aliases VALUES (?, ?)",
        [(alias, record.key) for alias in record.aliases],
    )
    open_xchange.put_mailbox(connection, record)


def _remove_mailbox(connection: sqlite3.Connection, address: str, key: int | None) -> None:
    row = connection.execute("SELECT key FROM mailboxes WHERE address = ?", (address,)).fetchone()
    if row is None or key not in (None, row[0]):
        return
    connection.execute("DELETE FROM mailboxes WHERE key = ?", row)
    connection.execute("DELETE FROM mailbox_aliases WHERE key = ?", row)
    open_xchange.remove_mailbox(connection, row[0])


def _json(record: DomainRecord | MailboxRecord) -> str:
    plain = msgspec.structs.replace(record, settings=dict(record.settings))
    return msgspec.json.encode(plain).decode()


def _domain(text: str) -> DomainRecord:
    return DomainRecord(**_fields(text))


def _mailbox(text: str) -> MailboxRecord:
    return MailboxRecord(**_fields(text))


def _fields(text: str) -> dict[str, Any]:
    """By hand: msgspec decodes no union of two kinds of list, which `Value` is. We wrote it: no check."""
    fields: dict[str, Any] = _JSON.decode(text)
    fields = {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}
    if "own_aliases" in fields:
        fields["own_aliases"] = tuple(msgspec.convert(alias, AliasRecord) for alias in fields["own_aliases"])
    return fields
