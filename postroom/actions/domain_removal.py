"""Deleting domains and bringing them back (oma.md section 5.3)."""

from django.conf import settings as configuration

from postroom.actions.action import writes
from postroom.actions.domain_names import take_name
from postroom.core.address import parse_domain
from postroom.core.catalogue.attribute import BadValueError
from postroom.core.errors import BadRequest, NameTaken, NotEmpty, NotFound, StillControlled
from postroom.core.lifecycle import DOMAIN_STEPS, DomainEvent, DomainState, step
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission, Target, allows
from postroom.store import history, reach, rows, tombstones
from postroom.store.models import AdminRole, DomainName, Mailbox, Tombstone

_DAY = 86_400_000


@writes(Permission.DOMAIN_DELETE)
def delete(actor: Actor, origin: Origin, name: str) -> None:
    """Raises NotEmpty while it has accounts, StillControlled while administrators outside hang on it."""
    row = reach.domain(actor, name, Permission.DOMAIN_DELETE, lock=True)
    accounts = Mailbox.objects.filter(domain_id=row.id, deleted_at=None).count()
    if accounts:
        raise NotEmpty(f"{row.name} still has {accounts} accounts; delete them first")
    outside = AdminRole.objects.filter(domain_id=row.id).exclude(mailbox__domain_id=row.id)
    controllers = sorted(set(outside.values_list("mailbox__address", flat=True)[:10]))
    if controllers:
        raise StillControlled(f"take the roles over {row.name} from {', '.join(controllers)} first")
    now = history.milliseconds(origin)
    DomainName.objects.filter(domain_id=row.id).delete()
    tombstones.put(row, actor.name, now)
    row.status = step(DOMAIN_STEPS, DomainState(row.status), DomainEvent.DELETE)
    row.deleted_at, row.check_at = now, None
    row.changed(now)
    history.note(row, actor.name, origin, "deleted", {"name": [row.name, None]})
    rows.save(row)


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
    _revive(row, new_name, stone, now)
    history.note(row, actor.name, origin, "restored", {"name": [name, new_name]})
    rows.save(row)
    stone.delete()


def _revive(row: rows.DomainRow, name: str, stone: Tombstone, now: int) -> None:
    take_name(row, name, is_alias=False)
    aliases = [a for a in stone.kept.get("aliases", []) if a != name and not rows.find_domain(a)]
    for alias in aliases:
        take_name(row, alias, is_alias=True)
    row.name, row.aliases, row.deleted_at = name, aliases, None
    state = step(DOMAIN_STEPS, DomainState(row.status), DomainEvent.RESTORE)
    if row.company.trusted or name.endswith(".adm"):
        state = step(DOMAIN_STEPS, state, DomainEvent.TRUST)
    else:
        row.check_at = now
    row.status = state
    row.changed(now)
