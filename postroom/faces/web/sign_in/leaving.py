"""Signing out."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from postroom.actions import provider_signin
from postroom.faces import sessions
from postroom.faces.asked import base_of
from postroom.faces.web.page import Asked, Shown, done, page, render


@page(anonymous=True)
def sign_out(request: Asked) -> HttpResponse:
    """Ends this session. Who came from the identity provider is shown the way to sign out there, too."""
    if request.method != "POST":
        return render(request, "web/sign_in/sign_out.html")
    id_token = sessions.end(request)
    request.shown = Shown()
    url = provider_signin.end_url(id_token, f"{base_of(request)}/api/v1.0/logout-callback/") if id_token else ""
    if url:
        return render(request, "web/sign_in/signed_out.html", {"provider_url": url})
    return done(request, _("You are signed out."), to="/")
