"""What hands have changed on the platforms: the newest comparisons, and another one now."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from postroom.actions import drift_runs
from postroom.faces.web.operator.frame import render
from postroom.faces.web.page import Asked, done, page


@page(operator=True)
def show(request: Asked) -> HttpResponse:
    if request.method == "POST":
        drift_runs.begin(request.auth, request.origin)
        return done(request, _("The comparison begins as soon as a worker has time."), to=reverse("drift"))
    now = int(request.origin.at.timestamp() * 1000)
    runs, upcoming = drift_runs.newest(request.auth), drift_runs.next_one(request.auth, request.origin)
    waits = upcoming.at_work or (upcoming.at is not None and upcoming.at <= now)
    context = {"newest": runs[0] if runs else None, "older": runs[1:], "next": upcoming, "waits": waits}
    return render(request, "drift.html", "drift", context)
