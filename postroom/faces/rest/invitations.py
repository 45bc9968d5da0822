"""Invitations to look after a domain (people.md section 3.5)."""

from datetime import datetime

from ninja import Query, Status
from pydantic import BaseModel, Field

from postroom.actions import invitations
from postroom.actions.invitations import AccessMade, InvitationView
from postroom.core.public_ids import Kind, public_id
from postroom.core.roles import Permission
from postroom.faces.rest.accesses import RoleName, role_name
from postroom.faces.rest.asked import Asked
from postroom.faces.rest.gate import anybody, at, inside
from postroom.faces.rest.paging import Page, Paged
from postroom.faces.rest.routes import Routes
from postroom.faces.rest.texts import EmailText, Id, moment

routes = Routes("invitations")
offers = Routes("sign-in")
KNOWN = "Email already known. Invitation not sent but access created instead."


class InvitationBody(BaseModel):
    id: Id
    created_at: datetime
    email: str = Field(examples=["bob@elsewhere.example"])
    domain: Id
    role: RoleName
    issuer: Id | None = Field(description="The person who invited; null: an API of the provider, or they are gone.")
    is_expired: bool
    expires_at: datetime


class NewInvitation(BaseModel):
    email: EmailText = Field(examples=["bob@elsewhere.example"])
    role: RoleName = "viewer"


class Instead(BaseModel):
    """The person is known: they have the role from now on, and nobody was written to."""

    detail: str = Field(examples=[KNOWN])


class OfferBody(BaseModel):
    email: str
    domain: str
    role: RoleName
    by: str = Field(description="The address of whoever invited; empty: the provider.")
    expires_at: datetime


def _body(request: Asked, view: InvitationView) -> InvitationBody:
    return InvitationBody(
        id=public_id(Kind.INVITATION, view.id),
        created_at=moment(view.created_at),
        email=view.email,
        domain=public_id(Kind.DOMAIN, view.domain_id),
        role=role_name(view.role),
        issuer=public_id(Kind.PERSON, view.issuer_id) if view.issuer_id else None,
        is_expired=view.is_expired(request.origin.at),
        expires_at=moment(view.expires_at),
    )


def _answer(request: Asked, made: InvitationView | AccessMade, status: int) -> Status[BaseModel]:
    if isinstance(made, AccessMade):
        return Status(201, Instead(detail=KNOWN))
    return Status(status, _body(request, made))


@routes.get(
    "/{slug}/invitations/", gate=inside(Permission.INVITATION_SEE), answers={200: Page[InvitationBody]},
    name="listInvitations",
)  # fmt: skip
def listed(request: Asked, query: Query[Paged]) -> object:
    """Who is invited, the newest first.

    Expired invitations are among them.
    """
    return query.listed(
        request,
        lambda first, limit: invitations.listed(request.auth, request.entered.domain, first=first, limit=limit),
        lambda view: _body(request, view),
    )


@routes.post(
    "/{slug}/invitations/", gate=inside(Permission.INVITATION_CHANGE), answers={201: InvitationBody | Instead},
    name="createInvitation",
)  # fmt: skip
def create(request: Asked, body: NewInvitation) -> object:
    """Invite somebody by e-mail.

    Whoever is known already gets the role at once.
    """
    made = invitations.create(request.auth, request.origin, request.entered.domain, body.email, body.role)
    return _answer(request, made, 201)


@routes.get(
    "/{slug}/invitations/{id}/", gate=at(Kind.INVITATION, Permission.INVITATION_SEE), answers={200: InvitationBody},
    name="getInvitation", tagged=True,
)  # fmt: skip
def show(request: Asked) -> object:
    """One invitation."""
    return _body(request, invitations.show(request.auth, request.entered.domain, request.entered.number))


@routes.post(
    "/{slug}/invitations/{id}/refresh/", gate=at(Kind.INVITATION, Permission.INVITATION_CHANGE),
    answers={200: InvitationBody, 201: Instead}, name="refreshInvitation",
)  # fmt: skip
def refresh(request: Asked) -> object:
    """Send it again, good for as long as a new one.

    The link in the e-mail before opens nothing any more.
    """
    entered = request.entered
    return _answer(request, invitations.refresh(request.auth, request.origin, entered.domain, entered.number), 200)


@routes.delete(
    "/{slug}/invitations/{id}/", gate=at(Kind.INVITATION, Permission.INVITATION_CHANGE), answers={204: None},
    name="deleteInvitation", shown_by="getInvitation",
)  # fmt: skip
def delete(request: Asked) -> object:
    """Withdraw it.

    Its link opens nothing any more.
    """
    invitations.remove(request.auth, request.origin, request.entered.domain, request.entered.number)
    return Status(204, None)


@offers.get("/invitations/{token}/", gate=anybody(), answers={200: OfferBody}, name="getOffer", fails=(404,))
def offer(request: Asked) -> object:
    """What the link in an invitation offers."""
    found = invitations.offer(request.entered.secret, request.origin.at)
    return OfferBody(
        email=found.email, domain=found.domain, role=role_name(found.role), by=found.by,
        expires_at=moment(found.expires_at),
    )  # fmt: skip
