"""A way in for the holder of a mailbox, sent by somebody who looks after it (people.md sections 3.3, 4.6)."""

from typing import Final

from django.conf import settings

from postroom.actions import live, request_rates
from postroom.actions import mailbox_checks as checks
from postroom.actions import mailbox_letters as letters
from postroom.actions import mailbox_writing as writing
from postroom.actions.action import reads, writes
from postroom.actions.new_passwords import NewPassword, temporary
from postroom.core.errors import WrongState
from postroom.core.letters.mailbox import Way
from postroom.core.lifecycle import MailboxState
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission
from postroom.store import history, links, reach, rows
from postroom.store.models import Token
from postroom.store.rows import MailboxRow

_HOUR: Final = 3600
_TO_A_MAILBOX: Final = ((5, _HOUR), (20, 24 * _HOUR))
_TO_AN_ADDRESS: Final = ((20, _HOUR),)
"""(so many letters, in so many seconds)."""
_NOT_NOW: Final = {
    MailboxState.PENDING: "waits for its domain: its holder gets a link as soon as the domain is enabled",
    MailboxState.DISABLED: "is disabled; enable it first",
    MailboxState.FAILED: "is not on its mail platform, which refused it",
}


@reads(Permission.MAILBOX_LINK)
def send_login_link(actor: Actor, origin: Origin, address: str) -> None:
    """A one-time link to the secondary address: ours, until whose use nothing changes, or one of the platform where
    that makes them itself.

    Raises NoSecondaryEmail, WrongState, NotSettable (who looks after the mailbox may do less than its holder),
    TooManyRequests: nobody's other address is flooded; and NotOnPlatform, PlatformAway, PlatformRefused.
    """
    row = _looked_at(actor, origin, address, letters.LOGIN_LINK)
    _send(actor, origin, address, live.way_in(row.domain.platform_id, row.address, password=False))


@writes(Permission.MAILBOX_LINK)
def _send(actor: Actor, origin: Origin, address: str, way: Way | None) -> None:
    row = reach.mailbox_for_person(actor, address, Permission.MAILBOX_LINK, lock=True)
    to = _checked(actor, row, letters.LOGIN_LINK)
    now, language = history.milliseconds(origin), letters.holders_language(actor, row)
    if way is None:
        letters.send_link(letters.LOGIN_LINK, row, language, actor.name, now)
    else:
        letters.send(letters.LOGIN_LINK, row, language, way, now)
    history.note(row, actor.name, origin, "login link sent", {"sent_to": [None, to]})
    rows.save(row)


@reads(Permission.MAILBOX_LINK)
def reset_password(actor: Actor, origin: Origin, address: str) -> None:
    """The old password ends at once, and with it what was signed in by it. The secondary address gets a one-time link,
    or with POSTROOM_SEND_PASSWORDS a temporary password. Raises what `send_login_link` raises."""
    row = _looked_at(actor, origin, address, letters.RESET)
    platform_id, way = row.domain.platform_id, live.way_in(row.domain.platform_id, row.address, password=True)
    if way is not None:
        # The platform's password is a new one now, whether somebody is told it or gets in by a link.
        if not settings.SEND_PASSWORDS:
            way = live.way_in(platform_id, row.address, password=False)
        _reset(actor, origin, address, way)
        return
    # Hashed before any lock is taken.
    made = temporary(row.address, row.domain, row.old_passwords) if settings.SEND_PASSWORDS else None
    _reset(actor, origin, address, made)


@writes(Permission.MAILBOX_LINK)
def _reset(actor: Actor, origin: Origin, address: str, made: Way | tuple[str, NewPassword] | None) -> None:
    row = reach.mailbox_for_person(actor, address, Permission.MAILBOX_LINK, lock=True)
    to = _checked(actor, row, letters.RESET)
    now, language = history.milliseconds(origin), letters.holders_language(actor, row)
    links.end(row.id)
    if isinstance(made, tuple):
        text, password = made
        writing.set_password(row, password)
        letters.send_password(letters.RESET, row, language, text, now)
    else:
        row.password = ""
        Token.objects.filter(mailbox_id=row.id).delete()
        if made is None:
            letters.send_link(letters.RESET, row, language, actor.name, now)
        else:
            letters.send(letters.RESET, row, language, made, now)
    row.changed(now)
    history.note(row, actor.name, origin, "password reset", {"password": ["(secret)", None], "sent_to": [None, to]})
    rows.save(row)


def _looked_at(actor: Actor, origin: Origin, address: str, purpose: str) -> MailboxRow:
    """Before a platform is asked, and without a lock: it is all looked at once more with one."""
    row = reach.mailbox_for_person(actor, address, Permission.MAILBOX_LINK)
    to = _checked(actor, row, purpose)
    now = origin.at.timestamp()
    request_rates.count(f"letters of mailbox {row.id}", _TO_A_MAILBOX, now)
    request_rates.count(f"letters to {to}", _TO_AN_ADDRESS, now)
    return row


def _checked(actor: Actor, row: MailboxRow, purpose: str) -> str:
    """The address to write to."""
    checks.require_domain_on(row.domain)
    state = MailboxState(row.status)
    if state in _NOT_NOW:
        raise WrongState(f"{row.address} {_NOT_NOW[state]}")
    to = letters.require_other_address(row, purpose)
    checks.check_password_is_theirs_to_set(actor, row)
    return to
