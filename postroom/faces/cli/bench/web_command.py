"""`postroom bench web` itself: what was asked for, one database after the other, the verdict."""

from typing import Annotated

import typer

from postroom.faces.cli.bench import runs, web_measure, web_report
from postroom.faces.cli.bench.web_measure import Plan
from postroom.faces.cli.terminal import out


def web(  # noqa: PLR0913 -- one a command line option
    kinds: runs.Kinds = runs.EVERY_KIND,
    domains: Annotated[int, typer.Option(min=21, max=100_000, help="Domains, two pages at least.")] = 10_000,
    mailboxes: Annotated[int, typer.Option(min=1000, help="In all of them together; a tenth in one.")] = 1_000_000,
    clients: Annotated[int, typer.Option(min=1, max=512, help="Requests on their way at the same time.")] = 1,
    seconds: Annotated[float, typer.Option(min=0.1, help="Length of one sample.")] = 2.0,
    rounds: Annotated[int, typer.Option(min=1, help="Samples of each kind of call.")] = 3,
    json: runs.Json = None,
    postgresql_url: runs.Server = "",
) -> None:
    """Measure the pages with very many domains and mailboxes, on databases of its own (docs/bench.md)."""
    plan = Plan(domains=domains, mailboxes=mailboxes, clients=clients, seconds=seconds, rounds=rounds)
    run = runs.Run(plan, kinds, postgresql_url, json)
    run.on_each(lambda kind, server: _one(kind, plan, server), lambda result: web_report.show(out, plan, result))


def _one(kind: str, plan: Plan, server: str) -> web_report.Result:
    with runs.place(kind, server) as (folder, there), runs.status(kind) as tell:
        return web_report.result(kind, web_measure.run(kind, plan, folder, there, tell))
