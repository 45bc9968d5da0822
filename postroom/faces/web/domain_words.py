"""What states and roles are called on pages."""

from collections.abc import Mapping
from typing import Final

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from postroom.core.lifecycle import DomainState, MailboxState
from postroom.core.roles import Role


class Status(msgspec.Struct, frozen=True):
    """`kind`: the badge's look. `meaning`: what it is, and what to do, in a sentence."""

    kind: str
    word: str
    meaning: str


STATUSES: Final[Mapping[str, Status]] = {
    DomainState.ENABLED: Status("good", gettext_noop("Enabled"), gettext_noop("Mail flows.")),
    DomainState.PENDING: Status(
        "wait",
        gettext_noop("Waiting"),
        gettext_noop("No mail flows before DNS shows that the domain is yours. The DNS page says what to do."),
    ),
    DomainState.ACTION_REQUIRED: Status(
        "bad",
        gettext_noop("Action required"),
        gettext_noop("Something must be changed in the domain’s DNS. The DNS page says what."),
    ),
    DomainState.FAILED: Status(
        "bad",
        gettext_noop("Failed"),
        gettext_noop("Something is wrong on our side; nothing is left for you to do. It is looked at again by itself."),
    ),
    DomainState.DISABLED: Status(
        "off",
        gettext_noop("Disabled"),
        gettext_noop("The operator has disabled this domain: no mail, no sign-in, and nothing can be created."),
    ),
    DomainState.DELETED: Status("off", gettext_noop("Deleted"), ""),
}
"""In the order in which pages name them."""

ROLES: Final[Mapping[str, tuple[str, str]]] = {
    Role.VIEWER: (gettext_noop("Viewer"), gettext_noop("sees everything, changes nothing")),
    Role.ADMINISTRATOR: (
        gettext_noop("Administrator"),
        gettext_noop("manages mailboxes, aliases, settings and people"),
    ),
    Role.OWNER: (gettext_noop("Owner"), gettext_noop("also makes other owners, and may delete the domain")),
}
"""(name, what somebody with it may do), from the smallest to the highest."""


def status(state: str) -> Status:
    """In the reader's language."""
    found = STATUSES.get(state)
    if found is None:
        return Status("off", state, "")
    return Status(found.kind, _(found.word), _(found.meaning) if found.meaning else "")


def role(name: str) -> str:
    return _(ROLES[name][0]) if name in ROLES else name


def role_choices(roles: list[Role] | None = None) -> list[tuple[str, str]]:
    """With what each may do, for forms."""
    shown = ROLES if roles is None else [one for one in ROLES if one in roles]
    return [(one, f"{_(ROLES[one][0])} – {_(ROLES[one][1])}") for one in shown]


_MAILBOX_STATUSES: Final[Mapping[str, str]] = {
    MailboxState.ENABLED: gettext_noop("Enabled"),
    MailboxState.PENDING: gettext_noop("Waiting"),
    MailboxState.FAILED: gettext_noop("Failed"),
    MailboxState.DISABLED: gettext_noop("Disabled"),
    MailboxState.DELETED: gettext_noop("Deleted"),
}


def mailbox_status(state: str) -> str:
    return _(_MAILBOX_STATUSES[state]) if state in _MAILBOX_STATUSES else state
