"""Contexts: domains that share a directory. Each begins alone, the operator joins them."""

import msgspec

from postroom.actions.action import reads, writes
from postroom.core.errors import WrongState
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission
from postroom.store import history, reach, rows
from postroom.store.models import Context, Domain
from postroom.store.rows import DomainRow


class ContextView(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    name: str
    domains: list[str]


@reads(Permission.CONTEXT_CHANGE)
def show(actor: Actor, domain: str) -> ContextView:
    row = reach.domain_for_person(actor, domain, Permission.CONTEXT_CHANGE)
    name = Context.objects.values_list("name", flat=True).get(id=row.context_id)
    return ContextView(id=row.context_id, name=name, domains=_domains(row.context_id))


def _domains(context_id: int) -> list[str]:
    living = Domain.objects.filter(context_id=context_id, deleted_at=None)
    return list(living.order_by("name").values_list("name", flat=True))


@writes(Permission.CONTEXT_CHANGE)
def join(actor: Actor, origin: Origin, domain: str, other: str) -> None:
    """Take the domain out of its context and into the other one's. Raises WrongState where it is there already."""
    target = reach.domain_for_person(actor, other, Permission.CONTEXT_CHANGE)
    row = reach.domain_for_person(actor, domain, Permission.CONTEXT_CHANGE, lock=True)
    if row.context_id == target.context_id:
        raise WrongState(f"{row.name} and {target.name} share a directory already")
    _move(row, target.context_id, actor, origin)


@writes(Permission.CONTEXT_CHANGE)
def leave(actor: Actor, origin: Origin, domain: str) -> None:
    """Give the domain a context of its own again. Raises WrongState where it has one."""
    row = reach.domain_for_person(actor, domain, Permission.CONTEXT_CHANGE, lock=True)
    if not Domain.objects.filter(context_id=row.context_id).exclude(id=row.id).exists():
        raise WrongState(f"{row.name} shares its directory with no other domain")
    made = Context.objects.create(name=row.name, created_at=history.milliseconds(origin))
    _move(row, made.pk, actor, origin)


def _move(row: DomainRow, context_id: int, actor: Actor, origin: Origin) -> None:
    left = row.context_id
    # Of two who leave the same one at the same moment the second sees that it is empty.
    Context.objects.select_for_update().get(id=left)
    before, after = _domains(left), sorted([*_domains(context_id), row.name])
    row.context_id = context_id
    row.changed(history.milliseconds(origin))
    history.note(row, actor.name, origin, "changed", {"context": [before, after]})
    rows.save(row)
    Context.objects.filter(id=left, domains=None).delete()
