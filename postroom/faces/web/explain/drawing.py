"""The way of a message as the page draws it: stops below those that they come from."""

from collections.abc import Mapping
from typing import Final

import msgspec
from django.urls import reverse
from django.utils.http import urlencode

from postroom.core.explain import words
from postroom.core.explain.way import End, Step, Stop, Via, Way
from postroom.core.languages import Language

_KINDS: Final[Mapping[End, str]] = {
    End.DELIVERED: "good",
    End.ONWARD: "wait",
    End.OUTSIDE: "wait",
    End.SWALLOWED: "off",
    End.PUT_OFF: "open",
    End.REFUSED: "bad",
}
"""Of badges and notices."""
_DEEPEST: Final = 4
"""Beyond that nothing moves to the right any more."""


class StepLine(msgspec.Struct, frozen=True):
    tone: str
    text: str
    why: str
    """Where the setting that is the reason is explained; empty: none is."""


class StopCard(msgspec.Struct, frozen=True, kw_only=True):
    depth: int
    address: str
    how: str
    end: str
    kind: str
    answer: str
    steps: list[StepLine]
    below: "list[StopCard]"
    """Those that come from it; where a message may come to an address on several ways, this is the first."""


class Verdict(msgspec.Struct, frozen=True):
    text: str
    kind: str


def verdict(found: Way, language: Language) -> Verdict:
    first = found.stops[0].end
    text = words.verdict(found.address, first, found.mailboxes, found.outside, language)
    refused = first in (End.REFUSED, End.PUT_OFF)
    kind = _KINDS[first] if refused else "good" if found.mailboxes or found.outside else "open"
    return Verdict(text, kind)


def tree(found: Way, language: Language) -> StopCard:
    after: dict[str, list[Stop]] = {}
    for stop in found.stops[1:]:
        after.setdefault(stop.lead.source, []).append(stop)
    return _card(found.stops[0], 0, after, language)


def _card(stop: Stop, depth: int, after: dict[str, list[Stop]], language: Language) -> StopCard:
    below = after.pop(stop.lead.address, []) if stop.lead.address else []
    return StopCard(
        depth=min(depth, _DEEPEST),
        address=stop.lead.address,
        how="" if stop.lead.via is Via.ASKED else words.how(stop, language),
        end=words.ENDS[stop.end].at(language),
        kind=_KINDS[stop.end],
        answer=stop.answer,
        steps=[_line(step, language) for step in stop.steps],
        below=[_card(other, depth + 1, after, language) for other in below],
    )


def _line(step: Step, language: Language) -> StepLine:
    query = urlencode({"address": step.of, "setting": step.setting})
    return StepLine(step.tone, words.told(step, language), f"{reverse('explain')}?{query}" if step.setting else "")
