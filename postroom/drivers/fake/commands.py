"""What the simulated platform can be told. A control surface passes names and arguments on as they come.

Each command is a struct: its fields are the arguments, its docstring is the documentation. All answers
can be written as JSON.
"""

import json
import re
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal

import msgspec

from postroom.core import errors
from postroom.core.catalogue import CATALOGUE
from postroom.core.catalogue.attribute import Settings
from postroom.core.records import DomainRecord, MailboxRecord
from postroom.drivers.fake import mail, objects, open_xchange, script
from postroom.drivers.fake.check_commands import ClearChecks, NewDomains, SetCheck, SetFix, failing
from postroom.drivers.fake.command import Command, Reply, Text
from postroom.drivers.fake.file import TABLES
from postroom.drivers.fake.mail_commands import Deliver, Expunge, RefuseMailbox, RefuseScript, SignIn

SECRET_SETTINGS: Final = frozenset(a.name for a in CATALOGUE.values() if a.secret)
HIDDEN: Final = "(hidden)"


class FailNext(Command, frozen=True):
    """Let the next calls of an operation fail, after those that were asked for before."""

    operation: str
    times: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 1
    kind: Literal["temporary", "permanent"] = "temporary"
    reason: Text = "The platform was told to fail"
    retry_in: Annotated[float, msgspec.Meta(ge=0, le=86_400)] = 60.0
    """Seconds; for temporary failures."""

    def run(self, connection: sqlite3.Connection) -> Reply:
        _check_operation(self.operation)
        connection.execute(
            "INSERT INTO failures (operation, times, kind, reason, retry_in) VALUES (?, ?, ?, ?, ?)",
            (self.operation, self.times, self.kind, self.reason, self.retry_in),
        )
        return {"failures": _rows(connection, FAILURES)}


class Delay(Command, frozen=True):
    """Let every call of an operation take so many seconds more; 0 ends it. From 20 seconds on it fails."""

    operation: str
    seconds: Annotated[float, msgspec.Meta(ge=0, le=60)]

    def run(self, connection: sqlite3.Connection) -> Reply:
        _check_operation(self.operation)
        connection.execute("DELETE FROM delays WHERE operation = ?", (self.operation,))
        if self.seconds:
            connection.execute("INSERT INTO delays VALUES (?, ?)", (self.operation, self.seconds))
        return {"delays": _rows(connection, DELAYS)}


class FixSecrets(Command, frozen=True):
    """Use this password and this login code wherever a random one would be made; null: random again."""

    password: Text | msgspec.UnsetType | None = msgspec.UNSET
    code: Text | msgspec.UnsetType | None = msgspec.UNSET

    def run(self, connection: sqlite3.Connection) -> Reply:
        for name, value in (("password", self.password), ("code", self.code)):
            if value is msgspec.UNSET:
                continue
            connection.execute("DELETE FROM secrets WHERE name = ?", (name,))
            if value is not None:
                connection.execute("INSERT INTO secrets VALUES (?, ?)", (name, value))
        return {"fixed": _fixed(connection)}


class Reset(Command, frozen=True):
    """Forget everything: objects, calls and all that was told."""

    def run(self, connection: sqlite3.Connection) -> Reply:
        for table in TABLES:
            connection.execute(f"DELETE FROM {table}")  # noqa: S608  # names of ours
        return {}


class State(Command, frozen=True):
    """Everything there is, or one domain, without secrets; and what the platform has been told."""

    domain: str = ""

    def run(self, connection: sqlite3.Connection) -> Reply:
        domain = self.domain.lower()
        found = objects.domains(connection, "", -1)
        records = [record for record in found if domain in ("", record.name)]
        return {
            "domains": [_shown(record) for record in records],
            "mailboxes": [
                _shown(mailbox) for record in records for mailbox in objects.mailboxes(connection, record.name, "", -1)
            ],
            "failing_checks": {
                name: failing(connection, name)
                for (name,) in connection.execute("SELECT DISTINCT domain FROM checks").fetchall()
                if domain in ("", name)
            },
            "failures": _rows(connection, FAILURES),
            "delays": _rows(connection, DELAYS),
            "fixed": _fixed(connection),
            "sessions": mail.sessions(connection, domain),
            "open_xchange": open_xchange.shown(connection, domain),
        }


