"""`postroom explain`: where mail to an address goes, and why a setting has its value."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from postroom.faces.cli.terminal import origin, out, set_up_django, stop_with

if TYPE_CHECKING:
    from postroom.core.explain.way import Way
    from postroom.core.explain.why import Why
    from postroom.core.languages import Language

_MARKS = {"good": "ok", "open": "--", "bad": "NO", "plain": ""}


def explain(
    address: Annotated[str, typer.Argument(help="An address; with a setting also a domain.")],
    setting: Annotated[str, typer.Argument(help="Why does this setting have its value there?")] = "",
    language: Annotated[str, typer.Option(help="Of the answer: en or fr.")] = "en",
) -> None:
    """Where mail to an address goes, step by step; or why a setting of a mailbox or a domain has its value."""
    set_up_django()
    from postroom.actions import explain, explain_setting
    from postroom.core.languages import Language
    from postroom.core.roles import OPERATOR

    if language not in list(Language):
        stop_with(f"There is no language {language}; there are {', '.join(Language)}.")
    if setting:
        _tell_why(explain_setting.why(OPERATOR, address, setting), Language(language))
    else:
        _tell_way(explain.way(OPERATOR, origin(), address), Language(language))


def _tell_way(way: "Way", language: "Language") -> None:
    from postroom.core.explain import words

    said = words.verdict(way.address, way.stops[0].end, way.mailboxes, way.outside, language)
    out.print(said, markup=False)
    for stop in way.stops:
        answer = f" ({stop.answer})" if stop.answer else ""
        out.print(f"\n{stop.lead.address or '-'}: {words.ENDS[stop.end].at(language)}{answer}", markup=False)
        if stop.lead.source:
            out.print(f"  {words.how(stop, language)}", markup=False)
        for step in stop.steps:
            why = f"  [{step.setting}: {step.of}]" if step.setting else ""
            out.print(f"  {_MARKS[step.tone]:2} {words.told(step, language)}{why}", markup=False)
    if way.more:
        out.print(f"\n+ {way.more}", markup=False)


def _tell_why(why: "Why", language: "Language") -> None:
    from postroom.core.explain.why import LEVELS, told

    value = "(secret)" if why.secret else _shown(why.value)
    out.print(f"{why.of}: {why.setting} = {value} ({LEVELS[why.origin].at(language)})", markup=False)
    for place in why.places:
        mark = ">" if place.level == why.origin else " "
        said = "(secret)" if why.secret and place.is_set else _shown(place.value)
        out.print(f"  {mark} {LEVELS[place.level].at(language):18} {place.name:40} {said}", markup=False)
    mark = ">" if why.origin == "default" else " "
    out.print(f"  {mark} {LEVELS['default'].at(language):18} {'':40} {_shown(why.default)}", markup=False)
    for note in why.notes:
        out.print(f"  {told(note, language)}", markup=False)
    if why.changed:
        at = datetime.fromtimestamp(why.changed.at / 1000, UTC)
        out.print(f"  {at:%Y-%m-%d %H:%M} UTC: {why.changed.actor} ({why.changed.face})", markup=False)


def _shown(value: object) -> str:
    if value is None or value == []:
        return "-"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
