"""What happened to a domain or a mailbox, for those who look after it: the newest first."""

from typing import Any

import msgspec

from postroom.actions import undo
from postroom.actions.action import reads
from postroom.core.roles import Actor, Permission
from postroom.store import reach
from postroom.store.models import History
from postroom.store.rows import CompanyRow, DomainRow, MailboxRow


class HistoryLine(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    at: int
    name: str
    """The object's at the time."""
    actor: str
    face: str
    application: str
    request_id: str
    verb: str
    changes: dict[str, Any]
    """Field → [before, after]; never a secret."""
    undoable: bool
    """By whoever asks, as things are now."""


@reads(Permission.COMPANY_SEE)
def of_company(actor: Actor, name: str, *, first: int = 0, limit: int = 20) -> tuple[list[HistoryLine], int]:
    return _page(actor, "company", reach.company(actor, name, Permission.COMPANY_SEE), first, limit)


@reads(Permission.DOMAIN_SEE)
def of_domain(actor: Actor, name: str, *, first: int = 0, limit: int = 20) -> tuple[list[HistoryLine], int]:
    row = reach.domain_for_person(actor, name, Permission.DOMAIN_SEE)
    return _page(actor, "domain", row, first, limit)


@reads(Permission.MAILBOX_SEE)
def of_mailbox(actor: Actor, address: str, *, first: int = 0, limit: int = 20) -> tuple[list[HistoryLine], int]:
    row = reach.mailbox_for_person(actor, address, Permission.MAILBOX_SEE)
    return _page(actor, "mailbox", row, first, limit)


def _page(
    actor: Actor, kind: str, row: CompanyRow | DomainRow | MailboxRow, first: int, limit: int
) -> tuple[list[HistoryLine], int]:
    found = History.objects.filter(kind=kind, object_id=row.id)
    lines = [
        HistoryLine(
            id=entry.pk,
            at=entry.at,
            name=entry.name,
            actor=entry.actor,
            face=entry.face,
            application=entry.application,
            request_id=entry.request_id,
            verb=entry.verb,
            changes=entry.changes,
            undoable=not isinstance(row, CompanyRow) and undo.why_not(actor, row, entry.verb, entry.changes) is None,
        )
        for entry in found.order_by("-id")[first : first + limit]
    ]
    return lines, found.count()
