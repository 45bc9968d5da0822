"""`postroom bench` itself: what was asked for, one database after the other, the verdict."""

import contextlib
import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, NoReturn

import msgspec
import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from postroom.faces.cli.bench import databases, measure, report
from postroom.faces.cli.bench.measure import Plan
from postroom.faces.cli.terminal import err, out, stop_with

KINDS = ("sqlite", "postgresql")


app = typer.Typer(invoke_without_command=True)


@app.callback()
def bench(  # noqa: PLR0913 -- one a command line option
    context: typer.Context,
    kinds: Annotated[str, typer.Option("--databases", help="Which, separated by commas.")] = ",".join(KINDS),
    domains: Annotated[int, typer.Option(min=2, help="Domains to seed.")] = 10_000,
    mailboxes: Annotated[int, typer.Option(min=2, help="Mailboxes in all of them together.")] = 200_000,
    seconds: Annotated[float, typer.Option(min=0.1, help="Length of one sample.")] = 2.0,
    rounds: Annotated[int, typer.Option(min=1, help="Samples of each kind of call.")] = 5,
    clients: Annotated[str, typer.Option(help="Numbers of clients, separated by commas.")] = "1,16,64",
    json: Annotated[Path | None, typer.Option(help="Write the figures to this file too.")] = None,
    postgresql_url: Annotated[
        str, typer.Option(help="A server to make a database on; else POSTROOM_BENCH_POSTGRESQL, else a temporary one.")
    ] = "",
) -> None:
    """Measure the API beside a handler without any checks, on databases of its own (docs/bench.md).

    `postroom bench rest` measures REST with a very large domain, `postroom bench web` the pages, `postroom bench
    dimail` the dimail face, `postroom bench mail` the mail servers.
    """
    if context.invoked_subcommand:
        return
    wanted = [kind for kind in kinds.split(",") if kind]
    if unknown := set(wanted) - set(KINDS):
        stop_with(f"--databases: {', '.join(sorted(unknown))} is not one of {', '.join(KINDS)}")
    plan = Plan(domains=domains, mailboxes=mailboxes, seconds=seconds, rounds=rounds, clients=_numbers(clients))
    signal.signal(signal.SIGTERM, interrupted)
    server = postgresql_url or os.environ.get("POSTROOM_BENCH_POSTGRESQL", "")
    results: list[report.Result] = []
    skipped: dict[str, str] = {}
    for kind in wanted:
        try:
            results.append(_one(kind, plan, server))
        except databases.NotHere as reason:
            skipped[kind] = str(reason)
            err.print(f"{kind} is skipped: {reason}")
            continue
        report.show(out, plan, results[-1])
    if json is not None:
        json.write_bytes(msgspec.json.format(msgspec.json.encode(report.document(plan, results, skipped)), indent=1))
    if not results or any(result.failures for result in results):
        raise typer.Exit(1)


def _numbers(clients: str) -> list[int]:
    numbers = [text for text in clients.split(",") if text]
    if not numbers or not all(text.isdecimal() and 0 < int(text) <= 512 for text in numbers):
        stop_with("--clients takes numbers from 1 to 512, separated by commas")
    return [int(text) for text in numbers]


def interrupted(*_: object) -> NoReturn:
    """So that the servers are stopped as on Ctrl-C."""
    raise KeyboardInterrupt


def _one(kind: str, plan: Plan, server: str) -> report.Result:
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="postroom-bench-")))
        if kind == "postgresql":
            server = stack.enter_context(databases.cluster(server))
        progress = stack.enter_context(_progress())
        warming = 2 * (len(plan.series) + len(measure.GROWTH))
        task = progress.add_task(kind, total=plan.samples + warming, visible=False)

        def tell(what: str) -> None:
            progress.update(task, advance=1, description=f"{kind}: {what}", visible=True)

        return report.result(kind, plan, measure.run(kind, plan, folder, server, tell))


@contextlib.contextmanager
def _progress() -> Iterator[Progress]:
    columns = TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn()
    with Progress(*columns, console=err, transient=True) as progress:
        yield progress
