"""The mailboxes of a domain (people.md section 3.3), and what can be done with one."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from ninja import Query, Status
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from postroom.actions import deleted_mailboxes, mailbox_links, mailbox_removal, mailbox_states, person_mailboxes
from postroom.actions.deleted_mailboxes import DeletedMailbox
from postroom.actions.person_mailboxes import MailboxView, PersonalChange, PersonalData, Selection, Welcome
from postroom.core.address import fold
from postroom.core.errors import BadRequest, NameTaken
from postroom.core.lifecycle import MailboxState
from postroom.core.public_ids import Kind, public_id
from postroom.core.roles import Permission
from postroom.faces.rest.asked import Asked, seeing
from postroom.faces.rest.errors import invalid
from postroom.faces.rest.gate import at, inside
from postroom.faces.rest.paging import Page, Paged
from postroom.faces.rest.routes import Handler, Routes
from postroom.faces.rest.texts import LEFT_OUT, EmailText, Id, Name, moment, moment_or_none

routes = Routes("mailboxes")
_LOCAL_PART = r"^[a-zA-Z0-9_-]+(\.[a-zA-Z0-9_-]+)*$"
LocalPart = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=_LOCAL_PART)]
_FIXED = ("local_part", "domain", "status")


class MailboxBody(BaseModel):
    id: Id
    first_name: str = Field(examples=["Uma"])
    last_name: str = Field(examples=["Urban"])
    local_part: str = Field(examples=["uma.urban"])
    secondary_email: str | None = Field(description="Gets the link with which the holder sets a password.")
    status: MailboxState
    address: str = Field(examples=["uma.urban@acme.example"])
    failure: str = Field(description="What the mail platform said last, where it did not take what is wanted.")
    in_step: bool = Field(description="Whether the mail platform has everything that is wanted.")
    welcome: Welcome = Field(description="What became of the e-mail to the holder of a new mailbox.")
    welcomed_at: datetime | None
    has_password: bool
    last_sign_in: datetime | None
    created_at: datetime


class NewMailbox(BaseModel):
    first_name: Name = Field(examples=["Uma"])
    last_name: Name = Field(examples=["Urban"])
    local_part: LocalPart = Field(description="The part before the @.", examples=["uma.urban"])
    secondary_email: EmailText | None = Field(
        None,
        description="Another address of the holder; gets a link to set the password.",
        examples=["uma@home.example"],
    )


class MailboxReplacement(BaseModel):
    """A secondary address that is left out stays. `local_part`, `domain` and `status` may be sent, but only as they
    are.
    """

    model_config = ConfigDict(extra="allow")
    first_name: Name = Field(examples=["Uma"])
    last_name: Name = Field(examples=["Urban"])
    secondary_email: EmailText | None = Field(None, examples=["uma@home.example"])


class MailboxPart(BaseModel):
    """What is left out stays. `local_part`, `domain` and `status` may be sent, but only as they are."""

    model_config = ConfigDict(extra="allow")
    first_name: Name = Field(LEFT_OUT, examples=["Uma"])
    last_name: Name = Field(LEFT_OUT, examples=["Urban"])
    secondary_email: EmailText | None = Field(None, examples=["uma@home.example"])


class NewName(BaseModel):
    local_part: LocalPart = Field(description="The new part before the @.", examples=["uma"])


class MailboxListQuery(Paged):
    q: str = Field("", description="Words that all are part of the address or a name.", max_length=255)
    status: str = Field("", description="Only those in this status; `deleted`: those that can be restored.")
    ordering: str = Field(
        "",
        description="`first_name`, `last_name`, `local_part`, `secondary_email`, `status`, `created_at` or `id`, with "
        "`-` downwards; anything else is ignored.",
    )


class GoneMailbox(BaseModel):
    id: Id
    address: str
    deleted_at: datetime
    deleted_by: str
    restorable_until: datetime


def mailbox_body(view: MailboxView) -> MailboxBody:
    return MailboxBody(
        id=public_id(Kind.MAILBOX, view.id),
        first_name=view.first_name,
        last_name=view.last_name,
        local_part=view.local_part,
        secondary_email=view.secondary_email or None,
        status=MailboxState(view.status),
        address=view.address,
        failure=view.failure,
        in_step=view.in_step,
        welcome=view.welcome,
        welcomed_at=moment_or_none(view.welcomed_at),
        has_password=view.has_password,
        last_sign_in=moment_or_none(max(view.last_sign_ins.values(), default=None)),
        created_at=moment(view.created_at),
    )


def _gone(found: DeletedMailbox) -> GoneMailbox:
    return GoneMailbox(
        id=public_id(Kind.MAILBOX, found.id),
        address=found.address,
        deleted_at=moment(found.deleted_at),
        deleted_by=found.deleted_by,
        restorable_until=moment(found.restorable_until),
    )


@routes.get(
    "/{slug}/mailboxes/", gate=inside(), answers={200: Page[MailboxBody] | Page[GoneMailbox]}, name="listMailboxes"
)
def listed(request: Asked, query: Query[MailboxListQuery]) -> object:
    """The mailboxes of the domain.

    With `status=deleted` those that can be restored, in a shorter shape.
    """
    domain, actor = request.entered.domain, request.auth
    if query.status == MailboxState.DELETED:
        now = int(request.origin.at.timestamp() * 1000)
        return query.listed(
            request,
            lambda first, limit: deleted_mailboxes.listed(actor, domain, now, q=query.q, first=first, limit=limit),
            _gone,
        )
    wanted = Selection(q=fold_words(query.q), status=query.status, ordering=query.ordering)
    return query.listed(
        request,
        lambda first, limit: person_mailboxes.listed(actor, domain, wanted, first=first, limit=limit),
        mailbox_body,
    )


def fold_words(q: str) -> str:
    """What no database can look for finds nothing, without an error."""
    return q.replace("\0", "\ufffd")


@routes.post(
    "/{slug}/mailboxes/", gate=inside(Permission.MAILBOX_CREATE), answers={201: MailboxBody}, name="createMailbox"
)
def create(request: Asked, body: NewMailbox) -> object:
    """Create a mailbox.

    The holder gets a link to set the password as soon as the mail platform has the mailbox; where the domain is not
    enabled yet, that is when it is.
    """
    data = PersonalData(
        local_part=body.local_part,
        first_name=body.first_name,
        last_name=body.last_name,
        secondary_email=body.secondary_email or "",
    )
    made = person_mailboxes.create(request.auth, request.origin, request.entered.domain, data)
    return Status(201, mailbox_body(made))


_SEEN = at(Kind.MAILBOX, Permission.MAILBOX_SEE)
_CHANGED = at(Kind.MAILBOX, Permission.MAILBOX_CHANGE)


@routes.get("/{slug}/mailboxes/{id}/", gate=_SEEN, answers={200: MailboxBody}, name="getMailbox", tagged=True)
def show(request: Asked) -> object:
    """One mailbox."""
    return _shown(request)


def _shown(request: Asked, address: str = "") -> MailboxBody:
    return mailbox_body(person_mailboxes.show(seeing(request.auth), address or request.entered.address))


@routes.put(
    "/{slug}/mailboxes/{id}/", gate=_CHANGED, answers={200: MailboxBody}, name="replaceMailbox", shown_by="getMailbox"
)
def replace(request: Asked, body: MailboxReplacement) -> object:
    """Write a mailbox's data anew."""
    _refuse_fixed(request, body)
    return _updated(request, body)


