"""API keys of whoever is signed in."""

from datetime import datetime

from ninja import Query, Status
from pydantic import AwareDatetime, BaseModel, Field

from postroom.actions import api_keys
from postroom.actions.api_keys import KeyView, KeyWish
from postroom.core.public_ids import Kind, public_id
from postroom.core.roles import Permission
from postroom.faces import sessions
from postroom.faces.rest.asked import Asked
from postroom.faces.rest.gate import own, signed_in
from postroom.faces.rest.paging import Page, Paged
from postroom.faces.rest.routes import Routes
from postroom.faces.rest.texts import Id, line, moment, moment_or_none

routes = Routes("api-keys")
_PERMISSIONS = ", ".join(Permission)


class NewKeyBody(BaseModel):
    name: line(128, "What it is for.", "billing")  # type: ignore[valid-type]
    permissions: list[str] | None = Field(
        None, max_length=100, description=f"What it may do of what you may; null: all. {_PERMISSIONS}"
    )
    domains: list[str] | None = Field(None, max_length=100, description="Names of domains; null: all of yours.")
    networks: list[str] | None = Field(
        None, max_length=100, description="From where it may be used, such as 192.0.2.0/24; null: from everywhere."
    )
    expires_at: AwareDatetime | None = Field(None, description="null: never.")


class KeyBody(BaseModel):
    id: Id
    name: str
    shown_prefix: str = Field(description="How the key begins.")
    permissions: list[str] | None
    domains: list[str] | None
    networks: list[str] | None
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None = Field(description="To the minute.")
    last_used_from: str


class KeyMade(KeyBody):
    token: str = Field(description="The key itself, shown this once. Send it as: Authorization: Bearer pr_…")


def _body(view: KeyView) -> KeyBody:
    return KeyBody(
        id=public_id(Kind.API_KEY, view.id),
        name=view.name,
        shown_prefix=view.shown_prefix,
        permissions=view.permissions,
        domains=view.domains,
        networks=view.networks,
        created_at=moment(view.created_at),
        expires_at=moment_or_none(view.expires_at),
        last_used_at=moment_or_none(view.last_used_at),
        last_used_from=view.last_used_from,
    )


@routes.get("/", gate=signed_in(), answers={200: Page[KeyBody]}, name="listApiKeys")
def listed(request: Asked, query: Query[Paged]) -> object:
    """Your API keys, the newest first."""
    return query.listed(request, lambda first, limit: api_keys.listed(request.auth, first=first, limit=limit), _body)


@routes.post("/", gate=signed_in(), answers={201: KeyMade}, alone=True, sessions_only=True, name="createApiKey")
def create(request: Asked, body: NewKeyBody) -> object:
    """Make an API key.

    It may do what you may at the moment it is used, narrowed as you say here. A key cannot make keys.
    """
    sessions.require_fresh(request)
    wish = KeyWish(
        name=body.name,
        permissions=body.permissions,
        domains=body.domains,
        networks=body.networks,
        expires_at=None if body.expires_at is None else int(body.expires_at.timestamp() * 1000),
    )
    made = api_keys.create(request.auth, request.origin, wish)
    return Status(201, KeyMade(**_body(made.view).model_dump(), token=made.token))


@routes.get("/{id}/", gate=own(Kind.API_KEY), answers={200: KeyBody}, name="showApiKey", tagged=True)
def show(request: Asked) -> object:
    """One of your API keys."""
    return _body(api_keys.show(request.auth, request.entered.number))


@routes.delete(
    "/{id}/", gate=own(Kind.API_KEY), answers={204: None}, sessions_only=True, name="revokeApiKey",
    shown_by="showApiKey",
)  # fmt: skip
def revoke(request: Asked) -> object:
    """Revoke an API key: it opens nothing from now on."""
    api_keys.revoke(request.auth, request.origin, request.entered.number)
    return Status(204, None)
