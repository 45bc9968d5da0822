"""What can be done with a mailbox by one button, for one and for many: the words around each, in one table."""

from collections.abc import Callable, Mapping
from typing import Final

import msgspec
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from postroom.actions import mailbox_links, mailbox_removal, mailbox_states, person_mailboxes
from postroom.core.errors import DomainDisabled, NoSecondaryEmail, NotSettable, PostroomError, WrongState
from postroom.core.lifecycle import MailboxState
from postroom.core.records import Origin
from postroom.core.roles import Actor
from postroom.faces.web import wording
from postroom.faces.web.mailboxes.rights import May

Run = Callable[[Actor, Origin, str], None]


class Step(msgspec.Struct, frozen=True, kw_only=True):
    run: Run
    allowed: Callable[[May], bool]
    label: Promise
    done: Promise
    """`%(address)s`."""
    done_many: Promise
    """`%(n)s`, a plural."""
    question: Promise | None = None
    """`%(address)s`; None: nothing is asked."""
    question_many: Promise | None = None
    consequences: tuple[Promise, ...] = ()

    @property
    def asks(self) -> bool:
        return self.question is not None

    def told(self) -> list[str]:
        return [str(text) % {"days": settings.RESTORE_DAYS} for text in self.consequences]


STEPS: Final[Mapping[str, Step]] = {
    "disable": Step(
        run=mailbox_states.disable,
        allowed=lambda may: may.switch,
        label=gettext_lazy("Disable"),
        done=gettext_lazy("%(address)s is disabled."),
        done_many=ngettext_lazy("%(n)s mailbox is disabled.", "%(n)s mailboxes are disabled.", "n"),
        question=gettext_lazy("Disable %(address)s?"),
        question_many=ngettext_lazy("Disable %(n)s mailbox?", "Disable %(n)s mailboxes?", "n"),
        consequences=(
            gettext_lazy("No mail arrives and nobody can sign in from now on; open sessions and links end."),
            gettext_lazy("Mail and settings are kept. You can enable it again at any time."),
        ),
    ),
    "enable": Step(
        run=mailbox_states.enable,
        allowed=lambda may: may.switch,
        label=gettext_lazy("Enable"),
        done=gettext_lazy("%(address)s is enabled."),
        done_many=ngettext_lazy("%(n)s mailbox is enabled.", "%(n)s mailboxes are enabled.", "n"),
    ),
    "retry": Step(
        run=mailbox_states.retry,
        allowed=lambda may: may.switch,
        label=gettext_lazy("Try again now"),
        done=gettext_lazy("The mail servers are asked again for %(address)s."),
        done_many=ngettext_lazy(
            "The mail servers are asked again for %(n)s mailbox.",
            "The mail servers are asked again for %(n)s mailboxes.",
            "n",
        ),
    ),
    "login-link": Step(
        run=mailbox_links.send_login_link,
        allowed=lambda may: may.link,
        label=gettext_lazy("Send a sign-in link"),
        done=gettext_lazy("A link to choose a password for %(address)s is on its way."),
        done_many=ngettext_lazy(
            "A link to choose a password is on its way to the holder of %(n)s mailbox.",
            "Links to choose a password are on their way to the holders of %(n)s mailboxes.",
            "n",
        ),
    ),
    "reset-password": Step(
        run=mailbox_links.reset_password,
        allowed=lambda may: may.link,
        label=gettext_lazy("Reset the password"),
        done=gettext_lazy("The password of %(address)s has ended; its holder is sent a new way in."),
        done_many=ngettext_lazy(
            "The password of %(n)s mailbox has ended; its holder is sent a new way in.",
            "The passwords of %(n)s mailboxes have ended; their holders are sent a new way in.",
            "n",
        ),
        question=gettext_lazy("Reset the password of %(address)s?"),
        question_many=ngettext_lazy(
            "Reset the password of %(n)s mailbox?", "Reset the passwords of %(n)s mailboxes?", "n"
        ),
        consequences=(
            gettext_lazy("The present password ends at once, and with it every program and phone that uses it."),
            gettext_lazy("The holder gets a message at the second address, with which to choose a new one."),
        ),
    ),
    "delete": Step(
        run=mailbox_removal.delete,
        allowed=lambda may: may.delete,
        label=gettext_lazy("Delete"),
        done=gettext_lazy("%(address)s is deleted. It can be restored for a while."),
        done_many=ngettext_lazy("%(n)s mailbox is deleted.", "%(n)s mailboxes are deleted.", "n"),
        question=gettext_lazy("Delete %(address)s?"),
        question_many=ngettext_lazy("Delete %(n)s mailbox?", "Delete %(n)s mailboxes?", "n"),
        consequences=(
            gettext_lazy("No mail arrives and nobody can sign in from now on. Further addresses are free for others."),
            gettext_lazy("It can be restored with its mail for %(days)s days. After that it is gone for good."),
        ),
    ),
}
AT_ONCE: Final = ("login-link", "enable", "disable", "delete")
"""Those offered for many."""

_IN_STATE: Final[Mapping[str, Promise]] = {
    MailboxState.PENDING: gettext_lazy("It waits for its domain to be enabled; its holder gets a link then."),
    MailboxState.DISABLED: gettext_lazy("It is disabled. Enable it first."),
    MailboxState.FAILED: gettext_lazy("The mail servers refuse it."),
    MailboxState.ENABLED: gettext_lazy("There is nothing to try again."),
}


def refused(actor: Actor, address: str, error: PostroomError) -> str:
    """Why a step was not possible, in the reader's language: the core's own sentence names the address in English."""
    if isinstance(error, NoSecondaryEmail):
        return _("There is no second address to write to. Add one to the mailbox first.")
    if isinstance(error, NotSettable):
        return _("It belongs to somebody who may do more than you.")
    if isinstance(error, WrongState) and not isinstance(error, DomainDisabled):
        return str(_IN_STATE[person_mailboxes.show(actor, address).status])
    said = wording.said(error)
    return f"{said.title} {said.advice}".strip()


def many(text: Promise, count: int) -> str:
    return str(text % {"n": count})
