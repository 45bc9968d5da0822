"""`postroom bench rest` itself: what was asked for, one database after the other, the verdict."""

from typing import Annotated

import typer

from postroom.faces.cli.bench import rest_measure, rest_report, runs
from postroom.faces.cli.bench.rest_measure import Plan
from postroom.faces.cli.terminal import out


def rest(  # noqa: PLR0913 -- one a command line option
    kinds: runs.Kinds = runs.EVERY_KIND,
    mailboxes: Annotated[int, typer.Option(min=20, help="Mailboxes of the large domain.")] = 50_000,
    domains: Annotated[
        int, typer.Option(min=21, max=100_000, help="Domains of one person, two pages at least.")
    ] = 1000,
    clients: Annotated[int, typer.Option(min=1, max=512, help="Requests on their way at the same time.")] = 4,
    seconds: Annotated[float, typer.Option(min=0.1, help="Length of one sample.")] = 2.0,
    rounds: Annotated[int, typer.Option(min=1, help="Samples of each kind of call.")] = 3,
    json: runs.Json = None,
    postgresql_url: runs.Server = "",
) -> None:
    """Measure REST with a very large domain beside the same SQL alone, on databases of its own (docs/bench.md)."""
    plan = Plan(domains=domains, mailboxes=mailboxes, clients=clients, seconds=seconds, rounds=rounds)
    run = runs.Run(plan, kinds, postgresql_url, json)
    run.on_each(lambda kind, server: _one(kind, plan, server), lambda result: rest_report.show(out, plan, result))


def _one(kind: str, plan: Plan, server: str) -> rest_report.Result:
    with runs.place(kind, server) as (folder, there), runs.status(kind) as tell:
        return rest_report.result(kind, rest_measure.run(kind, plan, folder, there, tell))
