"""`postroom dimail …` with a remote one, which our own domains are on (docs/dimail-driver.md)."""

from typing import Annotated

import typer
from rich.progress import track

from postroom.faces.cli.terminal import err, origin, out, set_up_django, stop_with

Named = Annotated[str, typer.Option("--platform", help="Which dimail, where there are several.")]


def setup_db(name: Named = "") -> None:
    """Fill a dimail with all that is here: its account for us where it is still empty, domains, mailboxes, aliases.
    What is there already stays."""
    set_up_django()
    from postroom.worker import remote_filling
    from postroom.worker.loop import milliseconds

    try:
        platform = remote_filling.platform(name)
        is_new = remote_filling.make_account(platform)
    except remote_filling.DriverError as failure:
        stop_with(str(failure))
    out.print("Our account was made there." if is_new else "Our account is there already.")
    domains, mailboxes = remote_filling.sizes(platform)
    told = remote_filling.fill(platform, milliseconds)
    failed = [one for one in track(told, "Telling", domains + mailboxes, console=err) if one is not None]
    for one in failed:
        err.print(f"{one.name}: {one.reason}", style="red", markup=False)
    out.print(f"{domains} domains and {mailboxes} mailboxes, of which {len(failed)} were not taken.", markup=False)
    if failed:
        raise typer.Exit(1)


def recreate(name: Named = "") -> None:
    """Empty a dimail in FAKE mode, as if it had just been started. A real one has no such command."""
    set_up_django()
    from postroom.worker import remote_filling

    try:
        remote_filling.empty(remote_filling.platform(name))
    except remote_filling.DriverError as failure:
        stop_with(str(failure))
    out.print("It is empty. Fill it with `postroom dimail setup-db`.", markup=False)


def take_over(domain: Annotated[str, typer.Argument(help="A domain that is on a remote dimail.")]) -> None:
    """Take over the mailboxes and aliases of a domain that others made there. Nothing is told to the dimail."""
    _sync([domain], only_new=True)


def sync(
    domains: Annotated[list[str] | None, typer.Argument(help="Default: all that are on a remote dimail.")] = None,
    look: Annotated[bool, typer.Option("--look", help="Only show the differences.")] = False,
) -> None:
    """Compare domains with their remote dimail. What others made there is taken over; what is missing or different
    there is told again by the worker. The worker does the same every hour."""
    _sync(domains or [], look=look)


def _sync(names: list[str], *, look: bool = False, only_new: bool = False) -> None:
    set_up_django()
    from postroom.core.roles import OPERATOR
    from postroom.worker import remote_sync
    from postroom.worker.loop import milliseconds

    told = 0
    try:
        for found in remote_sync.drifts(names):
            lines = list(found.new_lines() if only_new else found.lines())
            for line in lines:
                out.print(f"{found.domain}: {line}", markup=False)
            told += len(lines)
            if not look:
                remote_sync.take_over(found, origin(), OPERATOR)
            if not look and not only_new:
                remote_sync.tell_again(found, milliseconds())
    except remote_sync.DriverError as failure:
        stop_with(str(failure))
    out.print("1 difference." if told == 1 else f"{told} differences.")
