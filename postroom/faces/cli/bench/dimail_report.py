"""What the samples say of each call and each plain handler: medians over the rounds, and ratios within each round."""

import statistics
from collections.abc import Sequence

import msgspec
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from postroom.faces.cli.bench.dimail_measure import Plan
from postroom.faces.cli.bench.dimail_script import CALLS, POSTROOM, REFERENCES
from postroom.faces.cli.bench.measure import Measured
from postroom.faces.cli.bench.report import judged
from postroom.faces.cli.bench.rest_report import Side, side

TARGET = 3.0
"""The least that Postroom's requests a second are of the plain handler's."""
_HEADINGS = (
    "call", "plain handler with", "req/s", "p50 ms", "p95 ms", "CPU ms", "plain", "p50", "p95", "CPU", "by CPU",
    "ratio", "range", "target",
)  # fmt: skip
_WIDTH = 140


class Line(msgspec.Struct, frozen=True, kw_only=True):
    call: str
    reference: str
    """What the plain handler hashes passwords with."""
    postroom: Side
    plain: Side
    ratio: float
    """Postroom's requests a second by the plain handler's: the median of the rounds' ratios."""
    lowest: float
    highest: float
    processor_ratio: float
    """The plain handler's processor time a call by Postroom's, likewise."""
    met: bool


class Result(msgspec.Struct, frozen=True):
    database: str
    lines: list[Line]
    calls: int
    failures: int
    first_failure: str


def _of(measured: Sequence[Measured], server: str, call: str) -> list[Measured]:
    return sorted((m for m in measured if (m.server, m.call) == (server, call)), key=lambda m: m.round)


def line(measured: Sequence[Measured], call: str, reference: str) -> Line:
    ours, plain = _of(measured, POSTROOM, call), _of(measured, reference, call)
    ratios = [a.sample.a_second / b.sample.a_second for a, b in zip(ours, plain, strict=True)]
    ratio = statistics.median(ratios)
    by_processor = (b.processor_ms / max(a.processor_ms, 0.001) for a, b in zip(ours, plain, strict=True))
    return Line(
        call=call,
        reference=reference,
        postroom=side(ours),
        plain=side(plain),
        ratio=ratio,
        lowest=min(ratios),
        highest=max(ratios),
        processor_ratio=statistics.median(by_processor),
        met=ratio >= TARGET,
    )


def result(database: str, measured: Sequence[Measured]) -> Result:
    failed = [m for m in measured if m.sample.failures]
    return Result(
        database=database,
        lines=[line(measured, call, reference) for call in CALLS for reference in REFERENCES],
        calls=sum(m.sample.calls for m in measured),
        failures=sum(m.sample.failures for m in failed),
        first_failure=f"{failed[0].server}, {failed[0].call}: {failed[0].sample.first_failure}" if failed else "",
    )


def show(console: Console, plan: Plan, result: Result) -> None:
    table = Table(
        box=SIMPLE,
        title=f"{result.database}: {plan.domains} domains, {plan.domains * plan.mailboxes_each} mailboxes, "
        f"{plan.clients} clients",
        caption="Medians of the rounds. CPU: ms a call, database included. Ratio: our requests/s by the plain "
        "handler's; by CPU: its processor time by ours.",
    )
    for heading in _HEADINGS:
        table.add_column(heading, justify="left" if heading in _HEADINGS[:2] else "right")
    for each in result.lines:
        table.add_row(
            each.call, each.reference, *_cells(each.postroom), *_cells(each.plain), f"{each.processor_ratio:.2f}",
            f"{each.ratio:.2f}", f"{each.lowest:.2f}–{each.highest:.2f}", judged(f"≥ {TARGET:.0f}", each.met),
        )  # fmt: skip
    Console(file=console.file, width=max(console.width, _WIDTH), highlight=False).print(table)
    console.print(f"{result.calls} calls, {result.failures} failures. {result.first_failure}")


def _cells(side: Side) -> list[str]:
    return [f"{side.a_second:.0f}", f"{side.p50_ms:.1f}", f"{side.p95_ms:.1f}", f"{side.processor_ms:.2f}"]
