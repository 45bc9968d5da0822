"""Thunderbird's autoconfig, which many other programs ask for too (config-v1.1.xml)."""

from collections.abc import Mapping
from typing import Final
from xml.etree.ElementTree import Element

from postroom.core.address import shown_domain
from postroom.core.devices import elements
from postroom.core.devices.servers import Security, Server, Servers
from postroom.core.languages import Language, Text

_SOCKETS: Final[Mapping[Security, str]] = {
    Security.TLS: "SSL", Security.STARTTLS: "STARTTLS", Security.NONE: "plain",
}  # fmt: skip
_GUIDE: Final = Text(en="How to set up other devices", fr="Comment configurer d’autres appareils")


def document(*, domain: str, name: str, servers: Servers, webmail: str, guide: str) -> bytes:
    """`name`: of the domain as it was asked for, an alias perhaps: people sign in under the domain's own name.

    `webmail` and `guide` are addresses of pages; empty: none.
    """
    root = Element("clientConfig", version="1.1")
    provider = elements.add(root, "emailProvider", id=domain)
    for one in dict.fromkeys((domain, name)):
        elements.add(provider, "domain", one)
    elements.add(provider, "displayName", shown_domain(domain))
    elements.add(provider, "displayShortName", shown_domain(domain))
    username = "%EMAILADDRESS%" if name == domain else f"%EMAILLOCALPART%@{domain}"
    for kind, server in (("imap", servers.imap), ("pop3", servers.pop3)):
        if server is not None:
            _server(provider, "incomingServer", kind, server, username)
    if servers.smtp is not None:
        _server(provider, "outgoingServer", "smtp", servers.smtp, username)
    if guide:
        explained = elements.add(provider, "documentation", url=guide)
        for language in Language:
            elements.add(explained, "descr", _GUIDE.at(language), lang=language)
    if webmail:
        elements.add(elements.add(root, "webMail"), "loginPage", url=webmail)
    return elements.document(root)


def _server(provider: Element, name: str, kind: str, server: Server, username: str) -> None:
    element = elements.add(provider, name, type=kind)
    elements.add(element, "hostname", server.host)
    elements.add(element, "port", str(server.port))
    elements.add(element, "socketType", _SOCKETS[server.security])
    elements.add(element, "authentication", "password-cleartext")
    elements.add(element, "username", username)
