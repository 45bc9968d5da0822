"""A mailbox reaches its platform, or is refused there: what becomes of it then, and what its holder is told."""

from datetime import UTC, datetime

from django.conf import settings

from postroom.actions import mailbox_letters as letters
from postroom.actions import mailbox_writing as writing
from postroom.actions.new_passwords import NewPassword, temporary
from postroom.core.languages import best
from postroom.core.letters.mailbox import Way
from postroom.core.lifecycle import MAILBOX_STEPS, MailboxEvent, MailboxState, step
from postroom.core.records import Origin
from postroom.drivers import letting_in
from postroom.drivers.contract import Credentials
from postroom.store import history, rows
from postroom.store.models import Mailbox
from postroom.store.rows import MailboxRow

WayIn = Way | tuple[str, NewPassword]
"""What its platform made, or a password of ours: its text, and what to store."""

ACTOR = "postroom"


def origin(now: int) -> Origin:
    at = datetime.fromtimestamp(now / 1000, UTC)
    return Origin(face="worker", application="reconcile", request_id="", at=at)


def refused(tried: MailboxRow, reason: str, now: int) -> None:
    """In the transaction that writes down the failure. A mailbox that was changed meanwhile is tried at once, as it is
    now."""
    row = rows.mailbox_by_id(tried.id, lock=True)
    if row is None or row.generation != tried.generation or row.status != MailboxState.ENABLED:
        return
    row.status = step(MAILBOX_STEPS, MailboxState(row.status), MailboxEvent.REFUSE)
    told: history.Changes = {"status": [MailboxState.ENABLED, row.status], "failure": [None, reason]}
    history.note(row, ACTOR, origin(now), "refused", told)
    rows.save(row)


def way_in(row: MailboxRow, owed: str, credentials: Credentials | None) -> WayIn | None:
    """Made before any lock is taken, for hashing takes long, and so does asking a platform that makes its own.

    None where a link of ours is sent, or nothing. Raises what a driver raises.
    """
    if not owed or not letters.other_address(row) or row.status == MailboxState.DISABLED:
        return None
    if credentials is not None:
        limits = settings.LINK_SECONDS, settings.LINK_USES
        password, webmail = settings.SEND_PASSWORDS, settings.WEBMAIL_URL
        return letting_in.way_in(credentials, row.address, limits, password=password, webmail=webmail)
    if not settings.SEND_PASSWORDS or row.password:
        return None
    return temporary(row.address, row.domain, row.old_passwords)


def arrived(id: int, way: WayIn | None, now: int) -> None:
    """In the transaction that writes down that the platform has it: its holder is welcomed once, whatever happens."""
    row = rows.mailbox_by_id(id, lock=True)
    if row is None or row.deleted_at is not None:
        return
    if row.status == MailboxState.FAILED:
        row.status = step(MAILBOX_STEPS, MailboxState(row.status), MailboxEvent.ACCEPT)
        history.note(row, ACTOR, origin(now), "accepted", {"status": [MailboxState.FAILED, row.status]})
        rows.save(row)
    owed = Mailbox.objects.values_list("welcome", flat=True).get(id=id)
    if owed and row.status == MailboxState.ENABLED and row.domain.serves:
        _welcome(row, owed, way, now)


def _welcome(row: MailboxRow, language: str, way: WayIn | None, now: int) -> None:
    """Where there is nobody to write to, nothing is owed any more: they get in by a login link."""
    to = letters.other_address(row)
    Mailbox.objects.filter(id=row.id).update(welcome="", welcomed_at=now if to else None)
    if not to:
        return
    if isinstance(way, Way):
        letters.send(letters.WELCOME, row, best(language), way, now)
    elif way is not None and not row.password:
        text, made = way
        writing.set_password(row, made)
        row.changed(now)
        letters.send_password(letters.WELCOME, row, best(language), text, now)
    else:
        letters.send_link(letters.WELCOME, row, best(language), ACTOR, now)
    history.note(row, ACTOR, origin(now), "welcomed", {"sent_to": [None, to]})
    rows.save(row)
