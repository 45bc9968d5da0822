"""`postroom mail helper`: the process that Postfix and Dovecot ask."""

import os
import socket
from pathlib import Path
from typing import Annotated

import typer

from postroom.faces.cli.terminal import out, set_up_django, stop_with

_SHORTEST_SECRET = 16


def helper(
    policy_port: Annotated[int, typer.Option(help="Where Postfix asks whether an account may send more.")],
    http_port: Annotated[int, typer.Option(help="Where Dovecot asks about tokens and old password hashes.")],
    secret_file: Annotated[Path, typer.Option(help="Holds the secret that Dovecot sends in X-Postroom-Secret.")],
) -> None:
    """Answer the mail servers on two ports of 127.0.0.1, until stopped."""
    secret = _secret(secret_file)
    set_up_django()
    from django.db import connection

    from postroom.faces.mail import server

    # Kept open to the end: the mail servers may only read SQLite's files, which takes a writer that has them open.
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM mail_domain LIMIT 1")

    def ready(policy: int, http: int) -> None:
        out.print(f"mail helper ready: policy at 127.0.0.1:{policy}, passwords at 127.0.0.1:{http}")

    try:
        server.run(server.Doors(policy_port, http_port, _given()), secret, ready)
    except OSError as error:
        stop_with(f"A port cannot be taken: {error}")


def _given() -> tuple[socket.socket | None, socket.socket | None]:
    """The two sockets that systemd holds for us (sd_listen_fds): what is asked while we are away waits there."""
    if (os.environ.get("LISTEN_PID"), os.environ.get("LISTEN_FDS")) != (str(os.getpid()), "2"):
        return None, None
    return socket.socket(fileno=3), socket.socket(fileno=4)


def _secret(path: Path) -> str:
    try:
        secret = path.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        stop_with(f"The secret cannot be read: {error}")
    if len(secret) < _SHORTEST_SECRET:
        stop_with(f"The secret in {path} has fewer than {_SHORTEST_SECRET} characters")
    return secret
