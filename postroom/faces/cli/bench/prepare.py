"""A process of its own for each database: migrates, seeds, and writes down what Postroom does for each kind of call."""

import io
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from postroom.faces.cli.bench import script
from postroom.faces.cli.bench.script import PASSWORD, Prepared, Script, Statement
from postroom.faces.cli.terminal import err, set_up_django

FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


class _Fetched:
    """What an execute() gave, read already."""

    def __init__(self, rows: list[Any], rowcount: int) -> None:
        self._rows = rows
        self.rowcount = rowcount

    def fetchone(self) -> Any:
        return self._rows[0] if self._rows else None

    def fetchall(self) -> list[Any]:
        return self._rows


class Recorder:
    """Stands in for the driver's connection and keeps what goes over it, with the first row that came back.

    In `seen`: the SQL as the driver takes it, its parameters, the row; the ORM's statements without a row.
    """

    def __init__(self, real: Any) -> None:
        self.__dict__.update(real=real, seen=[])

    def execute(self, sql: str, parameters: Any = ()) -> _Fetched:
        cursor = self.real.execute(sql, parameters)
        rows = cursor.fetchall() if cursor.description else []
        self.seen.append((sql, list(parameters), rows[0] if rows else None))
        return _Fetched(rows, cursor.rowcount)

    def through_django(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """For statements that the ORM sends by a cursor."""
        written = sql.replace("%s", "?") if context["connection"].vendor == "sqlite" else sql
        self.seen.append((written, list(params or ()), None))
        return execute(sql, params, many, context)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self.real, name, value)


def main() -> None:
    """Arguments: domains, mailboxes each, the file to write."""
    domains, each, target = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    set_up_django()
    from django.core.management import call_command

    from postroom.faces.cli.bench import seed

    call_command("migrate", verbosity=0, interactive=False)
    shown = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*shown, console=err, transient=True) as progress:
        task = progress.add_task(f"Seeding {domains} domains", total=seed.rows_for(domains, each))
        token = seed.first_things()
        seed.copies(domains, each, lambda n: progress.advance(task, n))
    scripts = {call: record(call, token, domains // 2, each // 2) for call in (*script.CALLS, script.BY_PASSWORD)}
    target.write_bytes(msgspec.json.encode(Prepared(token, domains, each, scripts)))


def record(call: str, token: str, domain: int, mailbox: int) -> Script:
    """Runs the call twice: the first time fills what Postroom remembers between calls."""
    from django.db import connection

    credentials = {"password": PASSWORD} if call == script.BY_PASSWORD else {"token": token}
    request = script.body(call, credentials, domain, mailbox)
    for value in ("00000001", "00000002"):
        body = msgspec.json.encode(request).replace(script.VALUE.encode(), value.encode())
        connection.ensure_connection()
        recorder = Recorder(connection.connection)
        connection.connection = recorder
        try:
            with connection.execute_wrapper(recorder.through_django):
                answer = _answer(call, body)
        finally:
            connection.connection = recorder.real
    name = str(request.get("user") or request.get("domain") or request["criteria"]["domain"])
    return Script(_statements(recorder.seen, name, sha256(token.encode()).hexdigest()), answer)


def _ignore(status: str, headers: list[tuple[str, str]], error: Any = None) -> Callable[[bytes], object]:
    return bytes


def _answer(call: str, body: bytes) -> dict[str, Any]:
    from django.core.servers.basehttp import get_internal_wsgi_application

    environ = {
        "REQUEST_METHOD": "POST", "PATH_INFO": f"/api/{call.split(' ')[0]}", "CONTENT_LENGTH": str(len(body)),
        "REMOTE_ADDR": "127.0.0.1", "wsgi.input": io.BytesIO(body),
    }  # fmt: skip
    answer: dict[str, Any] = msgspec.json.decode(b"".join(get_internal_wsgi_application()(environ, _ignore)))
    if not answer["success"]:
        raise SystemExit(f"{call} failed at {datetime.now(UTC)}: {answer}")
    return answer


def _statements(seen: list[tuple[str, list[Any], Any]], name: str, token_hash: str) -> list[Statement]:
    made: list[Statement] = []
    rows: list[Any] = []
    for sql, parameters, row in seen:
        if sql.startswith(FRAME):
            continue
        sources = [script.source(value, name, token_hash, rows) for value in parameters]
        made.append(Statement(sql, script.columns(sql), sources))
        rows.append(row)
    return made


if __name__ == "__main__":
    main()
