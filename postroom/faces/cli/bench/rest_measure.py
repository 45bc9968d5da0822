"""The run on one database: Postroom and the floor beside each other, all kinds of requests in turn."""

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
from postroom.faces.cli.bench.rest_script import VALUE, Exchange, Prepared
from postroom.faces.cli.bench.servers import Server

_WARM_SECONDS = 0.5
_NO_LIMITS = dict.fromkeys(
    ("POSTROOM_REST_WRITES", "POSTROOM_REST_WRITES_OF_NETWORK", "POSTROOM_REST_SEARCHES"), "999999999/hour"
)
"""Requests are counted as ever, and none is refused."""


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
    return answer.startswith((b"HTTP/1.1 200", b"HTTP/1.1 201"))


def raw(exchange: Exchange) -> bytes:
    """As it goes over the wire."""
    body = exchange.body.replace(VALUE, load.CHANGING.decode()).encode()
    head = f"{exchange.method} {exchange.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {exchange.key}\r\n"
    if body:
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"\r\n" + body


def run(kind: str, plan: Plan, folder: Path, cluster: str, tell: Callable[[str], None]) -> Run:
    """`tell` is called before each sample. Raises NotHere."""
    environment = measure.environment() | _NO_LIMITS
    file = folder / f"{kind}-rest.json"
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(databases.fresh(kind, "postroom_bench_rest", folder, cluster))
        prepare = ["postroom.faces.cli.bench.rest_prepare", str(plan.domains), str(plan.mailboxes), str(file)]
        subprocess.run(  # noqa: S603 -- our own module
            [sys.executable, "-m", *prepare], env={**environment, "DATABASE_URL": url}, check=True
        )
        prepared = msgspec.json.decode(file.read_bytes(), type=Prepared)
        size = [str(number) for number in running.usual_size(kind == "sqlite")]
        both = [
            stack.enter_context(
                servers.running(
                    name, _arguments(name, port, size), port, url,
                    {**environment, "POSTROOM_BENCH_EXCHANGES": str(file)}, folder / f"{kind}-rest-{name}.log",
                )
            )
            for name, port in (("postroom", servers.free_port()), ("floor", servers.free_port()))
        ]  # fmt: skip
        return Run(prepared, list(_rounds(plan, prepared, both, tell)))


def _arguments(name: str, port: int, size: list[str]) -> list[str]:
    workers, threads = size
    if name == "floor":
        return ["postroom.faces.cli.bench.rest_floor", str(port), workers, threads]
    return ["postroom", "serve", "--port", str(port), "--workers", workers, "--threads", threads]


def _rounds(plan: Plan, prepared: Prepared, both: list[Server], tell: Callable[[str], None]) -> Iterator[Measured]:
    ready = {call: [raw(one) for one in same] for call, same in prepared.exchanges.items()}
    work = list(ready)
    for call in work:
        for server in both:
            tell("Warming up")
            load.run(server.port, ready[call], plan.clients, _WARM_SECONDS, is_good)
    for number in range(plan.rounds):
        random.shuffle(work)
        for call in work:
            for server in random.sample(both, len(both)):
                tell(f"Round {number + 1}: {call}")
                before = server.processor_seconds()
                sample = load.run(server.port, ready[call], plan.clients, plan.seconds, is_good)
                spent = server.processor_seconds() - before
                yield Measured(
                    number, server.name, call, plan.clients, sample, spent * 1000 / max(1, sample.calls)
                )  # fmt: skip
