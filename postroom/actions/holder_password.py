"""The holder of a mailbox, signed in to the web, gives it another password."""

from postroom.actions import live, signin
from postroom.actions import mailbox_writing as writing
from postroom.actions.action import reads, writes
from postroom.actions.new_passwords import NewPassword, plain
from postroom.core.errors import BadCredentials, ChangedMeanwhile, OutOfReach, WrongState
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission
from postroom.store import history, reach, rows
from postroom.store.rows import MailboxRow


@reads(Permission.MAILBOX_CHANGE)
def change(actor: Actor, origin: Origin, old: str, new: str) -> str:
    """What proves the new password (`MailboxRow.password_id`), so that the session that asks can go on. Every other one
    that the old password began is over, tokens too; app passwords stay.

    Raises BadCredentials, TooManyAttempts, BadAttribute, Overloaded, ChangedMeanwhile, WrongState where the mail
    platform makes the passwords itself.
    """
    row = _held(actor)
    if live.makes_passwords(row.domain.platform_id):
        raise WrongState("the password of this mailbox is made by its mail platform; ask who manages the domain")
    now, tries = origin.at.timestamp(), signin.Tries(row.address, origin.network_address)
    signin.check_attempts(tries, now)
    if not signin.checked(row.id, row.password, old):
        signin.note_failure(tries, now)
        raise BadCredentials("the present password is not right")
    signin.forget_failures(tries)
    made = plain(new, row.address, row.domain, row.old_passwords)
    return _set(actor, origin, row.password_id, made)


@writes(Permission.MAILBOX_CHANGE)
def _set(actor: Actor, origin: Origin, was: str, made: NewPassword) -> str:
    row = _held(actor, lock=True)
    if row.password_id != was:
        raise ChangedMeanwhile("the password was changed elsewhere at the same moment")
    before = row.password
    writing.set_password(row, made)
    row.changed(history.milliseconds(origin))
    history.note(row, actor.name, origin, "changed", writing.told_password(before, row.password))
    rows.save(row)
    return row.password_id


def _held(actor: Actor, *, lock: bool = False) -> MailboxRow:
    """Raises OutOfReach also for an API key, which may have been given away."""
    row = rows.mailbox_by_id(actor.mailbox_id, lock=lock) if actor.mailbox_id is not None else None
    if row is None or row.deleted_at is not None or actor.narrowing is not None:
        raise OutOfReach
    reach.require(actor, Permission.MAILBOX_CHANGE, row.target)
    return row
