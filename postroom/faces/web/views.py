"""The start page, the choice of a language, and whether we are well."""

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

import postroom
from postroom.actions import persons
from postroom.actions.persons import PersonChange
from postroom.core.languages import best
from postroom.faces.asked import page_here
from postroom.faces.web import demo_facts
from postroom.faces.web.page import Asked, home, page, render, see


@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """200 when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok", "version": postroom.VERSION})


@page(anonymous=True, methods=("GET",))
def start(request: Asked) -> HttpResponse:
    """What Postroom is; whoever is signed in goes on to their own first page."""
    if request.shown.is_signed_in:
        return see(home(request.auth))
    return render(request, "web/start.html", {"demo": demo_facts.accounts()})


@page(anonymous=True, methods=("POST",))
def language(request: Asked) -> HttpResponse:
    """Kept by this browser, and for e-mails by the person."""
    chosen = best(request.POST.get("language", ""))
    if request.shown.is_signed_in and chosen != request.language:
        persons.change(request.auth, request.origin, PersonChange(language=chosen))
    response = see(page_here(request.POST.get("next", "")))
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
