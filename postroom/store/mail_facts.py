"""What the mail servers read of some addresses, for whoever explains what they will do.

Of domains whose servers read our tables it is what stands there; for others it is what would.
"""

from collections.abc import Collection, Iterator, Mapping

import msgspec

from postroom.core.explain import lookup
from postroom.core.explain.lookup import DomainFact, RouteFact, Tables
from postroom.store import alias_routes, projection, rows
from postroom.store.alias_routes import Node
from postroom.store.models import Domain, MailDomain, MailRoute, MailUsage
from postroom.store.rows import DomainRow, MailboxRow
from postroom.store.working_copies import domain_serves


class Facts(msgspec.Struct, frozen=True):
    tables: Tables
    domains: Mapping[str, DomainRow]
    """By every name that was asked for."""
    mailboxes: Mapping[str, MailboxRow]
    """By address."""
    stored: Mapping[int, tuple[int, bool]]
    """Mailbox → bytes, and whether it is full."""


def around(addresses: Collection[str]) -> Facts:
    """Whatever the number of addresses, in the same number of questions, but for aliases that lead to aliases."""
    hosts = {address.rpartition("@")[2] for address in addresses}
    domains = rows.domains_named(hosts)
    read = {name: row for name, row in domains.items() if projection.is_read(row.platform_id)}
    other = {name: row for name, row in domains.items() if name not in read}
    facts = {**_domains_read(read), **{name: _domain_of(name, row) for name, row in other.items()}}
    keys = lookup.keys(addresses, facts)
    mailboxes = rows.mailboxes_at(keys)
    main = {row.name: row for row in other.values()}
    routes = {**_routes_read(keys), **dict(_routes_of(keys, {**main, **other}, mailboxes))}
    return Facts(Tables(facts, routes), domains, mailboxes, _stored(mailboxes.values()))


def _domains_read(names: Collection[str]) -> dict[str, DomainFact]:
    found = MailDomain.objects.filter(name__in=names) if names else ()
    return {row.name: DomainFact(row.main, row.action, row.ours, row.catchall) for row in found}


def _domain_of(name: str, row: DomainRow) -> DomainFact:
    main, action, _, ours, _, catchall = projection.domain_rows(row)[name]
    return DomainFact(main, action, ours, catchall)


def _routes_read(keys: Collection[str]) -> dict[str, RouteFact]:
    found = MailRoute.objects.filter(address__in=keys)
    return {row.address: _route(row.login, row.action, row.goto) for row in found}


def _route(login: str, action: str, goto: str) -> RouteFact:
    return RouteFact(login, action, tuple(goto.split(",")) if goto else ())


def _routes_of(
    keys: Collection[str], domains: Mapping[str, DomainRow], mailboxes: Mapping[str, MailboxRow]
) -> Iterator[tuple[str, RouteFact]]:
    """What would be written, were it read."""
    nodes = {key: node for key in keys if (node := _node(key, domains))}
    ends = _ends(set(nodes.values()))
    for key in keys:
        mailbox, further = mailboxes.get(key), ends.get(nodes[key], []) if key in nodes else []
        if mailbox is not None and key.rpartition("@")[2] in domains:
            wanted = projection.mailbox_rows(mailbox, (), {key: further} if further else {})
            yield key, _route(*wanted[projection.ROUTES][key])
        elif further:
            yield key, RouteFact("", "", tuple(further))


def _node(key: str, domains: Mapping[str, DomainRow]) -> Node | None:
    local_part, _, host = key.rpartition("@")
    row = domains.get(host)
    return (row.id, local_part) if row is not None and row.name == host else None


def _ends(nodes: Collection[Node]) -> Mapping[Node, list[str]]:
    graph = alias_routes.explored(nodes)
    if not graph.destinations:
        return {}
    found = Domain.objects.filter(id__in={domain_id for domain_id, _ in graph.destinations})
    states = found.values_list("id", "status", "proved_at", "settings")
    serving = {id for id, status, proved_at, settings in states if domain_serves(status, proved_at, settings)}
    return alias_routes.routes(graph, serving)


def _stored(mailboxes: Collection[MailboxRow]) -> dict[int, tuple[int, bool]]:
    found = MailUsage.objects.filter(mailbox_id__in={row.id for row in mailboxes})
    return {id: (bytes, full) for id, bytes, full in found.values_list("mailbox_id", "bytes", "full")}
