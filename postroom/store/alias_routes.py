"""Where aliases of People's kind lead, through other aliases too (docs/decisions/017-aliases.md)."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TypeVar

import msgspec
from django.db.models import F

from postroom.core.aliases import circles, swallows, without_extension
from postroom.core.mail.values import EXIT_DOMAIN
from postroom.store.models import Address, Alias, DomainName, MailDomain
from postroom.store.sql import execute, is_sqlite

Node = tuple[int, str]
"""An address by its domain's id and its local part: one, whatever names the domain has."""

SWALLOW = f"swallow@{EXIT_DOMAIN}"
"""Postfix throws away what is sent there (main.cf)."""

_BATCH = 1000
_ONE_AT_A_TIME = 4_016_016  # number of the advisory lock: whoever writes aliases that lead into other domains


class Graph(msgspec.Struct):
    """All that can be reached from some aliases."""

    destinations: dict[Node, list[str]]
    """Of each alias, in alphabetical order. Nodes that are no alias are not in it."""
    meant: dict[str, Node]
    """Destinations in domains of ours."""
    mains: dict[int, str]
    """The own names of these domains."""

    def address(self, node: Node) -> str:
        return f"{node[1]}@{self.mains[node[0]]}"

    def onward(self, node: Node) -> list[Node]:
        found = (self.meant.get(destination) for destination in self.destinations[node])
        return [other for other in found if other is not None]

    def ends(self) -> int:
        """How many addresses there are that are no alias."""
        return sum(
            self.meant.get(destination) not in self.destinations
            for destination in {d for found in self.destinations.values() for d in found}
        )


def explored(starts: Iterable[Node]) -> Graph:
    graph = Graph(destinations={}, meant={}, mains={})
    waiting = set(starts)
    seen = set(waiting)
    graph.mains.update(_mains({domain_id for domain_id, _ in waiting}))
    while waiting:
        found = _destinations(waiting)
        graph.destinations.update(found)
        _understand(graph, {d for destinations in found.values() for d in destinations} - graph.meant.keys())
        waiting = {node for start in found for node in graph.onward(start)} - seen
        seen |= waiting
    return graph


def around(domain_id: int, local_part: str, gone: Collection[str]) -> set[Node]:
    """The alias, and where those of its destinations lead that are no more: they may have been in a circle with it."""
    graph = Graph(destinations={}, meant={}, mains={})
    _understand(graph, gone)
    return {(domain_id, local_part), *graph.meant.values()}


def explored_alone(starts: Collection[Node]) -> Graph:
    """With all who might close a circle with these at this moment waiting until our transaction ends."""
    graph = explored(starts)
    crosses = any(node[0] != start[0] for start in graph.destinations for node in graph.onward(start))
    if not crosses or is_sqlite():  # it has one writer at a time anyway
        return graph
    execute("SELECT pg_advisory_xact_lock(%s)", (_ONE_AT_A_TIME,))
    return explored(starts)


def _mains(domain_ids: Collection[int]) -> dict[int, str]:
    names = DomainName.objects.filter(domain_id__in=domain_ids, is_alias=False)
    return dict(names.values_list("domain_id", "name"))


def _understand(graph: Graph, destinations: Collection[str]) -> None:
    hosts = {destination.rpartition("@")[2] for destination in destinations}
    known = {
        name: (domain_id, main)
        for batch in batches(hosts)
        for name, domain_id, main in DomainName.objects.filter(name__in=batch).values_list(
            "name", "domain_id", "domain__name"
        )
    }
    for destination in destinations:
        local_part, _, host = destination.rpartition("@")
        if host in known:
            domain_id, graph.mains[domain_id] = known[host]
            graph.meant[destination] = (domain_id, without_extension(local_part))


