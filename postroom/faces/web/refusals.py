"""Whatever goes wrong, as a page that helps: what happened, and what to do about it."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode, urlsplit

from django.http import HttpResponse
from django.utils.translation import gettext as _

from postroom.core import errors
from postroom.core.errors import (
    FreshSignInNeeded,
    PostroomError,
    Refused,
    TooManyAttempts,
    TooManyRequests,
    TryAgain,
)
from postroom.faces.asked import base_of, page_here
from postroom.faces.web import wording
from postroom.faces.web.frame import Asked, done, render, see
from postroom.faces.web.wording import Said

STATUSES: Final[Mapping[type[PostroomError], int]] = {
    errors.NotFound: 404,
    errors.LinkDead: 404,
    errors.SignInRefused: 403,
    errors.OutOfReach: 403,
    errors.TooManyAttempts: 429,
    errors.TooManyRequests: 429,
    errors.BadRequest: 422,
    errors.AttributeRefused: 422,
    errors.Refused: 409,
    errors.TryAgain: 503,
    errors.PostroomError: 500,
}
"""Of the class, or of the nearest one above it."""


def status_of(error: PostroomError) -> int:
    return next(STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)


def answer(request: Asked, error: PostroomError) -> HttpResponse:
    """A page; or, after a form of ours that can be sent again, back to it with a toast."""
    if isinstance(error, FreshSignInNeeded):
        return sign_in_first(request, again=True)
    back = came_from(request)
    said = wording.said(error)
    if request.method == "POST" and back and isinstance(error, Refused | TryAgain):
        return _kept_waiting(done(request, said.text, to=back, kind="bad"), error)
    return _kept_waiting(told(request, said, status_of(error)), error)


def _kept_waiting(response: HttpResponse, error: PostroomError) -> HttpResponse:
    if isinstance(error, TooManyRequests | TooManyAttempts):
        response["Retry-After"] = str(error.wait)
    return response


def came_from(request: Asked) -> str:
    """The page of ours where the form stood; empty where the browser does not say, or another site's."""
    referer = urlsplit(request.headers.get("Referer", ""))
    if not referer.netloc or referer.netloc not in {urlsplit(base_of(request)).netloc, request.get_host()}:
        return ""
    return page_here(referer.path + (f"?{referer.query}" if referer.query else ""), "")


def told(request: Asked, said: Said, status: int) -> HttpResponse:
    context = {"said": said, "status": status, "request_id": request.origin.request_id}
    return render(request, "web/refusal.html", context, status=status)


def fault(request: Asked) -> HttpResponse:
    """Ours. The number finds the log's line."""
    return told(request, wording.fault(), HTTPStatus.INTERNAL_SERVER_ERROR)


def not_allowed(request: Asked, methods: tuple[str, ...]) -> HttpResponse:
    response = told(request, wording.not_allowed(), HTTPStatus.METHOD_NOT_ALLOWED)
    response["Allow"] = ", ".join(methods)
    return response


def sign_in_first(request: Asked, *, again: bool = False) -> HttpResponse:
    """Away to the sign-in page, and back afterwards: to the page, or to the one where the form stood."""
    back = request.get_full_path() if request.method in {"GET", "HEAD"} else came_from(request)
    if request.headers.get("HX-Request"):
        back = _shown_path(request)
    query = {"next": back} if back and back != "/" else {}
    to = "/sign-in/" + (f"?{urlencode({**query, **({'again': '1'} if again else {})})}" if query or again else "")
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = to  # else htmx would look for a part of the list in the sign-in page
        return response
    if again:
        return done(request, _("For your safety, sign in again to change this."), to=to, kind="open")
    return see(to)


def _shown_path(request: Asked) -> str:
    """What the browser shows while htmx asks."""
    current = urlsplit(request.headers.get("HX-Current-URL", ""))
    return page_here(current.path + (f"?{current.query}" if current.query else ""), "")
