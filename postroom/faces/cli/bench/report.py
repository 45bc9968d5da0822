"""What the samples say: medians over the rounds, and ratios taken within each round, where the machine was alike."""

import os
import platform
import statistics
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from postroom.faces.cli.bench.measure import GROWTH, GROWTH_CLIENTS, Measured, Plan
from postroom.faces.cli.bench.script import BY_PASSWORD

TARGETS: Mapping[tuple[str, int], float] = {
    ("get_domain", 16): 0.7,
    (BY_PASSWORD, 16): 0.6,
    ("change_domain", 16): 0.6,
}
"""The least share of the floor's requests a second."""
MOST_GROWTH = 1.15
_HEADINGS = (
    "call", "clients", "req/s", "p50 ms", "p99 ms", "CPU ms", "floor", "p50", "p99", "CPU", "CPU ×", "ratio",
    "range", "target",
)  # fmt: skip
_WIDTH = 130


class Side(msgspec.Struct, frozen=True):
    """Medians over the rounds."""

    a_second: float
    p50_ms: float
    p99_ms: float
    processor_ms: float


class Line(msgspec.Struct, frozen=True, kw_only=True):
    call: str
    clients: int
    postroom: Side
    floor: Side
    ratio: float
    """Postroom's requests a second by the floor's: the median of the rounds' ratios."""
    lowest: float
    highest: float
    processor_ratio: float
    """Processor time a call by the floor's, likewise. Other load on the machine hardly moves it."""
    target: float | None
    met: bool | None


class Growth(msgspec.Struct, frozen=True, kw_only=True):
    call: str
    small_ms: float
    large_ms: float
    ratio: float
    """Processor time a call, large database by small one."""
    target: float = MOST_GROWTH
    met: bool


class Result(msgspec.Struct, frozen=True):
    database: str
    lines: list[Line]
    growth: list[Growth]
    calls: int
    failures: int
    first_failure: str


def _side(found: Sequence[Measured]) -> Side:
    median = statistics.median
    return Side(
        a_second=median(m.sample.a_second for m in found),
        p50_ms=median(m.sample.p50 for m in found),
        p99_ms=median(m.sample.p99 for m in found),
        processor_ms=median(m.processor_ms for m in found),
    )


def _of(measured: Sequence[Measured], server: str, call: str, clients: int) -> list[Measured]:
    found = [m for m in measured if (m.server, m.call, m.clients) == (server, call, clients)]
    return sorted(found, key=lambda m: m.round)


def line(measured: Sequence[Measured], call: str, clients: int) -> Line:
    ours, floor = _of(measured, "postroom", call, clients), _of(measured, "floor", call, clients)
    ratios = [a.sample.a_second / b.sample.a_second for a, b in zip(ours, floor, strict=True)]
    target = TARGETS.get((call, clients))
    ratio = statistics.median(ratios)
    return Line(
        call=call,
        clients=clients,
        postroom=_side(ours),
        floor=_side(floor),
        ratio=ratio,
        lowest=min(ratios),
        highest=max(ratios),
        processor_ratio=_processor_ratio(ours, floor),
        target=target,
        met=None if target is None else ratio >= target,
    )


def _processor_ratio(some: Sequence[Measured], others: Sequence[Measured]) -> float:
    return statistics.median(a.processor_ms / max(b.processor_ms, 0.001) for a, b in zip(some, others, strict=True))


def growth(measured: Sequence[Measured], call: str) -> Growth:
    large, small = (_of(measured, server, call, GROWTH_CLIENTS) for server in ("large", "small"))
    ratio = _processor_ratio(large, small)
    return Growth(
        call=call, small_ms=_side(small).processor_ms, large_ms=_side(large).processor_ms, ratio=ratio,
        met=ratio <= MOST_GROWTH,
    )  # fmt: skip


def result(database: str, plan: Plan, measured: Sequence[Measured]) -> Result:
    failed = [m.sample for m in measured if m.sample.failures]
    return Result(
        database=database,
        lines=[line(measured, call, clients) for call, clients in plan.series],
        growth=[growth(measured, call) for call in GROWTH],
        calls=sum(m.sample.calls for m in measured),
        failures=sum(s.failures for s in failed),
        first_failure=failed[0].first_failure if failed else "",
    )


def document(plan: msgspec.Struct, results: Sequence[msgspec.Struct], skipped: Mapping[str, str]) -> dict[str, Any]:
    """For --json."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()},
        "plan": plan,
        "results": results,
        "skipped": skipped,
    }


def show(console: Console, plan: Plan, result: Result) -> None:
    table = Table(
        box=SIMPLE,
        title=f"{result.database}: {plan.domains} domains, {plan.domains * plan.mailboxes_each} mailboxes",
        caption="Medians of the rounds. CPU: ms a call, database included. Ratio: our requests/s by the floor's.",
    )
    for heading in _HEADINGS:
        table.add_column(heading, justify="left" if heading == "call" else "right")
    for each in result.lines:
        table.add_row(
            each.call, str(each.clients), *_cells(each.postroom), *_cells(each.floor),
            f"{each.processor_ratio:.2f}", f"{each.ratio:.2f}",
            f"{each.lowest:.2f}–{each.highest:.2f}", judged(f"≥ {each.target}", each.met),
        )  # fmt: skip
    Console(file=console.file, width=max(console.width, _WIDTH), highlight=False).print(table)
    for grown in result.growth:
        console.print(
            f"{grown.call}: {grown.small_ms:.3f} ms CPU a call on a small database, {grown.large_ms:.3f} ms here: "
            f"× {grown.ratio:.2f}  {judged(f'≤ {grown.target}', grown.met)}"
        )
    console.print(f"{result.calls} calls, {result.failures} failures. {result.first_failure}")


def _cells(side: Side) -> list[str]:
    return [f"{side.a_second:.0f}", f"{side.p50_ms:.1f}", f"{side.p99_ms:.1f}", f"{side.processor_ms:.3f}"]


def judged(target: str, met: bool | None) -> str:
    if met is None:
        return ""
    return f"[green]{target} met[/green]" if met else f"[red]{target} missed[/red]"
