"""A process of its own for each database: migrates, seeds, signs in, and asks for each page once."""

import io
import sys
from collections.abc import Callable
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import msgspec
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from postroom.faces.cli.bench import web_script
from postroom.faces.cli.bench.prepare import FRAME, Recorder
from postroom.faces.cli.bench.script import PASSWORD
from postroom.faces.cli.bench.web_script import OPERATOR, OWNER, Asked, Prepared, Request
from postroom.faces.cli.terminal import err, set_up_django


class Answer(msgspec.Struct, frozen=True):
    status: str
    headers: list[tuple[str, str]]
    body: bytes


def main() -> None:
    """Arguments: domains, mailboxes, the file to write."""
    domains, mailboxes, target = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    set_up_django()
    from django.core.management import call_command

    from postroom.faces.cli.bench import web_seed

    call_command("migrate", verbosity=0, interactive=False)
    shown = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*shown, console=err, transient=True) as progress:
        task = progress.add_task(f"Seeding {mailboxes} mailboxes", total=web_seed.rows_for(domains, mailboxes))
        web_seed.fill(domains, mailboxes, lambda n: progress.advance(task, n))
    cookies = {email: _signed_in(email) for email in (OPERATOR, OWNER)}
    asked = {
        page: [_asked(request, cookies[request.by]) for request in requests]
        for page, requests in web_script.requests(domains, mailboxes)
    }
    target.write_bytes(msgspec.json.encode(Prepared(domains, mailboxes, cookies, asked)))


def _signed_in(email: str) -> str:
    body = msgspec.json.encode({"email": email, "password": PASSWORD})
    answer = _answer("POST", "/api/v1.0/sign-in/", body=body)
    kept: SimpleCookie = SimpleCookie()
    for name, value in answer.headers:
        if name.lower() == "set-cookie":
            kept.load(value)
    return "; ".join(f"{morsel.key}={morsel.value}" for morsel in kept.values())


def _asked(request: Request, cookie: str) -> Asked:
    from django.db import connection

    connection.ensure_connection()
    recorder = Recorder(connection.connection)
    connection.connection = recorder
    try:
        with connection.execute_wrapper(recorder.through_django):
            answer = _answer("GET", request.path, cookie)
    finally:
        connection.connection = recorder.real
    sent = [sql for sql, *_ in recorder.seen if not sql.startswith(FRAME)]
    return Asked(request.path, request.by, len(answer.body), len(sent))


def _answer(method: str, whole: str, cookie: str = "", body: bytes = b"") -> Answer:
    from django.core.servers.basehttp import get_internal_wsgi_application

    path, _, query = whole.partition("?")
    environ = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SERVER_PORT": "80",
        "SERVER_NAME": "127.0.0.1", "HTTP_HOST": "127.0.0.1", "REMOTE_ADDR": "127.0.0.1", "HTTP_COOKIE": cookie,
        "wsgi.input": io.BytesIO(body), "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(body)),
    }  # fmt: skip
    said: list[tuple[str, list[tuple[str, str]]]] = []

    def begin(status: str, headers: list[tuple[str, str]], error: Any = None) -> Callable[[bytes], object]:
        said.append((status, headers))
        return bytes

    answer = b"".join(get_internal_wsgi_application()(environ, begin))
    status, headers = said[0]
    if not status.startswith("200"):
        raise SystemExit(f"{method} {whole}: {status}: {answer[:2000].decode()}")
    return Answer(status, headers, answer)


if __name__ == "__main__":
    main()
