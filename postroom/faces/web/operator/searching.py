"""Search over everything that somebody can see."""

from django.http import HttpResponse

from postroom.actions import search
from postroom.faces.web import lists
from postroom.faces.web.page import Asked, page, render

_SHOWN = 10


@page(methods=("GET",))
def show(request: Asked) -> HttpResponse:
    """?q=…"""
    q = lists.wanted(request).q
    context = {
        "q": q,
        "found": search.everything(request.auth, q, _SHOWN),
        "is_short": len(q) < search.SHORTEST,
        "shown_of_each": _SHOWN,
    }
    return render(request, "web/operator/search.html", context)
