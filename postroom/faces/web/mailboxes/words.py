"""States of mailboxes as pages show them: in a word, and what it means."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

import msgspec
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from postroom.actions.person_mailboxes import MailboxView
from postroom.core.lifecycle import MailboxState


class State(msgspec.Struct, frozen=True):
    kind: str
    """Of the badge."""
    label: Promise
    help: Promise


_PENDING: Final = State(
    "wait",
    _("Waiting"),
    _("It waits until its domain is enabled. Then the mail servers are told, and its holder gets a link."),
)
_ENABLED: Final = State("good", _("Enabled"), _("It gets and sends mail."))
_BEGINNING: Final = State("wait", _("Being set up"), _("The mail servers are being told; this takes a moment."))
_DELAYED: Final = State(
    "open", _("Delayed"), _("The mail servers have not taken the newest change yet. It is tried again by itself.")
)
_DISABLED: Final = State(
    "off", _("Disabled"), _("It gets no mail, and nobody can sign in. Its mail and settings are kept.")
)
_FAILED: Final = State(
    "bad", _("Failed"), _("The mail servers refuse it. It is tried again every hour; you can have it tried now.")
)
STATES: Final[Mapping[str, State]] = {
    MailboxState.ENABLED: _ENABLED,
    MailboxState.PENDING: _PENDING,
    MailboxState.DISABLED: _DISABLED,
    MailboxState.FAILED: _FAILED,
}
TYPES: Final[Mapping[str, Promise]] = {"forward": _("Forward only"), "filter": _("Filter only")}
SERVICES: Final[Mapping[str, Promise]] = {
    "imap4": _("Mail program (IMAP)"),
    "pop3": _("Mail program (POP3)"),
    "smtprelay": _("Sending"),
    "webmail": _("Webmail"),
}
"""That somebody signs in to."""


def state(view: MailboxView) -> State:
    if view.status == MailboxState.ENABLED and not view.in_step:
        return _DELAYED if view.failure else _BEGINNING
    return STATES[view.status]


def moment(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)
