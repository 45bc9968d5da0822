"""Renaming accounts, deleting them and bringing them back (oma.md section 5.5)."""

from django.conf import settings as configuration

from postroom.actions.action import writes
from postroom.core.address import parse_account
from postroom.core.catalogue.attribute import BadValueError
from postroom.core.errors import BadRequest, InAliasDomain, NameTaken, NotFound, OutOfReach, UserLimitReached
from postroom.core.lifecycle import MAILBOX_STEPS, DomainState, MailboxEvent, MailboxState, step
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission, Target, allows
from postroom.store import history, links, reach, rows, tombstones
from postroom.store.models import Address, AdminRole, Mailbox, Token, Tombstone
from postroom.store.rows import MailboxRow

_DAY = 86_400_000


def _catchall_follows(actor: Actor, origin: Origin, row: MailboxRow, wanted: str | None) -> None:
    """The domain's catchall is this account: name it anew, or end it, so that mail is not sent to nowhere."""
    domain = rows.domain_by_id(row.domain_id, lock=True)
    before = domain.settings.get("catchall") if domain else None
    if domain is None or before != row.address:
        return
    domain.settings = {k: v for k, v in {**domain.settings, "catchall": wanted}.items() if v is not None}
    domain.changed(history.milliseconds(origin))
    history.note(domain, actor.name, origin, "changed", {"catchall": [before, wanted]})
    rows.save(domain)


@writes(Permission.MAILBOX_RENAME)
def rename(actor: Actor, origin: Origin, address: str, new_name: str) -> None:
    """Within the domain only; mail, settings and roles stay. A bare local part is taken for one of this domain."""
    row = reach.mailbox(actor, address, Permission.MAILBOX_RENAME, lock=True)
    wanted = _free_address(row, new_name)
    Address.objects.filter(address=row.address).delete()
    Address.objects.create(address=wanted, domain_id=row.domain_id, mailbox_id=row.id, is_alias=False)
    _catchall_follows(actor, origin, row, wanted)
    before, row.address = row.address, wanted
    row.changed(history.milliseconds(origin))
    history.note(row, actor.name, origin, "renamed", {"name": [before, wanted]})
    rows.save(row)


def _free_address(row: MailboxRow, written: str) -> str:
    text = written if "@" in written else f"{written}@{row.domain.name}"
    try:
        address = parse_account(text)
    except BadValueError as error:
        raise BadRequest(hints={"new_name": str(error)}) from None
    if address.domain in row.domain.aliases:
        raise InAliasDomain(hints={"new_name": f"{address.domain} is an alias of {row.domain.name}"})
    if address.domain != row.domain.name:
        raise BadRequest(hints={"new_name": f"must stay in {row.domain.name}"})
    if rows.find_mailbox(str(address)):
        raise NameTaken(hints={"new_name": f"{address} is taken"})
    return str(address)


@writes(Permission.MAILBOX_DELETE)
def delete(actor: Actor, origin: Origin, address: str) -> None:
    """No sign-in and no mail from now on; restorable for 30 days. Roles end, aliases are free again."""
    remove(actor, origin, reach.mailbox(actor, address, Permission.MAILBOX_DELETE, lock=True))


def remove(actor: Actor, origin: Origin, row: MailboxRow) -> None:
    """The caller has asked who may do it, and holds the row's lock."""
    now = history.milliseconds(origin)
    _catchall_follows(actor, origin, row, None)
    Address.objects.filter(mailbox_id=row.id).delete()
    AdminRole.objects.filter(mailbox_id=row.id).delete()
    Token.objects.filter(mailbox_id=row.id).delete()
    links.end(row.id)
    tombstones.put(row, actor.name, now)
    row.status = step(MAILBOX_STEPS, MailboxState(row.status), MailboxEvent.DELETE)
    row.deleted_at = now
    row.changed(now)
    history.note(row, actor.name, origin, "deleted", {"name": [row.address, None]})
    rows.save(row)


@writes(Permission.MAILBOX_RESTORE)
def restore(actor: Actor, origin: Origin, address: str, restore_id: str | None, new_name: str | None) -> None:
    """Bring a deleted account back; without an id the one deleted last. Aliases that are still free come back too."""
    row, stone = _deleted(actor, address, restore_id)
    now = history.milliseconds(origin)
    if stone.deleted_at < now - configuration.RESTORE_DAYS * _DAY:
        raise NotFound(f"{address} was deleted more than {configuration.RESTORE_DAYS} days ago")
    domain = rows.domain_by_id(row.domain_id, lock=True)
    if domain is None or domain.deleted_at is not None:
        raise NotFound(f"{row.domain.name} is deleted; restore the domain first")
    row.domain = domain
    wanted = _free_address(row, new_name or row.address.rpartition("@")[0])
    limit = domain.settings.get("limit_users")
    if isinstance(limit, int) and Mailbox.objects.filter(domain_id=domain.id, deleted_at=None).count() >= limit:
        raise UserLimitReached(f"{domain.name} may have {limit} accounts")
    _revive(row, wanted, stone)
    row.changed(now)
    history.note(row, actor.name, origin, "restored", {"name": [address, wanted]})
    rows.save(row)
    stone.delete()


def _deleted(actor: Actor, address: str, restore_id: str | None) -> tuple[MailboxRow, Tombstone]:
    stones = Tombstone.objects.filter(kind="mailbox", name=address).order_by("-deleted_at")
    stone = (stones.filter(restore_id=restore_id) if restore_id else stones).first()
    row = rows.mailbox_by_id(stone.object_id, lock=True) if stone else None
    if stone is None or row is None:
        container = rows.find_domain(address.rpartition("@")[2])
        if container is None or not reach.sees_into(actor, container[1].company_id, container[1].id):
            raise OutOfReach
        raise NotFound
    target = Target(row.domain.company_id, row.domain_id, row.workgroup_id)
    if not allows(actor, Permission.MAILBOX_RESTORE, target):
        raise OutOfReach
    return row, stone


def _revive(row: MailboxRow, address: str, stone: Tombstone) -> None:
    Address.objects.create(address=address, domain_id=row.domain_id, mailbox_id=row.id, is_alias=False)
    domains = {row.domain.name, *row.domain.aliases}
    free = [a for a in stone.kept.get("aliases", []) if a.rpartition("@")[2] in domains and not rows.find_mailbox(a)]
    Address.objects.bulk_create(
        Address(address=a, domain_id=row.domain_id, mailbox_id=row.id, is_alias=True) for a in free
    )
    row.address, row.aliases, row.deleted_at = address, free, None
    state = step(MAILBOX_STEPS, MailboxState(row.status), MailboxEvent.RESTORE)
    if stone.kept.get("status") == MailboxState.DISABLED:
        state = step(MAILBOX_STEPS, state, MailboxEvent.DISABLE)  # as somebody wanted it
    elif row.domain.status == DomainState.ENABLED:
        state = step(MAILBOX_STEPS, state, MailboxEvent.DOMAIN_ENABLED)
    row.status = state
