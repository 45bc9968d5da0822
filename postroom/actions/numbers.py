"""How much there is of everything."""

from datetime import timedelta

import msgspec

from postroom.actions.action import reads
from postroom.core.lifecycle import DomainState
from postroom.core.records import Origin
from postroom.store.models import Alias, Domain, Mailbox, Person

_MONTH = timedelta(days=30)


class Numbers(msgspec.Struct, frozen=True, kw_only=True):
    people: int
    active_people: int
    """Signed in during the last 30 days."""
    domains: int
    """Enabled ones."""
    mailboxes: int
    aliases: int
    """Names, whatever the number of their destinations."""


@reads()
def of_everything(origin: Origin) -> Numbers:
    people = Person.objects.filter(is_active=True)
    return Numbers(
        people=people.count(),
        active_people=people.filter(last_login__gte=origin.at - _MONTH).count(),
        domains=Domain.objects.filter(status=DomainState.ENABLED, deleted_at=None).count(),
        mailboxes=Mailbox.objects.filter(deleted_at=None).count(),
        aliases=Alias.objects.values("domain_id", "local_part").distinct().count(),
    )
