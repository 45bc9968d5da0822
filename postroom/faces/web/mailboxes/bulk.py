"""One step for many mailboxes at once, and what became of each."""

import time
from collections.abc import Iterator
from typing import Any, Final

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from postroom.core.address import shown_domain
from postroom.core.errors import NotFound, PostroomError
from postroom.faces.web.mailboxes import steps, within
from postroom.faces.web.mailboxes.steps import Step
from postroom.faces.web.page import Asked, done, page, render, see

_MOST: Final = 100
_SECONDS: Final = 20.0
"""No new one is begun after so long: whoever waits longer believes that nothing happens."""
_OUTCOME: Final = "bulk"
Outcome = tuple[str, str]
"""(address, why not); nothing where it was done."""


@page()
def many(request: Asked, name: str) -> HttpResponse:
    """POST: ask, or do it. GET: what became of those of the last time that could not all be done."""
    context = within.of_domain(request, name, "addresses")
    card, back = context["domain"], reverse("mailboxes_list", args=[context["domain"].name])
    if request.method != "POST":
        return _told(request, context, back)
    verb = request.POST.get("do", "")
    if verb not in steps.AT_ONCE:
        raise NotFound
    step = steps.STEPS[verb]
    chosen = list(dict.fromkeys(request.POST.getlist("mailbox")))
    if not chosen:
        return done(request, _("Choose at least one address first."), to=back, kind="bad")
    if len(chosen) > _MOST:
        return done(request, _("Choose at most %(n)s addresses at once.") % {"n": _MOST}, to=back, kind="bad")
    addresses = [f"{local_part}@{card.name}" for local_part in chosen]
    if step.asks and "sure" not in request.POST:
        return render(
            request, "web/confirm.html", _question(step, verb, chosen, addresses) | _way_back(card.name, back)
        )
    return _done(request, card.name, verb, list(_each(request, step, addresses)))


def _way_back(domain: str, back: str) -> dict[str, Any]:
    return {"cancel": back, "crumbs_list": [(shown_domain(domain), back)]}


def _question(step: Step, verb: str, chosen: list[str], addresses: list[str]) -> dict[str, Any]:
    assert step.question_many is not None
    return {
        "question": steps.many(step.question_many, len(chosen)),
        "things": addresses,
        "consequences": step.told(),
        "button": step.label,
        "hidden": [("do", verb), ("sure", "1"), *(("mailbox", local_part) for local_part in chosen)],
    }


def _each(request: Asked, step: Step, addresses: list[str]) -> Iterator[Outcome]:
    until = time.monotonic() + _SECONDS
    for number, address in enumerate(addresses):
        if time.monotonic() > until:
            yield from ((rest, _("There was no time left for it. Choose it again.")) for rest in addresses[number:])
            return
        try:
            step.run(request.auth, request.origin, address)
        except PostroomError as error:
            yield address, steps.refused(request.auth, address, error)
        else:
            yield address, ""


def _done(request: Asked, domain: str, verb: str, outcomes: list[Outcome]) -> HttpResponse:
    good = sum(not why for _, why in outcomes)
    if good == len(outcomes):
        text = steps.many(steps.STEPS[verb].done_many, good)
        return done(request, text, to=reverse("mailboxes_list", args=[domain]))
    request.session[_OUTCOME] = {"domain": domain, "do": verb, "outcomes": outcomes}
    return see(reverse("mailboxes_bulk", args=[domain]))


def _told(request: Asked, context: dict[str, Any], back: str) -> HttpResponse:
    kept = request.session.get(_OUTCOME, {})
    if kept.get("domain") != context["domain"].name:
        return see(back)
    step = steps.STEPS[kept["do"]]
    bad = [(address, why) for address, why in kept["outcomes"] if why]
    good = [address for address, why in kept["outcomes"] if not why]
    shown = {
        "label": step.label,
        "verb": kept["do"],
        "bad": bad,
        "good": good,
        "told": steps.many(step.done_many, len(good)) if good else "",
        "summary": ngettext("%(n)s could not be done.", "%(n)s could not be done.", len(bad)) % {"n": len(bad)},
        "again": [address.rpartition("@")[0] for address, _ in bad],
    }
    return render(request, "web/mailboxes/bulk.html", {**context, **shown, "back": back})