@routes.patch(
    "/{slug}/mailboxes/{id}/", gate=_CHANGED, answers={200: MailboxBody}, name="changeMailbox", shown_by="getMailbox"
)
def change(request: Asked, body: MailboxPart) -> object:
    """Change some of a mailbox's data."""
    _refuse_fixed(request, body)
    return _updated(request, body)


def _updated(request: Asked, body: BaseModel) -> MailboxBody:
    values = body.model_dump(include={"first_name", "last_name", "secondary_email"}, exclude_unset=True)
    if "secondary_email" in values:
        values["secondary_email"] = values["secondary_email"] or ""
    change = PersonalChange(**values)
    return mailbox_body(person_mailboxes.update(request.auth, request.origin, request.entered.address, change))


def _refuse_fixed(request: Asked, body: BaseModel) -> None:
    """What cannot be changed this way is not ignored: whoever sent it would believe that it was (people.md C 25)."""
    sent = {name: value for name, value in (body.model_extra or {}).items() if name in _FIXED}
    if not sent:
        return
    now, domain = _shown(request), request.entered.domain
    assert request.entered.door is not None
    same = {
        "local_part": {now.local_part},
        "status": {now.status.value},
        "domain": {domain, public_id(Kind.DOMAIN, request.entered.door.id)},
    }
    wrong = [name for name, value in sent.items() if not (isinstance(value, str) and fold(value) in same[name])]
    if wrong:
        raise invalid({name: ["This field cannot be changed here."] for name in wrong})


