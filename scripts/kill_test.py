"""kill -9 at the worst moments: what was acknowledged stays, once, and reaches the mail platform.

    python scripts/kill_test.py [--creates 200] [--kills 6] [--seed N]

Starts a server and a worker of its own on a database of its own (SQLite; a new PostgreSQL database where
DATABASE_URL names one), creates mailboxes over HTTP from several threads, and meanwhile kills the server or
the worker and starts it again. Clients repeat nothing. Ends with 0 when all promises were kept.
"""
# ruff: noqa: S311, S603  nothing here is a secret, and what is run is written here

import argparse
import http.client
import json
import os
import random
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "Correct-horse-7"  # noqa: S105  of people who live for half a minute
HASH = "{SSHA}phwwNaRUG+lB5STm9qQ0L4O0qP9zYWx0"
ADMIN, DOMAIN = "admin@acme.adm", "acme.example"
CLIENTS = 4
LEASE = 2000  # milliseconds; the real one is for slow platforms, and nobody wants to wait for its end here
PATIENCE = 20.0  # seconds until something has to be up, or done
_NEVER_REACHED = (ConnectionRefusedError,)
_UNKNOWN = (OSError, http.client.HTTPException, ValueError)


class Broken(Exception):
    """A promise was not kept."""


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def wait_for(what: str, done: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > end:
            raise Broken(f"{what}: not within {PATIENCE:.0f} seconds")
        time.sleep(0.02)


class Process:
    """A command in a process group of its own, so that its children can be killed with it."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path) -> None:
        self.command, self.environment, self.log = command, environment, log
        self.running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                self.command, env=self.environment, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        if self.running is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.running.pid, signal.SIGKILL)
            self.running.wait()
            self.running = None


@dataclass
class Place:
    """Where it all happens."""

    folder: Path
    environment: dict[str, str]
    port: int
    processes: dict[str, Process] = field(default_factory=dict)

    def run(self, *arguments: str, given: str = "") -> None:
        command = [sys.executable, "-m", "postroom", *arguments]
        done = subprocess.run(
            command, env=self.environment, cwd=ROOT, input=given.encode(), capture_output=True, check=False
        )
        if done.returncode:
            raise Broken(f"postroom {' '.join(arguments)}: {(done.stdout + done.stderr).decode()}")

    def call(self, method: str, **fields: Any) -> dict[str, Any]:
        """Raises one of _UNKNOWN where no answer came."""
        request = {"credentials": {"user": ADMIN, "password": PASSWORD}, **fields}
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            connection.request("POST", f"/api/{method}", json.dumps(request))
            answer: dict[str, Any] = json.loads(connection.getresponse().read())
        return answer

    def answers(self) -> bool:
        try:
            return bool(self.call("echo")["success"])
        except _UNKNOWN:
            return False

    def on_platform(self) -> set[str]:
        with closing(sqlite3.connect(self.folder / "fake-platform.sqlite3", timeout=10)) as platform:
            rows = platform.execute("SELECT address FROM mailboxes WHERE domain = ?", (DOMAIN,)).fetchall()
        return {address for (address,) in rows}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def database() -> Iterator[str]:
    """The DATABASE_URL of an empty database; "" stands for SQLite in Postroom's folder."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield ""
        return
    import psycopg

    name = f"postroom_kill_{secrets.token_hex(4)}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            yield urlsplit(url)._replace(path=f"/{name}").geturl()
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


@contextmanager
def place() -> Iterator[Place]:
    """Postroom set up, with a server and a worker that are not running yet."""
    folder = Path(tempfile.mkdtemp(prefix="postroom-kill-"))
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("POSTROOM_", "DJANGO_", "DATABASE_URL"))}
    environment = {**inherited, "POSTROOM_DIR": str(folder), "POSTROOM_SECRET_KEY": "only-for-this-test"}
    with database() as url:
        here = Place(folder, {**environment, "DATABASE_URL": url}, free_port())
        server = [sys.executable, "-m", "postroom", "serve", "--port", str(here.port)]
        worker = [sys.executable, __file__, "--be-the-worker"]
        for name, command in (("server", server), ("worker", worker)):
            here.processes[name] = Process(command, here.environment, folder / f"{name}.log")
        try:
            here.run("migrate")
            here.run("bootstrap", "acme", "--trusted", given=f"{HASH}\n")
            yield here
        finally:
            for process in here.processes.values():
                process.kill()
            shutil.rmtree(folder, ignore_errors=True)


def be_the_worker() -> None:
    """`postroom worker` with a short lease."""
    from postroom.faces.cli import running
    from postroom.faces.cli.terminal import set_up_django

    set_up_django()
    from postroom.worker import reconcile

    reconcile.LEASE = LEASE
    running.worker()


