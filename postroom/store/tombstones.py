"""Marks of deleted objects that can still be restored."""

from postroom.store.models import Tombstone
from postroom.store.rows import DomainRow, MailboxRow


def put(row: DomainRow | MailboxRow, actor_name: str, now: int) -> None:
    """The id for restoring is the epoch second, as known clients expect; counted up where a name dies twice in one."""
    kind = "mailbox" if isinstance(row, MailboxRow) else "domain"
    domain = row.domain if isinstance(row, MailboxRow) else row
    second = now // 1000
    taken = set(Tombstone.objects.filter(kind=kind, name=row.name).values_list("restore_id", flat=True))
    while str(second) in taken:
        second += 1
    Tombstone.objects.create(
        kind=kind,
        object_id=row.id,
        name=row.name,
        restore_id=str(second),
        company_id=domain.company_id,
        domain_id=domain.id,
        deleted_at=now,
        deleted_by=actor_name,
        kept={"aliases": row.aliases, "status": row.status},
    )
