"""What somebody may do with the mailboxes of a domain, or with one: which buttons they see. The actions ask again."""

import msgspec

from postroom.actions import entry
from postroom.core.errors import DomainNotFound, NotFound
from postroom.core.roles import Actor, Permission, Target, allows


class May(msgspec.Struct, frozen=True, kw_only=True):
    create: bool
    change: bool
    switch: bool
    link: bool
    rename: bool
    delete: bool
    restore: bool
    see_aliases: bool
    change_aliases: bool

    @property
    def some_at_once(self) -> bool:
        return self.switch or self.link or self.delete


def may(actor: Actor, target: Target) -> May:
    return May(
        create=allows(actor, Permission.MAILBOX_CREATE, target),
        change=allows(actor, Permission.MAILBOX_CHANGE, target),
        switch=allows(actor, Permission.MAILBOX_SWITCH, target),
        link=allows(actor, Permission.MAILBOX_LINK, target),
        rename=allows(actor, Permission.MAILBOX_RENAME, target),
        delete=allows(actor, Permission.MAILBOX_DELETE, target),
        restore=allows(actor, Permission.MAILBOX_RESTORE, target),
        see_aliases=allows(actor, Permission.ALIAS_SEE, target),
        change_aliases=allows(actor, Permission.ALIAS_CHANGE, target),
    )


def door(actor: Actor, name: str) -> entry.Door:
    """Raises DomainNotFound, also where it is only not theirs."""
    try:
        return entry.domain(actor, name.lower())
    except NotFound:
        raise DomainNotFound from None
