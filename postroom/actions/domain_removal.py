"""Deleting domains and bringing them back (oma.md section 5.3)."""

from django.conf import settings as configuration

from postroom.actions.action import writes
from postroom.actions.domain_ending import end
from postroom.actions.domain_names import take_name
from postroom.core.address import is_pseudo, parse_domain
from postroom.core.catalogue.attribute import BadValueError
from postroom.core.errors import BadRequest, NameTaken, NotEmpty, NotFound, StillControlled, WrongState
from postroom.core.lifecycle import DOMAIN_STEPS, DomainEvent, DomainState, step
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission, Target, allows
from postroom.store import history, reach, rows
from postroom.store.models import AdminRole, Domain, Mailbox, Tombstone

_DAY = 86_400_000


@writes(Permission.DOMAIN_DELETE)
def delete(actor: Actor, origin: Origin, name: str) -> None:
    """Raises NotEmpty while it has accounts, StillControlled while administrators outside hang on it, and WrongState
    for one that the operator has switched off: whoever deletes it could bring it back switched on."""
    find = reach.domain if actor.person_id is None else reach.domain_for_person
    row = find(actor, name, Permission.DOMAIN_DELETE, lock=True)
    if row.status == DomainState.DISABLED and not allows(actor, Permission.DOMAIN_SWITCH, row.target):
        raise WrongState(f"{row.name} was switched off by the operator; ask there")
    accounts = Mailbox.objects.filter(domain_id=row.id, deleted_at=None).count()
    if accounts:
        raise NotEmpty(f"{row.name} still has accounts ({accounts}); delete them first")
    outside = AdminRole.objects.filter(domain_id=row.id).exclude(mailbox__domain_id=row.id)
    controllers = sorted(set(outside.values_list("mailbox__address", flat=True)[:10]))
    if controllers:
        raise StillControlled(f"take the roles over {row.name} from {', '.join(controllers)} first")
    end(actor.name, origin, row, "deleted")


@writes(Permission.DOMAIN_RESTORE)
def restore(actor: Actor, origin: Origin, name: str, restore_id: str, new_name: str) -> None:
    """Bring a deleted domain back under `new_name`. Aliases that are still free come back with it."""
    stone = Tombstone.objects.filter(kind="domain", name=name, restore_id=restore_id).first()
    if stone is None or not allows(actor, Permission.DOMAIN_RESTORE, Target(stone.company_id, stone.domain_id)):
        raise NotFound
    now = history.milliseconds(origin)
    if stone.deleted_at < now - configuration.RESTORE_DAYS * _DAY:
        raise NotFound(f"{name} was deleted more than {configuration.RESTORE_DAYS} days ago")
    try:
        new_name = parse_domain(new_name)
    except BadValueError as error:
        raise BadRequest(hints={"new_name": str(error)}) from None
    if rows.find_domain(new_name):
        raise NameTaken(hints={"new_name": f"{new_name} is taken"})
    row = rows.domain_by_id(stone.object_id, lock=True)
    if row is None or row.deleted_at is None:
        raise NotFound
    if new_name != name and _was_claimed(actor, row):
        # Under a new name it would be a claim that nobody has made, and that never gives way.
        raise BadRequest(hints={"new_name": f"must be {name}; add another domain as a new one"})
    _revive(row, new_name, stone, now)
    history.note(row, actor.name, origin, "restored", {"name": [name, new_name]})
    rows.save(row)
    Domain.objects.filter(id=row.id).update(told=[])  # what comes of it is news
    stone.delete()


def _was_claimed(actor: Actor, row: rows.DomainRow) -> bool:
    """By a person, who must show for each name that it is theirs."""
    if allows(actor, Permission.DOMAIN_CREATE, row.company.target):
        return False
    return Domain.objects.filter(id=row.id).exclude(ownership="").exists()


def _revive(row: rows.DomainRow, name: str, stone: Tombstone, now: int) -> None:
    take_name(row, name, is_alias=False)
    aliases = [a for a in stone.kept.get("aliases", []) if a != name and not rows.find_domain(a)]
    for alias in aliases:
        take_name(row, alias, is_alias=True)
    row.name, row.aliases, row.deleted_at = name, aliases, None
    state = step(DOMAIN_STEPS, DomainState(row.status), DomainEvent.RESTORE)
    row.proved_at, row.check_at = None, None if is_pseudo(name) else now
    if row.company.trusted or is_pseudo(name):
        state = step(DOMAIN_STEPS, state, DomainEvent.TRUST)
        row.proved_at = now
    row.status = state
    row.changed(now)
