"""`postroom mail …`: the mail servers. A private stack of them for developers and tests, or files for real ones."""

import os
import signal
import subprocess
import threading
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from postroom.drivers.mailstack import database, files, instance, layout, packages, processes, secret_files
from postroom.drivers.mailstack.layout import Layout
from postroom.drivers.mailstack.processes import NotStartedError, Running
from postroom.faces.cli import mail_helper
from postroom.faces.cli.running import migrate
from postroom.faces.cli.terminal import origin, out, set_up_django, stop_with

app = typer.Typer(help="The mail servers: Postfix, Dovecot and Rspamd, driven by tables.", no_args_is_help=True)
app.command("helper")(mail_helper.helper)

Dir = Annotated[Path, typer.Option(help="Where the private stack is kept; nothing is written elsewhere.")]
_DIR = Path("mail")
_PORT = 20000
_STATE = Path("/var/lib/postroom-mail")


@app.command()
def up(
    dir: Dir = _DIR,
    port: Annotated[
        int | None,
        typer.Option(
            "--ports",
            "--port",
            min=1,
            max=65535,
            help="The first of its ports, all at 127.0.0.1; default: as before, or 20000.",
        ),
    ] = None,
    install: Annotated[bool, typer.Option("--install", help="Install missing Debian packages.")] = False,
    foreground: Annotated[bool, typer.Option("--foreground", help="Stay, and end the stack with Ctrl-C.")] = False,
    test_scores: Annotated[bool, typer.Option(help="A message may say its spam score in X-Test-Score.")] = False,
) -> None:
    """Start a private stack of mail servers, or what of it does not run: one directory, loopback only.

    No mail leaves the machine.
    """
    dir = dir.absolute()
    if os.geteuid() != 0:
        stop_with("Postfix and Dovecot are started by root only. Run this as root: their processes are not.")
    _require_packages(install)
    migrate()
    plan = _plan(dir, port, test_scores)
    _refuse_taken(plan)
    dir.mkdir(parents=True, exist_ok=True)
    dir.chmod(0o711)
    _prepare(dir, plan)
    try:
        _start(plan)
    except NotStartedError as reason:
        processes.stop(plan.run)
        stop_with(str(reason))
    _register(dir)
    out.print(f"The mail servers are ready; facts for programs: {dir / instance.FACTS}", markup=False)
    if foreground:
        _until_stopped(plan.run)


def _require_packages(install: bool) -> None:
    missing = packages.missing()
    if not missing:
        return
    command = packages.install_command(missing)
    if not install:
        stop_with(f"Debian packages are missing. Install them with --install, or:\n  {' '.join(command)}")
    out.print(f"Installing {' '.join(missing)} …")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        stop_with(f"{' '.join(command)} failed:\n{done.stderr}")


def _plan(dir: Path, port: int | None, test_scores: bool) -> Layout:
    from django.conf import settings

    if port is None:
        before = instance.facts(dir)
        port = before["ports"]["smtp"] if before else _PORT
    chosen = database.described(settings.DATABASES["default"])
    try:
        plan = layout.private(dir, port, chosen, test_scores=test_scores)
    except ValueError as error:
        stop_with(str(error))
    for path in (plan.state, plan.database.path):
        if path and (closed := database.unreachable(path)):
            stop_with(
                f"{path}: the mail servers' accounts may not enter {closed}. Choose another directory: --dir for the "
                "servers' files, POSTROOM_DIR for the database."
            )
    return plan


def _refuse_taken(plan: Layout) -> None:
    wanted = processes.missing(plan)
    if not wanted:
        stop_with(f"The stack in {plan.run.parent} runs already: postroom mail status --dir {plan.run.parent}")
    if taken := processes.taken(wanted):
        told = ", ".join(f"{port} ({name})" for name, port in taken)
        stop_with(f"In use already: port {told}. Choose others: postroom mail up --port {plan.ports.smtp + 100}")


def _prepare(dir: Path, plan: Layout) -> None:
    from django.conf import settings

    secrets = secret_files.kept(plan.secrets)
    database.let_read(settings.DATABASES["default"], secrets.database)
    try:
        instance.prepare(plan, secrets)
    except subprocess.CalledProcessError as error:
        stop_with(f"{error}\n{error.stderr}")
    instance.write_facts(dir, plan)


