"""What the samples of REST say: medians over the rounds, beside the floor and the target."""

import statistics
from collections.abc import Sequence

import msgspec
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from postroom.faces.cli.bench.measure import Measured
from postroom.faces.cli.bench.report import judged
from postroom.faces.cli.bench.rest_measure import Plan, Run

MOST_P95 = 200.0
"""Milliseconds."""
_HEADINGS = ("call", "SQL", "req/s", "p50 ms", "p95 ms", "CPU ms", "floor", "p50", "p95", "CPU", "ratio", "target")
_WIDTH = 130


class Side(msgspec.Struct, frozen=True):
    """Medians over the rounds."""

    a_second: float
    p50_ms: float
    p95_ms: float
    processor_ms: float


class Line(msgspec.Struct, frozen=True, kw_only=True):
    call: str
    statements: int
    """Of SQL a request, without BEGIN and COMMIT."""
    postroom: Side
    floor: Side
    ratio: float
    """Postroom's requests a second by the floor's: the median of the rounds' ratios."""
    met: bool


class Result(msgspec.Struct, frozen=True):
    database: str
    lines: list[Line]
    calls: int
    failures: int
    first_failure: str


def side(found: Sequence[Measured]) -> Side:
    median = statistics.median
    return Side(
        a_second=median(m.sample.a_second for m in found),
        p50_ms=median(m.sample.p50 for m in found),
        p95_ms=median(m.sample.p95 for m in found),
        processor_ms=median(m.processor_ms for m in found),
    )


def line(measured: Sequence[Measured], call: str, statements: int) -> Line:
    of_call = sorted((m for m in measured if m.call == call), key=lambda m: m.round)
    ours = [m for m in of_call if m.server == "postroom"]
    floor = [m for m in of_call if m.server == "floor"]
    own = side(ours)
    return Line(
        call=call,
        statements=statements,
        postroom=own,
        floor=side(floor),
        ratio=statistics.median(a.sample.a_second / b.sample.a_second for a, b in zip(ours, floor, strict=True)),
        met=own.p95_ms <= MOST_P95,
    )


def result(database: str, run: Run) -> Result:
    failed = [m for m in run.measured if m.sample.failures]
    return Result(
        database=database,
        lines=[
            line(run.measured, call, max(len(one.statements) for one in same))
            for call, same in run.prepared.exchanges.items()
        ],
        calls=sum(m.sample.calls for m in run.measured),
        failures=sum(m.sample.failures for m in failed),
        first_failure=f"{failed[0].server}, {failed[0].call}: {failed[0].sample.first_failure}" if failed else "",
    )


def show(console: Console, plan: Plan, result: Result) -> None:
    table = Table(
        box=SIMPLE,
        title=f"{result.database}: {plan.mailboxes} mailboxes in one domain, {plan.domains} domains of one person, "
        f"{plan.clients} clients",
        caption="Medians of the rounds. SQL: statements a call. CPU: ms a call, database included. "
        "Ratio: our requests/s by the floor's.",
    )
    for heading in _HEADINGS:
        table.add_column(heading, justify="left" if heading == "call" else "right")
    for each in result.lines:
        table.add_row(
            each.call, str(each.statements), *_cells(each.postroom), *_cells(each.floor), f"{each.ratio:.2f}",
            judged(f"≤ {MOST_P95:.0f} ms", each.met),
        )  # fmt: skip
    Console(file=console.file, width=max(console.width, _WIDTH), highlight=False).print(table)
    console.print(f"{result.calls} calls, {result.failures} failures. {result.first_failure}")


def _cells(side: Side) -> list[str]:
    return [f"{side.a_second:.0f}", f"{side.p50_ms:.1f}", f"{side.p95_ms:.1f}", f"{side.processor_ms:.2f}"]
