"""The driver of the simulated platform: each call is slowed, failed or done as told, and noted."""

import sqlite3
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, Literal, TypeVar

from postroom.core.devices.servers import Servers
from postroom.core.dns.records import DnsRecord
from postroom.core.dns.report import CheckReport
from postroom.core.plan import (
    ALL_ATTRIBUTES,
    Abilities,
    Change,
    PutDomain,
    PutMailbox,
    RemoveDomain,
    RemoveMailbox,
)
from postroom.core.records import DomainRecord, MailboxRecord
from postroom.drivers.contract import (
    CALL_LIMIT,
    PAGE,
    DriverError,
    PermanentFailure,
    TemporaryFailure,
)
from postroom.drivers.fake import checks, commands, objects, script
from postroom.drivers.fake.copied_mail import FakeSink
from postroom.drivers.fake.file import IN_MEMORY, StateFile
from postroom.drivers.fake.stored_mail import FakeStoredMail

CALLS_KEPT: Final = 10_000

Answer = TypeVar("Answer")


class FakePlatform:
    """A mail platform in one SQLite file, or in memory: then it is this object's alone.

    It honours every attribute and answers every check with ok until it is told otherwise.
    """

    def __init__(
        self,
        path: str | Path = IN_MEMORY,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._file = StateFile(path)
        self._sleep = sleep
        self._clock = clock

    @classmethod
    def from_settings(cls, settings: Mapping[str, object]) -> "FakePlatform":
        """`path`: the SQLite file, made when it is not there. Raises PermanentFailure without it."""
        path = settings.get("path")
        if not isinstance(path, str) or not path:
            raise PermanentFailure('The settings of a fake platform need "path", the name of its SQLite file')
        return cls(path)

    @property
    def abilities(self) -> Abilities:
        return ALL_ATTRIBUTES

    @property
    def stored_mail(self) -> FakeStoredMail:
        return FakeStoredMail(self._call)

    def mail_sink(self, address: str) -> FakeSink:
        """Where mail that is copied from elsewhere goes."""
        return FakeSink(self._call, self._file, address)

    @property
    def observing(self) -> "FakePlatform":
        return self

    @property
    def remote(self) -> None:
        return None

    @property
    def credentials(self) -> None:
        return None

    @property
    def reading(self) -> None:
        return None

    def observe_domain(self, name: str) -> DomainRecord | None:
        return self._call("observe_domain", name, lambda connection: objects.domain(connection, name))

    def observe_mailbox(self, address: str) -> MailboxRecord | None:
        return self._call("observe_mailbox", address, lambda connection: objects.mailbox(connection, address))

    def observe_mailboxes(self, domain: str, *, after: str = "", limit: int = PAGE) -> list[MailboxRecord]:
        return self._call(
            "observe_mailboxes",
            domain,
            lambda connection: objects.mailboxes(connection, domain, after, limit),
        )

    def domains(self, *, after: str = "", limit: int = PAGE) -> list[DomainRecord]:
        return self._call("domains", after, lambda connection: objects.domains(connection, after, limit))

    def apply(self, change: Change) -> None:
        operation, name = _described(change)

        def work(connection: sqlite3.Connection) -> None:
            if operation == "put_mailbox":
                script.refuse_mailbox(connection, name)
            objects.apply(connection, change)

        self._call(operation, name, work)

    def check_domain(self, record: DomainRecord, ownership: str = "") -> CheckReport:
        expected = checks.expectations(record, ownership)
        return self._call("check_domain", record.name, lambda connection: checks.check(connection, expected))

    def fix_domain(self, record: DomainRecord, ownership: str = "") -> CheckReport:
        expected = checks.expectations(record, ownership)

        def fix(connection: sqlite3.Connection) -> CheckReport:
            checks.fix(connection, record)
            return checks.check(connection, expected)

        return self._call("fix_domain", record.name, fix)

    def wanted_dns(self, record: DomainRecord, ownership: str = "") -> list[DnsRecord]:
        return checks.expectations(record, ownership).records()

    def mail_servers(self, domain: str) -> Servers:
        return checks.MAIL_SERVERS

    def reached(self, address: str) -> list[str]:
        """The mailboxes and foreign addresses that a message to the address would go to. Not noted as a call."""
        with self._file.transaction() as connection:
            return objects.reached(connection, address)

    def fixed_secret(self, name: Literal["password", "code"]) -> str | None:
        """What to use instead of a random password or login code; None: nobody has fixed it."""
        with self._file.transaction() as connection:
            return script.fixed_secret(connection, name)

    def command(self, name: str, arguments: Mapping[str, object]) -> dict[str, object]:
        """Does one of `commands.COMMANDS`, all or nothing. Raises BadRequest with hints."""
        request = commands.parse(name, arguments)
        with self._file.transaction() as connection:
            return request.run(connection)

    def close(self) -> None:
        self._file.close()

    def _call(self, operation: str, name: str, work: Callable[[sqlite3.Connection], Answer]) -> Answer:
        try:
            self._obey_script(operation)
            with self._file.transaction() as connection:
                answer = work(connection)
                self._note(connection, operation, name, "ok")
        except DriverError as failure:
            with self._file.transaction() as connection:
                self._note(connection, operation, name, f"{_kind(failure)}: {failure.reason}")
            raise
        return answer

    def _obey_script(self, operation: str) -> None:
        """Outside of any lock or transaction that others wait for while this call is slow."""
        with self._file.transaction() as connection:
            seconds = script.delay(connection, operation)
            failure = script.next_failure(connection, operation)
        if seconds:
            self._sleep(min(seconds, CALL_LIMIT))
        if failure:
            raise failure
        if seconds >= CALL_LIMIT:
            raise TemporaryFailure(f"No answer within {CALL_LIMIT:.0f} seconds")

    def _note(self, connection: sqlite3.Connection, operation: str, name: str, outcome: str) -> None:
        added = connection.execute(
            "INSERT INTO calls (at, operation, name, outcome) VALUES (?, ?, ?, ?)",
            (self._clock(), operation, name, outcome),
        )
        connection.execute("DELETE FROM calls WHERE id <= ?", ((added.lastrowid or 0) - CALLS_KEPT,))


def _described(change: Change) -> tuple[str, str]:
    match change:
        case PutDomain(record=record):
            return "put_domain", record.name
        case RemoveDomain(name=name):
            return "remove_domain", name
        case PutMailbox(record=mailbox):
            return "put_mailbox", mailbox.address
        case RemoveMailbox(address=address):
            return "remove_mailbox", address
        case _:
            return "conflict", change.name


def _kind(failure: DriverError) -> str:
    return "temporary" if isinstance(failure, TemporaryFailure) else "permanent"
