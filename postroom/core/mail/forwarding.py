"""Sending an account's mail on to others."""

from collections.abc import Collection, Sequence
from enum import Enum

from postroom.core.catalogue.attribute import Settings
from postroom.core.mail import sieve
from postroom.core.mail.values import entries, text

_LONGEST_EDITED = 300
"""Characters. Pigeonhole fails the script where it is to write a field of more than 2048 octets."""


class Kept(Enum):
    NOT_AT_ALL = 0
    ONLY = 1
    AFTER_AN_ANSWER = 2


def recipients(address: str, aliases: Sequence[str], settings: Settings) -> list[str]:
    """Everybody that mail is forwarded to, each once, without the account itself: it would go round in circles."""
    if not settings.get("delivery_forward"):
        return []
    own = {address, *aliases}
    return [other for other in dict.fromkeys(entries(settings, "forward_recipients")) if not _is_own(other, own)]


def names_itself(address: str, aliases: Sequence[str], settings: Settings) -> bool:
    """Forwarding to oneself and others is an old way to say: and keep a copy."""
    own = {address, *aliases}
    return bool(settings.get("delivery_forward")) and any(
        _is_own(other, own) for other in entries(settings, "forward_recipients")
    )


def _is_own(other: str, own: Collection[str]) -> bool:
    local_part, _, domain = other.rpartition("@")
    return other in own or f"{local_part.partition('+')[0]}@{domain}" in own


def sent_by_a_member(settings: Settings) -> str:
    members = sieve.one_of(entries(settings, "forward_recipients"))
    return f'anyof(address :is "from" {members}, envelope :is "from" {members})'


def write(written: sieve.Script, exit_address: str, settings: Settings, kept: Kept) -> None:
    """One redirect, whatever the number of recipients: Postfix fans out."""
    fields = _fields(settings)
    restricted = kept is not Kept.NOT_AT_ALL and settings.get("forward_option_restricted")
    if restricted:
        written.add(f"if {sent_by_a_member(settings)} {{", "envelope")
    if fields and kept is Kept.ONLY:
        # What is kept is the message as it stands here, to the byte, unless the user's own rules store it themselves.
        # Not behind an answer: with imap4flags required, keep would overrule the flags which those rules set.
        written.add("keep;")
    for field in fields:
        written.add(field.change, "editheader", "variables", "relational", "comparator-i;ascii-numeric")
    copy = "" if kept is Kept.NOT_AT_ALL else ":copy "
    written.add(f"redirect {copy}{sieve.quoted(exit_address)};", *(["copy"] if copy else []))
    if copy:
        for field in fields:
            written.add(field.restore)
    if restricted:
        written.add("}")


class _Field:
    """A header field that forwarded mail has another value of."""

    def __init__(self, name: str, value: str, only_if: str = "") -> None:
        was, changed, length = (f"{word}_{name.replace('-', '_')}" for word in ("was", "changed", "length"))
        short = f'string :value "le" :comparator "i;ascii-numeric" "${{{length}}}" "{_LONGEST_EDITED}"'
        self.change = (
            f'if header :matches "{name}" "*" {{ set "{was}" "${{1}}"; }}\n'
            f'set :length "{length}" "${{{was}}}";\n'
            f"if allof({short}{only_if}) {{\n"
            f'set "{changed}" "yes"; deleteheader "{name}"; addheader "{name}" {value};\n}}'
        )
        self.restore = (
            f'if string :is "${{{changed}}}" "yes" {{ deleteheader "{name}";\n'
            f'if not string :is "${{{was}}}" "" {{ addheader "{name}" "${{{was}}}"; }} }}'
        )


def _fields(settings: Settings) -> list[_Field]:
    fields = []
    reply_to = text(settings, "forward_option_reply_to")
    if reply_to:
        fields.append(_Field("Reply-To", sieve.quoted(reply_to)))
    prefix = text(settings, "forward_option_subject_prefix")
    if prefix:
        start = sieve.literally(prefix)
        # In answers the prefix stands behind "Re:" or what that is in the sender's language.
        has_it = sieve.one_of([f"{start}*", f"*: {start}*"])
        subject = f'"{sieve.quoted(prefix)[1:-1]} ${{was_Subject}}"'
        fields.append(_Field("Subject", subject, f', not header :matches "Subject" {has_it}'))
    return fields
