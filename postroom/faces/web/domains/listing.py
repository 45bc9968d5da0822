"""The list of domains, and of those that can be restored."""

from collections.abc import Mapping

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from postroom.actions import domain_cards, domain_removal
from postroom.actions.domain_cards import DomainQuery
from postroom.core.address import shown_domain
from postroom.core.lifecycle import DomainState
from postroom.core.roles import Permission, granting, may_claim
from postroom.faces.web import domain_words as words
from postroom.faces.web import lists
from postroom.faces.web.lists import Wanted
from postroom.faces.web.page import Asked, done, page, render


@page(methods=("GET",))
def listed(request: Asked) -> HttpResponse:
    wanted = lists.wanted(request, orders=[*domain_cards.ORDERS], default="name")
    status = request.GET.get("status", "")
    status = status if status in words.STATUSES and status != DomainState.DELETED else ""
    query = DomainQuery(q=wanted.q, status=status, ordering=wanted.ordering)
    cards, numbers = domain_cards.overview(request.auth, query, wanted.first, wanted.limit)
    total = numbers.get(status, 0) if status else sum(numbers.values())
    context = {
        "cards": cards,
        "wanted": wanted,
        "pages": lists.pages(wanted, total),
        "status": status,
        "filters": _filters(wanted, numbers, status),
        "may_add": may_claim(request.auth) or bool(granting(request.auth, Permission.DOMAIN_CREATE)),
        "may_restore": bool(granting(request.auth, Permission.DOMAIN_RESTORE)),
        "shows_companies": request.shown.is_operator or request.shown.runs_company,
    }
    return render(request, "web/domains/list.html", context)


def _filters(wanted: Wanted, numbers: Mapping[str, int], here: str) -> list[dict[str, object]]:
    """A link for each status in which there are domains, and for all."""
    found = [state for state in words.STATUSES if numbers.get(state) or state == here]
    if len(found) < 2 and not here:
        return []
    every = {
        "word": _("All"),
        "number": sum(numbers.values()),
        "href": wanted.link(status="", page=""),
        "here": not here,
    }
    return [
        every,
        *(
            {
                "word": words.status(state).word,
                "number": numbers.get(state, 0),
                "href": wanted.link(status=state, page=""),
                "here": state == here,
            }
            for state in found
        ),
    ]


@page(methods=("GET",))
def deleted(request: Asked) -> HttpResponse:
    wanted = lists.wanted(request)
    now = int(request.origin.at.timestamp() * 1000)
    found, total = domain_cards.deleted(request.auth, now, wanted.first, wanted.limit)
    return render(request, "web/domains/deleted.html", {"found": found, "pages": lists.pages(wanted, total)})


@page(methods=("POST",))
def restore(request: Asked, name: str) -> HttpResponse:
    """Of those that were called so, the one deleted last."""
    stone = domain_cards.restore_id(request.auth, name, int(request.origin.at.timestamp() * 1000))
    domain_removal.restore(request.auth, request.origin, name, stone, name)
    text = _("%(domain)s is back. Its DNS has to show again that it is yours.") % {"domain": shown_domain(name)}
    return done(request, text, to=reverse("domain_dns", args=[name]))
