"""`postroom domain …`: what becomes of domains, for the operator."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from postroom.faces.cli import domain_aliases
from postroom.faces.cli.terminal import origin, out, set_up_django, stop_with

if TYPE_CHECKING:
    from postroom.actions.domain_cards import DomainCard
    from postroom.actions.domain_checks import DomainCheckView

app = typer.Typer(help="Domains: what their checks say, and the operator's on and off.", no_args_is_help=True)

app.command("aliases")(domain_aliases.aliases)

_Name = Annotated[str, typer.Argument(help="The domain.")]
_Names = Annotated[list[str] | None, typer.Argument(help="The domains.")]
_Reason = Annotated[str, typer.Option(help="Why: kept in the domain's history.")]
_PAGE = 500


@app.command("list")
def listed(
    status: Annotated[
        str, typer.Option(help="Only those: pending, action_required, enabled, failed or disabled.")
    ] = "",
    match: Annotated[str, typer.Option(help="Only those with this in their name.")] = "",
) -> None:
    """All domains by name: status, when they were last checked, company."""
    set_up_django()
    from postroom.actions import domain_cards
    from postroom.core.lifecycle import DomainState
    from postroom.core.roles import OPERATOR

    if status and status not in list(DomainState):
        stop_with(f"There is no status {status}; there are {', '.join(DomainState)}.")
    query, first = domain_cards.DomainQuery(q=match, status=status, ordering="name"), 0
    while True:
        cards, _ = domain_cards.listed(OPERATOR, query, first, _PAGE)
        for card in cards:
            out.print(_line(card), markup=False)
        if len(cards) < _PAGE:
            return
        first += _PAGE


def _line(card: "DomainCard") -> str:
    from postroom.core.domain_news import failure
    from postroom.core.languages import Language

    note = f"  ({failure(card.check_failure, Language.ENGLISH)})" if card.check_failure else ""
    return f"{card.name:40} {card.status:15} {_when(card.checked_at):16} {card.company}{note}"


def _when(at: int | None) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%d %H:%M") if at else "never"


@app.command()
def show(name: _Name) -> None:
    """What the last check of a domain found, and what to do about it."""
    set_up_django()
    from postroom.actions import domain_checks
    from postroom.core.roles import OPERATOR

    _tell(domain_checks.show(OPERATOR, name))


def _tell(view: "DomainCheckView") -> None:
    from postroom.core.dns.records import zone_line

    out.print(f"{view.name}: {view.status}{'' if view.serves else ', no mail flows'}", markup=False)
    out.print(f"checked {_when(view.checked_at)}, next {_when(view.next_check_at)} (UTC)", markup=False)
    if view.support_email:
        out.print(f"news go to {view.support_email}", markup=False)
    if view.failure:
        out.print(f"The newest check could not be made: {view.failure}", markup=False)
    for line in view.tests:
        result = line.result
        mark = "ok" if result.ok else "--" if not result.asked else "NO" if result.severity == "required" else "advice"
        out.print(f"  {mark:6} {result.name:18} {line.title}", markup=False)
        for text in (line.problem, line.fix, zone_line(result.record, view.name) if result.record else ""):
            if text:
                out.print(f"         {text}", markup=False)
    if view.expected_records:
        out.print("What should be in DNS:", markup=False)
        for record in view.expected_records:
            out.print(f"  {zone_line(record, view.name)}", markup=False)


@app.command()
def check(
    names: _Names = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Every domain that is not disabled, by the worker.")
    ] = False,
) -> None:
    """Check domains now and say what came of it; with --all the worker does, many at once."""
    set_up_django()
    from postroom.actions import domain_checks
    from postroom.core.errors import PostroomError
    from postroom.core.roles import OPERATOR

    if everything == bool(names):
        stop_with("Name domains, or say --all.")
    if everything:
        out.print(f"The worker looks at {domain_checks.check_all(OPERATOR, origin())} domains now.")
        return
    failed = 0
    for name in names or ():
        try:
            before = domain_checks.show(OPERATOR, name)
            after = domain_checks.check_now(OPERATOR, origin(), name)
        except PostroomError as error:
            failed += 1
            out.print(f"{name:.<60} {error}", markup=False)
        else:
            said = "CHECKED" if after.status == before.status else "UPDATED"
            out.print(f"{name:.<60} {said} ({after.failure or after.status})", markup=False)
    if failed:
        raise typer.Exit(1)


@app.command()
def disable(name: _Name, reason: _Reason = "") -> None:
    """Switch a domain off: no mail, no sign-in. Only `enable` switches it on again."""
    set_up_django()
    from postroom.actions import domain_switch
    from postroom.core.roles import OPERATOR

    domain_switch.disable(OPERATOR, origin(), name, reason)
    out.print(f"{name} is disabled.", markup=False)


@app.command()
def enable(name: _Name, reason: _Reason = "") -> None:
    """Switch a domain on again: it is checked at once, and works as soon as that goes well."""
    set_up_django()
    from postroom.actions import domain_checks, domain_switch
    from postroom.core.roles import OPERATOR

    domain_switch.enable(OPERATOR, origin(), name, reason)
    out.print(f"{name} is {domain_checks.show(OPERATOR, name).status}.", markup=False)
