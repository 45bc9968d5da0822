"""`postroom bench web` itself: what was asked for, one database after the other, the verdict."""

import contextlib
import os
import signal
import tempfile
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.status import Status

from postroom.faces.cli.bench import databases, report, web_measure, web_report
from postroom.faces.cli.bench.command import KINDS, interrupted
from postroom.faces.cli.bench.web_measure import Plan
from postroom.faces.cli.terminal import err, out, stop_with


def web(  # noqa: PLR0913 -- one a command line option
    kinds: Annotated[str, typer.Option("--databases", help="Which, separated by commas.")] = ",".join(KINDS),
    domains: Annotated[int, typer.Option(min=21, max=100_000, help="Domains, two pages at least.")] = 10_000,
    mailboxes: Annotated[int, typer.Option(min=1000, help="In all of them together; a tenth in one.")] = 1_000_000,
    clients: Annotated[int, typer.Option(min=1, max=512, help="Requests on their way at the same time.")] = 1,
    seconds: Annotated[float, typer.Option(min=0.1, help="Length of one sample.")] = 2.0,
    rounds: Annotated[int, typer.Option(min=1, help="Samples of each kind of call.")] = 3,
    json: Annotated[Path | None, typer.Option(help="Write the figures to this file too.")] = None,
    postgresql_url: Annotated[
        str, typer.Option(help="A server to make a database on; else POSTROOM_BENCH_POSTGRESQL, else a temporary one.")
    ] = "",
) -> None:
    """Measure the pages with very many domains and mailboxes, on databases of its own (docs/bench.md)."""
    wanted = [kind for kind in kinds.split(",") if kind]
    if unknown := set(wanted) - set(KINDS):
        stop_with(f"--databases: {', '.join(sorted(unknown))} is not one of {', '.join(KINDS)}")
    plan = Plan(domains=domains, mailboxes=mailboxes, clients=clients, seconds=seconds, rounds=rounds)
    signal.signal(signal.SIGTERM, interrupted)
    server = postgresql_url or os.environ.get("POSTROOM_BENCH_POSTGRESQL", "")
    results: list[web_report.Result] = []
    skipped: dict[str, str] = {}
    for kind in wanted:
        try:
            results.append(_one(kind, plan, server))
        except databases.NotHere as reason:
            skipped[kind] = str(reason)
            err.print(f"{kind} is skipped: {reason}")
            continue
        web_report.show(out, plan, results[-1])
    if json is not None:
        json.write_bytes(msgspec.json.format(msgspec.json.encode(report.document(plan, results, skipped)), indent=1))
    if not results or any(result.failures for result in results):
        raise typer.Exit(1)


def _one(kind: str, plan: Plan, server: str) -> web_report.Result:
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="postroom-bench-")))
        if kind == "postgresql":
            server = stack.enter_context(databases.cluster(server))
        status = Status("", console=err)

        def tell(what: str) -> None:
            status.start()
            status.update(f"{kind}: {what}")

        stack.callback(status.stop)
        return web_report.result(kind, web_measure.run(kind, plan, folder, server, tell))
