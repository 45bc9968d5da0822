"""`postroom demo` for the browser tests: the whole of it, as its user starts it."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import msgspec

READY_WITHIN = 90


class Town(msgspec.Struct, frozen=True):
    url: str
    """As people are told it, without a slash at the end."""
    password: str
    people: dict[str, str]
    """Role → address."""

    def fake(self, command, **arguments):
        """Tell the fake platform something (docs/fake-platform.md)."""
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}/fake/{command}", json.dumps(arguments).encode(), headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _environment():
    return {k: v for k, v in os.environ.items() if not k.startswith(("POSTROOM_", "DATABASE_URL", "DJANGO_"))}


@contextlib.contextmanager
def running(folder, database):
    """`database`: the URL of an empty one; without it the demo's own."""
    dir, log = folder / "demo", folder / "demo.log"
    command = [sys.executable, "-m", "postroom", "demo", "--dir", str(dir), "--port", str(_free_port())]
    if database:
        command += ["--database", database]
    with log.open("w") as target:
        process = subprocess.Popen(
            command, env=_environment(), stdout=target, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        yield _town(process, dir / "demo.json", log)
    finally:
        _stop(process)
    # What its processes complained about is a fault even where a page hid it.
    assert "Traceback" not in log.read_text(), log.read_text()[-6000:]


def _town(process, facts, log):
    until = time.monotonic() + READY_WITHIN
    while not facts.exists():
        assert process.poll() is None and time.monotonic() < until, log.read_text()[-4000:]
        time.sleep(0.1)
    told = json.loads(facts.read_text())
    people = {one["role"]: one["email"] for one in told["web"]}
    return Town(url=told["start_page"].rstrip("/"), password=told["oma"]["password"], people=people)


def _stop(process):
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
