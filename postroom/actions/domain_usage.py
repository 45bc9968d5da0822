"""How much a domain has and holds at this moment."""

import msgspec

from postroom.actions.action import reads
from postroom.core.roles import Actor, Permission
from postroom.store import alias_routes, counting, reach
from postroom.store.counting import Fullest

_FULLEST = 10


class DomainUsage(msgspec.Struct, frozen=True, kw_only=True):
    mailboxes: dict[str, int]
    """Status → how many, those of which there are any."""
    limit_mailboxes: int | None
    """None: as many as wanted."""
    aliases: int
    limit_aliases: int | None
    stored_bytes: int
    stored_messages: int
    """As the mail servers have told last."""
    allotted_bytes: int
    """The sum of what the mailboxes may store."""
    full: int
    """Mailboxes that take no more mail."""
    largest: list[Fullest]

    @property
    def total(self) -> int:
        return sum(self.mailboxes.values())


@reads(Permission.DOMAIN_STATISTICS_SEE)
def show(actor: Actor, name: str) -> DomainUsage:
    row = reach.domain_for_person(actor, name, Permission.DOMAIN_STATISTICS_SEE)
    held = counting.held(row.id)
    return DomainUsage(
        mailboxes={line.status: line.number for line in held},
        limit_mailboxes=_limit(row.settings.get("limit_users")),
        aliases=alias_routes.count_names(row.id),
        limit_aliases=_limit(row.settings.get("limit_aliases")),
        stored_bytes=sum(line.bytes for line in held),
        stored_messages=sum(line.messages for line in held),
        allotted_bytes=sum(line.allotted for line in held),
        full=sum(line.full for line in held),
        largest=counting.fullest(row.id, _FULLEST),
    )


def _limit(value: object) -> int | None:
    return value if isinstance(value, int) else None