class Calls(Command, frozen=True):
    """The last calls, the newest last, those of one operation or of all. Ten thousand are remembered."""

    last: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 100
    operation: str = "any"

    def run(self, connection: sqlite3.Connection) -> Reply:
        _check_operation(self.operation)
        operations = {"any": (*script.READS, *script.WRITES, *script.MAIL), "apply": script.WRITES}
        wanted = operations.get(self.operation, (self.operation,))
        rows = connection.execute(
            "SELECT at, operation, name, outcome FROM calls "
            "WHERE operation IN (SELECT value FROM json_each(?)) ORDER BY id DESC LIMIT ?",
            (json.dumps(wanted), self.last),
        ).fetchall()
        return {
            "calls": [
                {"at": _time(at), "operation": operation, "name": name, "outcome": outcome}
                for at, operation, name, outcome in reversed(rows)
            ]
        }


class Count(Command, frozen=True):
    """How many there are of everything."""

    def run(self, connection: sqlite3.Connection) -> Reply:
        tables = ("domains", "mailboxes", "domain_aliases", "mailbox_aliases", "messages", "calls")
        return {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608  # ours
            for table in tables
        }


COMMANDS: Final[Mapping[str, type[Command]]] = MappingProxyType(
    {
        "set_check": SetCheck,
        "set_fix": SetFix,
        "clear_checks": ClearChecks,
        "new_domains": NewDomains,
        "fail_next": FailNext,
        "delay": Delay,
        "fix_secrets": FixSecrets,
        "reset": Reset,
        "state": State,
        "calls": Calls,
        "count": Count,
        "deliver": Deliver,
        "expunge": Expunge,
        "sign_in": SignIn,
        "refuse_script": RefuseScript,
        "refuse_mailbox": RefuseMailbox,
    }
)


def parse(name: str, arguments: Mapping[str, object]) -> Command:
    """Raises BadRequest with a hint for the command or the argument that is wrong."""
    command = COMMANDS.get(name)
    if command is None:
        raise errors.BadRequest(
            f"There is no command {name!r}", hints={"command": f"must be one of {', '.join(COMMANDS)}"}
        )
    try:
        return msgspec.convert(dict(arguments), command)
    except msgspec.ValidationError as error:
        raise errors.BadRequest(f"{name}: {error}", hints=_hints(str(error))) from error


FAILURES: Final = "SELECT operation, times, kind, reason, retry_in FROM failures ORDER BY id"
DELAYS: Final = "SELECT operation, seconds FROM delays ORDER BY operation"


def _rows(connection: sqlite3.Connection, query: str) -> list[dict[str, object]]:
    cursor = connection.execute(query)
    columns = [column[0] for column in cursor.description]
    return [dict(zip(columns, row, strict=True)) for row in cursor]


def _fixed(connection: sqlite3.Connection) -> list[str]:
    return [name for (name,) in connection.execute("SELECT name FROM secrets ORDER BY name")]


def _check_operation(operation: str) -> None:
    if operation not in script.OPERATIONS:
        raise errors.BadRequest(hints={"operation": f"must be one of {', '.join(script.OPERATIONS)}"})


def _shown(record: DomainRecord | MailboxRecord) -> dict[str, Any]:
    shown: dict[str, Any] = msgspec.structs.asdict(record)
    shown["aliases"] = list(record.aliases)
    shown["settings"] = _without_secrets(record.settings)
    if isinstance(record, DomainRecord):
        shown["own_aliases"] = {alias.local_part: list(alias.destinations) for alias in record.own_aliases}
    if isinstance(record, MailboxRecord):
        del shown["password_id"]
        shown["has_password"] = bool(shown.pop("password_hash"))
        shown["app_passwords"] = len(shown.pop("app_password_hashes"))
    return shown


def _without_secrets(settings: Settings) -> dict[str, object]:
    return {name: HIDDEN if name in SECRET_SETTINGS else value for name, value in settings.items()}


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")


def _hints(message: str) -> dict[str, str]:
    """From msgspec's sentence: the field stands behind `$.`, or in backticks if it is missing or unknown."""
    text, _, path = message.partition(" - at `$.")
    if path:
        return {path.rstrip("`"): text}
    named = re.search(r"field `(\w*)`", message)
    return {named[1]: message} if named else {}
