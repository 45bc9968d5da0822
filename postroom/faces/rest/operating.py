"""What only the operator does with a domain: switching it off and on, joining directories."""

from ninja import Status
from pydantic import BaseModel, Field

from postroom.actions import contexts, domain_switch
from postroom.actions.contexts import ContextView
from postroom.core.errors import DomainNotFound
from postroom.core.public_ids import Kind, public_id
from postroom.core.roles import Permission
from postroom.core.slugs import name_of, slug
from postroom.faces.rest.asked import Asked
from postroom.faces.rest.domains import Domain, shown
from postroom.faces.rest.errors import invalid
from postroom.faces.rest.gate import inside
from postroom.faces.rest.routes import Routes
from postroom.faces.rest.texts import Id

routes = Routes("operator")


class Reason(BaseModel):
    reason: str = Field("", max_length=500, description="Is kept in the history.", examples=["bills not paid"])


class ContextBody(BaseModel):
    id: Id
    name: str
    domains: list[str] = Field(description="Their slugs.", examples=[["acme_example", "acme_org"]])


class Joining(BaseModel):
    domain: str = Field(description="The slug of the domain whose directory is shared.", examples=["acme_org"])


def _context(view: ContextView) -> ContextBody:
    return ContextBody(
        id=public_id(Kind.CONTEXT, view.id), name=view.name, domains=[slug(name) for name in view.domains]
    )


@routes.post("/{slug}/disable/", gate=inside(Permission.DOMAIN_SWITCH), answers={200: Domain}, name="disableDomain")
def disable(request: Asked, body: Reason) -> object:
    """Disable a domain.

    No mail and no sign-in; nothing can be created. No check enables it again.
    """
    domain_switch.disable(request.auth, request.origin, request.entered.domain, body.reason)
    return shown(request)


@routes.post("/{slug}/enable/", gate=inside(Permission.DOMAIN_SWITCH), answers={200: Domain}, name="enableDomain")
def enable(request: Asked, body: Reason) -> object:
    """End a domain's being disabled.

    It has to prove itself anew.
    """
    domain_switch.enable(request.auth, request.origin, request.entered.domain, body.reason)
    return shown(request)


@routes.get(
    "/{slug}/context/", gate=inside(Permission.CONTEXT_CHANGE), answers={200: ContextBody}, name="getContext",
    tagged=True,
)  # fmt: skip
def show(request: Asked) -> object:
    """The domains that share a directory with this one."""
    return _context(contexts.show(request.auth, request.entered.domain))


@routes.post("/{slug}/context/", gate=inside(Permission.CONTEXT_CHANGE), answers={200: ContextBody}, name="joinContext")
def join(request: Asked, body: Joining) -> object:
    """Let this domain share another one's directory."""
    try:
        contexts.join(request.auth, request.origin, request.entered.domain, name_of(body.domain) or "")
    except DomainNotFound:
        raise invalid({"domain": ["There is no such domain."]}) from None
    return show(request)


@routes.delete(
    "/{slug}/context/", gate=inside(Permission.CONTEXT_CHANGE), answers={204: None}, name="leaveContext",
    shown_by="getContext", fails=(400,),
)  # fmt: skip
def leave(request: Asked) -> object:
    """Give this domain a directory of its own again."""
    contexts.leave(request.auth, request.origin, request.entered.domain)
    return Status(204, None)
