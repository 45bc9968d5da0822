"""One-time links: whoever has one chooses the password of a mailbox, a few times for a while. Only hashes are kept."""

from django.conf import settings
from django.db.models import BigIntegerField, Exists, F, OuterRef, Value

from postroom.core.letters.mailbox import Way
from postroom.core.passwords.tokens import hash_token, new_token
from postroom.store.models import OneTimeLink, OutgoingMail
from postroom.store.public_links import page
from postroom.store.working_copies import MailboxRow


def make(row: MailboxRow, created_by: str, now: int) -> tuple[Way, str]:
    """A fresh link for a letter, and which one it is: the letter starts its time when it leaves (`start`)."""
    code = new_token()
    keep(row, code, created_by, now, seconds=settings.LINK_SECONDS, uses=settings.LINK_USES)
    way = Way(
        link=page(f"/code/{code}/"),
        seconds=settings.LINK_SECONDS,
        uses=settings.LINK_USES,
        webmail=settings.WEBMAIL_URL,
    )
    return way, hash_token(code)


def keep(row: MailboxRow, code: str, created_by: str, now: int, *, seconds: int, uses: int) -> None:
    """It replaces the password as it is now, and dies when that is set in another way. The same code again, which only
    developers ask for, leads to where it was made for last."""
    link = OneTimeLink(
        hash=hash_token(code),
        mailbox_id=row.id,
        password_id=row.password_id,
        created_by=created_by,
        created_at=now,
        seconds=seconds,
        expires_at=now + seconds * 1000,
        uses_left=uses,
    )
    fields = ["mailbox_id", "password_id", "created_by", "created_at", "seconds", "expires_at", "uses_left"]
    OneTimeLink.objects.bulk_create([link], update_conflicts=True, unique_fields=["hash"], update_fields=fields)


def start(hash: str, now: int) -> None:
    """Its time begins anew: a letter that has waited for its server, or for an operator, is not to arrive with a link
    that is dead."""
    at = Value(now, BigIntegerField())  # a plain number is cut to 32 bits on PostgreSQL
    OneTimeLink.objects.filter(hash=hash).update(expires_at=at + F("seconds") * 1000)


def end(mailbox_id: int) -> None:
    OneTimeLink.objects.filter(mailbox_id=mailbox_id).delete()


def forget_before(now: int) -> None:
    """But for those whose letter has not left yet."""
    waiting = OutgoingMail.objects.filter(link_id=OuterRef("hash"), ended_at=None)
    OneTimeLink.objects.filter(~Exists(waiting), expires_at__lt=now).delete()
