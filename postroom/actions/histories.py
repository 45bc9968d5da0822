"""What happened to a domain or a mailbox, for those who look after it: the newest first."""

from typing import Any

import msgspec

from postroom.actions.action import reads
from postroom.core.roles import Actor, Permission
from postroom.store import reach
from postroom.store.models import History


class HistoryLine(msgspec.Struct, frozen=True, kw_only=True):
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


@reads(Permission.DOMAIN_SEE)
def of_domain(actor: Actor, name: str, *, first: int = 0, limit: int = 20) -> tuple[list[HistoryLine], int]:
    row = reach.domain_for_person(actor, name, Permission.DOMAIN_SEE)
    return _page("domain", row.id, first, limit)


@reads(Permission.MAILBOX_SEE)
def of_mailbox(actor: Actor, address: str, *, first: int = 0, limit: int = 20) -> tuple[list[HistoryLine], int]:
    row = reach.mailbox_for_person(actor, address, Permission.MAILBOX_SEE)
    return _page("mailbox", row.id, first, limit)


def _page(kind: str, id: int, first: int, limit: int) -> tuple[list[HistoryLine], int]:
    found = History.objects.filter(kind=kind, object_id=id)
    lines = [
        HistoryLine(
            at=entry.at,
            name=entry.name,
            actor=entry.actor,
            face=entry.face,
            application=entry.application,
            request_id=entry.request_id,
            verb=entry.verb,
            changes=entry.changes,
        )
        for entry in found.order_by("-id")[first : first + limit]
    ]
    return lines, found.count()
