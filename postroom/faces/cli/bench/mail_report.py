"""What the samples of `postroom bench mail` say: medians of the rounds, ratios taken within each round."""

import statistics
from collections.abc import Callable, Sequence
from typing import Final

import msgspec
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from postroom.faces.cli.bench.mail_flow import Flow
from postroom.faces.cli.bench.mail_lookups import TABLES, LookUp
from postroom.faces.cli.bench.mail_sign_ins import ENCODINGS, SignIns
from postroom.faces.cli.bench.mail_spread import Spread
from postroom.faces.cli.bench.mail_stacks import FAMILIES
from postroom.faces.cli.bench.report import judged

LEAST_FLOW: Final = 0.9
MOST_GROWTH: Final = 1.5
LEAST_SIGN_INS: Final = 0.9
_EXPENSIVE: Final = frozenset(ENCODINGS) - {"SSHA512"}
"""Where the hash is most of a sign-in, so that one can ask for a share of what the cores could do."""
MOST_SECONDS: Final = 60.0
_WIDTH: Final = 110


class Way(msgspec.Struct, frozen=True):
    """Of the mail: through our stack, or the static one. Medians."""

    a_second: float
    processor_ms: dict[str, float]

    @property
    def processor_sum(self) -> float:
        return sum(self.processor_ms.values())


class FlowLine(msgspec.Struct, frozen=True, kw_only=True):
    postroom: Way
    static: Way
    ratio: float
    lowest: float
    highest: float
    processor_ratio: float
    """The static stack's processor time a message by ours: higher is better, as with `ratio`."""
    put_off: int
    met: bool
    target: float = LEAST_FLOW


class LookUpLine(msgspec.Struct, frozen=True, kw_only=True):
    table: str
    small_us: float
    large_us: float
    processor_us: float
    """In the large database."""
    ratio: float
    met: bool
    target: float = MOST_GROWTH


class SignInLine(msgspec.Struct, frozen=True, kw_only=True):
    encoding: str
    a_second: float
    possible: float
    processor_ms: float
    hash_ms: float
    ratio: float
    processor_ratio: float
    """The part of the processor time that is the verification's."""
    refused: int
    target: float | None
    met: bool | None


class Result(msgspec.Struct, frozen=True, kw_only=True):
    database: str
    flow: FlowLine | None
    look_ups: list[LookUpLine]
    sign_ins: list[SignInLine]
    spread: Spread | None

    @property
    def failures(self) -> int:
        return sum(line.refused for line in self.sign_ins)


class Samples(msgspec.Struct, frozen=True, kw_only=True):
    database: str
    flow: list[Flow]
    look_ups: list[LookUp]
    sign_ins: list[SignIns]
    spread: Spread | None


def result(samples: Samples) -> Result:
    return Result(
        database=samples.database,
        flow=flow(samples.flow) if samples.flow else None,
        look_ups=[look_up(samples.look_ups, table) for table in TABLES] if samples.look_ups else [],
        sign_ins=[sign_ins(samples.sign_ins, name) for name in ENCODINGS] if samples.sign_ins else [],
        spread=samples.spread,
    )


def _way(samples: Sequence[Flow]) -> Way:
    median = statistics.median
    families = {name: median(s.processor_ms[name] for s in samples) for name in FAMILIES}
    return Way(median(s.a_second for s in samples), families)


def flow(samples: Sequence[Flow]) -> FlowLine:
    ordered = sorted(samples, key=lambda s: s.round)
    ours, static = ([s for s in ordered if s.stack == name] for name in ("postroom", "static"))
    ratios = [a.a_second / b.a_second for a, b in zip(ours, static, strict=True)]
    ratio = statistics.median(ratios)
    spent = ([max(sum(s.processor_ms.values()), 0.001) for s in side] for side in (static, ours))
    processor = [b / a for b, a in zip(*spent, strict=True)]
    return FlowLine(
        postroom=_way(ours), static=_way(static), ratio=ratio, lowest=min(ratios), highest=max(ratios),
        processor_ratio=statistics.median(processor), put_off=sum(s.put_off for s in samples), met=ratio >= LEAST_FLOW,
    )  # fmt: skip


