"""Using a one-time link: whoever has it chooses the password of a mailbox.

Looking costs nothing: mail programs and virus scanners open links too. A use is a password that was set.
"""

import time
from typing import Final

import msgspec

from postroom.actions import mailbox_checks as checks
from postroom.actions import mailbox_writing as writing
from postroom.actions import request_rates
from postroom.actions.action import reads, writes
from postroom.actions.new_passwords import NewPassword, plain
from postroom.core.errors import LinkDead
from postroom.core.lifecycle import MailboxState
from postroom.core.passwords.tokens import hash_token
from postroom.core.records import Origin
from postroom.store import history, rows
from postroom.store.models import OneTimeLink
from postroom.store.rows import MailboxRow

_MISSES: Final = ((50, 3600),)
"""From one network address: (so many unknown links, in so many seconds)."""
_TRIES: Final = ((20, 3600),)
"""With one link: hashing and judging passwords costs a core's time."""


class LinkView(msgspec.Struct, frozen=True, kw_only=True):
    address: str
    expires_at: int
    uses_left: int


@reads()
def look(code: str, network_address: str) -> LinkView:
    """Raises LinkDead, whatever the reason, and TooManyRequests."""
    link, row = _living(code, network_address, time.time())
    return LinkView(address=row.address, expires_at=link.expires_at, uses_left=link.uses_left)


@reads()
def redeem(origin: Origin, code: str, password: str) -> str:
    """Set the password, plain as it was typed; the mailbox's address.

    Raises LinkDead, TooManyRequests, and BadAttribute where the domain's rules do not take the password: that is no
    use.
    """
    now = origin.at.timestamp()
    _, row = _living(code, origin.network_address, now)
    request_rates.count(f"tries of link {hash_token(code)}", _TRIES, now)
    made = plain(password, row.address, row.domain, row.old_passwords)
    if made.refused is not None:
        raise made.refused
    return _redeem(origin, code, made)


@writes()
def _redeem(origin: Origin, code: str, made: NewPassword) -> str:
    now = origin.at.timestamp()
    link, row = _living(code, origin.network_address, now, lock=True)
    writing.set_password(row, made)
    # The link may be used again after itself, and after nobody else.
    OneTimeLink.objects.filter(pk=link.pk).update(uses_left=link.uses_left - 1, password_id=row.password_id)
    row.changed(history.milliseconds(origin))
    history.note(row, row.address, origin, "changed", {"password": ["(secret)", "(secret)"]})
    rows.save(row)
    return row.address


def _living(code: str, network_address: str, now: float, *, lock: bool = False) -> tuple[OneTimeLink, MailboxRow]:
    found = OneTimeLink.objects.filter(hash=hash_token(code))
    link = found.first()
    row = rows.mailbox_by_id(link.mailbox_id, lock=lock) if link else None
    if lock:
        link = found.first()  # whoever held the lock may have used it
    if link is None or row is None or not _is_good(link, row, now):
        request_rates.count(f"dead links from {network_address}", _MISSES, now)
        raise LinkDead
    return link, row


def _is_good(link: OneTimeLink, row: MailboxRow, now: float) -> bool:
    return (
        link.expires_at > now * 1000
        and link.uses_left > 0
        and link.password_id == row.password_id
        and row.status == MailboxState.ENABLED
        and row.deleted_at is None
        and not checks.is_off(row.domain)
    )
