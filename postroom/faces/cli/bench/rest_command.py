"""`postroom bench rest` itself: what was asked for, one database after the other, the verdict."""

import contextlib
import os
import signal
import tempfile
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.status import Status

from postroom.faces.cli.bench import databases, report, rest_measure, rest_report
from postroom.faces.cli.bench.command import KINDS, interrupted
from postroom.faces.cli.bench.rest_measure import Plan
from postroom.faces.cli.terminal import err, out, stop_with


def rest(  # noqa: PLR0913 -- one a command line option
    kinds: Annotated[str, typer.Option("--databases", help="Which, separated by commas.")] = ",".join(KINDS),
    mailboxes: Annotated[int, typer.Option(min=20, help="Mailboxes of the large domain.")] = 50_000,
    domains: Annotated[
        int, typer.Option(min=21, max=100_000, help="Domains of one person, two pages at least.")
    ] = 1000,
    clients: Annotated[int, typer.Option(min=1, max=512, help="Requests on their way at the same time.")] = 4,
    seconds: Annotated[float, typer.Option(min=0.1, help="Length of one sample.")] = 2.0,
    rounds: Annotated[int, typer.Option(min=1, help="Samples of each kind of call.")] = 3,
    json: Annotated[Path | None, typer.Option(help="Write the figures to this file too.")] = None,
    postgresql_url: Annotated[
        str, typer.Option(help="A server to make a database on; else POSTROOM_BENCH_POSTGRESQL, else a temporary one.")
    ] = "",
) -> None:
    """Measure REST with a very large domain beside the same SQL alone, on databases of its own (docs/bench.md)."""
    wanted = [kind for kind in kinds.split(",") if kind]
    if unknown := set(wanted) - set(KINDS):
        stop_with(f"--databases: {', '.join(sorted(unknown))} is not one of {', '.join(KINDS)}")
    plan = Plan(domains=domains, mailboxes=mailboxes, clients=clients, seconds=seconds, rounds=rounds)
    signal.signal(signal.SIGTERM, interrupted)
    server = postgresql_url or os.environ.get("POSTROOM_BENCH_POSTGRESQL", "")
    results: list[rest_report.Result] = []
    skipped: dict[str, str] = {}
    for kind in wanted:
        try:
            results.append(_one(kind, plan, server))
        except databases.NotHere as reason:
            skipped[kind] = str(reason)
            err.print(f"{kind} is skipped: {reason}")
            continue
        rest_report.show(out, plan, results[-1])
    if json is not None:
        json.write_bytes(msgspec.json.format(msgspec.json.encode(report.document(plan, results, skipped)), indent=1))
    if not results or any(result.failures for result in results):
        raise typer.Exit(1)


def _one(kind: str, plan: Plan, server: str) -> rest_report.Result:
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="postroom-bench-")))
        if kind == "postgresql":
            server = stack.enter_context(databases.cluster(server))
        status = Status("", console=err)

        def tell(what: str) -> None:
            status.start()
            status.update(f"{kind}: {what}")

        stack.callback(status.stop)
        return rest_report.result(kind, rest_measure.run(kind, plan, folder, server, tell))
