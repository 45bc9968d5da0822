"""How everything is, at a glance."""

from django.http import HttpResponse
from django.urls import reverse

from postroom.actions import companies, drift_runs, platforms, queue
from postroom.core.errors import OutOfReach
from postroom.core.roles import Permission, granting
from postroom.faces.web.operator.frame import render
from postroom.faces.web.page import Asked, page, see

_SLOW = 15 * 60_000
"""Milliseconds that a change may wait before that is worth a word."""


@page(methods=("GET",))
def home(request: Asked) -> HttpResponse:
    """Administrators of companies go to theirs."""
    if not request.shown.is_operator:
        return see(_company_page(request))
    work = queue.numbers(request.auth, request.origin)
    now = int(request.origin.at.timestamp() * 1000)
    newest = drift_runs.newest(request.auth, 1)
    context = {
        "work": work,
        "is_slow": work.oldest is not None and now - work.oldest > _SLOW,
        "platforms": platforms.health(request.auth, request.origin),
        "drift": newest[0] if newest else None,
        "companies": companies.listed(request.auth, limit=0)[1],
    }
    return render(request, "home.html", "operate_home", context)


def _company_page(request: Asked) -> str:
    if not granting(request.auth, Permission.COMPANY_SEE):
        raise OutOfReach
    found, total = companies.listed(request.auth, limit=1)
    return reverse("company_show", args=[found[0].name]) if total == 1 else reverse("companies_list")
