"""Who has which role on a domain (people.md section 3.2)."""

from typing import Literal

from ninja import Query, Schema, Status
from pydantic import BaseModel, Field

from postroom.actions import accesses
from postroom.actions.accesses import AccessView, PersonView
from postroom.core.public_ids import Kind, number_of, public_id
from postroom.core.roles import Permission, Role
from postroom.faces.rest.asked import Asked, seeing
from postroom.faces.rest.gate import at, inside
from postroom.faces.rest.paging import Page, Paged
from postroom.faces.rest.routes import Routes
from postroom.faces.rest.texts import Id

routes = Routes("accesses")
RoleName = Literal["viewer", "administrator", "owner"]
_ORDERS = {"role": "role", "user__email": "email", "user__name": "name"}


class PersonInAccess(BaseModel):
    id: Id
    name: str = Field(examples=["Alice Adams"])
    email: str = Field(examples=["alice@acme.example"])


class AccessBody(BaseModel):
    id: Id
    user: PersonInAccess
    role: RoleName
    can_set_role_to: list[RoleName] = Field(description="The roles to which you may change it.")


class NewAccess(BaseModel):
    user: Id = Field(description="From `accesses/users/`; others are invited.")
    role: RoleName = "viewer"


class AccessChange(BaseModel):
    role: RoleName


class AccessPart(BaseModel):
    role: RoleName | None = None


class AccessListQuery(Paged):
    ordering: str = Field("", description="`role`, `user__email` or `user__name`, with `-` downwards.")


class Candidate(BaseModel):
    """In People's shape; what Postroom does not know is empty."""

    id: Id
    email: str
    name: str
    language: str
    timezone: str
    organization: None = None
    is_device: bool = False
    is_staff: bool = False


class CandidateQuery(Schema):
    q: str = Field("", description="Part of the name or address, whatever its case and accents.", max_length=255)


def _body(view: AccessView) -> AccessBody:
    person = PersonInAccess(id=public_id(Kind.PERSON, view.person.id), name=view.person.name, email=view.person.email)
    return AccessBody(
        id=public_id(Kind.ACCESS, view.id),
        user=person,
        role=role_name(view.role),
        can_set_role_to=[role_name(role) for role in view.can_set_role_to],
    )


def role_name(role: Role) -> RoleName:
    name: RoleName = role.value  # type: ignore[assignment]
    return name


def candidate(person: PersonView) -> Candidate:
    return Candidate(
        id=public_id(Kind.PERSON, person.id),
        email=person.email,
        name=person.name,
        language=person.language,
        timezone=person.timezone,
    )


@routes.get(
    "/{slug}/accesses/", gate=inside(Permission.ACCESS_SEE), answers={200: Page[AccessBody]}, name="listAccesses"
)
def listed(request: Asked, query: Query[AccessListQuery]) -> object:
    """Who has a role here."""
    sign, field = ("-", query.ordering[1:]) if query.ordering.startswith("-") else ("", query.ordering)
    order = sign + _ORDERS.get(field, "")
    domain = request.entered.domain
    return query.listed(
        request,
        lambda first, limit: accesses.listed(request.auth, domain, ordering=order, first=first, limit=limit),
        _body,
    )


@routes.get(
    "/{slug}/accesses/users/", gate=inside(Permission.ACCESS_CHANGE), answers={200: list[Candidate]},
    name="listCandidates", searches=True,
)  # fmt: skip
def candidates(request: Asked, query: Query[CandidateQuery]) -> object:
    """People you know who have no role here yet.

    The newest 50; not paged.
    """
    return [candidate(person) for person in accesses.candidates(request.auth, request.entered.domain, query.q)]


@routes.post(
    "/{slug}/accesses/", gate=inside(Permission.ACCESS_CHANGE), answers={201: AccessBody}, name="createAccess",
)  # fmt: skip
def create(request: Asked, body: NewAccess) -> object:
    """Give somebody a role."""
    person = number_of(Kind.PERSON, body.user)
    made = accesses.create(request.auth, request.origin, request.entered.domain, person, body.role)
    return Status(201, _body(made))


@routes.get(
    "/{slug}/accesses/{id}/", gate=at(Kind.ACCESS, Permission.ACCESS_SEE), answers={200: AccessBody}, name="getAccess",
    tagged=True,
)  # fmt: skip
def show(request: Asked) -> object:
    """One role of somebody."""
    return _body(accesses.show(seeing(request.auth), request.entered.domain, request.entered.number))


@routes.put(
    "/{slug}/accesses/{id}/", gate=at(Kind.ACCESS, Permission.ACCESS_CHANGE), answers={200: AccessBody},
    name="replaceAccess", shown_by="getAccess",
)  # fmt: skip
def replace(request: Asked, body: AccessChange) -> object:
    """Change a role."""
    return _changed(request, body.role)


@routes.patch(
    "/{slug}/accesses/{id}/", gate=at(Kind.ACCESS, Permission.ACCESS_CHANGE), answers={200: AccessBody},
    name="changeAccess", shown_by="getAccess",
)  # fmt: skip
def change(request: Asked, body: AccessPart) -> object:
    """Change a role, or nothing."""
    return _changed(request, body.role) if body.role else show(request)


def _changed(request: Asked, role: RoleName) -> AccessBody:
    entered = request.entered
    return _body(accesses.change(request.auth, request.origin, entered.domain, entered.number, role))


@routes.delete(
    "/{slug}/accesses/{id}/", gate=at(Kind.ACCESS, Permission.ACCESS_CHANGE), answers={204: None},
    name="deleteAccess", shown_by="getAccess",
)  # fmt: skip
def delete(request: Asked) -> object:
    """Take a role from somebody.

    The last owner stays.
    """
    accesses.remove(seeing(request.auth), request.origin, request.entered.domain, request.entered.number)
    return Status(204, None)
