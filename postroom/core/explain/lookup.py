"""How Postfix finds out where mail goes, from what the tables say (docs/mailstack.md).

`drivers/mailstack/queries.py` says the same as SQL; tests/servers/test_story_explain.py compares the two.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Final

import msgspec

from postroom.core.aliases import without_extension

NOBODY: Final = "550 5.1.1"
"""What a sender is told of a name that there is not."""


class DomainFact(msgspec.Struct, frozen=True):
    """A row of `mail_domain`."""

    main: str
    action: str
    ours: bool
    catchall: str


class RouteFact(msgspec.Struct, frozen=True):
    """A row of `mail_route`."""

    login: str
    action: str
    goto: tuple[str, ...]


class Tables(msgspec.Struct, frozen=True):
    domains: Mapping[str, DomainFact]
    routes: Mapping[str, RouteFact]


class Found(msgspec.Struct, frozen=True):
    key: str = ""
    """The address whose row it is: the asked one, without extension, or in the domain's own name. Empty: none is."""
    goto: tuple[str, ...] = ()
    is_catchall: bool = False


def plain(address: str) -> str:
    """Without extension."""
    local_part, _, host = address.rpartition("@")
    return f"{without_extension(local_part)}@{host}"


def extended(address: str, like: str) -> str:
    """With the extension of another address: Postfix hands it on to where an alias leads."""
    extension = like.rpartition("@")[0].partition("+")[2]
    local_part, _, host = address.rpartition("@")
    return f"{local_part}+{extension}@{host}" if extension else address


def keys(addresses: Collection[str], domains: Mapping[str, DomainFact]) -> set[str]:
    """The addresses whose routes may matter."""
    found = {key for address in addresses for key in _keys(address, domains)}
    hosts = {address.rpartition("@")[2] for address in addresses}
    return found | {domains[host].catchall for host in hosts & domains.keys() if domains[host].catchall}


def _keys(address: str, domains: Mapping[str, DomainFact]) -> Iterator[str]:
    for key in dict.fromkeys((address, plain(address))):
        yield key
        local_part, _, host = key.rpartition("@")
        domain = domains.get(host)
        if domain is not None and domain.ours and domain.main != host:
            yield f"{local_part}@{domain.main}"


def answer(tables: Tables, address: str) -> str:
    """What whoever sends to it is told at the MX; empty where there is nothing to say."""
    for key in dict.fromkeys((address, plain(address))):
        said = next((said for said in _said(tables, key) if said is not None), "")
        if said:
            return said
    return ""


def _said(tables: Tables, key: str) -> Iterator[str | None]:
    """None: no row."""
    local_part, _, host = key.rpartition("@")
    domain = tables.domains.get(host)
    if domain is not None:
        yield domain.action or None
    for address in _keys(key, tables.domains):
        route = tables.routes.get(address)
        yield route.action if route else None
    if domain is not None and "+" not in local_part:
        route = tables.routes.get(domain.catchall)
        yield route.action if route else None


def onward(tables: Tables, address: str) -> Found:
    """Where an address leads; to itself where it is a mailbox's own."""
    for key in _keys(address, tables.domains):
        route = tables.routes.get(key)
        if route is not None and route.goto:
            return Found(key, route.goto)
    domain = tables.domains.get(address.rpartition("@")[2])
    if domain is not None and domain.ours and domain.catchall:
        return Found("", (domain.catchall,), is_catchall=True)
    return Found()
