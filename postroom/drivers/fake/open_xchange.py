"""The directory behind the simulated platform's webmail: contexts and accounts, as dimail keeps them in Open-Xchange.

A mailbox that is switched off has no account, and gets another one when it is on again: calendar and contacts of the
first are gone. One without a name is nobody's, and never has any.
"""

import sqlite3

from postroom.core.records import DomainRecord, MailboxRecord


def put_domain(connection: sqlite3.Connection, record: DomainRecord) -> bool:
    """Whether its mailboxes have to be put again: it has moved."""
    before = connection.execute("SELECT context FROM ox_mappings WHERE key = ?", (record.key,)).fetchone()
    context = _context(connection, record) if _webmail(record) and record.context_name else None
    connection.execute("DELETE FROM ox_mappings WHERE key = ?", (record.key,))
    if context is not None:
        connection.execute("INSERT INTO ox_mappings VALUES (?, ?, ?)", (record.key, context, record.name))
    _forget_empty(connection)
    return context != (int(before[0]) if before else None)


def remove_domain(connection: sqlite3.Connection, key: int) -> None:
    connection.execute("DELETE FROM ox_mappings WHERE key = ?", (key,))
    _forget_empty(connection)


def put_mailbox(connection: sqlite3.Connection, record: MailboxRecord) -> None:
    domain = record.address.rpartition("@")[2]
    mapping = connection.execute("SELECT context FROM ox_mappings WHERE name = ?", (domain,)).fetchone()
    names = record.first_name, record.last_name
    display = str(record.settings.get("name") or " ".join(names).strip())
    if mapping is None or not display or not (record.active and record.type == "mailbox" and _webmail(record)):
        remove_mailbox(connection, record.key)
        return
    connection.execute(
        "INSERT INTO ox_accounts (key, context, email, display_name, given_name, sur_name) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (key) DO UPDATE SET context = excluded.context, email = excluded.email, "
        "display_name = excluded.display_name, given_name = excluded.given_name, sur_name = excluded.sur_name",
        (record.key, mapping[0], record.address, display, *names),
    )


def remove_mailbox(connection: sqlite3.Connection, key: int) -> None:
    connection.execute("DELETE FROM ox_accounts WHERE key = ?", (key,))


def shown(connection: sqlite3.Connection, domain: str = "") -> list[dict[str, object]]:
    """The contexts by number, each with its domains and accounts; or that of one domain."""
    names = connection.execute("SELECT id, name FROM ox_contexts ORDER BY id").fetchall()
    domains = connection.execute("SELECT context, name FROM ox_mappings ORDER BY name").fetchall()
    accounts = connection.execute(
        "SELECT context, id, email, display_name, given_name, sur_name FROM ox_accounts ORDER BY id"
    ).fetchall()
    return [
        {
            "id": id,
            "name": name,
            "domains": [domain for context, domain in domains if context == id],
            "accounts": [
                {"id": number, "email": email, "display_name": display, "given_name": given, "sur_name": sur}
                for context, number, email, display, given, sur in accounts
                if context == id
            ],
        }
        for id, name in names
        if not domain or (id, domain) in domains
    ]


def _webmail(record: DomainRecord | MailboxRecord) -> bool:
    return record.settings.get("service_webmail") != "disabled"


def _context(connection: sqlite3.Connection, record: DomainRecord) -> int:
    connection.execute(
        "INSERT INTO ox_contexts VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name",
        (record.context_key, record.context_name),
    )
    return record.context_key


def _forget_empty(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM ox_contexts WHERE id NOT IN (SELECT context FROM ox_mappings)")
