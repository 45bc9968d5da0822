"""What the samples of the pages say: medians over the rounds, beside the target."""

import msgspec
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from postroom.faces.cli.bench.report import judged
from postroom.faces.cli.bench.rest_report import MOST_P95, Side, side
from postroom.faces.cli.bench.web_measure import Plan, Run

_HEADINGS = ("page", "kB", "SQL", "req/s", "p50 ms", "p95 ms", "CPU ms", "target")


class Line(msgspec.Struct, frozen=True, kw_only=True):
    page: str
    bytes: int
    """Of the largest one."""
    statements: int
    """Of SQL a request, the session's among them."""
    postroom: Side
    met: bool


class Result(msgspec.Struct, frozen=True):
    database: str
    lines: list[Line]
    calls: int
    failures: int
    first_failure: str


def result(database: str, run: Run) -> Result:
    failed = [m for m in run.measured if m.sample.failures]
    lines = []
    for page, asked in run.prepared.asked.items():
        own = side([m for m in run.measured if m.call == page])
        largest, most = max(one.bytes for one in asked), max(one.statements for one in asked)
        met = own.p95_ms <= MOST_P95
        lines.append(Line(page=page, bytes=largest, statements=most, postroom=own, met=met))
    return Result(
        database=database,
        lines=lines,
        calls=sum(m.sample.calls for m in run.measured),
        failures=sum(m.sample.failures for m in failed),
        first_failure=f"{failed[0].call}: {failed[0].sample.first_failure}" if failed else "",
    )


def show(console: Console, plan: Plan, result: Result) -> None:
    table = Table(
        box=SIMPLE,
        title=f"{result.database}: {plan.domains} domains, {plan.mailboxes} mailboxes, {plan.clients} at a time",
        caption="Medians of the rounds. SQL: statements a page. CPU: ms a page, database included.",
    )
    for heading in _HEADINGS:
        table.add_column(heading, justify="left" if heading == "page" else "right")
    for each in result.lines:
        own = each.postroom
        table.add_row(
            each.page, f"{each.bytes / 1000:.0f}", str(each.statements), f"{own.a_second:.0f}", f"{own.p50_ms:.1f}",
            f"{own.p95_ms:.1f}", f"{own.processor_ms:.1f}", judged(f"≤ {MOST_P95:.0f} ms", each.met),
        )  # fmt: skip
    Console(file=console.file, width=max(console.width, 110), highlight=False).print(table)
    console.print(f"{result.calls} pages, {result.failures} failures. {result.first_failure}")
