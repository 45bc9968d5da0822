"""`postroom dimail …`: in dimail's place."""

import json
import os
import secrets
import signal
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn
from wsgiref.types import WSGIApplication

import typer

from postroom.faces.cli.running import answer
from postroom.faces.cli.terminal import origin, out, set_up_django, stop_with

app = typer.Typer(help="Be a dimail: for programs that were written for one.", no_args_is_help=True)

_LEFT_BEHIND = (
    "DATABASE_URL", "POSTROOM_DIR", "POSTROOM_FAKE_CONTROL", "POSTROOM_SECRET_KEY", "POSTROOM_SMTP_HOST",
)  # fmt: skip
"""Settings of a real Postroom, which FAKE mode must not touch; also as NAME_FILE."""


@app.command("serve")
def serve(
    address: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The port to listen on; in FAKE mode 0: any free one.")
    ] = 8000,
    ready_file: Annotated[Path | None, typer.Option(help="FAKE mode: written when it answers: where it does.")] = None,
) -> None:
    """Answer dimail's calls, and nothing else. DIMAIL_MODE=FAKE: with an empty database that ends with this process, a
    pretended mail platform, and a control surface for developers (docs/dimail-fake.md)."""
    if os.environ.get("DIMAIL_MODE") == "FAKE":
        _serve_fake(address, port, ready_file)
    else:
        set_up_django()
        _require_secret()
        answer("postroom.wsgi:dimail_alone", address, port)


def _serve_fake(address: str, port: int, ready_file: Path | None) -> None:
    # Ended from outside is ended cleanly: what is temporary goes. Whoever starts it in the background may have told it
    # to ignore Ctrl-C.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    with tempfile.TemporaryDirectory(prefix="postroom-dimail-", ignore_cleanup_errors=True) as directory:
        _configure(Path(directory))
        set_up_django()
        _require_secret()
        from postroom.faces.cli import dimail_server

        begin_anew = _prepare(Path(directory))
        try:
            listening = dimail_server.bound(address, port, _application(begin_anew))
        except OSError as error:
            stop_with(f"Cannot listen on {address} port {port}: {error.strerror}")
        _tell(listening.url, ready_file)
        try:
            listening.serve_forever()
        except KeyboardInterrupt:
            out.print("Stopping …")
        finally:
            listening.server_close()


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _configure(directory: Path) -> None:
    for name in _LEFT_BEHIND:
        os.environ.pop(name, None)
        os.environ.pop(f"{name}_FILE", None)
    os.environ.update(
        POSTROOM_DIR=str(directory), POSTROOM_SECRET_KEY=secrets.token_urlsafe(50), POSTROOM_FAKE_CONTROL="on"
    )


def _require_secret() -> None:
    """In FAKE mode any: what programs' compose files say is known to everybody, and opens nothing."""
    from django.conf import settings

    from postroom.checks import SECRET_BYTES

    least = 1 if settings.DIMAIL_FAKE else SECRET_BYTES
    if len(settings.DIMAIL_JWT_SECRET.encode()) < least:
        stop_with(f"Set DIMAIL_JWT_SECRET, or DIMAIL_JWT_SECRET_FILE, to {SECRET_BYTES} or more random characters.")


def _prepare(directory: Path) -> Callable[[], None]:
    """Tables and the platform. What is returned empties them again: everything as it is now."""
    from django.core.management import call_command
    from django.db import connection

    from postroom.actions import live, setup, signin

    call_command("migrate", verbosity=0, interactive=False)
    setup.add_platform(origin(), "fake", "fake", {"path": ":memory:"})
    empty = sqlite3.connect(directory / "empty.sqlite3", check_same_thread=False)
    connection.ensure_connection()
    connection.connection.backup(empty)

    def begin_anew() -> None:
        connection.ensure_connection()
        empty.backup(connection.connection)
        live.command_fake("reset", {})
        signin.forget_everything()

    return begin_anew


def _application(begin_anew: Callable[[], None]) -> WSGIApplication:
    from postroom.faces.dimail.dispatch import application
    from postroom.faces.dimail.routes import ROUTES
    from postroom.faces.dimail_fake.commands import Fake
    from postroom.faces.dimail_fake.door import Door
    from postroom.faces.dimail_fake.endpoints import Endpoint, parts_of

    routes = tuple(Endpoint(route.method, parts_of(route.path)) for route in ROUTES)
    return Door(application, Fake(routes, begin_anew))


def _tell(url: str, ready_file: Path | None) -> None:
    out.print(f"dimail in FAKE mode: {url} (calls: {url}/docs, commands: POST {url}/control/…)", markup=False)
    if ready_file is not None:
        unfinished = ready_file.with_name(f"{ready_file.name}.new")
        unfinished.write_text(json.dumps({"url": url}) + "\n")
        unfinished.replace(ready_file)
