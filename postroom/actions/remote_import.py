"""Taking over what others made on a remote platform: mailboxes and aliases of a domain that we manage there."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final

import msgspec

from postroom.actions import mailbox_checks as checks
from postroom.actions import mailbox_writing as writing
from postroom.actions.action import writes
from postroom.actions.person_mailboxes import whole_name
from postroom.actions.settings_change import differences
from postroom.core.aliases import MOST_ALIASES, MOST_REACHED
from postroom.core.errors import RoleTooSmall
from postroom.core.lifecycle import MailboxState
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission
from postroom.store import alias_routes, history, reach, rows, told
from postroom.store.models import Address, Alias, Mailbox, Workgroup
from postroom.store.rows import DomainRow
from postroom.store.told import Pair

BATCH: Final = 500
"""Mailboxes at a time."""


class FoundMailbox(msgspec.Struct, frozen=True, kw_only=True):
    address: str
    first_name: str
    last_name: str
    active: bool


@writes(Permission.MAILBOX_CREATE)
def take_mailboxes(actor: Actor, origin: Origin, domain: str, found: Sequence[FoundMailbox]) -> list[str]:
    """The addresses of those that are accounts of ours now, at most BATCH at a time. Nobody is written to, and no limit
    of the domain holds: they are there.

    Left out are addresses that another account has, or that are just being removed there.
    """
    row = reach.domain_for_person(actor, domain, Permission.MAILBOX_CREATE, lock=True)
    group = writing.workgroup_for_new(actor, row, None)
    if group is None:
        raise RoleTooSmall
    wanted = {one.address: one for one in found}
    taken = set(Address.objects.filter(address__in=wanted).values_list("address", flat=True))
    taken |= told.mailboxes(row.id)
    new = [one for address, one in sorted(wanted.items()) if address not in taken]
    if new:
        _create(actor, origin, row, group, new)
    return [one.address for one in new]


def _create(actor: Actor, origin: Origin, domain: DomainRow, group: Workgroup, new: Sequence[FoundMailbox]) -> None:
    now = history.milliseconds(origin)
    made = Mailbox.objects.bulk_create(_unsaved(domain, group, one, now) for one in new)
    Address.objects.bulk_create(
        Address(address=one.address, domain_id=domain.id, mailbox=one, is_alias=False) for one in made
    )
    found = rows.mailboxes_since(domain.id, min(one.pk for one in made))
    for row in found:
        name = whole_name(row.first_name, row.last_name)
        row.settings = {**row.settings, **({"name": name} if name else {})}
        changes = differences({}, {"name": row.address, "status": row.status, **checks.told_of(row)})
        history.note(row, actor.name, origin, "imported", changes)
    rows.save_new(found)
    told.keep_mailboxes(domain.platform_id, domain.id, [(one.pk, one.address) for one in made])


def _unsaved(domain: DomainRow, group: Workgroup, found: FoundMailbox, now: int) -> Mailbox:
    one = writing.unsaved(domain, group, found.address, "mailbox", None, now)
    one.first_name, one.last_name = found.first_name, found.last_name
    one.status = MailboxState.ENABLED if found.active else MailboxState.DISABLED
    # The platform has it already.
    one.applied_name, one.applied_generation, one.due_at = one.address, one.generation, None
    return one


@writes(Permission.ALIAS_CHANGE)
def take_aliases(actor: Actor, origin: Origin, domain: str, found: Iterable[Pair]) -> list[Pair]:
    """Those that are the domain's own now. Left out are those beyond the numbers that core/aliases.py allows."""
    row = reach.domain_for_person(actor, domain, Permission.ALIAS_CHANGE, lock=True)
    known = set(Alias.objects.filter(domain_id=row.id).values_list("local_part", "destination"))
    parted = {(address.rpartition("@")[0], destination) for address, destination in found}
    new = sorted(parted - known)[: max(0, MOST_ALIASES - len(known))]
    taken = [pair for name, pairs in groupby(new, key=lambda pair: pair[0]) for pair in _made(row, list(pairs), origin)]
    if not taken:
        return []
    row.changed(history.milliseconds(origin))
    lines = [f"{name}@{row.name} → {destination}" for name, destination in taken]
    history.note(row, actor.name, origin, "imported", {"own_aliases": [None, lines]})
    rows.save(row)
    rows.put_aliases({(row.id, name) for name, _ in taken})
    pairs = [(f"{name}@{row.name}", destination) for name, destination in taken]
    told.keep_aliases(row.platform_id, row.id, pairs)
    return pairs


def _made(row: DomainRow, pairs: Sequence[Pair], origin: Origin) -> Sequence[Pair]:
    """All destinations of one name, or none."""
    now = history.milliseconds(origin)
    made = Alias.objects.bulk_create(
        Alias(domain_id=row.id, local_part=name, destination=end, created_at=now) for name, end in pairs
    )
    if alias_routes.explored([(row.id, pairs[0][0])]).ends() <= MOST_REACHED:
        return pairs
    Alias.objects.filter(id__in=[one.pk for one in made]).delete()
    return []
