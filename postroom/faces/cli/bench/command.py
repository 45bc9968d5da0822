"""`postroom bench` itself: what was asked for, one database after the other, the verdict."""

import contextlib
from collections.abc import Iterator
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from postroom.faces.cli.bench import measure, report, runs
from postroom.faces.cli.bench.measure import Plan
from postroom.faces.cli.terminal import err, out, stop_with

app = typer.Typer(invoke_without_command=True)


@app.callback()
def bench(  # noqa: PLR0913 -- one a command line option
    context: typer.Context,
    kinds: runs.Kinds = runs.EVERY_KIND,
    domains: Annotated[int, typer.Option(min=2, help="Domains to seed.")] = 10_000,
    mailboxes: Annotated[int, typer.Option(min=2, help="Mailboxes in all of them together.")] = 200_000,
    seconds: Annotated[float, typer.Option(min=0.1, help="Length of one sample.")] = 2.0,
    rounds: Annotated[int, typer.Option(min=1, help="Samples of each kind of call.")] = 5,
    clients: Annotated[str, typer.Option(help="Numbers of clients, separated by commas.")] = "1,16,64",
    json: runs.Json = None,
    postgresql_url: runs.Server = "",
) -> None:
    """Measure the API beside a handler without any checks, on databases of its own (docs/bench.md).

    `postroom bench rest` measures REST with a very large domain, `postroom bench web` the pages, `postroom bench
    dimail` the dimail face, `postroom bench mail` the mail servers.
    """
    if context.invoked_subcommand:
        return
    plan = Plan(domains=domains, mailboxes=mailboxes, seconds=seconds, rounds=rounds, clients=_numbers(clients))
    run = runs.Run(plan, kinds, postgresql_url, json)
    run.on_each(lambda kind, server: _one(kind, plan, server), lambda result: report.show(out, plan, result))


def _numbers(clients: str) -> list[int]:
    numbers = [text for text in clients.split(",") if text]
    if not numbers or not all(text.isdecimal() and 0 < int(text) <= 512 for text in numbers):
        stop_with("--clients takes numbers from 1 to 512, separated by commas")
    return [int(text) for text in numbers]


def _one(kind: str, plan: Plan, server: str) -> report.Result:
    with runs.place(kind, server) as (folder, there), _progress() as progress:
        warming = 2 * (len(plan.series) + len(measure.GROWTH))
        task = progress.add_task(kind, total=plan.samples + warming, visible=False)

        def tell(what: str) -> None:
            progress.update(task, advance=1, description=f"{kind}: {what}", visible=True)

        return report.result(kind, plan, measure.run(kind, plan, folder, there, tell))


@contextlib.contextmanager
def _progress() -> Iterator[Progress]:
    columns = TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn()
    with Progress(*columns, console=err, transient=True) as progress:
        yield progress
