"""A configuration profile for the Mail of iPhones, iPads and Macs. Not signed; the device asks for the password."""

import plistlib
import uuid
from typing import Final

from postroom.core.devices import elements
from postroom.core.devices.servers import Security, Server, Servers
from postroom.core.languages import Language, Text

_NAMESPACE: Final = uuid.UUID("6f1d1e7a-6f0a-5a8e-9d53-0a6b1c6d1f10")
"""Of the ids that are made of addresses: the profile of a mailbox replaces the one before it."""
_DESCRIPTION: Final = Text(
    en="Sets up {address} in Mail. The device asks for the password.",
    fr="Configure {address} dans Mail. L’appareil demande le mot de passe.",
)


def is_possible(servers: Servers) -> bool:
    """Mail takes an account only with both: where mail comes from and where it goes."""
    return (servers.imap or servers.pop3) is not None and servers.smtp is not None


def profile(*, address: str, name: str, servers: Servers, language: Language) -> bytes:
    """`name`: of the person; empty: nobody's. The servers must be `is_possible`."""
    incoming = servers.imap or servers.pop3
    assert incoming is not None and servers.smtp is not None
    account = {
        "PayloadType": "com.apple.mail.managed",
        "EmailAccountDescription": address,
        "EmailAccountName": elements.sound(name) or address,
        "EmailAccountType": "EmailTypeIMAP" if servers.imap else "EmailTypePOP",
        "EmailAddress": address,
        **_side("Incoming", incoming, address),
        **_side("Outgoing", servers.smtp, address),
        "OutgoingPasswordSameAsIncomingPassword": True,
        **_identity("account", address),
    }
    return plistlib.dumps(
        {
            "PayloadType": "Configuration",
            "PayloadDescription": _DESCRIPTION.at(language, address=address),
            "PayloadRemovalDisallowed": False,
            "PayloadContent": [account],
            **_identity("profile", address),
        }
    )


def _side(side: str, server: Server, address: str) -> dict[str, object]:
    return {
        f"{side}MailServerAuthentication": "EmailAuthPassword",
        f"{side}MailServerHostName": server.host,
        f"{side}MailServerPortNumber": server.port,
        f"{side}MailServerUseSSL": server.security is not Security.NONE,
        f"{side}MailServerUsername": address,
    }


def _identity(what: str, address: str) -> dict[str, object]:
    id = str(uuid.uuid5(_NAMESPACE, f"{what} {address}")).upper()
    return {
        "PayloadUUID": id,
        "PayloadIdentifier": f"postroom.mail.{what}.{id}",
        "PayloadDisplayName": address,
        "PayloadVersion": 1,
    }
