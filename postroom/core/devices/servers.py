"""What mail programs connect to."""

from enum import StrEnum
from typing import Final

import msgspec

from postroom.core.catalogue.attribute import Settings


class Security(StrEnum):
    TLS = "tls"  # from the first byte
    STARTTLS = "starttls"
    NONE = "none"  # on loopback, to try things out


class Server(msgspec.Struct, frozen=True, kw_only=True):
    host: str
    port: int
    security: Security = Security.TLS


class Servers(msgspec.Struct, frozen=True, kw_only=True):
    """None: not offered, or nobody has said where it is."""

    imap: Server | None = None
    pop3: Server | None = None
    smtp: Server | None = None


_SERVICES: Final = {"imap": "service_imap4", "pop3": "service_pop3", "smtp": "service_smtprelay"}


def usual(*, incoming: str, outgoing: str) -> Servers:
    """On the ports where TLS begins with the first byte (RFC 8314). Empty: nobody knows the host."""
    return Servers(
        imap=Server(host=incoming, port=993) if incoming else None,
        pop3=Server(host=incoming, port=995) if incoming else None,
        smtp=Server(host=outgoing, port=465) if outgoing else None,
    )


def in_use(servers: Servers, settings: Settings) -> Servers:
    """Without those of services that are switched off by `settings`, which are a mailbox's or its domain's."""
    off = {name: None for name, service in _SERVICES.items() if settings.get(service, "enabled") != "enabled"}
    return msgspec.structs.replace(servers, **off)
