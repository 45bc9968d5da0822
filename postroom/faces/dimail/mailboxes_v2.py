"""Mailboxes, second version (specs/dimail.md 3.5, 4.6)."""

from typing import Literal

import msgspec
from pydantic import BaseModel

from postroom.actions import dimail_mailboxes, dimail_views
from postroom.actions.dimail_mailboxes import Change, Names
from postroom.actions.dimail_views import Active, MailboxView
from postroom.faces.dimail.fields import Text
from postroom.faces.dimail.places import NO_MAILBOX, place, saying
from postroom.faces.dimail.route import Call, Guard, Route

YesNo = Literal["yes", "no"]
OX = "ox"


class OxNames(BaseModel):
    given_name: Text | None = None
    sur_name: Text | None = None
    display_name: Text | None = None


class Extras(BaseModel):
    ox: OxNames | None = None


class MailboxChangeV2(BaseModel):
    active: YesNo | None = None
    imap_active: YesNo | None = None
    smtp_active: YesNo | None = None
    extras: Extras | None = None


class OxAnswer(msgspec.Struct, frozen=True, kw_only=True):
    given_name: str | None
    sur_name: str | None
    display_name: str | None


class ExtrasAnswer(msgspec.Struct, frozen=True, kw_only=True):
    ox: OxAnswer | None
    schedule: None = None


class MailboxAnswerV2(msgspec.Struct, frozen=True, kw_only=True):
    """`ox` is among the features of a person's mailbox; one that is nobody's in particular has none."""

    type: Literal["mailbox", "alias"]
    active: Active
    imap_active: Active
    smtp_active: Active
    email: str
    features: list[str]
    extras: ExtrasAnswer
    dirty_quirks: dict[str, dict[str, str]] | None
    additionalSenders: list[str]  # noqa: N815 -- dimail's name
    rate_limit: None = None
    quota: None = None


def _answer(view: MailboxView) -> MailboxAnswerV2:
    names = view.names
    ox = OxAnswer(given_name=names.given, sur_name=names.sur, display_name=names.display) if names else None
    return MailboxAnswerV2(
        type="mailbox" if view.type == "mailbox" else "alias",
        active=view.active,
        imap_active=view.imap,
        smtp_active=view.smtp,
        email=view.address,
        features=[OX] if ox else [],
        extras=ExtrasAnswer(ox=ox),
        dirty_quirks={"ox-config": {}} if ox else None,
        additionalSenders=view.senders,
    )


def listed(call: Call) -> list[MailboxAnswerV2]:
    """All mailboxes of the domain, by address."""
    return [_answer(view) for view in dimail_views.listed(call.actor, place(call))]


def change(call: Call) -> MailboxAnswerV2:
    """`imap_active` and `smtp_active` are about reading and sending, `active` about the mailbox as a whole."""
    sent: MailboxChangeV2 = call.body
    here, user = place(call), call.params["user"]
    with saying(NO_MAILBOX):
        dimail_mailboxes.change(call.actor, call.origin, here, user, _wanted(sent))
        return _answer(dimail_views.show(call.actor, here, user))


def _wanted(sent: MailboxChangeV2) -> Change:
    ox = sent.extras.ox if sent.extras else None
    names = Names(given=ox.given_name, sur=ox.sur_name, display=ox.display_name) if ox else Names()
    return Change(names=names, active=_on(sent.active), imap=_on(sent.imap_active), smtp=_on(sent.smtp_active))


def _on(word: YesNo | None) -> bool | None:
    return None if word is None else word == "yes"


_ALL = "/v2/domains/{domain}/mailboxes"
ROUTES = (
    Route("GET", _ALL, Guard.BEARER, listed, list[MailboxAnswerV2], fails=(403, 404), section="4.6"),
    Route(
        "PATCH", f"{_ALL}/{{user}}", Guard.BEARER, change, MailboxAnswerV2, MailboxChangeV2, fails=(403, 404, 409),
        section="4.6",
    ),
)  # fmt: skip
