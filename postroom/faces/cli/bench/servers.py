"""Server processes of one run: started, asked for the processor time they have taken, stopped by their ids."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from postroom.faces.cli.bench import databases

_SECONDS_TO_START = 30
_TICKS = os.sysconf("SC_CLK_TCK")


class Server(msgspec.Struct, frozen=True):
    name: str
    port: int
    pid: int
    url: str
    """Of the database."""
    log: Path

    def processor_seconds(self) -> float:
        """Taken so far by the server's processes and the database's that serve it."""
        return sum(taken(pid) for pid in (*family(self.pid), *databases.backends(self.url)))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _stat(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat from the third on: the second may hold blanks. Empty where it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return []


def taken(pid: int) -> float:
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) / _TICKS if fields else 0.0


def taken_by_family(pid: int) -> float:
    """By a process and all below it, also by those that have ended."""
    stats = [fields for member in family(pid) if (fields := _stat(member))]
    return sum(sum(map(int, fields[11:15])) for fields in stats) / _TICKS


def family(pid: int) -> list[int]:
    """A process and all below it."""
    parents = {
        int(p.name): int(s[1]) for p in Path("/proc").iterdir() if p.name.isdigit() and (s := _stat(int(p.name)))
    }
    found = [pid]
    for member in found:
        found.extend(child for child, parent in parents.items() if parent == member)
    return found


@contextlib.contextmanager
def running(
    name: str, arguments: Sequence[str], port: int, url: str, environment: Mapping[str, str], log: Path
) -> Iterator[Server]:
    """`python -m ARGUMENTS`, for the time of the block."""
    with log.open("w") as target:
        process = subprocess.Popen(  # noqa: S603 -- our own modules
            [sys.executable, "-m", *arguments], env={**environment, "DATABASE_URL": url}, stdin=subprocess.DEVNULL,
            stdout=target, stderr=target, start_new_session=True,  # Ctrl-C is for us; we stop it
        )  # fmt: skip
    try:
        _wait(process, port, log)
        yield Server(name, port, process.pid, url, log)
    finally:
        _stop(process)


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + _SECONDS_TO_START
    while process.poll() is None and time.monotonic() < until:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(0.05)
    raise RuntimeError(f"the server did not start: {log.read_text()[-2000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    members = family(process.pid)
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(10)
    for pid in members[::-1]:
        # Its workers are ours as well: they carry on when the first process was killed.
        if pid == process.pid or _stat(pid)[1:2] == [str(process.pid)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    process.wait(10)
