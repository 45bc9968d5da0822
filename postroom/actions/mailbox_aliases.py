"""Further addresses of a mailbox, one by one: nobody who adds one takes away what another adds at the same moment."""

from postroom.actions import mailbox_checks as checks
from postroom.actions.action import writes
from postroom.actions.settings_change import differences
from postroom.core.errors import BadAttribute, NameTaken, NotFound
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission
from postroom.store import history, reach, rows
from postroom.store.rows import MailboxRow


@writes(Permission.MAILBOX_CHANGE)
def add(actor: Actor, origin: Origin, address: str, alias: str) -> None:
    """A bare local part is taken for one of the mailbox's domain.

    Raises NotSettable, BadAttribute with a hint for `aliases`, NameTaken also where it is this mailbox's already, and
    AliasLimitReached.
    """
    row = reach.mailbox_for_person(actor, address, Permission.MAILBOX_CHANGE, lock=True)
    if not alias.strip():
        raise BadAttribute(hints={"aliases": "must not be empty"})
    if not _put(actor, origin, row, [*row.aliases, alias.strip()]):
        raise NameTaken(hints={"aliases": f"{alias.strip()} leads to {row.address} already"})


@writes(Permission.MAILBOX_CHANGE)
def remove(actor: Actor, origin: Origin, address: str, alias: str) -> None:
    """Mail to it is refused from now on. Raises NotSettable, NotFound."""
    row = reach.mailbox_for_person(actor, address, Permission.MAILBOX_CHANGE, lock=True)
    if alias not in row.aliases:
        raise NotFound(f"{alias} is no alias of {row.address}")
    _put(actor, origin, row, [one for one in row.aliases if one != alias])


def _put(actor: Actor, origin: Origin, row: MailboxRow, wanted: list[str]) -> bool:
    """Whether that changed anything."""
    before = checks.told_of(row)
    checked = checks.checked_mailbox(actor, row.target, {"aliases": wanted}, {"account": row.address})
    checks.check_and_take_aliases(row, checked["aliases"])
    difference = differences(before, checks.told_of(row))
    if not difference:
        return False
    row.changed(history.milliseconds(origin))
    history.note(row, actor.name, origin, "changed", difference)
    rows.save(row)
    return True