class Creates:
    """What the clients asked for, and what they were told."""

    def __init__(self, here: Place, number: int, seed: int) -> None:
        self.here = here
        self.left = [f"user{n:04}@{DOMAIN}" for n in range(number)]
        self.outcome: dict[str, str] = {}
        self.lock = threading.Lock()
        self.random = random.Random(seed)

    @property
    def begun(self) -> int:
        return len(self.outcome)

    def client(self) -> None:
        while True:
            with self.lock:
                if not self.left:
                    return
                address = self.left.pop()
                self.outcome[address] = "unknown"
                pause = self.random.uniform(0, 0.02)
            time.sleep(pause)
            self.outcome[address] = self._create(address)

    def _create(self, address: str) -> str:
        """Waits where nobody listens; what was sent once is not sent again."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                answer = self.here.call("change_user", user=address, attributes={"password": HASH}, create_only=True)
            except _NEVER_REACHED:
                time.sleep(0.05)
            except _UNKNOWN:
                return "unknown"
            else:
                return "acknowledged" if answer["success"] else f"refused: {answer.get('error')}"
        return "never reached"

    def those(self, outcome: str) -> set[str]:
        return {address for address, how in self.outcome.items() if how.startswith(outcome)}


def create_and_kill(here: Place, creates: Creates, kills: int, seed: int) -> None:
    """Each kill comes when so many creates have begun: the same ones for the same seed, however slow the machine."""
    chance = random.Random(seed)
    total = len(creates.left)
    victims = (["server", "worker"] * kills)[:kills]
    chance.shuffle(victims)
    moments = sorted(chance.sample(range(total // 20, total - total // 20), kills))
    clients = [threading.Thread(target=creates.client, daemon=True) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    for moment, victim in zip(moments, victims, strict=True):
        wait_for(f"{moment} creates", lambda moment=moment: creates.begun >= moment)  # type: ignore[misc]
        time.sleep(chance.uniform(0, 0.03))
        here.processes[victim].kill()
        here.processes[victim].start()
    for client in clients:
        client.join(2 * PATIENCE)
    if any(client.is_alive() for client in clients):
        raise Broken("a client hangs")


def start_anew(here: Place) -> None:
    for process in here.processes.values():
        process.kill()
        process.start()
    wait_for("the server", here.answers)


def check(here: Place, creates: Creates) -> None:
    found = here.call("search_users", criteria={"domain": DOMAIN})
    listed = Counter(user["user"] for user in found["users"])
    if doubled := [address for address, times in listed.items() if times > 1]:
        raise Broken(f"listed twice: {doubled}")
    if found["total_count"] != len(listed):
        raise Broken(f"the total is {found['total_count']}, but {len(listed)} are listed")
    if lost := creates.those("acknowledged") - listed.keys():
        raise Broken(f"acknowledged and lost: {sorted(lost)}")
    if unasked := listed.keys() - creates.those("acknowledged") - creates.those("unknown"):
        raise Broken(f"refused or never asked for, and there: {sorted(unasked)}")
    if refused := {how for how in creates.outcome.values() if how.startswith(("refused", "never"))}:
        raise Broken(f"not every create was possible: {refused}")
    here.run("history")
    wait_for("all mailboxes on the platform", lambda: here.on_platform() == listed.keys())
    say(f"{len(listed)} mailboxes are there once and on the platform; the history is whole")


def run(here: Place, number: int, kills: int, seed: int) -> None:
    start_anew(here)
    answer = here.call("change_domain", domain=DOMAIN, attributes={"company": "acme"}, create_only=True)
    if not answer["success"]:
        raise Broken(f"the domain cannot be created: {answer}")
    creates = Creates(here, number, seed)
    create_and_kill(here, creates, kills, seed)
    outcomes = Counter(how.partition(":")[0] for how in creates.outcome.values())
    say(f"{kills} kills, seed {seed}: {', '.join(f'{n} {how}' for how, n in sorted(outcomes.items()))}")
    start_anew(here)
    check(here, creates)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--creates", type=int, default=200)
    parser.add_argument("--kills", type=int, default=6)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10_000))
    parser.add_argument("--be-the-worker", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.be_the_worker:
        be_the_worker()
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # through all `finally`: nothing is left running
    with place() as here:
        try:
            run(here, asked.creates, asked.kills, asked.seed)
        except Broken as promise:
            logs = [process.log.read_text()[-3000:] for process in here.processes.values() if process.log.exists()]
            say(f"BROKEN (seed {asked.seed}): {promise}\n" + "\n".join(logs))
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
