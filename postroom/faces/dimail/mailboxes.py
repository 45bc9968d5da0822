"""Mailboxes, first version (specs/dimail.md 3.4, 4.5)."""

import uuid
from typing import Any, Literal

import msgspec
from django.conf import settings
from pydantic import BaseModel

from postroom.actions import dimail_accounts, dimail_mailboxes, dimail_views
from postroom.actions.dimail_mailboxes import Change, Names
from postroom.actions.dimail_views import Active, MailboxView, Status
from postroom.core.address import fold
from postroom.core.errors import NamesakeExists
from postroom.faces.dimail.errors import DENIED, Refusal
from postroom.faces.dimail.fields import Text
from postroom.faces.dimail.places import NO_MAILBOX, place, saying
from postroom.faces.dimail.route import Call, Guard, Route


class NewMailbox(BaseModel):
    givenName: Text  # noqa: N815 -- dimail's names
    surName: Text  # noqa: N815
    displayName: Text  # noqa: N815


class MailboxChange(BaseModel):
    domain: Text | None = None
    user_name: Text | None = None
    givenName: Text | None = None  # noqa: N815
    surName: Text | None = None  # noqa: N815
    displayName: Text | None = None  # noqa: N815
    active: Literal["yes", "no"] | None = None


class MailboxAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Names are null in a domain without webmail, and absent of a mailbox that is nobody's in particular."""

    type: Literal["mailbox", "alias"]
    status: Status
    email: str
    givenName: str | None | msgspec.UnsetType = msgspec.UNSET  # noqa: N815, RUF036
    surName: str | None | msgspec.UnsetType = msgspec.UNSET  # noqa: N815, RUF036
    displayName: str | None | msgspec.UnsetType = msgspec.UNSET  # noqa: N815, RUF036
    active: Active
    additionalSenders: list[str]  # noqa: N815


class NewMailboxAnswer(msgspec.Struct, frozen=True, kw_only=True):
    email: str
    password: str
    uuid: str
    """Random, and kept nowhere."""

    def __repr__(self) -> str:
        """Without the password."""
        return f"NewMailboxAnswer({self.email!r})"


class PasswordAnswer(msgspec.Struct, frozen=True, kw_only=True):
    email: str
    password: str

    def __repr__(self) -> str:
        """Without the password."""
        return f"PasswordAnswer({self.email!r})"


def _answer(view: MailboxView) -> MailboxAnswer:
    shown: dict[str, Any] = {}
    if not view.has_webmail:
        shown = {"givenName": None, "surName": None, "displayName": None}
    elif view.names is not None:
        shown = {"givenName": view.names.given, "surName": view.names.sur, "displayName": view.names.display}
    return MailboxAnswer(
        type="mailbox" if view.type == "mailbox" else "alias",
        status=view.status,
        email=view.address,
        active=view.active,
        additionalSenders=view.senders,
        **shown,
    )


def listed(call: Call) -> list[MailboxAnswer]:
    """All mailboxes of the domain, by address."""
    return [_answer(view) for view in dimail_views.listed(call.actor, place(call))]


def show(call: Call) -> MailboxAnswer:
    """One mailbox. `status` is ok when its platform has it, unknown before that, broken where it was refused."""
    with saying(NO_MAILBOX):
        return _answer(dimail_views.show(call.actor, place(call), call.params["user"]))


def create(call: Call) -> NewMailboxAnswer:
    """With a password that we make up: the answer is the only place where it is told."""
    sent: NewMailbox = call.body
    names = Names(given=sent.givenName, sur=sent.surName, display=sent.displayName)
    try:
        made = dimail_mailboxes.create(call.actor, call.origin, place(call), call.params["user"], names)
    except NamesakeExists as error:
        raise Refusal(settings.DIMAIL_DUPLICATE_NAMES, error.detail) from None
    return NewMailboxAnswer(email=made.address, password=made.password, uuid=str(uuid.uuid4()))


def change(call: Call) -> MailboxAnswer:
    """Names, and `active`: "no" ends all use of the mailbox, "yes" allows it again. Its mail stays."""
    sent: MailboxChange = call.body
    here = place(call)
    _refuse_move(call, sent.domain)
    here.require(dimail_mailboxes.MAILBOX)
    with saying(NO_MAILBOX):
        if sent.user_name is not None and sent.user_name.strip().lower() != call.params["user"].lower():
            dimail_views.show(call.actor, here, call.params["user"])
            raise Refusal(422, "Not yet implemented")
        dimail_mailboxes.change(call.actor, call.origin, here, call.params["user"], _wanted(sent))
        return _answer(dimail_views.show(call.actor, here, call.params["user"]))


def _wanted(sent: MailboxChange) -> Change:
    names = Names(given=sent.givenName, sur=sent.surName, display=sent.displayName)
    return Change(names=names, active=None if sent.active is None else sent.active == "yes")


def _refuse_move(call: Call, wanted: str | None) -> None:
    """dimail moves no mailbox to another domain either; it says so in this order."""
    if wanted is None or fold(wanted) == call.params["domain"]:
        return
    there = dimail_accounts.by_name(call.account.name, None, fold(wanted))
    if there.domain is None and call.account.is_admin:
        raise Refusal(404, "Target domain not found")
    if not there.manages:
        raise Refusal(403, DENIED)
    raise Refusal(422, "Not yet implemented")


def delete(call: Call) -> None:
    """No mail and no sign-in from now on; the operator can bring it back for a while."""
    with saying(NO_MAILBOX):
        dimail_mailboxes.delete(call.actor, call.origin, place(call), call.params["user"])


def reset_password(call: Call) -> PasswordAnswer:
    """The old password ends at once; the answer is the only place where the new one is told."""
    with saying(NO_MAILBOX):
        made = dimail_mailboxes.reset_password(call.actor, call.origin, place(call), call.params["user"])
    return PasswordAnswer(email=made.address, password=made.password)


_ALL = "/domains/{domain}/mailboxes"
_ONE = f"{_ALL}/{{user}}"
_FAILS = (403, 404)
_REFUSED = (*_FAILS, 422)
ROUTES = (
    Route("GET", _ALL, Guard.BEARER, listed, list[MailboxAnswer], fails=_FAILS, section="4.5"),
    Route("GET", _ONE, Guard.BEARER, show, MailboxAnswer, fails=_FAILS, section="4.5"),
    Route(
        "POST", _ONE, Guard.BEARER, create, NewMailboxAnswer, NewMailbox, 201, fails=(*_FAILS, 409, 500), section="4.5"
    ),
    Route("PATCH", _ONE, Guard.BEARER, change, MailboxAnswer, MailboxChange, fails=(*_FAILS, 409), section="4.5"),
    Route("DELETE", _ONE, Guard.BEARER, delete, status=204, fails=_REFUSED, section="4.5"),
    Route(
        "POST", f"{_ONE}/reset_password", Guard.BEARER, reset_password, PasswordAnswer, fails=_REFUSED, section="4.5"
    ),
    Route(
        "POST", f"{_ONE}/reset-password", Guard.BEARER, reset_password, PasswordAnswer, fails=_REFUSED, section="4.5"
    ),
)
