"""`postroom bench mail` itself: what was asked for, databases and stacks, one measurement after the other."""

import contextlib
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Final

import msgspec
import typer

from postroom.drivers.mailstack import packages
from postroom.faces.cli.bench import (
    databases,
    mail_flow,
    mail_load,
    mail_lookups,
    mail_report,
    mail_sign_ins,
    mail_spread,
    mail_stacks,
    runs,
)
from postroom.faces.cli.bench.mail_flow import Flow
from postroom.faces.cli.bench.mail_lookups import LookUp
from postroom.faces.cli.bench.mail_sign_ins import SignIns
from postroom.faces.cli.bench.mail_stacks import Size, Stack
from postroom.faces.cli.terminal import out, stop_with

_COMPLAINTS: Final = ("warning", "fatal", "deferred", "bounced", "Error", "Panic", "Fatal")
_PARTS: Final = ("flow", "look-ups", "sign-ins", "spread")


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    parts: frozenset[str]
    small: Size
    large: Size
    rounds: int
    messages: int
    connections: int
    look_ups: int
    seconds: float


def mail(  # noqa: PLR0913 -- one a command line option
    kinds: runs.Kinds = runs.EVERY_KIND,
    parts: Annotated[str, typer.Option(help="What to measure, separated by commas.")] = ",".join(_PARTS),
    domains: Annotated[int, typer.Option(min=4, help="Domains of the small database, where mail is sent to.")] = 100,
    large_domains: Annotated[int, typer.Option(min=4, help="Domains of the large one.")] = 10_000,
    mailboxes: Annotated[int, typer.Option(min=1, max=100, help="Mailboxes of each domain.")] = 100,
    rounds: Annotated[int, typer.Option(min=1, help="Samples of each kind.")] = 5,
    messages: Annotated[int, typer.Option(min=1, help="Messages of a sample.")] = 300,
    connections: Annotated[int, typer.Option(min=1, help="Connections that bring them.")] = 10,
    look_ups: Annotated[int, typer.Option(min=2, help="Look-ups of a sample.")] = 2000,
    seconds: Annotated[float, typer.Option(min=0.1, help="Length of a sample of sign-ins.")] = 4.0,
    json: runs.Json = None,
    postgresql_url: runs.Server = "",
) -> None:
    """Measure the mail servers beside the same ones without a database, on private stacks (docs/bench.md). As root."""
    plan = Plan(
        parts=frozenset(runs.chosen("--parts", parts, _PARTS)),
        small=Size(domains, mailboxes), large=Size(large_domains, mailboxes),
        rounds=rounds, messages=messages, connections=connections, look_ups=look_ups, seconds=seconds,
    )  # fmt: skip
    _require_servers()
    run = runs.Run(plan, kinds, postgresql_url, json)
    run.on_each(
        lambda kind, server: mail_report.result(_one(kind, plan, server)), lambda found: mail_report.show(out, found)
    )


def _require_servers() -> None:
    if os.geteuid() != 0:
        stop_with("Postfix and Dovecot are started by root only. Run this as root: their processes are not.")
    if missing := packages.missing():
        stop_with(f"Debian packages are missing:\n  {' '.join(packages.install_command(missing))}")


def _one(kind: str, plan: Plan, server: str) -> mail_report.Samples:
    with contextlib.ExitStack() as stack:
        folder, there = stack.enter_context(runs.place(kind, server))
        folder.chmod(0o711)  # the servers' accounts go through it
        tell = stack.enter_context(runs.status(kind))
        stage = _Stage(stack, kind, folder, there)
        try:
            return stage.run(plan, tell)
        except mail_load.NotTakenError as reason:
            raise SystemExit(f"{kind}: {reason}\n{stage.complaints()}") from reason


class _Stage:
    """Databases and stacks of one run, kept while the exit stack is open."""

    def __init__(self, stack: contextlib.ExitStack, kind: str, folder: Path, cluster: str) -> None:
        self._stack, self._kind, self._folder, self._cluster = stack, kind, folder, cluster
        self._environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("POSTROOM_", "DJANGO_", "DATABASE_URL"))},
            "POSTROOM_SECRET_KEY": secrets.token_hex(32),
            "POSTROOM_LOG_LEVEL": "WARNING",
        }

    def run(self, plan: Plan, tell: Callable[[str], None]) -> mail_report.Samples:
        small, large = self._stacks(plan, tell)
        flow: list[Flow] = []
        looked_up: list[LookUp] = []
        signed_in: list[SignIns] = []
        spread = None
        if "flow" in plan.parts:
            with self._static(small, plan.small) as static:
                how = (plan.rounds, plan.messages, plan.connections)
                flow = list(mail_flow.measure([small, static], plan.small, how, tell))
        if "sign-ins" in plan.parts:
            signed_in = list(mail_sign_ins.measure(small, plan.small, plan.rounds, plan.seconds, tell))
        if large and "look-ups" in plan.parts:
            pair = [(small, plan.small), (large, plan.large)]
            looked_up = list(mail_lookups.measure(pair, plan.rounds, plan.look_ups, tell))
        if large and "spread" in plan.parts:
            tell("A company's change")
            spread = mail_spread.measure(self._environment | {"DATABASE_URL": large.url})
        return mail_report.Samples(
            database=self._kind, flow=flow, look_ups=looked_up, sign_ins=signed_in, spread=spread
        )

    def _stacks(self, plan: Plan, tell: Callable[[str], None]) -> tuple[Stack, Stack | None]:
        """The small one runs as a whole; of the large one Dovecot."""
        tell("The small database and its mail servers")
        small = self._ours("postroom_bench_mail", plan.small)
        self._start(small)
        if not plan.parts & {"look-ups", "spread"}:
            return small, None
        tell("The large database")
        large = self._ours("postroom_bench_mail_large", plan.large)
        self._start(large, ("helper", "dovecot"))
        return small, large

    def _start(self, stack: Stack, only: tuple[str, ...] = ()) -> None:
        environment = self._environment | {"DATABASE_URL": stack.url}
        self._stack.enter_context(mail_stacks.running(stack, environment, only))

    def _ours(self, name: str, size: Size) -> Stack:
        """Database and files are there, nothing runs yet. Raises NotHere."""
        dir = self._folder / name
        (dir / "data").mkdir(mode=0o711, parents=True)
        dir.chmod(0o711)
        if self._kind == "postgresql":
            self._stack.enter_context(databases.without_role(name, self._cluster))
        url = self._stack.enter_context(databases.fresh(self._kind, name, dir / "data", self._cluster))
        prepare = ["postroom.faces.cli.bench.mail_prepare", str(size.domains), str(size.mailboxes_each), str(dir)]
        subprocess.run(  # noqa: S603 -- our own module
            [sys.executable, "-m", *prepare], env=self._environment | {"DATABASE_URL": url}, check=True
        )
        return mail_stacks.ours(dir, url, self._folder / "cache")

    @contextlib.contextmanager
    def _static(self, model: Stack, size: Size) -> Iterator[Stack]:
        made = mail_stacks.static(self._folder / "static", model, size, self._folder / "cache")
        with mail_stacks.running(made, self._environment | {"DATABASE_URL": model.url}) as static:
            yield static

    def complaints(self) -> str:
        """Of the servers, as far as their logs hold any."""
        logs = sorted(self._folder.glob("*/log/*.log"))
        lines = [line for log in logs for line in log.read_text(errors="replace").splitlines()]
        return "\n".join([line for line in lines if any(word in line for word in _COMPLAINTS)][-20:])
