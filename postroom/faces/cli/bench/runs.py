"""What every `postroom bench …` does around its measuring: one database after the other, figures, the verdict."""

import contextlib
import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any, Final, NoReturn

import msgspec
import typer
from rich.status import Status

from postroom.faces.cli.bench import databases, report
from postroom.faces.cli.terminal import err, stop_with

KINDS: Final = ("sqlite", "postgresql")
Tell = Callable[[str], None]

# Options that all of them take.
Kinds = Annotated[str, typer.Option("--databases", help="Which, separated by commas.")]
Json = Annotated[Path | None, typer.Option(help="Write the figures to this file too.")]
Server = Annotated[
    str, typer.Option(help="A server to make databases on; else POSTROOM_BENCH_POSTGRESQL, else a temporary one.")
]
EVERY_KIND: Final = ",".join(KINDS)


def chosen(option: str, text: str, known: tuple[str, ...]) -> list[str]:
    """In the order of `known`."""
    wanted = {name for name in text.split(",") if name}
    if unknown := wanted - set(known):
        stop_with(f"{option}: {', '.join(sorted(unknown))} is not one of {', '.join(known)}")
    return [name for name in known if name in wanted]


class Run(msgspec.Struct, frozen=True):
    """As it was asked for."""

    plan: msgspec.Struct
    kinds: str
    server: str
    json: Path | None

    def on_each(self, measure: Callable[[str, str], Any], show: Callable[[Any], None]) -> None:
        """`measure` gets the kind of database and the server to make it on; its result has `failures`.

        Ends the program with 1 where nothing was measured, or a request failed.
        """
        wanted = chosen("--databases", self.kinds, KINDS)
        signal.signal(signal.SIGTERM, _interrupted)
        server = self.server or os.environ.get("POSTROOM_BENCH_POSTGRESQL", "")
        results: list[Any] = []
        skipped: dict[str, str] = {}
        for kind in wanted:
            try:
                results.append(measure(kind, server))
            except databases.NotHere as reason:
                skipped[kind] = str(reason)
                err.print(f"{kind} is skipped: {reason}")
                continue
            show(results[-1])
        if self.json is not None:
            figures = report.document(self.plan, results, skipped)
            self.json.write_bytes(msgspec.json.format(msgspec.json.encode(figures), indent=1))
        if not results or any(result.failures for result in results):
            raise typer.Exit(1)


def _interrupted(*_: object) -> NoReturn:
    """So that the servers are stopped as on Ctrl-C."""
    raise KeyboardInterrupt


@contextlib.contextmanager
def place(kind: str, server: str) -> Iterator[tuple[Path, str]]:
    """A folder, and the server; both are gone afterwards where they were made for it."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="postroom-bench-")))
        if kind == "postgresql":
            server = stack.enter_context(databases.cluster(server))
        yield folder, server


@contextlib.contextmanager
def status(kind: str) -> Iterator[Tell]:
    """A line that says what is going on, from the first word on."""
    line = Status("", console=err)

    def tell(what: str) -> None:
        line.start()
        line.update(f"{kind}: {what}")

    try:
        yield tell
    finally:
        line.stop()
