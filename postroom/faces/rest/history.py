"""What happened to a domain or a mailbox: who, when, what before and after."""

from datetime import datetime
from typing import Annotated

from ninja import Query
from pydantic import BaseModel, Field

from postroom.actions import histories
from postroom.actions.histories import HistoryLine
from postroom.core.public_ids import Kind
from postroom.core.roles import Permission
from postroom.faces.rest.asked import Asked
from postroom.faces.rest.gate import at, inside
from postroom.faces.rest.paging import Page, Paged
from postroom.faces.rest.routes import Routes
from postroom.faces.rest.texts import Json, moment

routes = Routes("history")
BeforeAndAfter = Annotated[list[Json], Field(min_length=2, max_length=2)]


class HistoryEntry(BaseModel):
    at: datetime
    name: str = Field(description="The object's name at the time.", examples=["acme.example"])
    actor: str = Field(examples=["alice@acme.example"])
    face: str = Field(description="Through which of Postroom's faces.", examples=["rest"])
    application: str
    request_id: str = Field(description="As in the answer's `X-Request-Id`.")
    verb: str = Field(examples=["changed"])
    changes: dict[str, BeforeAndAfter] = Field(description="Field → before and after; secrets are not told.")


def _body(line: HistoryLine) -> HistoryEntry:
    return HistoryEntry(
        at=moment(line.at), name=line.name, actor=line.actor, face=line.face, application=line.application,
        request_id=line.request_id, verb=line.verb, changes=line.changes,
    )  # fmt: skip


@routes.get(
    "/{slug}/history/", gate=inside(Permission.DOMAIN_SEE), answers={200: Page[HistoryEntry]}, name="listDomainHistory"
)
def of_domain(request: Asked, query: Query[Paged]) -> object:
    """What happened to the domain, the newest first."""
    return query.listed(
        request,
        lambda first, limit: histories.of_domain(request.auth, request.entered.domain, first=first, limit=limit),
        _body,
    )


@routes.get(
    "/{slug}/mailboxes/{id}/history/", gate=at(Kind.MAILBOX, Permission.MAILBOX_SEE),
    answers={200: Page[HistoryEntry]}, name="listMailboxHistory",
)  # fmt: skip
def of_mailbox(request: Asked, query: Query[Paged]) -> object:
    """What happened to the mailbox, the newest first."""
    return query.listed(
        request,
        lambda first, limit: histories.of_mailbox(request.auth, request.entered.address, first=first, limit=limit),
        _body,
    )
