"""Mail that is copied into the simulated platform's mailboxes: a MailSink, as drivers/copying/contract.py says."""

import json
import sqlite3
from email.parser import BytesParser
from email.policy import default
from typing import Protocol

from postroom.drivers.fake import mail
from postroom.drivers.fake.file import StateFile
from postroom.drivers.fake.stored_mail import Caller


class Copied(Protocol):
    @property
    def flags(self) -> tuple[str, ...]: ...

    @property
    def data(self) -> bytes | None: ...


class FakeSink:
    """The simulated platform keeps headers, sizes and whether a message was seen, and tells messages apart by them."""

    def __init__(self, call: Caller, state: StateFile, address: str) -> None:
        self._call, self._state, self._address = call, state, address

    def append(self, folder: tuple[str, ...], message: Copied) -> None:
        data = message.data or b""
        seen = "\\seen" in {flag.lower() for flag in message.flags}

        def add(connection: sqlite3.Connection) -> None:
            key = mail.key_of(connection, self._address)
            mail.add(connection, key, "/".join(folder), _headers(data), len(data), seen)

        self._call("append", self._address, add)

    def mark(self, folder: tuple[str, ...]) -> str:
        with self._state.transaction() as connection:
            key = mail.key_of(connection, self._address)
            found = connection.execute("SELECT coalesce(max(id), 0) FROM messages WHERE key = ?", (key,)).fetchone()
            return str(found[0])

    def holds(self, folder: tuple[str, ...], message: Copied, after: str) -> bool:
        data = message.data or b""
        wanted = ("/".join(folder), json.dumps(_headers(data)), len(data), int(after or 0))
        sql = "SELECT 1 FROM messages WHERE folder = ? AND headers = ? AND size = ? AND id > ? AND key = ?"
        with self._state.transaction() as connection:
            key = mail.key_of(connection, self._address)
            return connection.execute(sql, (*wanted, key)).fetchone() is not None

    def close(self) -> None:
        """Nothing was opened."""


def _headers(data: bytes) -> list[tuple[str, str]]:
    parsed = BytesParser(policy=default).parsebytes(data, headersonly=True)
    return [(name, str(value)) for name, value in parsed.items()]