@routes.delete(
    "/{slug}/mailboxes/{id}/", gate=at(Kind.MAILBOX, Permission.MAILBOX_DELETE), answers={204: None},
    name="deleteMailbox", shown_by="getMailbox",
)  # fmt: skip
def delete(request: Asked) -> object:
    """Delete a mailbox.

    It can be restored for a while.
    """
    mailbox_removal.delete(request.auth, request.origin, request.entered.address)
    return Status(204, None)


@routes.post(
    "/{slug}/mailboxes/{id}/restore/", gate=at(Kind.MAILBOX, Permission.MAILBOX_RESTORE, gone=True),
    answers={200: MailboxBody}, name="restoreMailbox", fails=(400,),
)  # fmt: skip
def restore(request: Asked) -> object:
    """Bring a deleted mailbox back."""
    entered = request.entered
    try:
        mailbox_removal.restore(request.auth, request.origin, entered.address, entered.restore_id, None)
    except NameTaken as error:
        raise invalid({"__all__": list(error.hints.values())}) from None
    return _shown(request)


@routes.post(
    "/{slug}/mailboxes/{id}/rename/", gate=at(Kind.MAILBOX, Permission.MAILBOX_RENAME), answers={200: MailboxBody},
    name="renameMailbox",
)  # fmt: skip
def rename(request: Asked, body: NewName) -> object:
    """Give a mailbox another address of the domain.

    Mail and settings stay.
    """
    address = f"{fold(body.local_part)}@{request.entered.domain}"
    try:
        mailbox_removal.rename(request.auth, request.origin, request.entered.address, address)
    except (BadRequest, NameTaken) as error:
        raise invalid({"local_part": list(error.hints.values())}) from None
    return _shown(request, address)


def _step(path: str, name: str, needs: Permission, run: Callable[..., None], told: str) -> Handler:
    """A verb on a mailbox that takes no body and answers with the mailbox as it is then."""

    def step(request: Asked) -> object:
        run(request.auth, request.origin, request.entered.address)
        return _shown(request)

    step.__doc__ = told
    gate = at(Kind.MAILBOX, needs)
    return routes.post(f"/{{slug}}/mailboxes/{{id}}/{path}/", gate=gate, answers={200: MailboxBody}, name=name,
                       alone=needs is _LINK, fails=(400, 409, 502) if needs is _LINK else (400,))(step)  # fmt: skip


_SWITCH, _LINK = Permission.MAILBOX_SWITCH, Permission.MAILBOX_LINK
_step(
    "disable", "disableMailbox", _SWITCH, mailbox_states.disable,
    "Disable a mailbox.\n\nNo mail in and no sign-in; mail and settings stay.",
)  # fmt: skip
_step("enable", "enableMailbox", _SWITCH, mailbox_states.enable, "Enable a disabled mailbox.")
_step(
    "retry", "retryMailbox", _SWITCH, mailbox_states.retry,
    "Ask the mail platform again now.\n\nIt does so by itself within the hour.",
)  # fmt: skip
_step(
    "reset_password", "resetPassword", _LINK, mailbox_links.reset_password,
    "End the password and send a link to set a new one.\n\nIt goes to the secondary address.",
)  # fmt: skip
_step(
    "login_link", "sendLoginLink", _LINK, mailbox_links.send_login_link,
    "Send a link to the secondary address that sets a new password.\n\nThe old one stays until then.",
)  # fmt: skip
