"""What happened to a domain, and taking it back."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from postroom.actions import domain_cards, histories, undo
from postroom.core.catalogue.attribute import Level
from postroom.faces.web import history_words, lists
from postroom.faces.web.page import Asked, done, page, render
from postroom.faces.web.refusals import came_from


@page(methods=("GET",))
def show(request: Asked, name: str) -> HttpResponse:
    card = domain_cards.for_person(request.auth, name)
    wanted = lists.wanted(request)
    found, total = histories.of_domain(request.auth, card.name, first=wanted.first, limit=wanted.limit)
    context = {
        "domain": card,
        "tab": "history",
        "entries": history_words.told(found, Level.DOMAIN),
        "pages": lists.pages(wanted, total),
    }
    return render(request, "web/domains/history.html", context)


@page(methods=("POST",))
def undo_entry(request: Asked, id: int) -> HttpResponse:
    """Of a domain, a mailbox or a company; back to the history where the button was."""
    undo.revert(request.auth, request.origin, id)
    return done(request, _("It is as it was before."), to=came_from(request) or "/domains/")
