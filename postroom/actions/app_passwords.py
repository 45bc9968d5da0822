"""Passwords for single programs (oma.md section 5.5, app_password)."""

from postroom.actions.action import reads, writes
from postroom.core.errors import AppPasswordLimitReached, BadRequest, NameTaken, NotFound
from postroom.core.passwords import schemes
from postroom.core.passwords.tokens import new_app_password
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission
from postroom.store import history, reach, rows
from postroom.store.models import AppPassword

LIMIT = 4


@reads(Permission.APP_PASSWORD_CHANGE)
def listed(actor: Actor, address: str) -> list[tuple[str, int]]:
    """(tag, milliseconds at which it was made), the oldest first."""
    row = reach.mailbox(actor, address, Permission.APP_PASSWORD_CHANGE)
    return list(AppPassword.objects.filter(mailbox_id=row.id).order_by("id").values_list("tag", "created_at"))


@writes(Permission.APP_PASSWORD_CHANGE)
def add(actor: Actor, origin: Origin, address: str, tag: str | None) -> str:
    """The password, shown this once. Without a tag it gets one: `password 1` and so on.

    Raises NameTaken for a tag in use, AppPasswordLimitReached after four.
    """
    row = reach.mailbox(actor, address, Permission.APP_PASSWORD_CHANGE, lock=True)
    tags = set(AppPassword.objects.filter(mailbox_id=row.id).values_list("tag", flat=True))
    if tag is None:
        tag = next(made for n in range(1, LIMIT + 2) if (made := f"password {n}") not in tags)
    if not tag.isascii() or not tag.isprintable() or not 1 <= len(tag) <= 128:
        raise BadRequest(hints={"tag": "must be 1 to 128 printable ASCII characters"})
    if tag in tags:
        raise NameTaken(hints={"tag": "is in use"})
    if len(tags) >= LIMIT:
        raise AppPasswordLimitReached(f"{row.address} has {LIMIT}; remove one first")
    text = new_app_password()
    now = history.milliseconds(origin)
    # 80 random bits and more: a salted fast hash cannot be searched, and mail programs sign in all day.
    stored = schemes.encode(text, "SSHA512")
    AppPassword.objects.create(mailbox_id=row.id, tag=tag, hash=stored, created_at=now)
    _told(actor, origin, row, [None, tag])
    return text


@writes(Permission.APP_PASSWORD_CHANGE)
def remove(actor: Actor, origin: Origin, address: str, tag: str) -> None:
    row = reach.mailbox(actor, address, Permission.APP_PASSWORD_CHANGE, lock=True)
    gone, _ = AppPassword.objects.filter(mailbox_id=row.id, tag=tag).delete()
    if not gone:
        raise NotFound(f"{row.address} has no app password with that tag")
    _told(actor, origin, row, [tag, None])


def _told(actor: Actor, origin: Origin, row: rows.MailboxRow, change: list[str | None]) -> None:
    row.changed(history.milliseconds(origin))
    history.note(row, actor.name, origin, "changed", {"app_passwords": change})
    rows.save(row)
