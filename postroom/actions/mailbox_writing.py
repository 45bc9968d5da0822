"""Making accounts, and putting new values on them: for every way in which that is asked for.

Nothing here is an action: the caller has begun the transaction, and has asked who may do it.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from postroom.actions import mailbox_checks as checks
from postroom.actions.new_passwords import NewPassword, hashed
from postroom.actions.settings_change import check_suspensions, differences, merged, new_settings, told
from postroom.core.address import parse_account
from postroom.core.catalogue.attribute import BadValueError, Level, Value
from postroom.core.errors import (
    BadAttribute,
    BadRequest,
    InAliasDomain,
    IsAlias,
    OutOfReach,
    UserLimitReached,
    WrongState,
)
from postroom.core.languages import Language
from postroom.core.lifecycle import DomainState, MailboxState
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission, Target, allows
from postroom.store import bulletins, history, jobs, new_mailboxes, reach, rows
from postroom.store.models import Mailbox, Token, Workgroup
from postroom.store.rows import DomainRow, MailboxRow
from postroom.store.sql import Statement, execute


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a mailbox is made for. They choose the password themselves, by a link that goes to their other address."""

    first_name: str
    last_name: str
    secondary_email: str
    language: Language


class NewMailbox(msgspec.Struct, frozen=True, kw_only=True):
    address: str
    attributes: Mapping[str, object] = {}
    password: NewPassword | None = None
    holder: Holder | None = None


def domain_for_new(actor: Actor, address: str) -> DomainRow:
    """Raises OutOfReach for an unknown domain: whoever asks cannot tell it from a foreign one."""
    local_part, _, name = address.rpartition("@")
    found = rows.find_domain(name)
    if found is None or not reach.sees_into(actor, found[1].company_id, found[1].id):
        raise OutOfReach
    is_alias, domain = found
    if is_alias and rows.find_mailbox(f"{local_part}@{domain.name}"):
        raise IsAlias(f"{name} is an alias; the account's name is {local_part}@{domain.name}")
    if is_alias:
        raise InAliasDomain(f"accounts live in {domain.name}; {address} can be an alias there")
    return domain


def workgroup_for_new(actor: Actor, domain: DomainRow, named: object) -> Workgroup | None:
    """The workgroup a new account goes to, where the actor may create accounts; None where it may not."""
    groups = Workgroup.objects.filter(domain_id=domain.id)
    default = domain.settings.get("workgroup")
    if isinstance(named, str) and named:
        wanted = groups.filter(folded_name=named.lower()).first()
        if wanted is None and _may_create(actor, domain, None):
            raise BadAttribute(hints={"workgroup": f"{named} is not a workgroup of {domain.name}; create it first"})
        return wanted if wanted and _may_create(actor, domain, wanted.pk) else None
    for group in sorted(groups, key=lambda g: g.name != default):
        if _may_create(actor, domain, group.pk):
            return group
    return None


def _may_create(actor: Actor, domain: DomainRow, workgroup_id: int | None) -> bool:
    return allows(actor, Permission.MAILBOX_CREATE, Target(domain.company_id, domain.id, workgroup_id))


def create(actor: Actor, origin: Origin, domain: DomainRow, group: Workgroup, wish: NewMailbox) -> MailboxRow:
    """Locks the domain: its accounts are made one at a time, so that limits hold."""
    try:
        address = str(parse_account(wish.address))
    except BadValueError as error:
        raise BadRequest(hints={"user": str(error)}) from None
    _require_not_disabled(domain)
    # The workgroup was looked at above: those who may only create in their own may name it too.
    attributes = {k: v for k, v in wish.attributes.items() if k != "workgroup"}
    target = Target(domain.company_id, domain.id, group.pk)
    changes = checks.checked_mailbox(actor, target, attributes, {"account": address})
    type = str(changes.get("type") or "mailbox")
    if type == "mailbox" and not changes.get("password") and wish.holder is None:
        raise BadRequest(hints={"password": "is required for a mailbox"})
    locked = rows.domain_by_id(domain.id, lock=True)
    if locked is None or locked.deleted_at is not None:
        raise OutOfReach  # as for a domain that is not there: it was deleted a moment ago
    _require_not_disabled(locked)
    check_user_limit(locked)
    now = history.milliseconds(origin)
    row = insert(locked, group, address, type, wish.holder, now)
    apply(actor, row, changes, wish.password)
    note_creation(actor, origin, row)
    rows.save(row)
    bulletins.welcome(row, now)
    if row.settings.get("sieve"):
        jobs.enqueue("put_sieve", str(row.id), now)
    return row


