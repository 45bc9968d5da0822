"""What the operator says of the servers that mail programs connect to: `devices` of any platform's settings."""

from collections.abc import Mapping
from typing import Annotated, Final

import msgspec

from postroom.core.address import parse_domain
from postroom.core.devices.servers import Security, Server, Servers
from postroom.core.errors import BadValueError
from postroom.drivers.contract import PermanentFailure

_DOMAIN: Final = "{domain}"
"""Stands in a host's name for the domain, where the certificates cover the names below each of them."""
_SOME_DOMAIN: Final = "acme.example"


class _Said(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    host: str
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)]
    security: Security = Security.TLS


class DeviceSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """None: not offered."""

    imap: _Said | None = None
    pop3: _Said | None = None
    smtp: _Said | None = None

    def servers(self, domain: str) -> Servers:
        return Servers(
            imap=_server(self.imap, domain), pop3=_server(self.pop3, domain), smtp=_server(self.smtp, domain)
        )


def _server(said: _Said | None, domain: str) -> Server | None:
    if said is None:
        return None
    return Server(host=said.host.replace(_DOMAIN, domain), port=said.port, security=said.security)


def read(settings: Mapping[str, object]) -> DeviceSettings | None:
    """None where nothing is said, so that the driver knows best. Raises PermanentFailure for what makes no sense."""
    written = settings.get("devices")
    if written is None:
        return None
    try:
        said = msgspec.convert(written, DeviceSettings)
        for one in (said.imap, said.pop3, said.smtp):
            _check_host(one.host if one else _SOME_DOMAIN)
    except (msgspec.ValidationError, BadValueError) as error:
        raise PermanentFailure(f'The settings of the platform, "devices": {error}') from None
    return said


def _check_host(written: str) -> None:
    host = written.replace(_DOMAIN, _SOME_DOMAIN)
    if parse_domain(host) != host:
        raise BadValueError(f"{written!r} must be written {parse_domain(host)!r}")
