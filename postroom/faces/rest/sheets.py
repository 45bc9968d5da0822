"""Many mailboxes at once: a table (CSV) looked at first, loaded all or none; and all of a domain's as such a table."""

from django.http import StreamingHttpResponse
from ninja import Query, Schema, Status
from pydantic import BaseModel, Field

from postroom.actions import mailbox_sheets
from postroom.actions.mailbox_sheets import RowView
from postroom.core.roles import Permission
from postroom.faces.rest.asked import Asked
from postroom.faces.rest.gate import inside
from postroom.faces.rest.parsing import refuse_other_types
from postroom.faces.rest.routes import Routes

routes = Routes("mailboxes")
_CSV = "text/csv"


class ImportQuery(Schema):
    preview: bool = Field(False, description="Only say what would become of each line.")


class PreviewLine(BaseModel):
    line: int = Field(examples=[2])
    address: str
    first_name: str
    last_name: str
    secondary_email: str
    problems: dict[str, str] = Field(description="Column → what is wrong; `__all__`: with the line as a whole.")
    warning: str


class PreviewBody(BaseModel):
    good: int
    bad: int
    ignored: list[str] = Field(description="Headers of columns that mean nothing here.")
    notice: str
    rows: list[PreviewLine]


class Imported(BaseModel):
    created: list[str] = Field(description="Their addresses.", examples=[["uma.urban@acme.example"]])


def _line(view: RowView) -> PreviewLine:
    return PreviewLine(
        line=view.line,
        address=view.address,
        first_name=view.first_name,
        last_name=view.last_name,
        secondary_email=view.secondary_email,
        problems=view.problems,
        warning=view.warning,
    )


@routes.post(
    "/{slug}/mailboxes/import/",
    gate=inside(Permission.MAILBOX_CREATE),
    answers={200: PreviewBody, 201: Imported},
    name="importMailboxes",
    takes=_CSV,
    example="local_part,first_name,last_name,secondary_email\numa.urban,Uma,Urban,uma@home.example\n",
)
def load(request: Asked, query: Query[ImportQuery]) -> object:
    """Create a mailbox of every line of a table, or none.

    The first line names the columns: local_part, first_name, last_name, secondary_email. A look with `preview=1`
    changes nothing.
    """
    refuse_other_types(request, _CSV)
    domain = request.entered.domain
    if not query.preview:
        made = mailbox_sheets.load(request.auth, request.origin, domain, request.body)
        return Status(201, Imported(created=made))
    found = mailbox_sheets.preview(request.auth, domain, request.body)
    lines = [_line(view) for view in found.rows]
    return Status(
        200, PreviewBody(good=found.good, bad=found.bad, ignored=found.ignored, notice=found.notice, rows=lines)
    )


@routes.get("/{slug}/mailboxes/export/", gate=inside(), answers={200: str}, name="exportMailboxes", media=_CSV)
def export(request: Asked) -> object:
    """Every mailbox of the domain as a table that can be imported again."""
    lines = mailbox_sheets.export(request.auth, request.entered.domain)
    answer = StreamingHttpResponse(lines, content_type=f"{_CSV}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{request.entered.domain}.csv"'
    return answer
