"""Aliases of People's kind: addresses of a domain that lead to destinations (docs/decisions/017-aliases.md)."""

from collections.abc import Collection, Iterator, Mapping
from typing import Final, TypeVar

from postroom.core.address import Address, parse_account_part, parse_address
from postroom.core.errors import BadValueError

SWALLOWING_HOSTS: Final = frozenset({"devnull", "localhost"})
"""What is sent to an address there is taken and thrown away."""

MOST_REACHED: Final = 500
"""Addresses that one alias may lead to, through other aliases too: Postfix gives up at a thousand."""

MOST_ALIASES: Final = 10_000
"""Pairs of alias and destination in one domain."""

LONGEST_DESTINATION: Final = 254

Node = TypeVar("Node", bound=tuple[int, str])


def parse_destination(text: str) -> str:
    """Any address that mail can be sent to, or one that swallows. Raises BadValueError."""
    local_part, _, host = text.strip().lower().rpartition("@")
    if host in SWALLOWING_HOSTS:
        address = str(Address(parse_account_part(local_part), host))
    else:
        address = str(parse_address(text))
    if len(address) > LONGEST_DESTINATION:
        raise BadValueError(f"must have at most {LONGEST_DESTINATION} characters")
    return address


def swallows(destination: str) -> bool:
    return destination.rpartition("@")[2] in SWALLOWING_HOSTS


_MAY_SEND: Final = " (may send as it)"


def written_line(address: str, destination: str, *, allow_to_send: bool) -> str:
    """One destination, as the history keeps it."""
    return f"{address} → {destination}{_MAY_SEND if allow_to_send else ''}"


def read_line(line: str) -> tuple[str, str, bool]:
    """(local part, destination, whether it may send as the alias)."""
    address, _, destination = line.partition(" → ")
    return address.rpartition("@")[0], destination.removesuffix(_MAY_SEND), destination.endswith(_MAY_SEND)


def without_extension(local_part: str) -> str:
    """Mail for uma+news is uma's: no account and no alias has a plus sign in its name."""
    return local_part.partition("+")[0]


def circles(graph: Mapping[Node, Collection[Node]]) -> dict[Node, frozenset[Node]]:
    """For each node that can be reached from itself: all those on circles with it, itself included."""
    backward: dict[Node, list[Node]] = {node: [] for node in graph}
    for node, onward in graph.items():
        for other in onward:
            backward.setdefault(other, []).append(node)
    found = {}
    seen: set[Node] = set()
    # Kosaraju: what leads back to a node, beginning with the last to be left, is on circles with it.
    for start in reversed(_as_left(graph)):
        group = frozenset(_unseen(start, backward, seen))
        if len(group) > 1 or (group and start in graph.get(start, ())):
            found.update(dict.fromkeys(group, group))
    return found


def _as_left(graph: Mapping[Node, Collection[Node]]) -> list[Node]:
    """Each node after all that it leads to, but for circles. Without recursion: a chain may be long."""
    left: list[Node] = []
    seen: set[Node] = set()
    waiting = [(node, False) for node in graph]
    while waiting:
        node, is_left = waiting.pop()
        if is_left:
            left.append(node)
        elif node not in seen:
            seen.add(node)
            waiting.append((node, True))
            waiting.extend((other, False) for other in graph.get(node, ()))
    return left


def _unseen(start: Node, graph: Mapping[Node, Collection[Node]], seen: set[Node]) -> Iterator[Node]:
    waiting = [start]
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            waiting.extend(graph.get(node, ()))
            yield node
