"""The run on one database: Postroom and the plain handlers beside each other, one call after the other in turn."""

import contextlib
import http.client
import random
import secrets
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import msgspec
import psycopg

from postroom.faces.cli import running
from postroom.faces.cli.bench import databases, dimail_script, load, measure, servers
from postroom.faces.cli.bench.dimail_script import CALLS, POSTROOM, REFERENCES, Prepared, Request
from postroom.faces.cli.bench.measure import Measured
from postroom.faces.cli.bench.rest_measure import is_good
from postroom.faces.cli.bench.servers import Server

_WARM_SECONDS = 1.0


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    domains: int
    mailboxes: int
    clients: int
    seconds: float
    rounds: int

    @property
    def mailboxes_each(self) -> int:
        return max(1, self.mailboxes // self.domains)


class NotAlike(Exception):
    """A plain handler does other work than Postroom: figures would say nothing."""


class Did(msgspec.Struct, frozen=True):
    """What became of one request."""

    status: int
    keys: list[str]
    """Of the answer."""
    rows: dict[str, int]
    """Table → rows more than before."""


def run(kind: str, plan: Plan, folder: Path, cluster: str, tell: Callable[[str], None]) -> list[Measured]:
    """`tell` is called before each sample. Raises NotHere, NotAlike."""
    file, platform = folder / f"{kind}-dimail.json", str(folder / f"{kind}-platform.sqlite3")
    environment = {**measure.environment(), "DIMAIL_JWT_SECRET": secrets.token_hex(32)}
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(databases.fresh(kind, "postroom_bench_dimail", folder, cluster))
        prepare = ["postroom.faces.cli.bench.dimail_prepare", str(plan.domains), str(plan.mailboxes_each)]
        subprocess.run(  # noqa: S603 -- our own module
            [sys.executable, "-m", *prepare, platform, str(file)], env={**environment, "DATABASE_URL": url}, check=True
        )
        prepared = msgspec.json.decode(file.read_bytes(), type=Prepared)
        environment |= {"POSTROOM_BENCH_PREPARED": str(file), "POSTROOM_BENCH_PLATFORM": platform}
        all_three = []
        for number, name in enumerate((POSTROOM, *REFERENCES)):
            port, log = servers.free_port(), folder / f"{kind}-dimail-{number}.log"
            of_server = {**environment, "POSTROOM_BENCH_HASHING": name}
            server = servers.running(name, _arguments(name, port, kind), port, url, of_server, log)
            all_three.append(stack.enter_context(server))
        check_alike(all_three, prepared)
        return list(_rounds(plan, prepared, all_three, tell))


def _arguments(name: str, port: int, kind: str) -> list[str]:
    workers, threads = (str(number) for number in running.usual_size(kind == "sqlite"))
    if name == POSTROOM:
        return ["postroom", "serve", "--port", str(port), "--workers", workers, "--threads", threads]
    return ["postroom.faces.cli.bench.dimail_reference", str(port), workers]


def check_alike(found: list[Server], prepared: Prepared) -> None:
    """Each call once: all must answer alike and write as many rows. Raises NotAlike."""
    for call in CALLS:
        did = {server.name: _did(server, call, prepared, number) for number, server in enumerate(found)}
        ours = did[POSTROOM]
        for name, theirs in did.items():
            if theirs != ours:
                raise NotAlike(f"{call}: {name}: {theirs}; Postroom: {ours}")


def _did(server: Server, call: str, prepared: Prepared, number: int) -> Did:
    before = _rows(server.url)
    status, answer = _answered(server, _one(call, server.name, prepared, number))
    if status not in (HTTPStatus.OK, HTTPStatus.CREATED):
        time.sleep(0.5)  # the reason is logged after the answer
        told = f"{status} {answer[:2000].decode(errors='replace')}"
        raise NotAlike(f"{call}: {server.name} answered {told}\n{server.log.read_text()[-2000:]}")
    after = _rows(server.url)
    grown = {table: more for table, rows in after.items() if (more := rows - before[table])}
    return Did(status, sorted(msgspec.json.decode(answer, type=dict[str, msgspec.Raw])), grown)


def _one(call: str, server: str, prepared: Prepared, number: int) -> Request:
    request = next(dimail_script.requests(call, server, prepared))
    changing, value = load.CHANGING.decode(), f"alike-{number:02d}"
    return msgspec.structs.replace(
        request,
        path=request.path.replace(changing, value),
        body=request.body.replace(changing.encode(), value.encode()),
    )


def _answered(server: Server, request: Request) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    with contextlib.closing(connection):
        headers = {"Authorization": request.authorization, "Content-Type": "application/json"}
        connection.request(request.method, request.path, request.body or None, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()


def _rows(url: str) -> dict[str, int]:
    """How many there are in each table."""
    connection: Any
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'store%'"
    else:
        connection = psycopg.connect(url)
        names = "SELECT tablename FROM pg_tables WHERE tablename LIKE 'store%'"
    with contextlib.closing(connection):
        tables = [name for (name,) in connection.execute(names).fetchall()]
        return {name: connection.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0] for name in tables}  # noqa: S608


def _rounds(plan: Plan, prepared: Prepared, found: list[Server], tell: Callable[[str], None]) -> Iterator[Measured]:
    ready = {
        (call, server.name): [one.raw() for one in dimail_script.requests(call, server.name, prepared)]
        for call in CALLS
        for server in found
    }
    for call, server in ((call, server) for call in CALLS for server in found):
        tell("Warming up")
        load.run(server.port, ready[call, server.name], plan.clients, min(_WARM_SECONDS, plan.seconds), is_good)
    for number in range(plan.rounds):
        for call in random.sample(CALLS, len(CALLS)):
            for server in random.sample(found, len(found)):
                tell(f"Round {number + 1}: {call}, {server.name}")
                before = server.processor_seconds()
                sample = load.run(server.port, ready[call, server.name], plan.clients, plan.seconds, is_good)
                spent = server.processor_seconds() - before
                yield Measured(number, server.name, call, plan.clients, sample, spent * 1000 / max(1, sample.calls))