def look_up(samples: Sequence[LookUp], table: str) -> LookUpLine:
    found = sorted((s for s in samples if s.table == table), key=lambda s: s.round)
    least, most = (choose(s.mailboxes for s in found) for choose in (min, max))
    small, large = ([s for s in found if s.mailboxes == size] for size in (least, most))
    ratio = statistics.median(b.microseconds / a.microseconds for a, b in zip(small, large, strict=True))
    return LookUpLine(
        table=table,
        small_us=statistics.median(s.microseconds for s in small),
        large_us=statistics.median(s.microseconds for s in large),
        processor_us=statistics.median(s.processor_microseconds for s in large),
        ratio=ratio,
        met=ratio <= MOST_GROWTH,
    )


def sign_ins(samples: Sequence[SignIns], encoding: str) -> SignInLine:
    found = [s for s in samples if s.encoding == encoding]
    ratio = statistics.median(s.a_second / s.possible for s in found)
    target = LEAST_SIGN_INS if encoding in _EXPENSIVE else None
    return SignInLine(
        encoding=encoding,
        a_second=statistics.median(s.a_second for s in found),
        possible=statistics.median(s.possible for s in found),
        processor_ms=statistics.median(s.processor_ms for s in found),
        hash_ms=statistics.median(s.hash_ms for s in found),
        ratio=ratio,
        processor_ratio=statistics.median(s.hash_ms / max(s.processor_ms, 0.001) for s in found),
        refused=sum(s.refused for s in found),
        target=target,
        met=None if target is None else ratio >= target,
    )


def show(console: Console, result: Result) -> None:
    wide = Console(file=console.file, width=max(console.width, _WIDTH), highlight=False)
    shown: tuple[tuple[object, Callable[[Result], Table]], ...] = (
        (result.flow, _flow_table),
        (result.look_ups, _look_up_table),
        (result.sign_ins, _sign_in_table),
    )
    for there, table in shown:
        if there:
            wide.print(table(result))
    if spread := result.spread:
        verdict = judged(f"≤ {MOST_SECONDS:.0f} s", met=spread.seconds <= MOST_SECONDS)
        wide.print(
            f"{result.database}: a company's change reached {spread.mailboxes} mailboxes in {spread.seconds:.1f} s  "
            f"{verdict}\nA single mailbox's change meanwhile ({spread.singles} of them): {spread.p50_ms:.0f} ms, "
            f"at most {spread.slowest_ms:.0f} ms"
        )


def _table(title: str, headings: str, caption: str = "") -> Table:
    table = Table(box=SIMPLE, title=title, caption=caption)
    for n, heading in enumerate(headings.split("|")):
        table.add_column(heading, justify="right" if n else "left")
    return table


def _flow_table(result: Result) -> Table:
    line = result.flow
    assert line is not None
    caption = (
        f"CPU: ms a message. Ratio {line.ratio:.2f} ({line.lowest:.2f}–{line.highest:.2f}) "
        f"{judged(f'≥ {line.target}', line.met)}; by CPU {line.processor_ratio:.2f}; "
        f"{line.put_off} messages were tried twice."
    )
    table = _table(f"{result.database}: mail", f"stack|messages/s|CPU|{'|'.join(FAMILIES)}", caption)
    for name, way in (("postroom", line.postroom), ("static files", line.static)):
        each = [f"{way.processor_ms[family]:.2f}" for family in FAMILIES]
        table.add_row(name, f"{way.a_second:.1f}", f"{way.processor_sum:.2f}", *each)
    return table


def _look_up_table(result: Result) -> Table:
    table = _table(f"{result.database}: look-ups", "table|µs, small|µs, large|CPU µs, large|ratio|target")
    for line in result.look_ups:
        table.add_row(
            line.table, f"{line.small_us:.0f}", f"{line.large_us:.0f}", f"{line.processor_us:.0f}", f"{line.ratio:.2f}",
            judged(f"≤ {line.target}", line.met),
        )  # fmt: skip
    return table


def _sign_in_table(result: Result) -> Table:
    table = _table(
        f"{result.database}: sign-ins over IMAP",
        "encoding|sign-ins/s|possible/s|ratio|CPU ms|hash alone|by CPU|refused|target",
    )
    for line in result.sign_ins:
        table.add_row(
            line.encoding, f"{line.a_second:.1f}", f"{line.possible:.1f}", f"{line.ratio:.2f}",
            f"{line.processor_ms:.1f}", f"{line.hash_ms:.1f}", f"{line.processor_ratio:.2f}", str(line.refused),
            judged(f"≥ {line.target}", line.met),
        )  # fmt: skip
    return table
