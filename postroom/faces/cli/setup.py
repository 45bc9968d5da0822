"""The operator's commands around a deployment: set it up, look whether it is sound."""

from typing import Annotated

import typer

from postroom.faces.cli.terminal import err, origin, out, set_up_django, stop_with


def bootstrap(
    company: Annotated[str, typer.Argument(help="Name of the first company, such as acme.")],
    administrator: Annotated[str, typer.Option(help="Address of its administrator; default: admin@<company>.adm")] = "",
    trusted: Annotated[bool, typer.Option(help="Its domains need no DNS check: it proves control elsewhere.")] = False,
    catchall: Annotated[bool, typer.Option(help="It may switch catchall on for its domains.")] = False,
    driver: Annotated[str, typer.Option(help="Driver of the mail platform, if there is none yet.")] = "fake",
    platform_path: Annotated[str, typer.Option(help="For the fake platform: the file that holds it.")] = "",
) -> None:
    """Create a company and its administrator. Asks for the password, or reads it from the standard input."""
    set_up_django()
    from django.conf import settings

    from postroom.actions import setup as actions
    from postroom.core.errors import ExistsAlready, PostroomError

    administrator = administrator or f"admin@{company}.adm"
    password = typer.prompt(f"Password for {administrator}", hide_input=True, confirmation_prompt=False)
    at = origin()
    path = platform_path or str(settings.DATA_DIR / "fake-platform.sqlite3")
    try:
        actions.add_platform(at, driver, driver, {"path": path} if driver == "fake" else {})
    except ExistsAlready:
        out.print("There is a mail platform already; it is kept.")
    try:
        actions.bootstrap(at, company, administrator, password, trusted=trusted, catchall_allowed=catchall)
    except PostroomError as error:
        stop_with(f"{error} {'; '.join(f'{k}: {v}' for k, v in error.hints.items())}")
    out.print(f"Company {company} is there; {administrator} may do everything in it.")


def check() -> None:
    """Is this deployment sound? Says what is wrong and what to do about it."""
    set_up_django()
    from postroom import checks

    problems = list(checks.problems())
    for problem in problems:
        err.print(f"[red]{problem.id}[/red] {problem.what}\n      {problem.remedy}")
    if problems:
        raise typer.Exit(1)
    out.print("All is well.")


def drift(
    remove: Annotated[bool, typer.Option(help="Remove from the platforms what Postroom does not know.")] = False,
    force: Annotated[bool, typer.Option(help="Remove even more than 30 % of what is there.")] = False,
) -> None:
    """Compare the platforms with what should be. What is missing or different is put right by the worker."""
    set_up_django()
    from postroom.core.plan import MassRemoval
    from postroom.worker import drift as comparison
    from postroom.worker.loop import milliseconds

    lines = list(comparison.mend(milliseconds()))
    for line in lines:
        out.print(line)
    out.print(f"{len(lines)} differences.")
    if not remove:
        return
    try:
        for line in comparison.remove_unknown(forced=force):
            out.print(f"removed: {line}")
    except MassRemoval as brake:
        stop_with(f"{brake} (--force)")


def history() -> None:
    """Verify the history: nothing in it was changed, removed or slipped in."""
    set_up_django()
    from postroom.actions import oversight

    broken = oversight.broken_history()
    for line in broken:
        err.print(f"[red]{line}[/red]")
    if broken:
        raise typer.Exit(1)
    out.print("The history is whole.")
