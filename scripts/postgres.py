"""A PostgreSQL of our own for one command: made in a temporary folder, gone afterwards.

    python scripts/postgres.py [--durable] -- COMMAND...     DATABASE_URL is set for COMMAND

--durable keeps fsync on, for measuring. The server listens on a free loopback port, asks for a random
password, and has nothing to do with any cluster that the system runs.
"""
# ruff: noqa: S603  what is run here is written here, or is the developer's own command

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
NAME = "postroom"
PLAIN = {"PATH": os.defpath, "LC_ALL": "C"}
ROOM = {"max_connections": "200", "shared_buffers": "256MB"}
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}  # the data lives for minutes
SECONDS_TO_START = 30

Server = subprocess.Popen[bytes]


class NoPostgresError(Exception):
    """PostgreSQL cannot be run here; the text says why"""


def find() -> Path | None:
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")  # Debian keeps them off PATH
    newest = sorted(versions, key=lambda path: float(path.parent.parent.name))[-1:]
    on_path = shutil.which("initdb")
    return next((Path(path).parent for path in (*newest, on_path) if path), None)


def find_or_install() -> Path:
    """The folder of PostgreSQL's programs."""
    programs = find()
    if programs is None:
        subprocess.run([ROOT / "scripts/apt.sh", "PostgreSQL is missing", "postgresql"], check=False)
        programs = find()
    if programs is None:
        raise NoPostgresError("PostgreSQL is not installed")
    return programs


def other_user() -> dict[str, Any]:
    """Whom to be: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise NoPostgresError("PostgreSQL refuses to run as root, and there is neither a user postgres nor nobody")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def initialise(programs: Path, folder: Path, password: str, identity: dict[str, Any]) -> None:
    secret = folder / "password"
    secret.touch(mode=0o600)
    secret.write_text(password)
    if identity:
        for path in (folder, secret):
            os.chown(path, identity["user"], identity["group"])
    command: list[Path | str] = [programs / "initdb", "-D", folder / "data", "-U", NAME, "--pwfile", secret]
    command += ["--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"]
    made = subprocess.run(command, cwd=folder, env=PLAIN, capture_output=True, text=True, check=False, **identity)
    if made.returncode:
        raise NoPostgresError(f"initdb failed: {made.stderr.strip()}")


def start(programs: Path, folder: Path, settings: dict[str, str], identity: dict[str, Any]) -> Server:
    """Start the server; it also stops by itself when this process dies."""
    on_our_death = ["setpriv", "--pdeathsig", "INT"] if shutil.which("setpriv") else []
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    with (folder / "log").open("w") as log:
        return subprocess.Popen(
            [*on_our_death, programs / "postgres", "-D", folder / "data", *options],
            cwd=folder,
            env=PLAIN,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # so that Ctrl-C reaches the tests and not their database
            **identity,
        )


def create_database(programs: Path, folder: Path, port: int, password: str, server: Server) -> None:
    """As soon as the server answers."""
    command = [str(programs / "createdb"), "-h", "127.0.0.1", "-p", str(port), "-U", NAME, NAME]
    environment = {**PLAIN, "PGPASSWORD": password}
    deadline = time.monotonic() + SECONDS_TO_START
    while subprocess.run(command, env=environment, capture_output=True, check=False).returncode:
        if server.poll() is not None or time.monotonic() > deadline:
            raise NoPostgresError(f"PostgreSQL did not start: {(folder / 'log').read_text().strip()}")
        time.sleep(0.1)


def stop(server: Server) -> None:
    for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):  # orderly, at once, whatever it says
        server.send_signal(how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(timeout=10)
            return


@contextlib.contextmanager
def temporary_cluster(*, durable: bool = False) -> Iterator[str]:
    """A running server for the time of the block; gives its DATABASE_URL."""
    programs, identity, password, port = find_or_install(), other_user(), secrets.token_hex(16), free_port()
    settings = {"port": str(port), "listen_addresses": "127.0.0.1", "unix_socket_directories": "", **ROOM}
    folder = Path(tempfile.mkdtemp(prefix="postroom-postgres-"))
    try:
        initialise(programs, folder, password, identity)
        server = start(programs, folder, settings if durable else settings | HASTY, identity)
        try:
            create_database(programs, folder, port, password, server)
            yield f"postgresql://{NAME}:{password}@127.0.0.1:{port}/{NAME}"
        finally:
            stop(server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(command: list[str], environment: dict[str, str]) -> int:
    """Run it to its end. On Ctrl-C it has been told too, and gets time to leave in its own way."""
    process = subprocess.Popen(command, env=environment, cwd=ROOT)
    try:
        return process.wait()
    except BaseException as leaving:
        if not isinstance(leaving, KeyboardInterrupt):
            process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
        process.kill()
        raise


def leave_tidily() -> None:
    """Let the signal that ends us unwind the stack, so that what we started ends too."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGHUP, lambda *_: sys.exit(129))


def main() -> int:
    options, command = sys.argv[1:], []
    if "--" in options:
        end = options.index("--")
        options, command = options[:end], options[end + 1 :]
    if not command or set(options) - {"--durable"}:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    leave_tidily()
    try:
        with temporary_cluster(durable="--durable" in options) as url:
            return run(command, {**os.environ, "DATABASE_URL": url})
    except NoPostgresError as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
