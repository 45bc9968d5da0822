"""The directory: whom the people of a context find."""

from ninja import Query
from pydantic import BaseModel, Field

from postroom.actions import directory
from postroom.actions.directory import DirectoryEntry
from postroom.core.public_ids import Kind, public_id
from postroom.core.slugs import name_of
from postroom.faces.rest.asked import Asked
from postroom.faces.rest.gate import signed_in
from postroom.faces.rest.paging import Page, Paged
from postroom.faces.rest.routes import Routes
from postroom.faces.rest.texts import Id

routes = Routes("directory")


class DirectoryLine(BaseModel):
    id: Id
    email: str = Field(examples=["uma.urban@acme.example"])
    first_name: str
    last_name: str
    name: str = Field(examples=["Uma Urban"])


class DirectoryQuery(Paged):
    q: str = Field("", description="Words that all are part of the name or address.", max_length=255)
    domain: str = Field("", description="Only the directory of the domain with this slug.", max_length=255)


def _line(entry: DirectoryEntry) -> DirectoryLine:
    return DirectoryLine(
        id=public_id(Kind.MAILBOX, entry.id), email=entry.address, first_name=entry.first_name,
        last_name=entry.last_name, name=entry.name,
    )  # fmt: skip


@routes.get("/directory/", gate=signed_in(), answers={200: Page[DirectoryLine]}, name="searchDirectory", searches=True)
def search(request: Asked, query: Query[DirectoryQuery]) -> object:
    """People of all domains that share a directory with yours, by name."""
    domain = (name_of(query.domain) or "-") if query.domain else ""
    q = query.q.replace("\0", "\ufffd")
    return query.listed(
        request,
        lambda first, limit: directory.search(request.auth, q, domain=domain, first=first, limit=limit),
        _line,
    )
