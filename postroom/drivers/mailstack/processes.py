"""The processes of a private instance: started together, found again by process id, ended together.

run/processes.json says what was started. A process is ours while the one with its id began when ours did.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import msgspec

from postroom.drivers.mailstack import dovecot, postfix, redis, resolver, rspamd
from postroom.drivers.mailstack.layout import LOOPBACK, Layout

_READY_WITHIN: Final = 60.0  # seconds; Rspamd compiles its expressions at the very first start
_GONE_WITHIN: Final = 15.0
_GLANCE: Final = 0.3
_PAUSE: Final = 3.0
KEEPER: Final = "keeper"


class NotStartedError(Exception):
    """Which process did not come up, and where it says why"""


@dataclass(frozen=True)
class Program:
    """Something to start, and the ports on which it answers then."""

    name: str
    command: list[str]
    ports: tuple[int, ...]
    user: str | None = None
    """None: it changes its user by itself."""


@dataclass(frozen=True)
class Running:
    program: Program
    pid: int
    began: int
    """In ticks since the machine started, as /proc says: tells a process from a later one with its id."""

    @property
    def name(self) -> str:
        return self.program.name

    @property
    def ports(self) -> tuple[int, ...]:
        return self.program.ports

    @property
    def alive(self) -> bool:
        return _began(self.pid) == self.began

    @property
    def answering(self) -> bool:
        return all(map(is_open, self.ports))


def programs(layout: Layout) -> list[Program]:
    """In the order in which they are slow."""
    ports = layout.ports
    helper = [
        sys.executable, "-m", "postroom", "mail", "helper", "--policy-port", str(ports.policy),
        "--http-port", str(ports.helper), "--secret-file", str(layout.secrets / "helper"),
    ]  # fmt: skip
    return [
        Program("helper", helper, (ports.policy, ports.helper)),
        Program("rspamd", rspamd.command(layout), (ports.milter,)),
        Program(
            "dovecot",
            dovecot.command(layout),
            (ports.imap, ports.imap_webmail, ports.pop3, ports.sieve, ports.lmtp, ports.quota_status, ports.doveadm),
        ),
        Program(
            "postfix",
            postfix.command(layout),
            (ports.smtp, ports.submission, ports.webmail_submission, ports.reinjection),
        ),
        Program("redis", redis.command(layout), (ports.redis,), user="redis"),
        Program("resolver", resolver.command(layout), (ports.resolver,)),
    ]


def missing(layout: Layout) -> list[Program]:
    """Those that do not run; last the one that starts the others again."""
    keeper = [sys.executable, "-m", "postroom", "mail", "keep", "--run", str(layout.run), "--log", str(layout.log)]
    there = {process.name for process in recorded(layout.run) if process.alive}
    return [program for program in (*programs(layout), Program(KEEPER, keeper, ())) if program.name not in there]


def taken(programs: Iterable[Program]) -> list[tuple[str, int]]:
    """Ports on which somebody listens already, and for what they were meant."""
    return [(program.name, port) for program in programs for port in program.ports if not is_free(port)]


def start(layout: Layout, environment: Mapping[str, str]) -> list[Running]:
    """All that do not run, at once. Each is written down as soon as it runs, so that `stop` finds it."""
    running = [process for process in recorded(layout.run) if process.alive]
    for program in missing(layout):
        running.append(spawn(program, layout.log, environment))
        write(layout.run, running)
    return running


def spawn(program: Program, log: Path, environment: Mapping[str, str]) -> Running:
    with (log / f"{program.name}.out").open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 -- commands of the distribution's packages, and ourselves
            program.command,
            env=dict(environment),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            user=program.user,
            group=program.user,
            extra_groups=[] if program.user else None,
        )
    return Running(program, process.pid, _began(process.pid) or 0)


def keep(run: Path, log: Path, environment: Mapping[str, str], stop: Callable[[float], bool]) -> None:
    """Until `stop(seconds)` says so: start again what has ended, as a service manager does in production.

    A program that ends again and again is tried once in `_PAUSE` seconds.
    """
    latest: dict[str, float] = {}
    while not stop(_GLANCE):
        running = recorded(run)
        for number, process in enumerate(running):
            if process.alive or process.name == KEEPER or time.monotonic() - latest.get(process.name, 0) < _PAUSE:
                continue
            _end_group(process.pid)
            latest[process.name] = time.monotonic()
            running[number] = spawn(process.program, log, environment)
            write(run, running)


def _end_group(pid: int) -> None:
    """What a process that was killed has left of its children: they would hold its ports."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def wait_until_ready(running: Iterable[Running], log: Path, tell: Callable[[Running], None]) -> None:
    """Calls `tell` with each that answers. Raises NotStartedError."""
    waiting = list(running)
    until = time.monotonic() + _READY_WITHIN
    while waiting:
        for process in list(waiting):
            if process.answering:
                waiting.remove(process)
                tell(process)
            elif not process.alive or time.monotonic() > until:
                raise NotStartedError(f"{process.name} did not start; {log}/{process.name}.* should say why")
        time.sleep(0.02)


def recorded(run: Path) -> list[Running]:
    try:
        written = json.loads((run / "processes.json").read_text())
    except FileNotFoundError:
        return []
    return [msgspec.convert(line, Running) for line in written]


def stop(run: Path, only: str = "") -> list[str]:
    """Ends what was started and still runs, or one of it; gives the names. Those that do not go in time are killed."""
    if not run.exists():
        return []
    everything = [process for process in recorded(run) if process.alive]
    there = [process for process in everything if only in ("", process.name)]
    # Before anything ends: what is not written down is not started again.
    write(run, [process for process in everything if process not in there])
    _end([process for process in there if process.name == KEEPER])
    if not only:  # the keeper may have started one at its last glance
        there += [process for process in recorded(run) if process.alive]
        write(run, [])
    _end(there)
    return [process.name for process in there if process.name != KEEPER]


def _end(running: list[Running]) -> None:
    for process in running:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGTERM)
    until = time.monotonic() + _GONE_WITHIN
    while any(process.alive for process in running) and time.monotonic() < until:
        time.sleep(0.02)
    for process in running:
        if process.alive:
            _end_group(process.pid)


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex((LOOPBACK, port)) == 0


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def _began(pid: int) -> int | None:
    """None for a process that is gone, also when nobody has asked how it ended."""
    with contextlib.suppress(ChildProcessError):  # our own child: it would stay in the table until we ask
        os.waitpid(pid, os.WNOHANG)
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if after_name[0] in {"Z", "X"} else int(after_name[19])


def write(run: Path, running: list[Running]) -> None:
    unfinished = run / "processes.json.new"
    unfinished.write_text(json.dumps([asdict(process) for process in running], indent=2) + "\n")
    unfinished.replace(run / "processes.json")
