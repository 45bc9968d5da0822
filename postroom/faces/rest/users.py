"""Who is signed in, and people whom they know (people.md section 3.6)."""

from datetime import datetime
from typing import Literal

from ninja import Query
from pydantic import BaseModel, Field

from postroom.actions import accesses, persons
from postroom.actions.persons import PersonChange, PersonView
from postroom.core.errors import OutOfReach
from postroom.core.languages import Language
from postroom.core.public_ids import Kind, public_id
from postroom.core.roles import Role
from postroom.faces.rest.accesses import Candidate, candidate
from postroom.faces.rest.asked import Asked
from postroom.faces.rest.gate import own, signed_in
from postroom.faces.rest.paging import Page, Paged
from postroom.faces.rest.routes import Routes
from postroom.faces.rest.texts import LEFT_OUT, Id, Name, moment

routes = Routes("users")


class CanDo(BaseModel):
    can_view: bool
    can_create: bool


class UserAbilities(BaseModel):
    """Contacts and teams are features of People that have nothing to do with mail; they are never there."""

    contacts: CanDo
    teams: CanDo
    mailboxes: CanDo


class Me(BaseModel):
    id: Id
    email: str = Field(examples=["alice@acme.example"])
    emails: list[str] = Field(description="Every address that you have shown to be yours.")
    name: str
    language: Language
    timezone: str = Field(examples=["Europe/Paris"])
    organization: None = None
    is_device: bool = False
    is_staff: bool = Field(description="An operator of this Postroom.")
    abilities: UserAbilities
    mailbox: str = Field(description="The mailbox whose holder you are; empty: none.")
    has_password: bool = Field(description="A password of your own here, not a mailbox's.")
    provider: bool = Field(description="Whether you have signed in with the identity provider.")
    created_at: datetime


class MePart(BaseModel):
    """What is left out stays."""

    name: Name = Field(LEFT_OUT, description="As others see you.", examples=["Alice Adams"])
    language: Literal["en", "fr"] = Field(LEFT_OUT)
    timezone: str = Field(LEFT_OUT, max_length=64, description="A time zone's name.", examples=["Europe/Paris"])


class UserListQuery(Paged):
    q: str = Field("", description="Part of the name or address, whatever its case and accents.", max_length=255)


_NOT_HERE = CanDo(can_view=False, can_create=False)


def _me(request: Asked) -> Me:
    view: PersonView = persons.show(request.auth)
    sees = any(grant.role is not Role.SELF for grant in request.auth.grants)
    return Me(
        id=public_id(Kind.PERSON, view.id),
        email=view.email,
        emails=view.emails,
        name=view.name,
        language=Language(view.language),
        timezone=view.timezone,
        is_staff=view.is_operator,
        abilities=UserAbilities(
            contacts=_NOT_HERE, teams=_NOT_HERE, mailboxes=CanDo(can_view=sees, can_create=sees)
        ),
        mailbox=view.mailbox,
        has_password=view.has_password,
        provider=view.provider,
        created_at=moment(view.created_at),
    )  # fmt: skip


@routes.get("/users/me/", gate=signed_in(), answers={200: Me}, name="getMe", tagged=True)
def me(request: Asked) -> object:
    """Yourself."""
    return _me(request)


@routes.patch("/users/me/", gate=signed_in(), answers={200: Me}, name="changeMe", shown_by="getMe", sessions_only=True)
def change_me(request: Asked, body: MePart) -> object:
    """Change what you say of yourself."""
    return _changed(request, body)


@routes.patch(
    "/users/{id}/", gate=own(Kind.PERSON), answers={200: Me}, name="changeUser", shown_by="getMe", sessions_only=True
)
def change(request: Asked, body: MePart) -> object:
    """Change what you say of yourself, by your id."""
    return _changed_by_id(request, body)


@routes.put(
    "/users/{id}/", gate=own(Kind.PERSON), answers={200: Me}, name="replaceUser", shown_by="getMe", sessions_only=True
)
def replace(request: Asked, body: MePart) -> object:
    """The same; what is left out stays."""
    return _changed_by_id(request, body)


def _changed_by_id(request: Asked, body: MePart) -> Me:
    if request.entered.number != request.auth.person_id:
        raise OutOfReach
    return _changed(request, body)


def _changed(request: Asked, body: MePart) -> Me:
    values = body.model_dump(exclude_unset=True)
    if values:
        persons.change(request.auth, request.origin, PersonChange(**values))
    return _me(request)


@routes.get("/users/", gate=signed_in(), answers={200: Page[Candidate]}, name="listUsers", searches=True)
def listed(request: Asked, query: Query[UserListQuery]) -> object:
    """People whom you know: those who look after your domains, and those who have an address there."""
    return query.listed(
        request, lambda first, limit: accesses.known(request.auth, query.q, first=first, limit=limit), candidate
    )
