"""Contacts of an account's address book. There are no address books yet, so nothing was ever deleted from one."""

from collections.abc import Sequence

from postroom.actions.action import reads
from postroom.core.errors import NotFound
from postroom.core.roles import Actor, Permission
from postroom.store import reach


@reads(Permission.MAILBOX_SEE)
def deleted(actor: Actor, address: str) -> list[dict[str, str]]:
    reach.mailbox(actor, address, Permission.MAILBOX_SEE)
    return []


@reads(Permission.MESSAGES_CHANGE)
def restore(actor: Actor, address: str, ids: Sequence[str]) -> list[tuple[str, NotFound | None]]:
    """Each id, and why it was not restored; None where it was."""
    reach.mailbox(actor, address, Permission.MESSAGES_CHANGE)
    return [(id, NotFound()) for id in ids]
