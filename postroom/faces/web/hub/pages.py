"""The hub's front page, its guides, the changelog and the search."""

from django.http import HttpResponse

from postroom.core.errors import NotFound
from postroom.faces.asked import base_of
from postroom.faces.web.hub import frame, guides, searching
from postroom.faces.web.page import Asked, page


@page(anonymous=True, methods=("GET",))
def home(request: Asked) -> HttpResponse:
    found = [
        (slug, frame.title_of(slug, request.language), text.at(request.language))
        for slug, text in guides.GUIDES.items()
    ]
    return frame.shown(request, "web/hub/home.html", {"guides": found, "base": base_of(request)})


@page(anonymous=True, methods=("GET",))
def guide(request: Asked, slug: str) -> HttpResponse:
    try:
        found = guides.guide(slug, request.language)
    except KeyError:
        raise NotFound from None
    html = guides.with_base(found.html, base_of(request))
    return frame.shown(request, "web/hub/guide.html", {"guide": found, "html": html})


@page(anonymous=True, methods=("GET",))
def changes(request: Asked) -> HttpResponse:
    return frame.shown(request, "web/hub/changes.html", {"changes": guides.changes()})


@page(anonymous=True, methods=("GET",))
def search(request: Asked) -> HttpResponse:
    q = request.GET.get("q", "").strip()[: searching.LONGEST]
    found = searching.find(q, request.language) if q else []
    return frame.shown(request, "web/hub/search.html", {"q": q, "found": found, "most": searching.MOST})
