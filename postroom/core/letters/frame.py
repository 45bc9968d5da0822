"""The frame of every letter: the dress of a brand, HTML beside plain text, and how a whole mail is made of that."""

import html
import re
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from typing import Final

import msgspec

from postroom.core.brand import Look
from postroom.core.languages import Language, Text

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


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """What a letter says, in the words of one language. Plain texts: what HTML needs is done here."""

    subject: str
    paragraphs: Sequence[str]
    facts: Sequence[tuple[str, str]] = ()
    """(label, value), under the paragraphs: an address, a password."""
    link: tuple[str, str] | None = None
    """(label, address): a button, and the address in clear under it."""
    after: Sequence[str] = ()
    """Paragraphs under the button."""

    def __repr__(self) -> str:
        return f"Contents({self.subject!r})"


_FRAME: Final = (
    '<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><title>{subject}</title></head>'
    '<body style="margin: 0; padding: 1em; background: #ffffff; color: #1d2330; '
    'font: 16px/1.5 system-ui, -apple-system, Segoe UI, Roboto, sans-serif">'
    '<div style="max-width: 36em; margin: 0 auto; overflow-wrap: anywhere">{top}'
    '<h1 style="font-size: 1.3em; line-height: 1.3; color: {colour}">{subject}</h1>{body}{footer}</div></body></html>'
)
_BUTTON: Final = (
    '<p style="margin: 1.5em 0"><a href="{url}" style="display: inline-block; background: {colour}; color: {ink}; '
    'padding: .7em 1.2em; border-radius: .3em; text-decoration: none; font-weight: bold">{label}</a></p>'
    '<p style="font-size: .9em; color: #4a5160">{in_clear}<br><a href="{url}" style="color: #1f4f8f">{url}</a></p>'
)
_FACT: Final = '<p style="margin: .3em 0">{label}<br><strong style="font-family: monospace">{value}</strong></p>'
_FOOTER: Final = (
    '<div style="margin-top: 2em; padding-top: 1em; border-top: 1px solid #d6d9df; font-size: .85em; '
    'color: #4a5160; white-space: pre-line">{text}</div>'
)
_USUAL_COLOUR: Final = "#1f4f8f"
_INK: Final = "#1d2330"
_HELP: Final = Text(en="Help: {url}", fr="Aide : {url}")
_LEADS_TO: Final = Text(en="{label}:", fr="{label} :")
_IN_CLEAR: Final = Text(
    en="If the button does not work, open this address:", fr="Si le bouton ne fonctionne pas, ouvrez cette adresse :"
)


def branded(look: Look, language: Language, said: Contents) -> Letter:
    footer = [look.footer] if look.footer else []
    footer += [_HELP.at(language, url=look.help_url)] if look.help_url else []
    return Letter(subject=said.subject, text=_plain(language, said, footer), html=_html(look, language, said, footer))


def _plain(language: Language, said: Contents, footer: Sequence[str]) -> str:
    parts = [*said.paragraphs, *(f"{label}\n    {value}" for label, value in said.facts)]
    parts += [f"{_LEADS_TO.at(language, label=said.link[0])}\n{said.link[1]}"] if said.link else []
    parts += said.after
    return "\n\n".join(parts) + (f"\n\n-- \n{chr(10).join(footer)}" if footer else "") + "\n"


def _html(look: Look, language: Language, said: Contents, footer: Sequence[str]) -> str:
    colour = look.colour or _USUAL_COLOUR
    body = _paragraphs(said.paragraphs)
    body += "".join(_FACT.format(label=html.escape(label), value=html.escape(value)) for label, value in said.facts)
    if said.link:
        body += _BUTTON.format(
            url=html.escape(said.link[1]),
            label=html.escape(said.link[0]),
            colour=colour,
            ink="#ffffff" if _shows_on_white(colour) else "#000000",
            in_clear=html.escape(_IN_CLEAR.at(language)),
        )
    return _FRAME.format(
        language=language,
        subject=html.escape(said.subject),
        top=_top(look),
        # Whoever chose the brand's colour may not have thought of reading it.
        colour=colour if _shows_on_white(colour) else _INK,
        body=body + _paragraphs(said.after),
        footer=_FOOTER.format(text=html.escape("\n".join(footer))) if footer else "",
    )


def _top(look: Look) -> str:
    title = html.escape(look.title)
    if look.logo_url:
        return f'<p><img src="{html.escape(look.logo_url)}" alt="{title}" height="48"></p>'
    return f'<p style="color: #4a5160">{title}</p>' if title else ""


def _paragraphs(texts: Sequence[str]) -> str:
    return "".join(f"<p>{html.escape(text)}</p>" for text in texts)


def _shows_on_white(colour: str) -> bool:
    """Contrast of at least 4.5 : 1 (WCAG 2.2, 1.4.3). Where white does not show on a colour, black does."""
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return 1.05 / (luminance + 0.05) >= 4.5


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
