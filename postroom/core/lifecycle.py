"""States and steps of a domain and of a mailbox: one transition table a noun.

This is the wanted state. Whether the mail platform has caught up is another question, answered by
`generation` and `applied_generation` on the row (docs/architecture.md, "the life of a change").
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from postroom.core.errors import WrongState


class DomainState(StrEnum):
    PENDING = "pending"  # nobody has proved control of it yet: serves no mail
    ACTION_REQUIRED = "action_required"  # its owner must change something in DNS
    ENABLED = "enabled"
    FAILED = "failed"  # something on our side is wrong
    DISABLED = "disabled"  # switched off by an operator; no check switches it on again
    DELETED = "deleted"


class DomainEvent(StrEnum):
    CHECK_PASSED = "check_passed"
    CHECK_FAILED_OUTSIDE = "check_failed_outside"  # in the owner's DNS
    CHECK_FAILED_INSIDE = "check_failed_inside"  # on our side
    TRUST = "trust"  # its company proves control elsewhere
    DISABLE = "disable"
    ENABLE = "enable"
    DELETE = "delete"
    RESTORE = "restore"


class MailboxState(StrEnum):
    PENDING = "pending"  # waits for its domain
    ENABLED = "enabled"
    DISABLED = "disabled"
    FAILED = "failed"  # the platform refuses it; the row says why
    DELETED = "deleted"


class MailboxEvent(StrEnum):
    DOMAIN_ENABLED = "domain_enabled"
    REFUSE = "refuse"
    RETRY = "retry"
    ACCEPT = "accept"  # after having refused it
    DISABLE = "disable"
    ENABLE = "enable"
    DELETE = "delete"
    RESTORE = "restore"


_UNPROVEN = (DomainState.PENDING, DomainState.ACTION_REQUIRED, DomainState.FAILED)
_LIVING_DOMAIN = (*_UNPROVEN, DomainState.ENABLED, DomainState.DISABLED)

# A check of a disabled or deleted domain has no row: its result is not a step (people.md section 7.3, defect 9).
DOMAIN_STEPS: Mapping[tuple[DomainState, DomainEvent], DomainState] = {
    **{(s, DomainEvent.CHECK_PASSED): DomainState.ENABLED for s in (*_UNPROVEN, DomainState.ENABLED)},
    **{(s, DomainEvent.CHECK_FAILED_OUTSIDE): DomainState.ACTION_REQUIRED for s in (*_UNPROVEN, DomainState.ENABLED)},
    **{(s, DomainEvent.CHECK_FAILED_INSIDE): DomainState.FAILED for s in (*_UNPROVEN, DomainState.ENABLED)},
    **{(s, DomainEvent.TRUST): DomainState.ENABLED for s in (*_UNPROVEN, DomainState.ENABLED)},
    **{(s, DomainEvent.DISABLE): DomainState.DISABLED for s in (*_UNPROVEN, DomainState.ENABLED)},
    (DomainState.DISABLED, DomainEvent.ENABLE): DomainState.PENDING,  # it has to prove itself anew
    **{(s, DomainEvent.DELETE): DomainState.DELETED for s in _LIVING_DOMAIN},
    (DomainState.DELETED, DomainEvent.RESTORE): DomainState.PENDING,
}

_LIVING_MAILBOX = (MailboxState.PENDING, MailboxState.ENABLED, MailboxState.DISABLED, MailboxState.FAILED)

MAILBOX_STEPS: Mapping[tuple[MailboxState, MailboxEvent], MailboxState] = {
    (MailboxState.PENDING, MailboxEvent.DOMAIN_ENABLED): MailboxState.ENABLED,
    (MailboxState.ENABLED, MailboxEvent.REFUSE): MailboxState.FAILED,
    (MailboxState.FAILED, MailboxEvent.RETRY): MailboxState.ENABLED,
    (MailboxState.FAILED, MailboxEvent.ACCEPT): MailboxState.ENABLED,
    **{
        (s, MailboxEvent.DISABLE): MailboxState.DISABLED
        for s in (MailboxState.PENDING, MailboxState.ENABLED, MailboxState.FAILED)
    },
    # Where its domain is enabled already, DOMAIN_ENABLED follows at once; so it does after a restoration.
    (MailboxState.DISABLED, MailboxEvent.ENABLE): MailboxState.PENDING,
    **{(s, MailboxEvent.DELETE): MailboxState.DELETED for s in _LIVING_MAILBOX},
    (MailboxState.DELETED, MailboxEvent.RESTORE): MailboxState.PENDING,
}

State = TypeVar("State", bound=StrEnum)
Event = TypeVar("Event", bound=StrEnum)


def step(table: Mapping[tuple[State, Event], State], state: State, event: Event) -> State:
    """The state after `event`. Raises WrongState where the table has no such step."""
    try:
        return table[state, event]
    except KeyError:
        raise WrongState(f'"{event}" is not possible while the state is "{state}"') from None


def possible(table: Mapping[tuple[State, Event], State], state: State) -> list[Event]:
    """What can happen next: for menus, and for the generated page of states."""
    return [event for (at, event) in table if at == state]
