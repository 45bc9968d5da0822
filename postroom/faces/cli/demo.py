"""`postroom demo`: everything at once, no questions asked."""

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import typer

from postroom.faces.cli.running import refuse_taken
from postroom.faces.cli.terminal import out, set_up_django, stop_with

_READY_WITHIN = 60.0  # seconds


def demo(
    dir: Annotated[Path, typer.Option(help="Where everything is kept; nothing is written elsewhere.")] = Path("demo"),
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on, at 127.0.0.1 only.")] = 8080,
    reset: Annotated[bool, typer.Option("--reset", help="Begin anew: what the directory holds is removed.")] = False,
    database: Annotated[str, typer.Option(hidden=True, help="URL of another one than that in the directory.")] = "",
) -> None:
    """Start a whole Postroom to play with: embedded database, fake mail platform, example data, server and worker."""
    dir = dir.absolute()
    if reset and (dir / "demo.json").exists():
        shutil.rmtree(dir)
    refuse_taken("127.0.0.1", port)
    dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    _configure(dir, _for_people(port), database)
    out.print(f"Setting up the database in {dir} …")
    facts = _prepare(dir, port)
    out.print("Starting the server and the worker …")
    processes = [_start("serve", "--port", str(port)), _start("worker")]
    try:
        _wait_until_ready(facts["url"], processes)
        _write_facts(dir, facts)
        _tell(dir, facts)
        _until_stopped(processes)
    finally:
        _stop(processes)


def _for_people(port: int) -> str:
    """Passkeys are bound to a name: browsers make none for a bare network address."""
    return f"http://localhost:{port}"


def _configure(dir: Path, url: str, database: str) -> None:
    """The settings of this process and of those it starts."""
    key = _kept_secret(dir / "secret_key", secrets.token_urlsafe(50))
    for elsewhere in (
        "DATABASE_URL",
        "DIMAIL_MODE",
        "POSTROOM_SMTP_HOST",
        "POSTROOM_SMTP_HOST_FILE",
    ):  # mails stay here
        os.environ.pop(elsewhere, None)
    if database:
        os.environ["DATABASE_URL"] = database
    os.environ.update(
        POSTROOM_DIR=str(dir),
        POSTROOM_SECRET_KEY_FILE=str(key),
        POSTROOM_FAKE_CONTROL="on",
        POSTROOM_URL=url,
        DIMAIL_JWT_SECRET_FILE=str(_kept_secret(dir / "dimail_secret", secrets.token_urlsafe(50))),
    )


def _kept_secret(path: Path, fresh: str) -> Path:
    """The file of a secret that stays the same from start to start."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(fresh)
    return path


def _prepare(dir: Path, port: int) -> dict[str, Any]:
    """The facts. Programs are told the address that we listen on."""
    url = f"http://127.0.0.1:{port}"
    set_up_django()
    from django.core.management import call_command

    from postroom.faces.cli import example

    call_command("migrate", verbosity=0, interactive=False)
    password = _kept_secret(dir / "password", f"Demo-{secrets.token_urlsafe(9)}").read_text()
    people = example.fill(password, str(dir / "fake-platform.sqlite3"))
    return {
        "url": url,
        "start_page": f"{_for_people(port)}/",
        "oma": {"url": f"{url}/api", "user": example.ADMINISTRATOR, "password": password},
        "dimail": {"url": f"{url}/dimail", "user": example.add_dimail_account(password), "password": password},
        "web": people,
    }


def _start(*arguments: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "postroom", *arguments]
    return subprocess.Popen(command, env={**os.environ, "POSTROOM_LOG_LEVEL": "WARNING"})  # noqa: S603 -- ourselves


def _wait_until_ready(url: str, processes: "list[subprocess.Popen[bytes]]") -> None:
    until = time.monotonic() + _READY_WITHIN
    while time.monotonic() < until:
        if any(process.poll() is not None for process in processes):
            stop_with("A process ended while it started; what it said stands above.")
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=2):  # noqa: S310 -- http to ourselves
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    stop_with(f"The server did not answer within {_READY_WITHIN:.0f} seconds.")


def _write_facts(dir: Path, facts: dict[str, Any]) -> None:
    """Whole or not at all: programs wait for this file."""
    unfinished = dir / "demo.json.new"
    unfinished.touch(mode=0o600)
    unfinished.write_text(json.dumps(facts, indent=2) + "\n")
    unfinished.replace(dir / "demo.json")


def _tell(dir: Path, facts: dict[str, Any]) -> None:
    oma = facts["oma"]
    call = json.dumps({"credentials": {"user": oma["user"], "password": oma["password"]}, "domain": "acme.example"})
    people = "\n                    ".join(f"{one['email']} ({one['role']})" for one in facts["web"])
    out.print(
        f"""
Postroom is ready.

  Start page        {facts["start_page"]}
  Sign in as        {people}
  OMA               POST {oma["url"]}/<method>
  dimail            {facts["dimail"]["url"]}/ (account: {facts["dimail"]["user"]}, same password)
  Fake platform     POST {facts["url"]}/fake/<command>
  Administrator     {oma["user"]}
  Password          {oma["password"]} (of everybody)
  E-mails           {facts["start_page"]}demo/inbox (none leaves)
  Files             {dir} (facts for programs: demo.json)

A first call to paste:

  curl -s {oma["url"]}/get_domain -d '{call}'

Stop with Ctrl-C.""",
        markup=False,
    )


def _until_stopped(processes: "list[subprocess.Popen[bytes]]") -> None:
    """Until SIGTERM or Ctrl-C, or until a process ends on its own, which is an error."""
    asked: list[int] = []

    def ask(number: int, _frame: FrameType | None) -> None:
        asked.append(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask)
    while not asked:
        if any(process.poll() is not None for process in processes):
            stop_with("A process ended on its own; what it said stands above.")
        time.sleep(0.2)
    out.print("Stopping …")


def _stop(processes: "list[subprocess.Popen[bytes]]") -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
    for process in processes:
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
