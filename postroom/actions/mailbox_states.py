"""Switching a mailbox off and on, and trying again what its platform refused (core/lifecycle.py)."""

from postroom.actions import mailbox_checks as checks
from postroom.actions.action import writes
from postroom.core.errors import WrongState
from postroom.core.lifecycle import MAILBOX_STEPS, DomainState, MailboxEvent, MailboxState, step
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission
from postroom.store import due, history, links, reach, rows
from postroom.store.models import Mailbox, Token
from postroom.store.rows import MailboxRow


@writes(Permission.MAILBOX_SWITCH)
def disable(actor: Actor, origin: Origin, address: str) -> None:
    """No mail in, no sign-in from now on, sessions and links end; mail and settings stay. Of one that is disabled
    already nothing is asked."""
    switch_off(actor, origin, reach.mailbox_for_person(actor, address, Permission.MAILBOX_SWITCH, lock=True))


def switch_off(actor: Actor, origin: Origin, row: MailboxRow) -> None:
    """The caller has asked who may do it, and holds the row's lock."""
    if row.status == MailboxState.DISABLED:
        return
    Token.objects.filter(mailbox_id=row.id).delete()
    links.end(row.id)
    _move(actor, origin, row, "disabled", MailboxEvent.DISABLE)


@writes(Permission.MAILBOX_SWITCH)
def enable(actor: Actor, origin: Origin, address: str) -> None:
    """Where its domain was never enabled, the mailbox waits for that. Of one that is enabled already nothing is asked.

    Raises WrongState for one that waits or that its platform refused, DomainDisabled.
    """
    switch_on(actor, origin, reach.mailbox_for_person(actor, address, Permission.MAILBOX_SWITCH, lock=True))


def switch_on(actor: Actor, origin: Origin, row: MailboxRow) -> None:
    """As `enable`. The caller has asked who may do it, and holds the row's lock."""
    checks.require_domain_on(row.domain)
    if row.status == MailboxState.ENABLED:
        return
    was_sent = Mailbox.objects.filter(id=row.id).exclude(applied_name="").exists()
    ready = was_sent or row.domain.status == DomainState.ENABLED
    _move(actor, origin, row, "enabled", MailboxEvent.ENABLE, *([MailboxEvent.DOMAIN_ENABLED] if ready else []))


@writes(Permission.MAILBOX_SWITCH)
def retry(actor: Actor, origin: Origin, address: str) -> None:
    """Have the platform asked now, in place of within the hour. Raises WrongState where nothing has failed."""
    try_again(actor, origin, reach.mailbox_for_person(actor, address, Permission.MAILBOX_SWITCH, lock=True))


def try_again(actor: Actor, origin: Origin, row: MailboxRow) -> None:
    """As `retry`. The caller has asked who may do it, and holds the row's lock."""
    checks.require_domain_on(row.domain)
    if row.status == MailboxState.FAILED:
        _move(actor, origin, row, "retried", MailboxEvent.RETRY)
        return
    if not Mailbox.objects.filter(id=row.id).exclude(failure="").exists():
        raise WrongState(f"{row.address} has not failed")
    due.hurry(Mailbox, row.id, history.milliseconds(origin))


def _move(actor: Actor, origin: Origin, row: MailboxRow, verb: str, *events: MailboxEvent) -> None:
    before = state = MailboxState(row.status)
    for event in events:
        state = step(MAILBOX_STEPS, state, event)
    row.status = state
    row.changed(history.milliseconds(origin))
    history.note(row, actor.name, origin, verb, {"status": [before, state]})
    rows.save(row)
