"""`postroom bench dimail` itself: what was asked for, one database after the other, the verdict."""

import importlib.util
from typing import Annotated

import typer

from postroom.faces.cli.bench import dimail_measure, dimail_report, runs
from postroom.faces.cli.bench.dimail_measure import NotAlike, Plan
from postroom.faces.cli.terminal import out, stop_with

_NEEDS = ("fastapi", "httptools", "sqlalchemy", "uvicorn", "uvloop")


def dimail(  # noqa: PLR0913 -- one a command line option
    kinds: runs.Kinds = runs.EVERY_KIND,
    domains: Annotated[int, typer.Option(min=2, max=100_000, help="Domains to seed.")] = 1000,
    mailboxes: Annotated[int, typer.Option(min=2, help="Mailboxes in all of them together.")] = 20_000,
    clients: Annotated[int, typer.Option(min=1, max=512, help="Requests on their way at the same time.")] = 4,
    seconds: Annotated[float, typer.Option(min=0.1, help="Length of one sample.")] = 2.0,
    rounds: Annotated[int, typer.Option(min=1, help="Samples of each call and server.")] = 5,
    json: runs.Json = None,
    postgresql_url: runs.Server = "",
) -> None:
    """Measure the dimail face beside plain FastAPI handlers that do the same, on databases of its own (docs/bench.md).

    The plain handlers need packages that only a checkout has (the group dev).
    """
    if missing := [name for name in _NEEDS if importlib.util.find_spec(name) is None]:
        stop_with(f"{', '.join(missing)} must be installed to be compared with: run this in a checkout, by make bench")
    plan = Plan(domains=domains, mailboxes=mailboxes, clients=clients, seconds=seconds, rounds=rounds)
    run = runs.Run(plan, kinds, postgresql_url, json)
    run.on_each(lambda kind, server: _one(kind, plan, server), lambda result: dimail_report.show(out, plan, result))


def _one(kind: str, plan: Plan, server: str) -> dimail_report.Result:
    try:
        with runs.place(kind, server) as (folder, there), runs.status(kind) as tell:
            return dimail_report.result(kind, dimail_measure.run(kind, plan, folder, there, tell))
    except NotAlike as reason:
        stop_with(f"{kind}: the plain handlers do other work than Postroom: {reason}")