def _start(plan: Layout) -> None:
    columns = SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
    with Progress(*columns, console=out) as progress:
        running = processes.start(plan, os.environ)
        tasks = {process.name: progress.add_task(process.name, total=1) for process in running}

        def tell(process: Running) -> None:
            progress.update(tasks[process.name], completed=1)

        processes.wait_until_ready(running, plan.log, tell)


def _register(dir: Path) -> None:
    """The worker reaches the servers through a platform of this driver."""
    from postroom.actions import setup
    from postroom.core.errors import ExistsAlready

    try:
        setup.add_platform(origin(), "mailstack", "mailstack", {"dir": str(dir)})
    except ExistsAlready:
        return
    out.print("They are registered as the mail platform mailstack.")


def _until_stopped(run: Path) -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    stop.wait()
    processes.stop(run)


@app.command()
def down(dir: Dir = _DIR) -> None:
    """End a private stack. What it has of mail and queue stays."""
    ended = processes.stop(dir.absolute() / "run")
    out.print(f"Ended: {', '.join(ended)}." if ended else "Nothing ran.")


@app.command(hidden=True)
def keep(
    run: Annotated[Path, typer.Option(help="Where the private stack has written down its processes.")],
    log: Annotated[Path, typer.Option(help="Where they write.")],
) -> None:
    """Start again what ends of a private stack. `mail up` starts this."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    processes.keep(run, log, os.environ, stop.wait)


@app.command()
def status(dir: Dir = _DIR) -> None:
    """What of a private stack runs and answers."""
    recorded = processes.recorded(dir.absolute() / "run")
    if not recorded:
        stop_with(f"Nothing was started in {dir}.")
    table = Table("process", "pid", "ports", "state")
    sound = True
    for process in recorded:
        state = "gone" if not process.alive else "answering" if process.answering else "not answering"
        sound = sound and state == "answering"
        table.add_row(process.name, str(process.pid), " ".join(map(str, process.ports)), state)
    out.print(table)
    if not sound:
        raise typer.Exit(1)


@app.command()
def test(dir: Dir = _DIR) -> None:
    """Send a message, fetch it, sign in and send another: with a domain that exists for this test only."""
    set_up_django()
    from postroom.faces.cli import mail_test

    mail_test.run(dir.absolute())


@app.command()
def fill() -> None:
    """Make all that the servers read anew: their tables, and the keys that Rspamd finds in Redis."""
    set_up_django()
    from postroom.worker import table_readers

    try:
        filled = table_readers.fill_all()
    except table_readers.DriverError as failure:
        stop_with(failure.reason)
    out.print(f"Filled: {', '.join(filled)}." if filled else "No platform of ours reads tables.")


@app.command()
def config(
    for_: Annotated[Path, typer.Option("--for", help="Folder of postfix/, dovecot/, rspamd/ …, such as /etc.")],
    hostname: Annotated[str, typer.Option(help="The name of the mail server, as MX records say it.")],
    certificate: Annotated[Path, typer.Option(help="PEM file of the certificate and its chain.")],
    key: Annotated[Path, typer.Option(help="PEM file of the certificate's key.")],
    state: Annotated[Path, typer.Option(help="Where mail, secrets and mail.json are kept.")] = _STATE,
    write: Annotated[bool, typer.Option("--write", help="Write them; without it only the differences show.")] = False,
) -> None:
    """Configuration for real mail servers: shows how the files would change."""
    set_up_django()
    from django.conf import settings

    chosen = settings.DATABASES["default"]
    try:
        plan = layout.production(
            for_.absolute(),
            state.absolute(),
            hostname,
            database.described(chosen),
            certificate.absolute(),
            key.absolute(),
        )
    except ValueError as error:
        stop_with(str(error))
    secrets = secret_files.kept(plan.secrets, make=write)
    wanted = instance.configuration(plan, secrets)
    for line in files.differences(wanted, secrets):
        out.print(line, end="", markup=False)
    if write:
        database.let_read(chosen, secrets.database)
        instance.write_production(plan, wanted)
        _register(plan.state)
        out.print(f"Written. {instance.NEXT_STEPS}", markup=False)
