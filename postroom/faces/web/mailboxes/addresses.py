"""The addresses of a domain: found, sorted, and done something with, one or many at once."""

from datetime import datetime
from typing import Final

import msgspec
from django.http import HttpResponse

from postroom.actions import person_mailboxes
from postroom.actions.domain_cards import DomainCard
from postroom.actions.person_mailboxes import MailboxView, Selection
from postroom.core.lifecycle import DomainState, MailboxState
from postroom.faces.web import lists
from postroom.faces.web.mailboxes import steps, within, words
from postroom.faces.web.mailboxes.rights import May, may
from postroom.faces.web.mailboxes.words import State
from postroom.faces.web.page import Asked, page, render

_ORDERS: Final = ("local_part", "last_name", "status", "created_at")


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A mailbox in the list."""

    view: MailboxView
    state: State
    type: str
    is_own: bool
    """The asker's."""
    last_sign_in: datetime | None
    choosable: bool
    """For what is done with many at once."""
    steps: list[tuple[str, str, bool]]
    """For its menu: (url name, label, whether a page asks before)."""


@page(methods=("GET",))
def listed(request: Asked, name: str) -> HttpResponse:
    context = within.of_domain(request, name, "addresses")
    card, may = context["domain"], context["may"]
    wanted = lists.wanted(request, orders=_ORDERS)
    status = request.GET.get("status", "")
    status = status if status in words.STATES else ""
    found, total = person_mailboxes.listed(
        request.auth,
        card.name,
        Selection(q=wanted.q, status=status, ordering=wanted.ordering),
        first=wanted.first,
        limit=wanted.limit,
    )
    shown = {
        "wanted": wanted,
        "pages": lists.pages(wanted, total),
        "lines": _lines(request, card, found),
        "status": status,
        "statuses": [(code, state.label) for code, state in words.STATES.items()],
        "is_narrowed": bool(wanted.q or status),
        "at_once": [(step, steps.STEPS[step].label) for step in steps.AT_ONCE if steps.STEPS[step].allowed(may)],
        "is_off": card.status == DomainState.DISABLED,
    }
    return render(request, "web/mailboxes/addresses.html", {**context, **shown})


def _lines(request: Asked, card: DomainCard, found: list[MailboxView]) -> list[Line]:
    """Each with what the asker may do in its workgroup."""
    whole, parts = within.places(request.auth, card)
    elsewhere, there = may(request.auth, whole), {group: may(request.auth, parts[group]) for group in parts}
    return [_line(request, view, there.get(view.workgroup_id, elsewhere)) for view in found]


def _line(request: Asked, view: MailboxView, may: May) -> Line:
    last = max(view.last_sign_ins.values(), default=None)
    return Line(
        view=view,
        state=words.state(view),
        type=str(words.TYPES.get(view.type, "")),
        is_own=view.address in {request.shown.has_mailbox, request.shown.email},
        last_sign_in=words.moment(last),
        choosable=may.some_at_once,
        steps=[(step, str(steps.STEPS[step].label), steps.STEPS[step].asks) for step in possible(view, may)],
    )


_FITTING: Final = {
    MailboxState.ENABLED: ("login-link", "reset-password", "disable", "delete"),
    MailboxState.PENDING: ("disable", "delete"),
    MailboxState.DISABLED: ("enable", "delete"),
    MailboxState.FAILED: ("retry", "disable", "delete"),
}


def possible(view: MailboxView, may: May) -> list[str]:
    """The steps that fit the mailbox's state and are the asker's to take."""
    fitting = _FITTING[MailboxState(view.status)]
    if view.failure and "retry" not in fitting and view.status == MailboxState.ENABLED:
        fitting = ("retry", *fitting)
    return [step for step in fitting if steps.STEPS[step].allowed(may)]