def _require_not_disabled(domain: DomainRow) -> None:
    if domain.status == DomainState.DISABLED:
        raise WrongState(f"{domain.name} is disabled; no accounts can be created")


def note_creation(actor: Actor, origin: Origin, row: MailboxRow) -> None:
    execute(*creation_entry(actor, origin, row))


def creation_entry(actor: Actor, origin: Origin, row: MailboxRow) -> Statement:
    """What `note_creation` runs."""
    created = {"name": row.address, **checks.told_of(row)}
    return history.entry(
        row, actor.name, origin, "created", {**differences({}, created), **told_password("", row.password)}
    )


def check_user_limit(domain: DomainRow) -> None:
    limit = domain.settings.get("limit_users")
    if isinstance(limit, int) and Mailbox.objects.filter(domain_id=domain.id, deleted_at=None).count() >= limit:
        raise UserLimitReached(f"{domain.name} may have {limit} accounts")


def first_settings(domain: DomainRow) -> dict[str, Value]:
    values = new_settings(Level.MAILBOX, domain.settings)
    values.pop("workgroup", None)
    return values


def unsaved(domain: DomainRow, group: Workgroup, address: str, type: str, holder: Holder | None, now: int) -> Mailbox:
    proven = domain.status == DomainState.ENABLED
    return Mailbox(
        domain_id=domain.id,
        workgroup=group,
        address=address,
        type=type,
        status=MailboxState.ENABLED if proven else MailboxState.PENDING,
        settings={**first_settings(domain), **checks.FIRST_DELIVERY[type]},
        first_name=holder.first_name if holder else "",
        last_name=holder.last_name if holder else "",
        secondary_email=holder.secondary_email if holder else "",
        welcome=holder.language if holder else "",
        created_at=now,
        due_at=now if proven else None,
    )


def insert(domain: DomainRow, group: Workgroup, address: str, type: str, holder: Holder | None, now: int) -> MailboxRow:
    return new_mailboxes.insert(unsaved(domain, group, address, type, holder, now), domain, group.name)


def apply(actor: Actor, row: MailboxRow, changes: dict[str, Value], password: NewPassword | None) -> None:
    """Check what needs rows or other attributes, then put `changes` on the working copy."""
    aliases = changes.pop("aliases", ...) if "aliases" in changes else ...
    wants_password = changes.pop("password", None)
    new_type = changes.pop("type", None)
    workgroup = changes.pop("workgroup", ...) if "workgroup" in changes else ...
    checks.check_references(row, changes)
    parents = (row.domain.settings, row.domain.company.settings)
    row.suspended_by = check_suspensions(actor, row.target, changes, row.suspended_by, parents)
    if isinstance(new_type, str):
        row.type = new_type
    after = merged(row.settings, changes, Level.MAILBOX, row.domain.settings)
    row.settings = checks.deliverable(row, after, changes)
    checks.check_quota(row, changes.get("quota"))
    if workgroup is not ...:
        checks.move_to_workgroup(row, workgroup)
    if wants_password is not None:
        set_password(row, password or hashed(str(wants_password), row.address, row.domain, row.old_passwords))
    if aliases is not ...:
        checks.check_and_take_aliases(row, aliases)


def set_password(row: MailboxRow, password: NewPassword) -> None:
    """A new password ends the sessions that the old one began."""
    if password.refused is not None:
        raise password.refused
    row.password = password.hash
    row.old_passwords = [password.hash, *row.old_passwords][:8]
    Token.objects.filter(mailbox_id=row.id).delete()


def told_password(before: str, after: str) -> dict[str, list[Any]]:
    if before == after:
        return {}
    return {"password": [told("password", before or None), told("password", after)]}
