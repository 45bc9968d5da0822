"""Bulletins: whole e-mails as administrators wrote them, with variables for each recipient (oma.md section 5.2)."""

import html
import re
from collections.abc import Mapping
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

import msgspec

from postroom.core.errors import BadValueError
from postroom.core.letters.frame import Envelope

LARGEST: Final = 262_144
"""Bytes of a text."""
VARIABLES: Final = ("account", "domain", "name", "title")

# Nothing but ASCII leaves us, and what is written in Unicode is encoded here rather than refused by an old server.
_POLICY = SMTP.clone(cte_type="7bit")
_VARIABLE = re.compile(r"\{'(account|domain|name|title)'\}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_OF_THE_BODY = frozenset({"content-type", "content-transfer-encoding", "content-disposition", "mime-version"})
# Ours to say, or traces of a mail that was sent before.
_NOT_TAKEN_OVER = frozenset({"bcc", "cc", "to", "message-id", "return-path", "received", "dkim-signature", "sender"})
_BROKEN = (MessageError, ValueError, LookupError, TypeError, AttributeError)


class BulletinLine(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    type: str
    created_at: int
    size: int
    """Bytes."""


def check(text: str) -> None:
    """Raises BadValueError where no mail can be made of the text."""
    if len(text.encode()) > LARGEST:
        raise BadValueError(f"must be at most {LARGEST} bytes")
    try:
        made = rendered(text, dict.fromkeys(VARIABLES, "x@example.com"), "x@example.com")
        made.as_bytes()
    except _BROKEN:
        raise BadValueError("must be a whole e-mail: headers, an empty line, the text") from None


def rendered(text: str, variables: Mapping[str, str], recipient: str) -> EmailMessage:
    """The mail to one recipient, without the headers that its sending adds. `text` has passed `check`."""
    # As bytes, for the parser knows what to do with letters beyond ASCII in these only.
    made = message_from_bytes(text.encode(), policy=_POLICY)
    assert isinstance(made, EmailMessage)  # the policy says so
    for name, value in _taken_apart(made):
        if name.lower() not in _NOT_TAKEN_OVER and name not in made:
            made[name] = _header(name, value, variables)
    made["To"] = recipient
    for part in made.walk():
        if part.get_content_maintype() == "multipart" and not part.is_multipart():
            raise ValueError("no boundary was found")
        if part.get_content_maintype() == "text":
            _fill_in(part, variables)
    return made


def _taken_apart(message: EmailMessage) -> list[tuple[str, str]]:
    """All headers but those that describe the body, which stay."""
    headers = [(name, str(value)) for name, value in message.raw_items() if name.lower() not in _OF_THE_BODY]
    for name, _ in headers:
        del message[name]
    return headers


def _header(name: str, value: str, variables: Mapping[str, str]) -> str:
    unicode = value.encode("ascii", "surrogateescape").decode("utf-8", "replace")
    decoded = str(_POLICY.header_factory(name, re.sub(r"[\r\n]+", "", unicode)))
    # A line break in somebody's name must not begin a new header.
    return _CONTROL.sub(" ", _VARIABLE.sub(lambda found: variables.get(found[1], ""), decoded))


def _fill_in(part: EmailMessage, variables: Mapping[str, str]) -> None:
    is_html = part.get_content_subtype() == "html"

    def value(found: re.Match[str]) -> str:
        meant = variables.get(found[1], "")
        return html.escape(meant) if is_html else meant

    kept = {name: part[name] for name in ("Content-Disposition", "Content-ID") if name in part}
    text = _VARIABLE.sub(value, _text(part))
    part.set_content(text, subtype=part.get_content_subtype(), charset="utf-8")
    for name, header in kept.items():
        if name not in part:
            part[name] = header


def _text(part: EmailMessage) -> str:
    """What is not encoded came to us as UTF-8, whatever its headers claim."""
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    encoded = str(part.get("Content-Transfer-Encoding", "")).lower() in {"quoted-printable", "base64"}
    charset = str(part.get_content_charset("utf-8")) if encoded else "utf-8"
    return data.decode(charset, "replace")


def complete(message: EmailMessage, envelope: Envelope) -> EmailMessage:
    """With the headers that every mail must have, where its author left them out."""
    defaults = {"Date": format_datetime(envelope.at), "Message-ID": envelope.message_id, "Subject": ""}
    if not _says_something(message, "From"):
        defaults["From"] = envelope.sender
        if envelope.reply_to:
            defaults["Reply-To"] = envelope.reply_to
    for name, value in defaults.items():
        if not _says_something(message, name):
            del message[name]
            message[name] = value
    return message


def _says_something(message: EmailMessage, name: str) -> bool:
    """An unreadable date or address is as good as none."""
    header = message.get(name)
    if header is None:
        return False
    if name == "From":
        return any(address.domain for address in header.addresses)
    return header.datetime is not None if name == "Date" else bool(str(header).strip())
