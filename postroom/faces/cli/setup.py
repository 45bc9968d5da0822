"""The operator's commands around a deployment: set it up, look whether it is sound."""

from typing import TYPE_CHECKING, Annotated

import typer

from postroom.faces.cli.terminal import asked_password, err, origin, out, set_up_django, stop_with

if TYPE_CHECKING:
    from postroom.checks import Problem


def bootstrap(
    company: Annotated[str, typer.Argument(help="Name of the first company, such as acme.")],
    administrator: Annotated[str, typer.Option(help="Address of its administrator; default: admin@<company>.adm")] = "",
    trusted: Annotated[bool, typer.Option(help="Its domains need no DNS check: it proves control elsewhere.")] = False,
    catchall: Annotated[bool, typer.Option(help="It may switch catchall on for its domains.")] = False,
    platform_path: Annotated[str, typer.Option(help="The file of the fake platform, where there is no platform.")] = "",
) -> None:
    """Create a company and its administrator. Asks for the password, or reads it from the standard input."""
    set_up_django()
    from django.conf import settings

    from postroom.actions import setup as actions

    administrator = administrator or f"admin@{company}.adm"
    password = asked_password(administrator)
    at = origin()
    if not actions.default_driver():
        path = platform_path or str(settings.DATA_DIR / "fake-platform.sqlite3")
        actions.add_platform(at, "fake", "fake", {"path": path})
        out.print("There were no mail servers: new domains go to a platform that is only pretended, fake.")
    actions.bootstrap(at, company, administrator, password, trusted=trusted, catchall_allowed=catchall)
    out.print(f"Company {company} is there; {administrator} may do everything in it.", markup=False)


def check() -> None:
    """Is this deployment sound? Says what is wrong and what to do about it."""
    set_up_django()
    from postroom import checks

    problems = list(checks.problems())
    for problem in problems:
        tell_problem(problem)
    if problems:
        raise typer.Exit(1)
    out.print("All is well.")


def tell_problem(problem: "Problem") -> None:
    err.print(problem.id, style="red", end=" ")
    err.print(f"{problem.what}\n      {problem.remedy}", markup=False)


def drift(
    remove: Annotated[bool, typer.Option(help="Remove from the platforms what Postroom does not know.")] = False,
    force: Annotated[bool, typer.Option(help="Remove even more than 30 % of what is there.")] = False,
) -> None:
    """Compare the platforms with what should be. What is missing or different is put right by the worker."""
    set_up_django()
    from postroom.core.plan import MassRemoval
    from postroom.worker import drift as comparison
    from postroom.worker.loop import milliseconds
    from postroom.worker.table_readers import DriverError

    found = 0
    try:
        for line in comparison.mend(milliseconds()):
            found += 1
            out.print(line, markup=False)
        out.print("1 difference." if found == 1 else f"{found} differences.")
        for line in comparison.remove_unknown(forced=force) if remove else ():
            out.print(f"removed: {line}", markup=False)
    except MassRemoval as brake:
        stop_with(f"{brake} (--force)")
    except DriverError as failure:
        stop_with(failure.reason)


def history() -> None:
    """Verify the history: nothing in it was changed, removed or slipped in."""
    set_up_django()
    from postroom.actions import oversight

    broken = oversight.broken_history()
    for line in broken:
        err.print(line, style="red", markup=False)
    if broken:
        raise typer.Exit(1)
    out.print("The history is whole.")
