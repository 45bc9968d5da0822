"""What somebody may do with the mailboxes of a domain, or with one: which buttons they see. The actions ask again."""

import msgspec

from postroom.actions import entry
from postroom.core.errors import DomainNotFound, NotFound
from postroom.core.roles import Actor, Permission, Target, allows


class May(msgspec.Struct, frozen=True, kw_only=True):
    create: bool
    create_many: bool
    """From a table: it is compared with all the domain."""
    change: bool
    switch: bool
    link: bool
    rename: bool
    delete: bool
    restore: bool
    see_domain: bool
    see_aliases: bool
    change_aliases: bool

    @property
    def some_at_once(self) -> bool:
        return self.switch or self.link or self.delete


def may(actor: Actor, *targets: Target) -> May:
    """On any of them. All are of one domain."""

    def allowed(permission: Permission) -> bool:
        return any(allows(actor, permission, target) for target in targets)

    domain = Target(targets[0].company_id, targets[0].domain_id)
    return May(
        create=allowed(Permission.MAILBOX_CREATE),
        create_many=allows(actor, Permission.MAILBOX_CREATE, domain),
        change=allowed(Permission.MAILBOX_CHANGE),
        switch=allowed(Permission.MAILBOX_SWITCH),
        link=allowed(Permission.MAILBOX_LINK),
        rename=allowed(Permission.MAILBOX_RENAME),
        delete=allowed(Permission.MAILBOX_DELETE),
        restore=allowed(Permission.MAILBOX_RESTORE),
        see_domain=allows(actor, Permission.DOMAIN_SEE, domain),
        see_aliases=allowed(Permission.ALIAS_SEE),
        change_aliases=allowed(Permission.ALIAS_CHANGE),
    )


def door(actor: Actor, name: str) -> entry.Door:
    """Raises DomainNotFound, also where it is only not theirs."""
    try:
        return entry.domain(actor, name.lower())
    except NotFound:
        raise DomainNotFound from None
