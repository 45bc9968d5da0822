"""`postroom dimail serve` in FAKE mode, as a developer of another program starts it."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

READY_WITHIN = 60
SECRET = "fake_jwt_secret"


def environment(**said: str) -> dict[str, str]:
    """Without what the tests have set for themselves."""
    mine = ("POSTROOM_", "DIMAIL_", "DATABASE_URL", "DJANGO_")
    return {**{name: value for name, value in os.environ.items() if not name.startswith(mine)}, **said}


def fake(temporary: Path, **said: str) -> dict[str, str]:
    return environment(DIMAIL_MODE="FAKE", DIMAIL_JWT_SECRET=SECRET, TMPDIR=str(temporary), **said)


@contextlib.contextmanager
def running(
    directory: Path, *, in_background: bool = False, **said: str
) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """The process, and where it answers. What it writes is below the directory."""
    temporary, ready = directory / "tmp", directory / "ready"
    temporary.mkdir(exist_ok=True)
    ready.unlink(missing_ok=True)
    # A shell without job control, as in scripts, has what it puts in the background ignore SIGINT.
    shell = ["sh", "-c", "trap '' INT; exec \"$@\"", "sh"] if in_background else []
    command = [*shell, sys.executable, "-m", "postroom", "dimail", "serve", "--port", "0", "--ready-file", str(ready)]
    with (directory / "log").open("w") as log:
        process = subprocess.Popen(
            command, env=fake(temporary, **said), stdout=log, stderr=subprocess.STDOUT, text=True, cwd=Path.cwd()
        )
    try:
        until = time.monotonic() + READY_WITHIN
        while not ready.exists():
            assert process.poll() is None and time.monotonic() < until, (directory / "log").read_text()
            time.sleep(0.02)
        yield process, json.loads(ready.read_text())["url"]
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)
