from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

import postroom
from postroom.faces.web.policy import csp


@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """200 when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok", "version": postroom.VERSION})


@require_GET
@csp
def start(request: HttpRequest) -> HttpResponse:
    context = {
        "version": postroom.VERSION,
        "base": request.build_absolute_uri("/").rstrip("/"),
        "fake": settings.FAKE_CONTROL,
    }
    return render(request, "web/start.html", context)
