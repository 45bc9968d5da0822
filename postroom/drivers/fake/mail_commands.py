"""Commands that play the senders and readers of mail, whom the simulated platform has not."""

import sqlite3
from typing import Annotated, Literal

import msgspec

from postroom.core import errors
from postroom.drivers.contract import NoMailbox
from postroom.drivers.fake import mail, objects
from postroom.drivers.fake.command import Command, Reply, Text

FolderName = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"^[^/%*]+(/[^/%*]+)*$")]


def _key(connection: sqlite3.Connection, address: str) -> int:
    try:
        return mail.key_of(connection, address.lower())
    except NoMailbox as failure:
        raise errors.BadRequest(hints={"address": failure.reason}) from None


class Deliver(Command, frozen=True):
    """Put a message into a folder of each mailbox that the address reaches; the folder is made where it is not."""

    address: Text
    folder: FolderName = "INBOX"
    subject: str = ""
    sender: str = msgspec.field(name="from", default="somebody@elsewhere.example")
    headers: dict[str, str] = {}
    """Any others."""
    size: Annotated[int, msgspec.Meta(ge=0, le=10**12)] = 1000
    """Bytes that it counts for; there is no body."""
    seen: bool = False
    times: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 1

    def run(self, connection: sqlite3.Connection) -> Reply:
        found = objects.reached(connection, self.address.lower())
        reached = [address for address in found if objects.mailbox(connection, address)]
        if not reached:
            raise errors.BadRequest(hints={"address": f"{self.address} reaches no mailbox on this platform"})
        ids = [id for address in reached for id in self._into(connection, address)]
        return {"reached": reached, "ids": ids}

    def _into(self, connection: sqlite3.Connection, address: str) -> list[str]:
        headers = [("From", self.sender), ("To", self.address), ("Subject", self.subject), *self.headers.items()]
        key = mail.key_of(connection, address)
        return [mail.add(connection, key, self.folder, headers, self.size, self.seen) for _ in range(self.times)]


class Expunge(Command, frozen=True):
    """Delete the messages of a folder, and the folder too if asked, as a mail client does: they can be restored."""

    address: Text
    folder: FolderName = "INBOX"
    with_folder: bool = False

    def run(self, connection: sqlite3.Connection) -> Reply:
        remove = mail.remove_folder if self.with_folder else mail.expunge
        return {"deleted": remove(connection, _key(connection, self.address), self.folder)}


class SignIn(Command, frozen=True):
    """Begin a live session, which a logout ends. No password is asked for."""

    address: Text
    service: Literal["imap4", "pop3"] = "imap4"

    def run(self, connection: sqlite3.Connection) -> Reply:
        mail.begin_session(connection, _key(connection, self.address), self.service)
        return {"sessions": mail.sessions(connection, self.address.lower().rpartition("@")[2])}


class RefuseScript(Command, frozen=True):
    """Refuse every filter script in which this text occurs, with this error; without an error take it again."""

    part: Text
    error: str = ""

    def run(self, connection: sqlite3.Connection) -> Reply:
        connection.execute("DELETE FROM refused_scripts WHERE part = ?", (self.part,))
        if self.error:
            connection.execute("INSERT INTO refused_scripts VALUES (?, ?)", (self.part, self.error))
        rows = connection.execute("SELECT part, error FROM refused_scripts ORDER BY part")
        return {"refused": [{"part": part, "error": error} for part, error in rows]}


class RefuseMailbox(Command, frozen=True):
    """Refuse to make or change the mailbox of this address, for good, for this reason; without one take it again."""

    address: Text
    reason: str = ""

    def run(self, connection: sqlite3.Connection) -> Reply:
        address = self.address.lower()
        connection.execute("DELETE FROM refused_mailboxes WHERE address = ?", (address,))
        if self.reason:
            connection.execute("INSERT INTO refused_mailboxes VALUES (?, ?)", (address, self.reason))
        rows = connection.execute("SELECT address, reason FROM refused_mailboxes ORDER BY address")
        return {"refused": [{"address": address, "reason": reason} for address, reason in rows]}