def _destinations(nodes: Collection[Node]) -> dict[Node, list[str]]:
    found: dict[Node, list[str]] = {}
    for batch in batches(nodes):
        # More than what is looked for, where two domains have aliases of the same names.
        rows = Alias.objects.filter(domain_id__in={id for id, _ in batch}, local_part__in={name for _, name in batch})
        for domain_id, local_part, destination in rows.values_list("domain_id", "local_part", "destination"):
            if (domain_id, local_part) in nodes:
                found.setdefault((domain_id, local_part), []).append(destination)
    for destinations in found.values():
        destinations.sort()
    return found


Wanted = TypeVar("Wanted", str, Node)


def batches(wanted: Iterable[Wanted]) -> Iterator[list[Wanted]]:
    ordered = sorted(wanted)
    for at in range(0, len(ordered), _BATCH):
        yield ordered[at : at + _BATCH]


def routes(graph: Graph, serving: Collection[int] | None = None) -> dict[Node, list[str]]:
    """Where mail to each alias goes, besides a mailbox of its name. Nothing for those in domains that take no mail:
    `serving` are those that do, by what mail servers read where it is not given.

    Postfix follows aliases of aliases by itself, but not out of a circle: those on one lead to whatever all of them
    lead to.
    """
    if serving is None:
        serving = _serving({domain_id for domain_id, _ in graph.destinations})
    alive = {node: graph.onward(node) for node in graph.destinations if node[0] in serving}
    together = circles({node: [o for o in onward if o in alive] for node, onward in alive.items()})
    people = _people({graph.address(node) for node in together})
    return {node: _ends(graph, node, together.get(node, frozenset()), people) for node in alive}


def _ends(graph: Graph, node: Node, circle: frozenset[Node], people: Collection[str]) -> list[str]:
    others = [graph.address(other) for other in sorted(circle) if other != node]
    leads_out = {
        destination
        for member in circle or {node}
        for destination in graph.destinations[member]
        if graph.meant.get(destination) not in circle
    }
    kept = sorted(destination for destination in leads_out if not swallows(destination))
    swallowed = [SWALLOW] if len(kept) < len(leads_out) else []
    return [*(address for address in others if address in people), *kept] or swallowed


def _serving(domain_ids: Collection[int]) -> set[int]:
    found = MailDomain.objects.filter(domain_id__in=domain_ids, name=F("main"), action="")
    return set(found.values_list("domain_id", flat=True))


def _people(addresses: Collection[str]) -> set[str]:
    """Those that are a mailbox's own or an alias of it."""
    if not addresses:
        return set()
    return set(Address.objects.filter(address__in=addresses).values_list("address", flat=True))


def beside_mailboxes(domain_id: int, addresses: Collection[str]) -> Mapping[str, list[str]]:
    """Where else mail goes for those of a mailbox's addresses whose names are aliases, too. Quick where none is."""
    names = {address.rpartition("@")[0] for address in addresses}
    aliases = Alias.objects.filter(domain_id=domain_id, local_part__in=names).values_list("local_part", flat=True)
    starts = {(domain_id, name) for name in aliases}
    if not starts:
        return {}
    graph = explored_alone(starts)
    found = routes(graph)
    return {graph.address(node): found[node] for node in starts if node in found}


def count_names(domain_id: int) -> int:
    """How many aliases the domain has of either kind: limit_aliases holds for all."""
    own = Alias.objects.filter(domain_id=domain_id).values("local_part").distinct().count()
    return own + Address.objects.filter(domain_id=domain_id, is_alias=True).count()


def senders(domain_id: int, domain: str) -> dict[str, str]:
    """Aliases of the domain, and the addresses with commas between of those who may send under their names."""
    found: dict[str, str] = {}
    rows = Alias.objects.filter(domain_id=domain_id, allow_to_send=True).order_by("local_part", "destination")
    for name, destination in rows.values_list("local_part", "destination"):
        address = f"{name}@{domain}"
        found[address] = f"{found[address]},{destination}" if address in found else destination
    return found
