"""The run on one database: both servers beside each other, all kinds of calls in turn, in another order every round."""

import contextlib
import os
import random
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from postroom.faces.cli import running
from postroom.faces.cli.bench import databases, load, script, servers
from postroom.faces.cli.bench.load import Sample
from postroom.faces.cli.bench.script import BY_PASSWORD, CALLS, PASSWORD, Prepared
from postroom.faces.cli.bench.servers import Server

GROWTH = ("get_domain", "change_domain")
"""Calls whose cost is compared with that on a small database."""
GROWTH_CLIENTS = 16
SMALL = 100
_REQUESTS = 4000
_WARM_SECONDS = 0.3


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    domains: int
    mailboxes: int
    seconds: float
    rounds: int
    clients: Sequence[int]

    @property
    def mailboxes_each(self) -> int:
        return max(1, self.mailboxes // self.domains)

    @property
    def series(self) -> list[tuple[str, int]]:
        """(call, clients)."""
        by_password = 16 if 16 in self.clients else max(self.clients)
        return [*((call, n) for call in CALLS for n in self.clients), (BY_PASSWORD, by_password)]

    @property
    def samples(self) -> int:
        return self.rounds * 2 * (len(self.series) + len(GROWTH))


class Measured(msgspec.Struct, frozen=True):
    """One sample. `server` is postroom or floor; for the growth, large or small."""

    round: int
    server: str
    call: str
    clients: int
    sample: Sample
    processor_ms: float
    """Processor time a call, of the server and the database's processes."""


class _Stage:
    """Databases and servers, kept while the stack is open."""

    def __init__(self, stack: contextlib.ExitStack, kind: str, folder: Path, cluster: str) -> None:
        self._stack, self._kind, self._folder, self._cluster = stack, kind, folder, cluster
        workers, threads = running.usual_size(kind == "sqlite")
        self._size = [str(workers), str(threads)]

    def database(self, name: str, domains: int, mailboxes_each: int) -> "_Database":
        """Migrated and seeded. Raises NotHere."""
        url = self._stack.enter_context(databases.fresh(self._kind, name, self._folder, self._cluster))
        file = self._folder / f"{self._kind}-{name}.json"
        prepare = ["postroom.faces.cli.bench.prepare", str(domains), str(mailboxes_each), str(file)]
        subprocess.run(  # noqa: S603 -- our own module
            [sys.executable, "-m", *prepare], env={**environment(), "DATABASE_URL": url}, check=True
        )
        return _Database(url, file, msgspec.json.decode(file.read_bytes(), type=Prepared))

    def server(self, name: str, database: "_Database") -> "_Target":
        port, (workers, threads) = servers.free_port(), self._size
        arguments = ["postroom", "serve", "--port", str(port), "--workers", workers, "--threads", threads]
        if name == "floor":
            arguments = ["postroom.faces.cli.bench.floor", str(port), workers, threads]
        with_scripts = {**environment(), "POSTROOM_BENCH_SCRIPTS": str(database.file)}
        log = self._folder / f"{self._kind}-{name}.log"
        running = servers.running(name, arguments, port, database.url, with_scripts, log)
        return _Target(self._stack.enter_context(running), database.prepared)


class _Database(msgspec.Struct, frozen=True):
    url: str
    file: Path
    prepared: Prepared


class _Target(msgspec.Struct, frozen=True):
    server: Server
    prepared: Prepared


def run(kind: str, plan: Plan, folder: Path, cluster: str, tell: Callable[[str], None]) -> list[Measured]:
    """`tell` is called before each sample. Raises NotHere."""
    with contextlib.ExitStack() as stack:
        stage = _Stage(stack, kind, folder, cluster)
        large = stage.database("postroom_bench", plan.domains, plan.mailboxes_each)
        small = stage.database("postroom_bench_small", min(SMALL, plan.domains), plan.mailboxes_each)
        pair = [stage.server("postroom", large), stage.server("floor", large)]
        same = _Target(msgspec.structs.replace(pair[0].server, name="large"), large.prepared)
        return list(_rounds(plan, pair, [same, stage.server("small", small)], tell))


def environment() -> dict[str, str]:
    """Without what this shell says about another Postroom."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("POSTROOM_", "DJANGO_", "DATABASE_URL"))}
    return {**kept, "POSTROOM_SECRET_KEY": secrets.token_hex(32), "POSTROOM_LOG_LEVEL": "WARNING"}


def requests(call: str, prepared: Prepared, number: int = _REQUESTS) -> list[bytes]:
    """Ready bytes about random domains and mailboxes."""
    credentials = {"password": PASSWORD} if call == BY_PASSWORD else {"token": prepared.token}
    pick = random.Random(call)  # noqa: S311 -- the same for both servers
    made = []
    for _ in range(number):
        domain, mailbox = pick.randrange(prepared.domains), pick.randrange(prepared.mailboxes_each)
        body = msgspec.json.encode(script.body(call, credentials, domain, mailbox))
        made.append(load.http(f"/api/{call.split(' ')[0]}", body.replace(script.VALUE.encode(), load.CHANGING)))
    return made


def _rounds(plan: Plan, pair: list[_Target], growth: list[_Target], tell: Callable[[str], None]) -> Iterator[Measured]:
    ready = {(c, t.server.name): requests(c, t.prepared) for t in (*pair, *growth) for c in (*CALLS, BY_PASSWORD)}
    work = [(call, clients, pair) for call, clients in plan.series]
    work += [(call, GROWTH_CLIENTS, growth) for call in GROWTH]
    for call, clients, targets in work:
        for target in targets:
            tell("Warming up")
            load.run(target.server.port, ready[call, target.server.name], clients, _WARM_SECONDS)
    for number in range(plan.rounds):
        random.shuffle(work)
        for call, clients, targets in work:
            for target in random.sample(targets, len(targets)):
                tell(f"Round {number + 1}: {call}, {clients} clients")
                yield _sample(number, target.server, call, clients, ready[call, target.server.name], plan.seconds)


def _sample(number: int, server: Server, call: str, clients: int, requests: list[bytes], seconds: float) -> Measured:
    before = server.processor_seconds()
    sample = load.run(server.port, requests, clients, seconds)
    spent = server.processor_seconds() - before
    return Measured(number, server.name, call, clients, sample, spent * 1000 / max(1, sample.calls))
