"""Aliases: one address of a domain, several destinations (people.md section 3.4)."""

from typing import Annotated

from ninja import Query, Schema, Status
from pydantic import BaseModel, Field, StringConstraints

from postroom.actions import aliases, domain_cards
from postroom.actions.aliases import AliasView
from postroom.core.errors import NotFound
from postroom.core.public_ids import Kind, public_id
from postroom.core.roles import Permission
from postroom.faces.rest.asked import Asked, seeing
from postroom.faces.rest.domains import Domain, domain_body, shown
from postroom.faces.rest.errors import RestError, not_found
from postroom.faces.rest.gate import NAMES, at, inside
from postroom.faces.rest.mailboxes import LocalPart
from postroom.faces.rest.paging import Page, Paged
from postroom.faces.rest.routes import Routes
from postroom.faces.rest.texts import Id

routes = Routes("aliases")


class AliasBody(BaseModel):
    id: Id
    local_part: str = Field(examples=["info"])
    destination: str = Field(examples=["uma@acme.example"])
    domain: Domain


class NewAlias(BaseModel):
    local_part: LocalPart = Field(description="The part before the @.", examples=["info"])
    destination: Annotated[str, StringConstraints(min_length=1, max_length=254)] = Field(
        description="An address; what goes to one at `devnull` or `localhost` is thrown away.",
        examples=["uma@acme.example"],
        json_schema_extra={"format": "email"},
    )


class AliasListQuery(Paged):
    q: str = Field("", description="Part of the alias or of a destination.", max_length=255)
    local_part: str = Field("", description="Only the destinations of this one.", max_length=255)


class WholeAlias(Schema):
    local_part: str = Field("", description="The alias whose destinations all go; required.", max_length=255)


def _body(view: AliasView, domain: Domain) -> AliasBody:
    return AliasBody(
        id=public_id(Kind.ALIAS, view.id), local_part=view.local_part, destination=view.destination, domain=domain
    )


@routes.get("/{slug}/aliases/", gate=inside(Permission.ALIAS_SEE), answers={200: Page[AliasBody]}, name="listAliases")
def listed(request: Asked, query: Query[AliasListQuery]) -> object:
    """Aliases, each destination on a line of its own, by name."""
    name = request.entered.domain
    domain = domain_body(domain_cards.show(request.auth, name))
    return query.listed(
        request,
        lambda first, limit: aliases.listed(
            request.auth, name, q=query.q, local_part=query.local_part, first=first, limit=limit
        ),
        lambda view: _body(view, domain),
    )


@routes.post("/{slug}/aliases/", gate=inside(Permission.ALIAS_CHANGE), answers={201: AliasBody}, name="createAlias")
def create(request: Asked, body: NewAlias) -> object:
    """Add a destination to an alias.

    It may have the name of a mailbox, and waits where the domain is not enabled yet.
    """
    made = aliases.create(request.auth, request.origin, request.entered.domain, body.local_part, body.destination)
    return Status(201, _body(made, shown(request)))


@routes.delete(
    "/{slug}/aliases/", gate=inside(Permission.ALIAS_CHANGE), answers={204: None}, name="deleteWholeAlias",
    fails=(404,),
)  # fmt: skip
def delete_whole(request: Asked, query: Query[WholeAlias]) -> object:
    """Remove an alias with all its destinations."""
    return _removed(request, query.local_part)


@routes.delete(
    "/{slug}/aliases/delete/", gate=inside(Permission.ALIAS_CHANGE), answers={204: None}, name="deleteWholeAliasToo",
    fails=(404,),
)  # fmt: skip
def delete_whole_too(request: Asked, query: Query[WholeAlias]) -> object:
    """Remove an alias with all its destinations: the other spelling."""
    return _removed(request, query.local_part)


def _removed(request: Asked, local_part: str) -> Status[None]:
    if not local_part:
        raise RestError(400, {"local_part": ["This field is required."]})
    try:
        aliases.remove_all(request.auth, request.origin, request.entered.domain, local_part)
    except NotFound:
        raise not_found(NAMES[Kind.ALIAS]) from None
    return Status(204, None)


@routes.delete(
    "/{slug}/aliases/{id}/", gate=at(Kind.ALIAS, Permission.ALIAS_CHANGE), answers={204: None}, name="deleteAlias"
)
def delete(request: Asked) -> object:
    """Remove one destination of an alias."""
    aliases.remove(seeing(request.auth), request.origin, request.entered.domain, request.entered.number)
    return Status(204, None)
