"""A holder who has signed in for a program: remembered for a minute, and only for the way back to that program."""

import time

from django.http import HttpRequest, HttpResponse

from postroom.faces.oidc_provider.server import SignedIn

SECONDS = 60
_KEY = "oidc_holder"
POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'{more}"


def remember(request: HttpRequest, signed_in: SignedIn) -> None:
    request.session.cycle_key()
    request.session[_KEY] = {"mailbox": signed_in.mailbox_id, "at": signed_in.at, "amr": list(signed_in.amr)}


def holder(request: HttpRequest) -> SignedIn | None:
    kept = request.session.get(_KEY)
    if not isinstance(kept, dict) or kept["at"] + SECONDS < time.time():
        return None
    return SignedIn(mailbox_id=kept["mailbox"], at=kept["at"], amr=tuple(kept["amr"]))


def forget(request: HttpRequest) -> None:
    request.session.pop(_KEY, None)


def page(response: HttpResponse, form_target: str = "") -> HttpResponse:
    """`form_target`: where the form's answer may lead the browser on to; browsers look at redirects too."""
    response["Content-Security-Policy"] = POLICY.format(more=f" {form_target}" if form_target else "")
    response["Cache-Control"] = "no-store"
    return response
