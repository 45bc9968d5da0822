"""Commands that keep running: the server and the worker."""

import errno
import os
import signal
import socket
import threading
import time
from pathlib import Path
from typing import Annotated, Any

import django_htmx
import typer

from postroom.faces.cli.terminal import out, set_up_django, stop_with

_STATIC = Path(__file__).resolve().parents[1] / "web" / "static"
_LEAVING = 5.0  # seconds
_IN_THE_WAY = {"P001", "P003", "P004"}
_HTMX = Path(django_htmx.__file__).parent / "static" / "django_htmx"


def usual_size(is_sqlite: bool) -> tuple[int, int]:
    """Processes, and threads in each.

    On SQLite they wait in line (actions/lane.py), so many cost little; on PostgreSQL they work at the same time.
    """
    return (os.cpu_count() or 2, 16 if is_sqlite else 4)


def serve(
    address: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8080,
    workers: Annotated[int, typer.Option(min=0, help="Processes; 0: one a core.")] = 0,
    threads: Annotated[int, typer.Option(min=0, max=256, help="Threads a process; 0: four (SQLite: sixteen).")] = 0,
) -> None:
    """Answer requests: the APIs and the pages."""
    set_up_django()
    _warn()
    answer("postroom.wsgi:application", address, port, workers=workers, threads=threads)


def answer(target: str, address: str, port: int, *, workers: int = 0, threads: int = 0) -> None:
    """Requests, with the WSGI application that the target names, until told to stop. Django is set up already."""
    from django.conf import settings
    from granian import Granian
    from granian.constants import Interfaces

    usual_workers, usual_threads = usual_size(settings.IS_SQLITE)
    workers, threads = workers or usual_workers, threads or usual_threads
    refuse_taken(address, port, _LEAVING)
    os.environ["POSTROOM_SERVER_THREADS"] = str(threads)  # for processes that begin anew,
    settings.SERVER_THREADS = threads  # and for those that are forks of this one
    Granian(
        target,
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        blocking_threads_idle_timeout=600,  # the longest there is: a new thread means a new database connection
        websockets=False,
        log_access=False,
        respawn_failed_workers=True,
        # Seconds. A process that was still starting when the server was told to stop has not heard of it.
        workers_kill_timeout=30,
        static_path_route=["/static/django_htmx", "/static"],
        static_path_mount=[_HTMX, _STATIC],
    ).serve()


def refuse_taken(address: str, port: int, patience: float = 0) -> None:
    """Granian would share the port with another server of the same user, and each would get some of the requests.

    `patience`: seconds in which whoever has it may still end."""
    try:
        [(family, *_, where)] = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except OSError:
        stop_with(f"{address} is no address of a network: give one such as 127.0.0.1 or ::1.")
    until = time.monotonic() + patience
    while reason := _in_the_way(family, where):
        if reason.errno != errno.EADDRINUSE:
            stop_with(f"Cannot listen on {address} port {port}: {reason.strerror}")
        if time.monotonic() >= until:
            stop_with(f"Port {port} is in use. Choose another one: --port {port + 1}")
        time.sleep(0.1)


def _in_the_way(family: int, where: Any) -> OSError | None:
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(where)
        except OSError as error:
            return error
    return None


def _warn() -> None:
    """Of what keeps it from working at all. It starts all the same: the database may come later."""
    from django.db import connections

    from postroom import checks
    from postroom.faces.cli.setup import tell_problem

    for problem in checks.problems():
        if problem.id in _IN_THE_WAY:
            tell_problem(problem)
    connections.close_all()  # forks must not share one


def worker() -> None:
    """Make the mail platforms obey: apply what has changed, check domains, do periodic work."""
    set_up_django()
    _warn()
    from postroom.worker import loop

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    loop.run(stop)


def migrate() -> None:
    """Create the database's tables or bring them up to date."""
    set_up_django()
    from django.conf import settings
    from django.core.management import call_command

    if settings.IS_SQLITE:
        Path(settings.DATABASES["default"]["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    out.print("The database is up to date.")
