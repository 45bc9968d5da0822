"""A process of its own for each database: migrates, seeds, and writes down what Postroom does for each request."""

import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from postroom.core.public_ids import Kind, number_of, public_id
from postroom.faces.cli.bench import rest_script
from postroom.faces.cli.bench.prepare import FRAME, Recorder
from postroom.faces.cli.bench.rest_script import RECORDED, VALUE, Exchange, Prepared, Request, Statement
from postroom.faces.cli.terminal import err, set_up_django

_IDS = 20
_MAKES_MAILBOX = 'INSERT INTO "store_mailbox" '
Seen = tuple[str, list[Any], Any]


def main() -> None:
    """Arguments: domains, mailboxes in one of them, the file to write."""
    domains, mailboxes, target = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    set_up_django()
    from django.core.management import call_command

    from postroom.faces.cli.bench import rest_seed

    call_command("migrate", verbosity=0, interactive=False)
    shown = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*shown, console=err, transient=True) as progress:
        task = progress.add_task(f"Seeding {mailboxes} mailboxes", total=rest_seed.rows_for(domains, mailboxes))
        keys = rest_seed.fill(domains, mailboxes, lambda n: progress.advance(task, n))
    ids = [public_id(Kind.MAILBOX, id) for id in rest_seed.some(_IDS, mailboxes)]
    exchanges = {
        call: [_recorded(request, keys[request.by]) for request in requests]
        for call, requests in rest_script.requests(mailboxes, ids)
    }
    target.write_bytes(msgspec.json.encode(Prepared(mailboxes, domains, exchanges)))


def _recorded(request: Request, key: str) -> Exchange:
    """Asked twice: the first time fills what Postroom remembers between requests."""
    _answer(request, key, RECORDED[::-1])
    seen, answer = _listened(lambda: _answer(request, key, RECORDED))
    made = number_of(Kind.MAILBOX, answer["id"]) if request.body else None
    return Exchange(request.method, request.path, key, request.body, list(_statements(seen, made)), answer)


def _listened(run: Callable[[], Any]) -> tuple[list[Seen], Any]:
    from django.db import connection

    connection.ensure_connection()
    recorder = Recorder(connection.connection)
    connection.connection = recorder
    try:
        with connection.execute_wrapper(recorder.through_django):
            answer = run()
    finally:
        connection.connection = recorder.real
    return recorder.seen, answer


def _answer(request: Request, key: str, value: str) -> Any:
    from django.core.servers.basehttp import get_internal_wsgi_application

    body = request.body.replace(VALUE, value).encode()
    path, _, query = request.path.partition("?")
    environ = {
        "REQUEST_METHOD": request.method, "PATH_INFO": path, "QUERY_STRING": query, "SERVER_PORT": "80",
        "SERVER_NAME": "127.0.0.1", "HTTP_HOST": "127.0.0.1", "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": io.BytesIO(body),
        "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(body)), "HTTP_AUTHORIZATION": f"Bearer {key}",
    }  # fmt: skip
    status: list[str] = []

    def begin(said: str, headers: list[tuple[str, str]], error: Any = None) -> Callable[[bytes], object]:
        status.append(said)
        return bytes

    answer = b"".join(get_internal_wsgi_application()(environ, begin))
    if not status[0].startswith("20"):
        raise SystemExit(f"{request.method} {request.path}: {status[0]}: {answer[:2000].decode()}")
    return msgspec.json.decode(answer)


def _statements(seen: list[Seen], made: int | None) -> Iterator[Statement]:
    for sql, parameters, _ in seen:
        if not sql.startswith(FRAME):
            which = [n for n, value in enumerate(parameters) if made is not None and value == made]
            yield Statement(sql, [_plain(value) for value in parameters], which, sql.startswith(_MAKES_MAILBOX))


def _plain(value: Any) -> Any:
    """psycopg is given numbers and JSON in wrappers that say how wide or of which type they are."""
    if isinstance(value, int) and not isinstance(value, bool):
        return int(value)
    return msgspec.json.encode(value.obj).decode() if hasattr(value, "obj") else value


if __name__ == "__main__":
    main()
