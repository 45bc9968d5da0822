"""A mailbox reaches its platform, or is refused there: what becomes of it then, and what its holder is told."""

from datetime import UTC, datetime

from django.conf import settings

from postroom.actions import mailbox_letters as letters
from postroom.actions import mailbox_writing as writing
from postroom.actions.new_passwords import NewPassword, temporary
from postroom.core.languages import best
from postroom.core.lifecycle import MAILBOX_STEPS, MailboxEvent, MailboxState, step
from postroom.core.records import Origin
from postroom.store import history, rows
from postroom.store.models import Mailbox
from postroom.store.rows import MailboxRow

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


def temporary_password(row: MailboxRow) -> tuple[str, NewPassword] | None:
    """Made before any lock is taken, for hashing takes long; None where a link is sent, or nothing."""
    if not settings.SEND_PASSWORDS or row.password or not letters.other_address(row):
        return None
    return temporary(row.address, row.domain, row.old_passwords)


def arrived(id: int, password: tuple[str, NewPassword] | None, now: int) -> None:
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
        _welcome(row, owed, password, now)


def _welcome(row: MailboxRow, language: str, password: tuple[str, NewPassword] | None, now: int) -> None:
    """Where there is nobody to write to, nothing is owed any more: they get in by a login link."""
    to = letters.other_address(row)
    Mailbox.objects.filter(id=row.id).update(welcome="", welcomed_at=now if to else None)
    if not to:
        return
    if password is not None and not row.password:
        text, made = password
        writing.set_password(row, made)
        row.changed(now)
        letters.send_password(letters.WELCOME, row, best(language), text, now)
    else:
        letters.send_link(letters.WELCOME, row, best(language), ACTOR, now)
    history.note(row, ACTOR, origin(now), "welcomed", {"sent_to": [None, to]})
    rows.save(row)
