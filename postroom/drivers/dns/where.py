"""Where questions go: the part `dns` of a platform's settings (docs/dns.md)."""

import ipaddress
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Final

import dns.exception
import dns.resolver
import msgspec

from postroom.core.address import parse_domain
from postroom.core.dns import spf
from postroom.core.dns.mail_findings import HINTS, SERVICES
from postroom.core.errors import BadValueError
from postroom.core.outside import Network, networks
from postroom.drivers.contract import PermanentFailure, TemporaryFailure

PORT: Final = 53
_LONGEST: Final = 15.0


class DnsSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    resolver: str = ""
    """Address, or address:port, of the one to ask for name servers; empty: those of the host."""
    authoritative: bool = True
    """False: ask the resolver everything, as if it were every domain's own server."""
    authoritative_port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = PORT
    allowed_networks: list[str] = []
    """Name servers are strangers' machines: only those on the internet are asked, and those in these networks."""
    seconds: Annotated[float, msgspec.Meta(ge=0.1, le=_LONGEST)] = 10.0
    """For all questions about a domain."""
    mx: list[str] = []
    spf: str = ""
    cnames: dict[str, str] = {}
    autoconfig: dict[str, str] = {}

    @cached_property
    def networks(self) -> tuple[Network, ...]:
        return networks(self.allowed_networks)

    @cached_property
    def fixed_resolver(self) -> tuple[str, int] | None:
        return _address_and_port(self.resolver) if self.resolver else None


def read(settings: Mapping[str, object], *, private: tuple[str, int] | None = None) -> DnsSettings:
    """`private`: the resolver that plays the world to a private stack, asked where the settings say nothing.

    Raises PermanentFailure for what makes no sense.
    """
    usual = {"resolver": "{}:{}".format(*private), "authoritative": False} if private else {}
    written = settings.get("dns")
    try:
        read = msgspec.convert(usual if written is None or written == {} else written, DnsSettings)
        _check(read)
    except (msgspec.ValidationError, BadValueError, ValueError) as error:
        raise PermanentFailure(f'The settings of the platform, "dns": {error}') from error
    return read


def _check(settings: DnsSettings) -> None:
    _ = settings.networks, settings.fixed_resolver
    for host in (*settings.mx, *settings.cnames.values(), *settings.autoconfig.values()):
        if parse_domain(host) != host:
            raise ValueError(f"{host!r} must be written {parse_domain(host)!r}")
    for name, labels, usual in (
        ("cnames", settings.cnames, SERVICES),
        ("autoconfig", settings.autoconfig, HINTS),
    ):
        if set(labels) - set(usual):
            raise ValueError(f"{name} may name {', '.join(usual)}")
    if settings.spf:
        parsed = spf.parse(f"v=spf1 {settings.spf}")
        if parsed.mistakes or len(parsed.terms) != 1 or parsed.terms[0].qualifier != "+":
            raise ValueError(f"spf must be one mechanism such as include:_spf.acme.example, not {settings.spf!r}")


def _address_and_port(text: str) -> tuple[str, int]:
    """From 127.0.0.1, 127.0.0.1:5353, ::1 or [::1]:5353. Raises ValueError."""
    host, port = text, PORT
    if text.startswith("[") or text.count(":") == 1:
        host, _, number = text.rpartition(":")
        host, port = host.strip("[]"), int(number)
    if not 0 < port < 65536:
        raise ValueError(f"there is no port {port}")
    return str(ipaddress.ip_address(host)), port


def resolvers(settings: DnsSettings) -> list[tuple[str, int]]:
    """In the order in which to ask them. Raises TemporaryFailure where the host has none."""
    if settings.fixed_resolver:
        return [settings.fixed_resolver]
    try:
        host = dns.resolver.Resolver()
    except (dns.exception.DNSException, OSError) as error:
        raise TemporaryFailure(f"The host has no resolver: {error}") from error
    return [(str(address), host.port) for address in host.nameservers]
