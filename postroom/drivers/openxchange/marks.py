"""How Open-Xchange remembers which of its objects are ours: our keys, in names that nobody else gives.

A context has its key in its name; a domain has one in a login mapping beside the mapping of its own name; a mailbox in
an attribute of its user that only administrators can set. What bears no mark was not made by Postroom.
"""

import re
from typing import Final

import msgspec

from postroom.core.records import MailboxRecord

_CONTEXT: Final = re.compile(r"(?P<name>.*)\.postroom-context-(?P<key>[0-9]{1,18})", re.DOTALL)
_MAPPING: Final = re.compile(r"(?P<name>.+)\.postroom-(?P<kind>domain|alias)-(?P<key>[0-9]{1,18})", re.DOTALL)
_ATTRIBUTE: Final = "com.postroom.mailbox"
_USER: Final = re.compile(
    rf"(?:^|[\[,])\s*{re.escape(_ATTRIBUTE)}=(?P<key>[0-9]{{1,18}})/(?P<type>[a-z]+)/(?P<flags>[a-z]*)(?=[,\]]|$)"
)


class DomainMark(msgspec.Struct, frozen=True):
    key: int
    name: str
    is_alias: bool

    def mapping(self) -> str:
        return f"{self.name}.postroom-{'alias' if self.is_alias else 'domain'}-{self.key}"


class MailboxMark(msgspec.Struct, frozen=True):
    """`flags` say what a user's fields cannot, for Open-Xchange wants every one filled in.

    f, l: the first or last name is the mailbox's; a: it is active, although users of its type never are;
    n, e: it has a name of its own, or an empty one; q: the address stands behind it, for somebody else has it too.
    """

    key: int
    type: str
    flags: str

    def option(self) -> str:
        return f"--config/{_ATTRIBUTE}={self.key}/{self.type}/{self.flags}"


def context_name(key: int, name: str) -> str:
    return f"{name}.postroom-context-{key}"


def context_of(name: str) -> tuple[int, str] | None:
    """(key, our name) of a context by its name over there."""
    found = _CONTEXT.fullmatch(name)
    return (int(found["key"]), found["name"]) if found else None


def domain_of(mapping: str) -> DomainMark | None:
    found = _MAPPING.fullmatch(mapping)
    return DomainMark(int(found["key"]), found["name"], found["kind"] == "alias") if found else None


def mailbox_mark(record: MailboxRecord, *, qualified: bool) -> MailboxMark:
    name = record.settings.get("name")
    flags = {
        "f": bool(record.first_name), "l": bool(record.last_name), "a": record.active,
        "n": bool(name), "e": name == "", "q": qualified,
    }  # fmt: skip
    return MailboxMark(record.key, record.type, "".join(flag for flag, holds in flags.items() if holds))


def mailbox_of(attributes: str) -> MailboxMark | None:
    """By the column UserAttributes of listuser: `config=[a=1, b=2],other=[…]`."""
    found = _USER.search(attributes)
    return MailboxMark(int(found["key"]), found["type"], found["flags"]) if found else None
