"""Settings of domains and mailboxes: the value in force, where it comes from, and who may change it."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, Strict, create_model

from postroom.actions import domains, mailboxes, settings_view
from postroom.actions.settings_view import Setting
from postroom.core.catalogue.attribute import Attribute, Kind, Level
from postroom.core.catalogue.kinds import Choice, Flag, ListOf, Text, WholeNumber
from postroom.core.public_ids import Kind as IdKind
from postroom.core.roles import Permission
from postroom.faces.rest.asked import Asked, seeing
from postroom.faces.rest.gate import at, inside
from postroom.faces.rest.routes import Routes
from postroom.faces.rest.texts import Json

routes = Routes("settings")


class SettingBody(BaseModel):
    value: Json = Field(description="In force; null where nothing is, and for secrets.")
    origin: Literal["mailbox", "domain", "company", "default"] = Field(description="The level that says so.")
    settable: bool = Field(description="Whether you may change it here.")
    secret: bool


def _type(kind: Kind) -> Any:
    """What JSON may hold for it; the kind itself knows the rest."""
    if isinstance(kind, Flag):
        return Annotated[bool, Strict()]
    if isinstance(kind, WholeNumber):
        return Annotated[int, Strict(), Field(ge=kind.lowest, le=kind.highest)]
    if isinstance(kind, Choice):
        return Literal[kind.options]
    if isinstance(kind, ListOf):
        return Annotated[list[str], Field(max_length=kind.most)]
    if isinstance(kind, Text):
        return Annotated[str, Field(max_length=kind.longest)]
    return str


def _field(attribute: Attribute, level: Level) -> Any:
    kind = attribute.kind_on(level)
    told = f"{attribute.doc} Must be {kind.bounds}." if kind.bounds else attribute.doc
    return (_type(kind) | None, Field(None, description=told))


def _change(level: Level, name: str) -> type[BaseModel]:
    fields = {n: _field(a, level) for n, a in settings_view.names(level).items()}
    return create_model(
        name,
        __config__=ConfigDict(extra="forbid"),
        __doc__="Only what is to change. null: back to what is inherited, or built in.",
        **fields,
    )


DomainSettingsChange = _change(Level.DOMAIN, "DomainSettingsChange")
MailboxSettingsChange = _change(Level.MAILBOX, "MailboxSettingsChange")
Found = dict[str, SettingBody]


def _body(found: dict[str, Setting]) -> Found:
    return {
        name: SettingBody(value=s.value, origin=s.origin, settable=s.settable, secret=s.secret)  # type: ignore[arg-type]
        for name, s in found.items()
    }


@routes.get(
    "/{slug}/settings/", gate=inside(Permission.DOMAIN_SEE), answers={200: Found}, name="getDomainSettings",
    tagged=True,
)  # fmt: skip
def of_domain(request: Asked) -> object:
    """Settings of a domain, with where each value comes from."""
    return _body(settings_view.of_domain(seeing(request.auth), request.entered.domain))


@routes.patch(
    "/{slug}/settings/", gate=inside(Permission.DOMAIN_CHANGE), answers={200: Found}, name="changeDomainSettings",
    shown_by="getDomainSettings",
)  # fmt: skip
def change_domain(request: Asked, body: DomainSettingsChange) -> object:  # type: ignore[valid-type]
    """Change settings of a domain."""
    values = body.model_dump(exclude_unset=True)  # type: ignore[attr-defined]
    if values:
        domains.change(request.auth, request.origin, request.entered.domain, values)
    return of_domain(request)


@routes.get(
    "/{slug}/mailboxes/{id}/settings/", gate=at(IdKind.MAILBOX, Permission.MAILBOX_SEE), answers={200: Found},
    name="getMailboxSettings", tagged=True,
)  # fmt: skip
def of_mailbox(request: Asked) -> object:
    """Settings of a mailbox, with where each value comes from."""
    return _body(settings_view.of_mailbox(seeing(request.auth), request.entered.address))


@routes.patch(
    "/{slug}/mailboxes/{id}/settings/", gate=at(IdKind.MAILBOX, Permission.MAILBOX_CHANGE), answers={200: Found},
    name="changeMailboxSettings", shown_by="getMailboxSettings",
)  # fmt: skip
def change_mailbox(request: Asked, body: MailboxSettingsChange) -> object:  # type: ignore[valid-type]
    """Change settings of a mailbox."""
    values = body.model_dump(exclude_unset=True)  # type: ignore[attr-defined]
    if values:
        mailboxes.change(request.auth, request.origin, request.entered.address, values)
    return of_mailbox(request)
