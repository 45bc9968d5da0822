"""What mail programs need to know to be set up: for anybody by the domain, for a holder by the mailbox."""

import msgspec

from postroom.actions import live
from postroom.actions.action import reads
from postroom.core import inheritance
from postroom.core.address import fold
from postroom.core.devices.servers import Servers, in_use
from postroom.core.errors import DomainNotFound
from postroom.core.roles import Actor, Permission
from postroom.store import reach, rows


class DomainSetup(msgspec.Struct, frozen=True, kw_only=True):
    domain: str
    """Its own name: people sign in under it."""
    servers: Servers


class MailboxSetup(msgspec.Struct, frozen=True, kw_only=True):
    address: str
    """To sign in with."""
    name: str
    """Of the person, as receivers of their mail see it; empty where nobody has said."""
    servers: Servers


@reads()
def of_domain(name: str) -> DomainSetup:
    """`name`: the domain's own or an alias. Anybody may ask: it is no more than DNS tells, so a domain that is not in
    service is not there. Raises DomainNotFound, PlatformAway, PlatformRefused.
    """
    found = rows.find_domain(fold(name))
    if found is None or not found[1].serves:
        raise DomainNotFound
    row = found[1]
    return DomainSetup(domain=row.name, servers=in_use(live.mail_servers(row.platform_id, row.name), row.settings))


@reads(Permission.MAILBOX_SEE)
def of_mailbox(actor: Actor, address: str) -> MailboxSetup:
    """Raises PlatformAway, PlatformRefused, and what `reach.mailbox_for_person` does."""
    row = reach.mailbox_for_person(actor, address, Permission.MAILBOX_SEE)
    return MailboxSetup(
        address=row.address,
        name=str(inheritance.value("name", row.settings) or f"{row.first_name} {row.last_name}".strip()),
        servers=in_use(live.mail_servers(row.domain.platform_id, row.domain.name), row.settings),
    )
