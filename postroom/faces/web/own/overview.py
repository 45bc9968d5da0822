"""The first page of a mailbox's holder: what it is, how full it is, what happens to its mail."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

import msgspec
from django.conf import settings
from django.http import HttpResponse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from postroom.actions import mailboxes
from postroom.actions.mailboxes import MailboxView
from postroom.core.errors import NotFound
from postroom.faces.web import settings_values
from postroom.faces.web.own import frame
from postroom.faces.web.own.values import answers_now, moment, texts
from postroom.faces.web.page import Asked, page

_SIGN_INS: Final[Mapping[str, str]] = {
    "imap4": gettext_noop("Mail program (IMAP)"),
    "pop3": gettext_noop("Mail program (POP3)"),
    "webmail": gettext_noop("Webmail"),
}
_TROUBLE: Final[Mapping[str, str]] = {
    "suspended": gettext_noop("This mailbox is suspended: it neither gets nor sends mail. Ask who manages its domain."),
    "quota": gettext_noop("This mailbox is full: new mail is refused. Delete what you no longer need."),
    "smtplimit": gettext_noop("You have sent as much mail today as you may. Tomorrow you can send again."),
}
"""By the words of oma.md section 7.4."""
_NEARLY_FULL: Final = 90
MOST_ALIASES: Final = 20
MOST_RECIPIENTS: Final = 3
"""So many are shown."""


class Storage(msgspec.Struct, frozen=True, kw_only=True):
    used: str
    limit: str
    """Empty: none."""
    percent: int
    messages: str

    @property
    def kind(self) -> str:
        return "bad" if self.percent >= _NEARLY_FULL else "good"


class SignIn(msgspec.Struct, frozen=True):
    label: str
    at: datetime


@page(holder=True, methods=("GET",))
def overview(request: Asked) -> HttpResponse:
    view = _seen(request)
    forwards_to = texts(view.settings.get("forward_recipients")) if view.settings.get("delivery_forward") else []
    context = {
        "on": _("On"),
        "off": _("Off"),
        "trouble": _(_TROUBLE[view.status]) if view.status in _TROUBLE else "",
        "storage": _storage(view),
        "aliases": view.aliases,
        "aliases_more": len(view.aliases) - MOST_ALIASES,
        "forwards_to": forwards_to,
        "forwards_more": len(forwards_to) - MOST_RECIPIENTS,
        "keeps": bool(view.settings.get("delivery_local")),
        "answers": answers_now(view.settings, request.origin.at.timestamp()),
        "answers_until": moment(view.settings.get("autoresponder_option_enddate")),
        "app_passwords": len(view.app_passwords),
        "sign_ins": _sign_ins(view),
        "sent": view.sent,
        "sent_limit": view.sent_limit,
        "webmail": settings.WEBMAIL_URL,
        "in_step": view.in_step,
    }
    return frame.shown(request, "my", "overview", context)


def _seen(request: Asked) -> MailboxView:
    """The holder's own mailbox."""
    view = mailboxes.show(request.auth, request.shown.has_mailbox)
    if not isinstance(view, MailboxView):
        raise NotFound  # it was deleted a moment ago, and its holder may create it again
    return view


def _storage(view: MailboxView) -> Storage:
    stored, messages = view.stored
    limit = view.quota_bytes or 0
    return Storage(
        used=settings_values.size(stored),
        limit=settings_values.size(limit) if limit else "",
        percent=min(100, round(100 * stored / limit)) if limit else 0,
        messages=ngettext("%(n)s message", "%(n)s messages", messages) % {"n": formats.number_format(messages, 0)},
    )


def _sign_ins(view: MailboxView) -> list[SignIn]:
    """The newest first."""
    known = sorted(((at, service) for service, at in view.last_sign_ins.items() if service in _SIGN_INS), reverse=True)
    return [SignIn(_(_SIGN_INS[service]), datetime.fromtimestamp(at / 1000, UTC)) for at, service in known]
