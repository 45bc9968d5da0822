"""Deleted mailboxes that can still be restored."""

import msgspec
from django.conf import settings as configuration
from django.db.models import QuerySet

from postroom.actions.action import reads
from postroom.core.errors import NotFound
from postroom.core.roles import Actor, Permission
from postroom.store import reach
from postroom.store.models import Mailbox, Tombstone

_DAY = 86_400_000


class DeletedMailbox(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    address: str
    deleted_at: int
    deleted_by: str
    restorable_until: int


@reads(Permission.MAILBOX_RESTORE)
def listed(
    actor: Actor, domain: str, now: int, *, q: str = "", first: int = 0, limit: int = 20
) -> tuple[list[DeletedMailbox], int]:
    """Of a domain, the one deleted last first. `q`: part of the address."""
    lasts = configuration.RESTORE_DAYS * _DAY
    found = _stones(actor, domain).filter(deleted_at__gte=now - lasts)
    if q:
        found = found.filter(name__contains=q.strip().lower())
    stones = [
        DeletedMailbox(
            id=stone.object_id,
            address=stone.name,
            deleted_at=stone.deleted_at,
            deleted_by=stone.deleted_by,
            restorable_until=stone.deleted_at + lasts,
        )
        for stone in found.order_by("-deleted_at", "-id")[first : first + limit]
    ]
    return stones, found.count()


@reads(Permission.MAILBOX_RESTORE)
def one(actor: Actor, domain: str, id: int) -> tuple[str, str]:
    """The address it had, and what its restoring goes by. Raises DomainNotFound, RoleTooSmall, NotFound."""
    stone = _stones(actor, domain).filter(object_id=id).values_list("name", "restore_id").first()
    if stone is None:
        raise NotFound
    return stone


def _stones(actor: Actor, domain: str) -> QuerySet[Tombstone]:
    row = reach.domain_for_person(actor, domain, Permission.MAILBOX_RESTORE, in_part=True)
    found = Tombstone.objects.filter(kind="mailbox", domain_id=row.id)
    groups = reach.workgroups(actor, Permission.MAILBOX_RESTORE, row)
    if groups is None:
        return found
    return found.filter(object_id__in=Mailbox.objects.filter(workgroup__in=groups).values("id"))
