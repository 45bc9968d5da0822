"""Rows of `mail_route` for aliases of People's kind (docs/mailstack.md): those that no mailbox has are their domain's.

Where one leads may depend on others, so whatever changes, all that can be reached from there is looked at again.
"""

from collections.abc import Callable, Collection, Iterable, Mapping

from postroom.store import alias_routes, projection
from postroom.store.alias_routes import Graph, Node
from postroom.store.models import Address, Alias, MailRoute
from postroom.store.working_copies import DomainRow, MailboxRow

Finder = Callable[[int], MailboxRow | None]
"""Of a mailbox by its id."""

Route = tuple[int, str]
"""Owner and goto."""


def put_domain(row: DomainRow, mailbox: Finder) -> bool:
    """All of a domain's. Whether anything was different."""
    if not projection.is_read(row.platform_id):
        return False
    names = Alias.objects.filter(domain_id=row.id).values_list("local_part", flat=True).distinct()
    starts = {(row.id, name) for name in names}
    own = dict(MailRoute.objects.filter(mailbox_id=-row.id).values_list("address", "goto"))
    if not starts and not own:
        return False
    kept, differed = _put(starts, mailbox)
    gone = own.keys() - kept
    MailRoute.objects.filter(mailbox_id=-row.id, address__in=gone).delete()
    return differed or bool(gone)


def follow_mailbox(row: MailboxRow, addresses: Collection[str], mailbox: Finder) -> None:
    """After routes of a mailbox have changed: what it has given back may be an alias, and circles may have changed."""
    names = {name for name, _, host in (a.rpartition("@") for a in addresses) if host == row.domain.name}
    aliases = Alias.objects.filter(domain_id=row.domain_id, local_part__in=names).values_list("local_part", flat=True)
    put({(row.domain_id, name) for name in aliases}, mailbox)


def put(starts: Collection[Node], mailbox: Finder) -> None:
    """Some aliases, or what were some, and all that can be reached from them."""
    if starts:
        _put(starts, mailbox)


def _put(starts: Collection[Node], mailbox: Finder) -> tuple[set[str], bool]:
    """The addresses that stay their domains' own; whether anything was different."""
    graph = alias_routes.explored_alone(starts)
    nodes = {node for node in (*graph.destinations, *starts) if node[0] in graph.mains}
    addresses = {graph.address(node): node for node in nodes}
    people = _mailboxes(addresses)
    differed = [bool(projection.put_mailbox(row)) for row in map(mailbox, set(people.values())) if row is not None]
    own = {address: node for address, node in addresses.items() if address not in people}
    wanted = _wanted(graph, own)
    return set(wanted), _write(set(own), wanted) or any(differed)


def _mailboxes(addresses: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for batch in alias_routes.batches(addresses):
        living = Address.objects.filter(address__in=batch, mailbox__deleted_at=None)
        found.update(living.values_list("address", "mailbox_id"))
    return found


def _wanted(graph: Graph, own: Mapping[str, Node]) -> dict[str, Route]:
    routes = alias_routes.routes(graph)
    return {address: (-node[0], ",".join(routes[node])) for address, node in own.items() if routes.get(node)}


def _write(addresses: Collection[str], wanted: Mapping[str, Route]) -> bool:
    """Make the rows of `addresses` those that are wanted. Whether anything was different."""
    there: dict[str, Route] = {}
    for batch in alias_routes.batches(addresses):
        found = MailRoute.objects.filter(address__in=batch).values_list("address", "mailbox_id", "goto")
        there.update({address: (owner, goto) for address, owner, goto in found})
    gone = there.keys() - wanted.keys()
    for batch in alias_routes.batches(gone):
        MailRoute.objects.filter(address__in=batch, mailbox_id__lt=0).delete()
    new = [
        MailRoute(address=address, mailbox_id=owner, login="", action="", goto=goto)
        for address, (owner, goto) in wanted.items()
        if there.get(address) != (owner, goto)
    ]
    MailRoute.objects.bulk_create(
        new,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["address"],
        update_fields=["mailbox_id", "login", "action", "goto"],
    )
    return bool(gone or new)
