"""The demo's inbox: Postroom's own e-mails, which leave nowhere there. Only on a developer's machine (FAKE_CONTROL)."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Concatenate, Final, ParamSpec

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from postroom.actions import outbox
from postroom.core.errors import NotFound
from postroom.core.languages import Language, best
from postroom.faces.web.policy import POLICY

P = ParamSpec("P")

_SHOWN: Final = 200
_WITH_FRAME: Final = f"{POLICY}; frame-src 'self'"
# The mail in its frame: nothing runs, nothing is loaded from anywhere but pictures, and links open beside it.
_MAIL: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; base-uri 'self'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
_BASE: Final = '<base target="_blank">'


def _for_developers(
    policy: str,
) -> Callable[
    [Callable[Concatenate[HttpRequest, P], HttpResponse]], Callable[Concatenate[HttpRequest, P], HttpResponse]
]:
    """As if the page did not exist, elsewhere: these mails open mailboxes."""

    def decorate(
        view: Callable[Concatenate[HttpRequest, P], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def run(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not settings.FAKE_CONTROL:
                raise Http404
            try:
                answer = view(request, *args, **kwargs)
            except NotFound:
                raise Http404 from None
            answer["Content-Security-Policy"] = policy
            answer["Cache-Control"] = "no-store"
            answer["Referrer-Policy"] = "no-referrer"
            return answer

        return run

    return decorate


@require_safe
@_for_developers(POLICY)
def inbox(request: HttpRequest) -> HttpResponse:
    lines = [(line, _moment(line.created_at)) for line in outbox.newest(_SHOWN)]
    return render(request, "web/inbox.html", {"lines": lines, "language": _language(request)})


@require_safe
@_for_developers(_WITH_FRAME)
def mail(request: HttpRequest, number: int) -> HttpResponse:
    shown = outbox.show(number)
    context = {"number": number, "mail": shown, "has_html": bool(shown.html), "language": _language(request)}
    return render(request, "web/inbox_mail.html", context)


@require_safe
@xframe_options_sameorigin
@_for_developers(_MAIL)
def body(request: HttpRequest, number: int) -> HttpResponse:
    """The HTML of a mail, for the frame."""
    html = outbox.show(number).html
    if not html:
        raise Http404
    head, found, rest = html.partition("<head>")
    return HttpResponse(f"{head}{found}{_BASE}{rest}" if found else _BASE + html)


def _language(request: HttpRequest) -> Language:
    return best(request.headers.get("Accept-Language", ""))


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
