"""Postroom's own e-mails, for the operator to look at."""

from email.message import EmailMessage
from typing import Literal

import msgspec

from postroom.actions.action import reads, writes
from postroom.core.address import fold
from postroom.core.errors import NotFound
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission, Target
from postroom.store import history, outgoing, queued, reach
from postroom.store.models import OutgoingMail


class OutboxLine(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    created_at: int
    status: str
    """due, held (there is no SMTP server), sent or failed."""
    purpose: str
    recipient: str
    subject: str
    """Empty for bulletins, whose subject is in their text."""
    failure: str

    @property
    def is_kept(self) -> bool:
        """Whether what it said can still be read."""
        return self.status in (outgoing.DUE, outgoing.HELD)


class OutboxMail(msgspec.Struct, frozen=True, kw_only=True):
    headers: list[tuple[str, str]]
    subject: str
    text: str
    html: str = ""

    def __repr__(self) -> str:
        """Without what it says: that may hold a one-time link."""
        return "OutboxMail(…)"


@reads()
def newest(limit: int) -> list[OutboxLine]:
    return [_line(mail) for mail in OutgoingMail.objects.order_by("-id")[:limit]]


def _line(mail: OutgoingMail) -> OutboxLine:
    return OutboxLine(
        id=mail.pk,
        created_at=mail.created_at,
        status=mail.status,
        purpose=mail.purpose,
        recipient=mail.recipient,
        subject=mail.subject,
        failure=mail.failure,
    )


@reads(Permission.QUEUE_SEE)
def listed(
    actor: Actor, *, q: str = "", status: str = "", first: int = 0, limit: int = 20
) -> tuple[list[OutboxLine], int]:
    """A page, the newest first, and how many there are (of very many not all are counted). `q`: part of a recipient."""
    reach.require(actor, Permission.QUEUE_SEE, Target())
    found = OutgoingMail.objects.all()
    if status:
        found = found.filter(status=status)
    if q:
        found = found.filter(recipient__contains=fold(q))
    return [_line(mail) for mail in found.order_by("-id")[first : first + limit]], queued.number(found)


@writes(Permission.QUEUE_CHANGE)
def send_held(actor: Actor, origin: Origin) -> int:
    """As `release`, by somebody who has signed in."""
    reach.require(actor, Permission.QUEUE_CHANGE, Target())
    return outgoing.release(history.milliseconds(origin))


@reads()
def show(id: int) -> OutboxMail:
    """Raises NotFound for a mail that is not there, or has ended: what those said is forgotten."""
    mail = OutgoingMail.objects.select_related("posting").filter(id=id, ended_at=None).first()
    if mail is None:
        raise NotFound
    made = outgoing.composed(mail)
    text, html = _part(made, "plain"), _part(made, "html")
    headers = [(name, str(value)) for name, value in made.items()]
    return OutboxMail(headers=headers, subject=str(made["Subject"]), text=text or html, html=html)


def _part(made: EmailMessage, kind: Literal["plain", "html"]) -> str:
    found = made.get_body((kind,))
    return str(found.get_content()) if isinstance(found, EmailMessage) else ""


@writes()
def release(origin: Origin) -> int:
    """Send what was held while there was no server; how many mails that are."""
    return outgoing.release(history.milliseconds(origin))
