"""The queue of Postroom's own e-mails: filled in the caller's transaction, emptied by the worker."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Final

import msgspec
from django.conf import settings
from django.db.models import F, Q

from postroom.core import bulletin
from postroom.core.letters import frame
from postroom.core.letters.frame import Envelope, Letter
from postroom.store.models import BulletinPosting, OutgoingMail
from postroom.store.sql import claiming, execute

DUE: Final = "due"
HELD: Final = "held"
SENT: Final = "sent"
FAILED: Final = "failed"

_DUE = (
    'SELECT "id" FROM "store_outgoingmail" WHERE "due_at" <= %s AND ("leased_until" IS NULL OR "leased_until" < %s) '
    'ORDER BY "due_at", "id" LIMIT %s'
)
_CLAIM = 'UPDATE "store_outgoingmail" SET "leased_until" = %s WHERE "id" IN (SELECT "id" FROM due) RETURNING "id"'


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    recipient: str
    purpose: str
    sender: str = ""
    """As in the From header; empty: the operator's POSTROOM_MAIL_FROM."""
    reply_to: str = ""
    subject: str = ""
    text: str = ""
    html: str = ""
    posting_id: int | None = None
    """The bulletin that this is, in place of subject, text and HTML."""
    variables: Mapping[str, str] = {}
    link_id: str | None = None
    """Of the one-time link that it holds."""

    def __repr__(self) -> str:
        """Without what it says: that may hold a one-time link."""
        return f"Mail({self.recipient!r}, {self.purpose!r})"


def put(mails: Iterable[Mail], now: int) -> None:
    rows = [
        OutgoingMail(
            purpose=mail.purpose, recipient=mail.recipient, sender=mail.sender, reply_to=mail.reply_to,
            subject=mail.subject[:512], text=mail.text, html=mail.html, posting_id=mail.posting_id,
            variables=dict(mail.variables), link_id=mail.link_id, status=DUE, due_at=now, created_at=now,
        )
        for mail in mails
    ]  # fmt: skip
    OutgoingMail.objects.bulk_create(rows, batch_size=500)


def claim(now: int, lease: int, limit: int) -> list[OutgoingMail]:
    """Ours for `lease` milliseconds, those first that have waited longest."""
    ids = [id for (id,) in execute(claiming(_DUE, _CLAIM), (now, now, limit, now + lease)).fetchall()]
    if not ids:
        return []
    return list(OutgoingMail.objects.filter(id__in=ids).select_related("posting").order_by("due_at", "id"))


def composed(mail: OutgoingMail) -> EmailMessage:
    envelope = Envelope(
        recipient=mail.recipient,
        sender=mail.sender or settings.MAIL_FROM,
        reply_to=mail.reply_to,
        # The same at every try: a mail that was taken although we did not hear so is known to be the same one.
        message_id=f"<postroom.{mail.pk}.{mail.created_at}@{parseaddr(settings.MAIL_FROM)[1].rpartition('@')[2]}>",
        at=datetime.fromtimestamp(mail.created_at / 1000, UTC),
    )
    if mail.posting is None:
        return frame.message(Letter(subject=mail.subject, text=mail.text, html=mail.html), envelope)
    return bulletin.complete(bulletin.rendered(mail.posting.text, mail.variables, mail.recipient), envelope)


def give_back(ids: list[int]) -> None:
    OutgoingMail.objects.filter(id__in=ids).update(leased_until=None)


def sent(id: int, now: int) -> None:
    _end(id, SENT, "", now)


def failed(id: int, reason: str, now: int) -> None:
    _end(id, FAILED, reason, now)


def _end(id: int, status: str, reason: str, now: int) -> None:
    """What it said is forgotten: nobody will need it again, and it may have held a one-time link."""
    OutgoingMail.objects.filter(id=id).update(
        status=status, failure=reason[:1000], ended_at=now, due_at=None, leased_until=None, attempts=F("attempts") + 1,
        text="", html="", variables={},
    )  # fmt: skip


def put_off(id: int, reason: str, until: int) -> None:
    OutgoingMail.objects.filter(id=id).update(
        due_at=until, leased_until=None, attempts=F("attempts") + 1, failure=reason[:1000]
    )


def put_all_off(reason: str, until: int) -> None:
    """The server does not answer, which is no mail's fault: no attempt is counted."""
    waiting = OutgoingMail.objects.filter(due_at__lt=until)
    waiting.update(due_at=until, leased_until=None, failure=reason[:1000])


def hold() -> int:
    """There is no server to send by: what is due stays where people can look at it."""
    if not OutgoingMail.objects.filter(due_at__isnull=False).exists():
        return 0
    return OutgoingMail.objects.filter(due_at__isnull=False).update(status=HELD, due_at=None, leased_until=None)


def release(now: int) -> int:
    return OutgoingMail.objects.filter(status=HELD).update(status=DUE, due_at=now)


def forget(before: int) -> None:
    """Mails that ended, or are held, since before then; and the texts that no mail needs any more."""
    OutgoingMail.objects.filter(Q(ended_at__lt=before) | Q(status=HELD, created_at__lt=before)).delete()
    BulletinPosting.objects.filter(created_at__lt=before, mails=None).delete()
