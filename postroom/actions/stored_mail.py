"""What is in an account's mailbox: folders, messages, filters, live sessions (oma.md sections 5.5 and 7.8).

The platform is asked outside of transactions; what it did is written down afterwards. An account that is new and has
not reached its platform has no mail yet.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from postroom.actions import live
from postroom.actions.action import reads, writes
from postroom.core.errors import BadAttribute, BadRequest, FolderNotFound, NotFound, NotOnPlatform, WrongState
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission
from postroom.core.stored_mail import LONGEST_SCRIPT, is_script_name
from postroom.store import history, jobs, reach, rows
from postroom.store.models import Reindexing, Token
from postroom.store.rows import MailboxRow

NEW_FOLDERS = ("Drafts", "INBOX", "Sent", "Spam", "Trash")
MOST_MESSAGES = 1000
"""That one call lists or changes."""


class Folders(msgspec.Struct, frozen=True):
    """Levels are parted by a slash."""

    present: Sequence[str]
    deleted: Sequence[str]
    """No longer there, but messages that were in them can be restored."""


class MessageLine(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    folder: str
    headers: Sequence[tuple[str, str]]


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """Which messages to list."""

    folder: str = "INBOX"
    unseen: bool = False
    newest: bool = False
    limit: int = MOST_MESSAGES


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    text: str
    active: bool


class FilterChange(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    text: str | msgspec.UnsetType | None = msgspec.UNSET
    """None deletes; unset leaves it as it is."""
    activate: str | None = None


class FilterOutcome(msgspec.Struct, frozen=True):
    done: str
    """updated, deleted, or nothing where no text was given."""
    activated: bool
    """False where it was active already, or nothing was to be activated."""


@reads(Permission.MAILBOX_SEE)
def folders(actor: Actor, address: str) -> Folders:
    row = reach.mailbox(actor, address, Permission.MAILBOX_SEE)
    try:
        with live.stored_mail(row.domain.platform_id) as mail:
            present = [folder.name for folder in mail.folders(row.address)]
            deleted = mail.deleted_folders(row.address)
    except NotOnPlatform:
        return Folders(NEW_FOLDERS, [])
    return Folders(present, [name for name in deleted if name not in present])


@reads(Permission.MESSAGES_SEE)
def messages(actor: Actor, address: str, wish: Wish) -> list[MessageLine]:
    """Raises FolderNotFound."""
    row = reach.mailbox(actor, address, Permission.MESSAGES_SEE)
    limit = min(wish.limit, MOST_MESSAGES)
    try:
        with live.stored_mail(row.domain.platform_id) as mail:
            folder = _meant(wish.folder, (f.name for f in mail.folders(row.address)))
            found = mail.messages(row.address, folder, unseen=wish.unseen, newest=wish.newest, limit=limit)
    except NotOnPlatform:
        _meant(wish.folder, NEW_FOLDERS)
        return []
    return [MessageLine(id=m.id, folder=m.folder, headers=m.headers) for m in found]


@reads(Permission.MESSAGES_SEE)
def has_new(actor: Actor, address: str) -> bool:
    """Whether there is a message in INBOX that nobody has seen."""
    row = reach.mailbox(actor, address, Permission.MESSAGES_SEE)
    try:
        with live.stored_mail(row.domain.platform_id) as mail:
            return any(f.unseen for f in mail.folders(row.address) if f.name == "INBOX")
    except NotOnPlatform:
        return False


@reads(Permission.MAILBOX_SEE)
def deleted_messages(actor: Actor, address: str, folder: str | None) -> list[MessageLine]:
    """Of one folder, which may be gone itself, or of all. Raises FolderNotFound."""
    row = reach.mailbox(actor, address, Permission.MAILBOX_SEE)
    try:
        with live.stored_mail(row.domain.platform_id) as mail:
            name = ""
            if folder:
                gone = mail.deleted_folders(row.address)
                name = _meant(folder, [*(f.name for f in mail.folders(row.address)), *gone])
            found = mail.deleted(row.address, name, limit=MOST_MESSAGES)
    except NotOnPlatform:
        _meant(folder or "INBOX", NEW_FOLDERS)
        return []
    return [MessageLine(id=m.id, folder=m.folder, headers=m.headers) for m in found]


@reads(Permission.MESSAGES_CHANGE)
def move(actor: Actor, origin: Origin, address: str, ids: Sequence[str], folder: str) -> frozenset[str]:
    """The ids of those that were moved. Raises FolderNotFound."""
    row = reach.mailbox(actor, address, Permission.MESSAGES_CHANGE)
    _check_number(ids)
    with live.stored_mail(row.domain.platform_id) as mail:
        target = _meant(folder, (f.name for f in mail.folders(row.address)))
        moved = mail.move(row.address, ids, target)
    if moved:
        _note(actor, origin, row.id, "messages moved", {"messages": [0, len(moved)], "folder": [None, target]})
    return moved


@reads(Permission.MESSAGES_CHANGE)
def restore(actor: Actor, origin: Origin, address: str, ids: Sequence[str]) -> frozenset[str]:
    """The ids of those that are back."""
    row = reach.mailbox(actor, address, Permission.MESSAGES_CHANGE)
    _check_number(ids)
    with live.stored_mail(row.domain.platform_id) as mail:
        restored = mail.restore(row.address, ids)
    if restored:
        _note(actor, origin, row.id, "messages restored", {"messages": [0, len(restored)]})
    return restored


@reads(Permission.MESSAGES_CHANGE)
def begin_reindexing(actor: Actor, origin: Origin, address: str, folder: str | None) -> str:
    """The worker does it: a large mailbox takes longer than a caller waits. The id is for `reindexing`."""
    row = reach.mailbox(actor, address, Permission.MESSAGES_CHANGE)
    name = ""
    with live.stored_mail(row.domain.platform_id) as mail:
        if folder:
            name = _meant(folder, (f.name for f in mail.folders(row.address)))
    return _enqueue_reindexing(actor, origin, row.id, name)


@writes(Permission.MESSAGES_CHANGE)
def _enqueue_reindexing(actor: Actor, origin: Origin, mailbox_id: int, folder: str) -> str:
    id, now = secrets.token_hex(16), history.milliseconds(origin)
    _note(actor, origin, mailbox_id, "reindexing", {"folder": [None, folder or "all"]})
    Reindexing.objects.create(id=id, mailbox_id=mailbox_id, folder=folder, status="pending", created_at=now)
    jobs.enqueue("reindex", id, now)
    return id


@reads(Permission.MESSAGES_CHANGE)
def reindexing(actor: Actor, address: str, id: str) -> str:
    """pending, active, complete or failed."""
    row = reach.mailbox(actor, address, Permission.MESSAGES_CHANGE)
    found = Reindexing.objects.filter(mailbox_id=row.id, id=id).first()
    if found is None:
        raise NotFound("no reindexing of this account has that id; they are forgotten after a week")
    return found.status


@reads(Permission.SESSIONS_END)
def end_sessions(actor: Actor, origin: Origin, address: str) -> int:
    """Revoke every token of the account, then end its live sessions; how many tokens there were.

    Raises PlatformAway where the tokens are revoked and the sessions may live on: to be called again.
    """
    row, ended = _revoke_tokens(actor, origin, address)
    try:
        with live.stored_mail(row.domain.platform_id) as mail:
            mail.kick(row.address)
    except (NotOnPlatform, WrongState):
        return ended  # no sessions there that we could end
    return ended


@writes(Permission.SESSIONS_END)
def _revoke_tokens(actor: Actor, origin: Origin, address: str) -> tuple[MailboxRow, int]:
    row = reach.mailbox(actor, address, Permission.SESSIONS_END, lock=True)
    ended, _ = Token.objects.filter(mailbox_id=row.id).delete()
    history.note(row, actor.name, origin, "logged out", {"tokens": [ended, 0]})
    rows.save(row)
    return row, ended


@reads(Permission.MESSAGES_CHANGE)
def filters(actor: Actor, address: str) -> list[Filter]:
    row = reach.mailbox(actor, address, Permission.MESSAGES_CHANGE)
    try:
        with live.stored_mail(row.domain.platform_id) as mail:
            return [Filter(name=s.name, text=s.text, active=s.active) for s in mail.scripts(row.address)]
    except NotOnPlatform:
        return []


@reads(Permission.MESSAGES_CHANGE)
def change_filter(actor: Actor, origin: Origin, address: str, change: FilterChange) -> FilterOutcome:
    """Raises BadAttribute with what is wrong with the text, NotFound for a filter that is not there."""
    row = reach.mailbox(actor, address, Permission.MESSAGES_CHANGE)
    _check_filter(change)
    with live.stored_mail(row.domain.platform_id) as mail:
        before = {s.name: s for s in mail.scripts(row.address)}
        _check_names(change, before)
        if isinstance(change.text, str):
            errors = mail.put_script(row.address, change.name, change.text)
            if errors:
                told = "; ".join(f"line {e.line}: {e.text}" if e.line else e.text for e in errors)
                raise BadAttribute(hints={"data": told})
        wanted = change.activate
        activated = wanted is not None and not (wanted in before and before[wanted].active)
        if wanted is not None and activated:
            mail.activate_script(row.address, wanted)
        if change.text is None:
            mail.delete_script(row.address, change.name)
        now_active = next((s.text for s in mail.scripts(row.address) if s.active), "")
    done = {str: "updated", type(None): "deleted"}.get(type(change.text), "")
    _note_filter(actor, origin, row.id, change, done, now_active)
    return FilterOutcome(done, activated)


def _check_filter(change: FilterChange) -> None:
    for field, name in (("ruleset", change.name), ("active_rule", change.activate)):
        if name is not None and not is_script_name(name):
            hint = "must be 1 to 128 characters, without / and not with a dot in front"
            raise BadRequest(hints={field: hint})
    if isinstance(change.text, str) and len(change.text.encode()) > LONGEST_SCRIPT:
        raise BadAttribute(hints={"data": f"must be at most {LONGEST_SCRIPT} bytes"})


def _check_names(change: FilterChange, there: Iterable[str]) -> None:
    """Before anything is changed: all or nothing."""
    names = set(there)
    if not isinstance(change.text, str) and change.name not in names:
        raise NotFound(f"there is no ruleset {change.name}")
    after = names - {change.name} if change.text is None else names | {change.name}
    if change.activate is not None and change.activate not in after:
        raise NotFound(f"there is no ruleset {change.activate}")


@writes(Permission.MESSAGES_CHANGE)
def _note_filter(
    actor: Actor, origin: Origin, mailbox_id: int, change: FilterChange, done: str, now_active: str
) -> None:
    """The attribute `sieve` follows what is active."""
    row = rows.mailbox_by_id(mailbox_id, lock=True)
    if row is None:
        return
    told: dict[str, list[Any]] = {}
    if done:
        told["ruleset"] = [None, change.name] if done == "updated" else [change.name, None]
    if change.activate is not None:
        told["active_rule"] = [None, change.activate]
    shown = row.settings.get("sieve", "")
    if shown != now_active:
        told["sieve"] = [shown or None, now_active or None]
        row.settings = {**row.settings, "sieve": now_active}
        row.changed(history.milliseconds(origin))
    if told:
        history.note(row, actor.name, origin, "changed", told)
        rows.save(row)


@writes(Permission.MESSAGES_CHANGE)
def _note(actor: Actor, origin: Origin, mailbox_id: int, verb: str, changes: Mapping[str, list[Any]]) -> None:
    row = rows.mailbox_by_id(mailbox_id, lock=True)
    if row is not None:  # else it was purged this moment
        history.note(row, actor.name, origin, verb, changes)
        rows.save(row)


def _meant(folder: str, names: Iterable[str]) -> str:
    """Which folder is meant by its own name or by one with dots between its levels. Raises FolderNotFound."""
    known = list(names)
    wanted = "INBOX" if folder.upper() == "INBOX" else folder
    if wanted in known:
        return wanted
    for name in known:
        if name.replace("/", ".") == wanted.strip("."):
            return name
    raise FolderNotFound


def _check_number(ids: Sequence[str]) -> None:
    if len(ids) > MOST_MESSAGES:
        raise BadRequest(hints={"ids": f"must be at most {MOST_MESSAGES}"})
