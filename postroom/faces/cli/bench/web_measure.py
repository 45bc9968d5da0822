"""The run on one database: all kinds of pages in turn, in another order every round."""

import contextlib
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from postroom.faces.cli import running
from postroom.faces.cli.bench import databases, load, measure, servers
from postroom.faces.cli.bench.measure import Measured
from postroom.faces.cli.bench.servers import Server
from postroom.faces.cli.bench.web_script import Asked, Prepared

_WARM_SECONDS = 0.3


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    domains: int
    mailboxes: int
    clients: int
    seconds: float
    rounds: int


class Run(msgspec.Struct, frozen=True):
    prepared: Prepared
    measured: list[Measured]


def is_good(answer: bytes) -> bool:
    return answer.startswith(b"HTTP/1.1 200") and answer.rstrip().endswith(b"</html>")


def run(kind: str, plan: Plan, folder: Path, cluster: str, tell: Callable[[str], None]) -> Run:
    """`tell` is called before each sample. Raises NotHere."""
    environment = measure.environment()  # one secret for both: the preparation signs in, the server is asked
    file = folder / f"{kind}-web.json"
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(databases.fresh(kind, "postroom_bench_web", folder, cluster))
        prepare = ["postroom.faces.cli.bench.web_prepare", str(plan.domains), str(plan.mailboxes), str(file)]
        subprocess.run(  # noqa: S603 -- our own module
            [sys.executable, "-m", *prepare], env={**environment, "DATABASE_URL": url}, check=True
        )
        prepared = msgspec.json.decode(file.read_bytes(), type=Prepared)
        workers, threads = (str(number) for number in running.usual_size(kind == "sqlite"))
        port = servers.free_port()
        command = ["postroom", "serve", "--port", str(port), "--workers", workers, "--threads", threads]
        log = folder / f"{kind}-web.log"
        server = stack.enter_context(servers.running("postroom", command, port, url, environment, log))
        return Run(prepared, list(_rounds(plan, prepared, server, tell)))


def _raw(asked: Asked, cookie: str) -> bytes:
    """As it goes over the wire."""
    head = f"GET {asked.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: en\r\nCookie: {cookie}\r\n\r\n"
    return head.encode()


def _rounds(plan: Plan, prepared: Prepared, server: Server, tell: Callable[[str], None]) -> Iterator[Measured]:
    ready = {page: [_raw(one, prepared.cookies[one.by]) for one in same] for page, same in prepared.asked.items()}
    for page, requests in ready.items():
        tell(f"Warming up: {page}")
        load.run(server.port, requests, plan.clients, _WARM_SECONDS, is_good)
    for number in range(plan.rounds):
        for page in random.sample(list(ready), len(ready)):
            tell(f"Round {number + 1}: {page}")
            before = server.processor_seconds()
            sample = load.run(server.port, ready[page], plan.clients, plan.seconds, is_good)
            spent = server.processor_seconds() - before
            yield Measured(number, server.name, page, plan.clients, sample, spent * 1000 / max(1, sample.calls))
