"""E-mails of Postroom's own: what they say, in the dress of a brand, and how a whole mail is made of that."""

import html
import re
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr

import msgspec

from postroom.core.brand import Look

_LINE_BREAKS = re.compile(r"[\x00-\x1f\x7f]+")


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    subject: str
    text: str
    html: str = ""

    def __repr__(self) -> str:
        """Without what it says: letters hold one-time links, and what is shown ends up in logs."""
        return f"Letter({self.subject!r})"


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    recipient: str
    sender: str
    """As in the From header: with a name or without."""
    reply_to: str = ""
    message_id: str
    at: datetime


_FRAME = (
    '<!doctype html><html><body style="font-family: sans-serif; max-width: 40em; margin: 1em auto">{logo}'
    '<h1 style="font-size: 1.3em; color: {colour}">{title}</h1>{body}'
    '<hr><p style="font-size: .85em; color: #555; white-space: pre-line">{footer}</p></body></html>'
)
_BUTTON = (
    '<p><a href="{url}" style="background: {colour}; color: #fff; padding: .6em 1em; border-radius: .3em; '
    'text-decoration: none">{label}</a></p>'
)
_USUAL_COLOUR = "#1f4f8f"


def branded(look: Look, subject: str, paragraphs: Sequence[str], link: tuple[str, str] | None = None) -> Letter:
    """`link` is a label and an address. The texts are plain; what HTML needs is done here."""
    footer = [look.footer] if look.footer else []
    footer += [f"Help: {look.help_url}"] if look.help_url else []
    plain = [*paragraphs, *([f"{link[0]}: {link[1]}"] if link else [])]
    text = "\n\n".join(plain) + (f"\n\n-- \n{chr(10).join(footer)}" if footer else "") + "\n"
    colour = look.colour or _USUAL_COLOUR
    body = "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in paragraphs)
    if link:
        body += _BUTTON.format(url=html.escape(link[1]), colour=colour, label=html.escape(link[0]))
    logo = f'<p><img src="{html.escape(look.logo_url)}" alt="" height="48"></p>' if look.logo_url else ""
    title = html.escape(look.title or subject)
    whole = _FRAME.format(logo=logo, colour=colour, title=title, body=body, footer=html.escape("\n".join(footer)))
    return Letter(subject=subject, text=text, html=whole)


def password_reset(look: Look, link: str) -> Letter:
    """The preview that reset_email_test sends is this very letter."""
    service = look.title or "your mailbox"
    paragraphs = [
        f"Somebody, most likely you, has asked for a new password for {service}.",
        "Choose it on the page behind this link, which can be used once. If it was not you, do nothing: "
        "your password stays as it is.",
    ]
    return branded(look, f"A new password for {service}", paragraphs, ("Choose a new password", link))


def sender(look: Look, usual_address: str) -> str:
    """The From header that a brand asks for; empty where it says nothing."""
    if not look.sender_name and not look.sender_address:
        return ""
    return formataddr((_one_line(look.sender_name), look.sender_address or usual_address))


def message(letter: Letter, envelope: Envelope) -> EmailMessage:
    made = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    made["From"] = envelope.sender
    made["To"] = envelope.recipient
    if envelope.reply_to:
        made["Reply-To"] = envelope.reply_to
    made["Subject"] = _one_line(letter.subject)
    made["Date"] = format_datetime(envelope.at)
    made["Message-ID"] = envelope.message_id
    made["Auto-Submitted"] = "auto-generated"  # so that nobody's holiday notice answers it
    made.set_content(letter.text)
    if letter.html:
        made.add_alternative(letter.html, subtype="html")
    return made


def _one_line(text: str) -> str:
    return _LINE_BREAKS.sub(" ", text)
