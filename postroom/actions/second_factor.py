"""Second factors of accounts. None can be set up yet (docs/decisions/008-mails-and-numbers.md)."""

from postroom.actions.action import reads
from postroom.core.roles import Actor, Permission
from postroom.store import reach


@reads(Permission.SECOND_FACTOR_REMOVE)
def remove(actor: Actor, address: str) -> None:
    """Nothing is there to remove, which is what was asked for. That one is required stays, for it is the company's
    to say (`2fa_required_oma`)."""
    reach.mailbox(actor, address, Permission.SECOND_FACTOR_REMOVE)
