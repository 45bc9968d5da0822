"""The demo's inbox: Postroom's own e-mails, which leave nowhere there. Only on a developer's machine (FAKE_CONTROL)."""

from collections.abc import Mapping
from typing import Final

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.clickjacking import xframe_options_sameorigin

from postroom.actions import outbox
from postroom.core.errors import NotFound
from postroom.faces.web.page import Asked, page, render
from postroom.faces.web.policy import SCRIPTED
from postroom.faces.web.times import moment

_SHOWN: Final = 200
_WITH_FRAME: Final = f"{SCRIPTED}; frame-src 'self'"
# The mail in its frame: nothing runs, nothing is loaded from anywhere but pictures, and links open beside it.
_MAIL: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; base-uri 'self'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
_BASE: Final = '<base target="_blank">'
_STATES: Final[Mapping[str, tuple[str, str]]] = {
    "due": ("wait", gettext_noop("Leaves soon")),
    "held": ("off", gettext_noop("Held here")),
    "sent": ("good", gettext_noop("Has left")),
    "failed": ("bad", gettext_noop("Failed")),
}
"""The status → (the badge's look, what it is called)."""


def _for_developers() -> None:
    """As if the page did not exist, elsewhere: these mails open mailboxes."""
    if not settings.FAKE_CONTROL:
        raise NotFound


def _private(answer: HttpResponse) -> HttpResponse:
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@page(anonymous=True, methods=("GET",))
def inbox(request: Asked) -> HttpResponse:
    _for_developers()
    lines = [(line, moment(line.created_at), *_state(line.status)) for line in outbox.newest(_SHOWN)]
    return _private(render(request, "web/inbox.html", {"lines": lines}))


def _state(status: str) -> tuple[str, str]:
    kind, word = _STATES.get(status, ("off", status))
    return kind, _(word)


@page(anonymous=True, methods=("GET",), policy=_WITH_FRAME)
def mail(request: Asked, number: int) -> HttpResponse:
    _for_developers()
    shown = outbox.show(number)
    context = {"number": number, "mail": shown, "has_html": bool(shown.html)}
    return _private(render(request, "web/inbox_mail.html", context))


@xframe_options_sameorigin
@page(anonymous=True, methods=("GET",), policy=_MAIL)
def body(request: Asked, number: int) -> HttpResponse:
    """The HTML of a mail, for the frame."""
    _for_developers()
    html = outbox.show(number).html
    if not html:
        raise NotFound
    head, found, rest = html.partition("<head>")
    return _private(HttpResponse(f"{head}{found}{_BASE}{rest}" if found else _BASE + html))
