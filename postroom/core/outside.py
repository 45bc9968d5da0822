"""To which network addresses somebody may have us connect: the internet's, and no others.

Whoever names a server for us to talk to must not reach with our hands what only we can reach: our own machine,
our own network, the place where a cloud keeps our credentials.
"""

import ipaddress
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

# Networks that pass an IPv4 address on, in the last 32 bits of theirs.
_TRANSLATED = tuple(ipaddress.IPv6Network(text) for text in ("::/96", "64:ff9b::/96", "::ffff:0:0:0/96"))
# Public by its number, and all the same a cloud's own: Azure answers every machine's questions about itself there.
_CLOUDS = frozenset({ipaddress.IPv4Address("168.63.129.16")})


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Raises ValueError with the text that is no network."""
    return tuple(ipaddress.ip_network(text) for text in texts)


def may_connect(text: str, allowed: Sequence[Network]) -> bool:
    """Whether an address, as a resolver writes it, is on the internet or in a network that the operator allows."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return all(_is_public(one) or any(one in network for network in allowed) for one in _all_in(address))


def is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_public(address: Address) -> bool:
    unusual = address.is_multicast or address.is_reserved or address.is_unspecified or address in _CLOUDS
    site_local = isinstance(address, ipaddress.IPv6Address) and address.is_site_local
    return address.is_global and not (unusual or site_local)


def _all_in(address: Address) -> Iterator[Address]:
    """The address and those that it would be passed on to. One that only spells an IPv4 address is that address."""
    if isinstance(address, ipaddress.IPv4Address):
        yield address
        return
    if address.ipv4_mapped is not None:
        yield address.ipv4_mapped
        return
    if any(address in network for network in _TRANSLATED) and int(address) > 1:
        yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    else:
        yield address
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield from address.teredo
