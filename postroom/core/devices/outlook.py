"""Outlook's autodiscover, in its oldest form: a question and an answer in XML, for IMAP, POP3 and SMTP.

Microsoft's documents MS-OXDSCLI and "POX autodiscover" describe it.
"""

import zlib
from collections.abc import Mapping
from datetime import datetime
from enum import IntEnum
from typing import Final
from xml.etree.ElementTree import Element
from xml.parsers import expat

import msgspec

from postroom.core.devices import elements
from postroom.core.devices.servers import Security, Server, Servers
from postroom.core.errors import BadValueError

ANSWER: Final = "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"
_FRAME: Final = "http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006"
_ENCRYPTION: Final[Mapping[Security, str]] = {
    Security.TLS: "SSL", Security.STARTTLS: "TLS", Security.NONE: "None",
}  # fmt: skip
_LONGEST: Final = 1000


class Trouble(IntEnum):
    """Outlook's own numbers."""

    ADDRESS_UNKNOWN = 500
    BAD_REQUEST = 600
    OTHER_SCHEMA = 601
    TRY_AGAIN = 602


_SAID: Final[Mapping[Trouble, str]] = {
    Trouble.ADDRESS_UNKNOWN: "The email address cannot be found.",
    Trouble.BAD_REQUEST: "Invalid Request",
    Trouble.OTHER_SCHEMA: "Requested schema version not supported",
    Trouble.TRY_AGAIN: "The server is not available. Try again later.",
}


class Request(msgspec.Struct, frozen=True):
    address: str
    schema: str
    """Of the answer that the program understands; empty: it does not say."""

    @property
    def is_answered(self) -> bool:
        return self.schema in {"", ANSWER}


def read(body: bytes) -> Request:
    """Raises BadValueError for what is no such question."""
    reader = _Reader()
    try:
        reader.read(body)
    except (expat.ExpatError, ValueError, LookupError) as error:  # the last two: of an encoding
        raise BadValueError(f"must be XML: {error}") from None
    address = reader.found["EMailAddress"].strip()
    if not address:
        raise BadValueError("must name an EMailAddress")
    return Request(address, reader.found["AcceptableResponseSchema"].strip())


class _Reader:
    """The text of two elements, wherever they are. A document type is refused: with it a few bytes grow without end."""

    def __init__(self) -> None:
        self.found = {"EMailAddress": "", "AcceptableResponseSchema": ""}
        self._inside = ""
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def read(self, body: bytes) -> None:
        self._parser.Parse(body, True)

    def _refuse(self, *_: object) -> None:
        raise BadValueError("must hold no document type")

    def _start(self, name: str, _: object) -> None:
        self._inside = name.rpartition(" ")[2]

    def _end(self, _: str) -> None:
        self._inside = ""

    def _text(self, text: str) -> None:
        if self._inside in self.found:
            self.found[self._inside] = (self.found[self._inside] + text)[:_LONGEST]


def document(*, address: str, login: str, servers: Servers) -> bytes:
    """`address`: as the program wrote it. `login`: what to sign in with."""
    root = Element("Autodiscover", xmlns=_FRAME)
    response = elements.add(root, "Response", xmlns=ANSWER)
    elements.add(elements.add(response, "User"), "DisplayName", address)
    account = elements.add(response, "Account")
    elements.add(account, "AccountType", "email")
    elements.add(account, "Action", "settings")
    for kind, server in (("IMAP", servers.imap), ("POP3", servers.pop3), ("SMTP", servers.smtp)):
        if server is not None:
            _protocol(account, kind, server, login)
    return elements.document(root)


def _protocol(account: Element, kind: str, server: Server, login: str) -> None:
    protocol = elements.add(account, "Protocol")
    values = {
        "Type": kind,
        "Server": server.host,
        "Port": str(server.port),
        "LoginName": login,
        "DomainRequired": "off",
        "SPA": "off",
        "SSL": "off" if server.security is Security.NONE else "on",
        "Encryption": _ENCRYPTION[server.security],
        "AuthRequired": "on",
        **({"UsePOPAuth": "off", "SMTPLast": "off"} if kind == "SMTP" else {}),
    }
    for name, value in values.items():
        elements.add(protocol, name, value)


def refusal(trouble: Trouble, host: str, now: datetime) -> bytes:
    """`host`: who says so; Outlook's log shows a number made of it."""
    root = Element("Autodiscover", xmlns=_FRAME)
    error = elements.add(
        elements.add(root, "Response"), "Error", Time=now.strftime("%H:%M:%S.%f"), Id=str(zlib.crc32(host.encode()))
    )
    elements.add(error, "ErrorCode", str(int(trouble)))
    elements.add(error, "Message", _SAID[trouble])
    elements.add(error, "DebugData")
    return elements.document(root)
