"""One-time links: whoever has one chooses the password of a mailbox, a few times for a while. Only hashes are kept."""

from django.conf import settings

from postroom.core.letters.mailbox import Way
from postroom.core.passwords.tokens import hash_token, new_token
from postroom.store.models import OneTimeLink
from postroom.store.public_links import page
from postroom.store.working_copies import MailboxRow


def make(row: MailboxRow, created_by: str, now: int) -> Way:
    """A fresh link for a letter."""
    code = new_token()
    keep(row, code, created_by, now, seconds=settings.LINK_SECONDS, uses=settings.LINK_USES)
    return Way(
        link=page(f"/code/{code}/"),
        seconds=settings.LINK_SECONDS,
        uses=settings.LINK_USES,
        webmail=settings.WEBMAIL_URL,
    )


def keep(row: MailboxRow, code: str, created_by: str, now: int, *, seconds: int, uses: int) -> None:
    """It replaces the password as it is now, and dies when that is set in another way. The same code again, which only
    developers ask for, leads to where it was made for last."""
    link = OneTimeLink(
        hash=hash_token(code),
        mailbox_id=row.id,
        password_id=row.password_id,
        created_by=created_by,
        created_at=now,
        expires_at=now + seconds * 1000,
        uses_left=uses,
    )
    fields = ["mailbox_id", "password_id", "created_by", "created_at", "expires_at", "uses_left"]
    OneTimeLink.objects.bulk_create([link], update_conflicts=True, unique_fields=["hash"], update_fields=fields)


def end(mailbox_id: int) -> None:
    OneTimeLink.objects.filter(mailbox_id=mailbox_id).delete()


def forget_before(now: int) -> None:
    OneTimeLink.objects.filter(expires_at__lt=now).delete()
