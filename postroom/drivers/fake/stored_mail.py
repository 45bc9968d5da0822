"""The mail that the simulated platform holds: what was delivered to it by command, in its SQLite file.

Nothing is sent or received here, and quota stops no delivery. Mail hangs on a mailbox's key: renaming, deleting and
restoring the mailbox move nothing.
"""

import sqlite3
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from postroom.drivers.contract import PAGE, Folder, MailUsage, Message, Script, ScriptError
from postroom.drivers.fake import mail, scripts

Answer = TypeVar("Answer")


class Caller(Protocol):
    """How the platform slows, fails and notes a call."""

    def __call__(self, operation: str, name: str, work: Callable[[sqlite3.Connection], Answer]) -> Answer: ...


class FakeStoredMail:
    def __init__(self, call: Caller) -> None:
        self._call = call

    def folders(self, address: str) -> list[Folder]:
        return self._of("folders", address, mail.folders)

    def deleted_folders(self, address: str) -> list[str]:
        return self._of("deleted_folders", address, mail.deleted_folders)

    def messages(
        self, address: str, folder: str, *, unseen: bool = False, newest: bool = False, limit: int = PAGE
    ) -> list[Message]:
        def work(connection: sqlite3.Connection, key: int) -> list[Message]:
            mail.require_folder(connection, key, folder)
            return mail.messages(connection, key, folder, unseen=unseen, newest=newest, limit=limit)

        return self._of("messages", address, work)

    def move(self, address: str, ids: Sequence[str], folder: str) -> frozenset[str]:
        def work(connection: sqlite3.Connection, key: int) -> frozenset[str]:
            mail.require_folder(connection, key, folder)
            return mail.move(connection, key, ids, folder)

        return self._of("move", address, work)

    def deleted(self, address: str, folder: str = "", *, limit: int = PAGE) -> list[Message]:
        return self._of("deleted", address, lambda c, key: mail.deleted(c, key, folder, limit))

    def restore(self, address: str, ids: Sequence[str]) -> frozenset[str]:
        return self._of("restore", address, lambda c, key: mail.restore(c, key, ids))

    def reindex(self, address: str, folder: str = "") -> None:
        def work(connection: sqlite3.Connection, key: int) -> None:
            if folder:
                mail.require_folder(connection, key, folder)

        self._of("reindex", address, work)

    def deposit(self, address: str, message: bytes) -> None:
        self._of("deposit", address, lambda c, key: mail.deposit(c, key, message))

    def usage(self, addresses: Sequence[str]) -> dict[str, MailUsage]:
        return self._call("usage", f"{len(addresses)} mailboxes", lambda c: mail.usage(c, addresses))

    def kick(self, address: str) -> None:
        self._of("kick", address, mail.kick)

    def kick_domain(self, domain: str) -> None:
        self._call("kick_domain", domain, lambda connection: mail.kick_domain(connection, domain))

    def scripts(self, address: str) -> list[Script]:
        return self._of("scripts", address, scripts.listed)

    def check_script(self, address: str, text: str) -> list[ScriptError]:
        return self._call("check_script", address, lambda connection: scripts.problems(connection, text))

    def put_script(self, address: str, name: str, text: str) -> list[ScriptError]:
        return self._of("put_script", address, lambda c, key: scripts.put(c, key, name, text))

    def activate_script(self, address: str, name: str) -> None:
        self._of("activate_script", address, lambda c, key: scripts.activate(c, key, name))

    def delete_script(self, address: str, name: str) -> None:
        self._of("delete_script", address, lambda c, key: scripts.delete(c, key, name))

    def _of(self, operation: str, address: str, work: Callable[[sqlite3.Connection, int], Answer]) -> Answer:
        return self._call(operation, address, lambda connection: work(connection, mail.key_of(connection, address)))
