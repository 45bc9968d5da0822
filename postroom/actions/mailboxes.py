"""Accounts: seen, created, changed (oma.md section 5.5)."""

import time
from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from postroom.actions import live
from postroom.actions import mailbox_checks as checks
from postroom.actions.action import reads, writes
from postroom.actions.new_passwords import NewPassword, hashed, prepare
from postroom.actions.settings_change import (
    check_suspensions,
    differences,
    merged,
    new_settings,
    quota_bytes,
    quota_in_force,
    settable_names,
    told,
)
from postroom.core import catalogue, inheritance
from postroom.core.address import parse_account
from postroom.core.catalogue.attribute import BadValueError, Level, Value
from postroom.core.errors import (
    BadAttribute,
    BadRequest,
    ExistsAlready,
    InAliasDomain,
    IsAlias,
    NotFound,
    OutOfReach,
    UserLimitReached,
    WrongState,
)
from postroom.core.lifecycle import DomainState, MailboxState
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission, Target, allows
from postroom.core.stored_mail import LONGEST_SCRIPT
from postroom.store import bulletins, history, jobs, reach, rows, usage
from postroom.store import sent as sent_mail
from postroom.store.models import Address, AdminRole, AppPassword, Mailbox, Token, Workgroup
from postroom.store.rows import DomainRow, MailboxRow
from postroom.store.sql import Compiled


class MailboxView(msgspec.Struct, frozen=True, kw_only=True):
    address: str
    type: str
    status: str
    """active, suspended or deleted, in the words of oma.md section 7.4."""
    workgroup: str
    aliases: list[str]
    settings: dict[str, Value]
    inherited: dict[str, Value]
    settable: list[str]
    roles: dict[str, list[str]]
    app_passwords: list[tuple[str, int]]
    """(tag, created at)."""
    last_sign_ins: dict[str, int]
    quota_bytes: int | None
    stored: tuple[int, int]
    """(bytes, messages), as its platform said last."""
    sent: int
    """Recipients in the last 24 hours."""
    sent_limit: int
    created_at: int
    in_step: bool


class FreeAddress(msgspec.Struct, frozen=True, kw_only=True):
    """No such account, and the asker may create it."""

    settable: list[str]
    defaults: dict[str, Value]


_roles_of = Compiled(
    lambda p: AdminRole.objects.filter(mailbox_id=p.number(0)).order_by("id").values_list(
        "role", "company__name", "domain__name", "workgroup__name"
    )
)  # fmt: skip
_app_passwords_of = Compiled(
    lambda p: AppPassword.objects.filter(mailbox_id=p.number(0)).order_by("id").values_list("tag", "created_at")
)


@reads(Permission.MAILBOX_SEE, Permission.MAILBOX_CREATE)
def show(actor: Actor, address: str) -> MailboxView | FreeAddress:
    try:
        row = reach.mailbox(actor, address, Permission.MAILBOX_SEE)
    except NotFound as unknown:
        try:
            domain = _domain_for_new(actor, address)
        except InAliasDomain:
            raise unknown from None
        group = _workgroup_for_new(actor, domain, None)
        if group is None:
            raise
        target = Target(domain.company_id, domain.id, group.pk)
        return FreeAddress(
            settable=settable_names(Level.MAILBOX, actor, target),
            defaults={**_new_settings(domain), "type": "mailbox", "workgroup": group.name},
        )
    return _view(actor, row)


def _view(actor: Actor, row: MailboxRow) -> MailboxView:
    above = inheritance.inherited(row.domain.settings, row.domain.company.settings)
    limit = row.settings.get("smtp_sent_limit", above["smtp_sent_limit"])
    limit = limit if isinstance(limit, int) else 0
    sent = sent_mail.sent(row.id, time.time())
    quota = row.settings.get("quota")
    stored_bytes, messages, full = usage.of(row.id)
    return MailboxView(
        address=row.address,
        type=row.type,
        status=checks.status_word(row, full=full, sent=sent, limit=limit),
        workgroup=row.workgroup,
        aliases=row.aliases,
        settings=row.settings,
        inherited=above,
        settable=settable_names(Level.MAILBOX, actor, row.target),
        roles=_roles(row.id),
        app_passwords=_app_passwords_of.rows(row.id),
        last_sign_ins=row.last_sign_ins,
        quota_bytes=quota_bytes(quota, Level.MAILBOX) if isinstance(quota, int) else None,
        stored=(stored_bytes, messages),
        sent=sent,
        sent_limit=limit,
        created_at=row.created_at,
        in_step=row.due_at is None,
    )


def _roles(mailbox_id: int) -> dict[str, list[str]]:
    held: dict[str, list[str]] = {}
    for role, company, domain, workgroup in _roles_of.rows(mailbox_id):
        held.setdefault(role, []).append(f"{domain}/{workgroup}" if workgroup else domain or company)
    return held


@writes(Permission.MAILBOX_CHANGE, Permission.MAILBOX_CREATE)
def _change_or_create(
    actor: Actor,
    origin: Origin,
    address: str,
    attributes: Mapping[str, object],
    password: NewPassword | None,
    create_only: bool,
) -> None:
    found = rows.find_mailbox(address, lock=True)
    if found is None:
        _create(actor, origin, address, attributes, password)
        return
    is_alias, row = found
    if not allows(actor, Permission.MAILBOX_CHANGE, row.target):
        raise OutOfReach
    if is_alias:
        raise IsAlias(f"{address} is an alias; the account's name is {row.address}")
    if create_only:
        raise ExistsAlready
    _change(actor, origin, row, attributes, password)


@reads(Permission.MAILBOX_CHANGE, Permission.MAILBOX_CREATE)
def change(
    actor: Actor, origin: Origin, address: str, attributes: Mapping[str, object], *, create_only: bool = False
) -> None:
    """Create the account or change its attributes.

    A plain password is hashed, and a filter checked by the mail servers, before the transaction begins: no lock is held
    for the time that takes.
    """
    if attributes.get("sieve"):
        _check_sieve(actor, address, attributes["sieve"])
    password = prepare(actor, address, attributes.get("password")) if "password" in attributes else None
    _change_or_create(actor, origin, address, attributes, password, create_only)


def _check_sieve(actor: Actor, address: str, text: object) -> None:
    """Raises BadAttribute with what is wrong with a filter. What else is wrong is for others to say."""
    found = rows.find_mailbox(address)
    if found is not None and not allows(actor, Permission.MAILBOX_CHANGE, found[1].target):
        return
    domain = found[1].domain if found else _domain_for_new(actor, address)
    if isinstance(text, str) and len(text.encode()) <= LONGEST_SCRIPT:
        problem = live.script_problem(domain.platform_id, address, text)
        if problem:
            raise BadAttribute(hints={"sieve": problem})


def _domain_for_new(actor: Actor, address: str) -> DomainRow:
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


def _workgroup_for_new(actor: Actor, domain: DomainRow, named: object) -> Workgroup | None:
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


def _create(
    actor: Actor, origin: Origin, address: str, attributes: Mapping[str, object], password: NewPassword | None
) -> None:
    domain = _domain_for_new(actor, address)
    group = _workgroup_for_new(actor, domain, attributes.get("workgroup"))
    if group is None:
        raise OutOfReach
    try:
        address = str(parse_account(address))
    except BadValueError as error:
        raise BadRequest(hints={"user": str(error)}) from None
    if domain.status == DomainState.DISABLED:
        raise WrongState(f"{domain.name} is disabled; no accounts can be created")
    # The workgroup was looked at above: those who may only create in their own may name it too.
    attributes = {k: v for k, v in attributes.items() if k != "workgroup"}
    target = Target(domain.company_id, domain.id, group.pk)
    changes = checks.checked_mailbox(actor, target, attributes, {"account": address})
    type = str(changes.get("type") or "mailbox")
    if type == "mailbox" and not changes.get("password"):
        raise BadRequest(hints={"password": "is required for a mailbox"})
    locked = rows.domain_by_id(domain.id, lock=True)  # one at a time, so that limits hold
    if locked is None or locked.deleted_at is not None:
        raise OutOfReach  # as for a domain that is not there: it was deleted a moment ago
    _check_user_limit(locked)
    now = history.milliseconds(origin)
    row = _insert(locked, group, address, type, now)
    _apply(actor, row, changes, password)
    created = {
        "name": address,
        "type": row.type,
        "workgroup": row.workgroup,
        **row.settings,
        "aliases": row.aliases,
    }
    history.note(row, actor.name, origin, "created", {**differences({}, created), **_told_password("", row.password)})
    rows.save(row)
    bulletins.welcome(row, now)
    if row.settings.get("sieve"):
        jobs.enqueue("put_sieve", str(row.id), now)


def _check_user_limit(domain: DomainRow) -> None:
    limit = domain.settings.get("limit_users")
    if isinstance(limit, int) and Mailbox.objects.filter(domain_id=domain.id, deleted_at=None).count() >= limit:
        raise UserLimitReached(f"{domain.name} may have {limit} accounts")


def _new_settings(domain: DomainRow) -> dict[str, Value]:
    values = new_settings(Level.MAILBOX, domain.settings)
    values.pop("workgroup", None)
    return values


def _insert(domain: DomainRow, group: Workgroup, address: str, type: str, now: int) -> MailboxRow:
    proven = domain.status == DomainState.ENABLED
    made = Mailbox.objects.create(
        domain_id=domain.id,
        workgroup=group,
        address=address,
        type=type,
        status=MailboxState.ENABLED if proven else MailboxState.PENDING,
        settings={**_new_settings(domain), **checks.FIRST_DELIVERY[type]},
        created_at=now,
        due_at=now if proven else None,
    )
    Address.objects.create(address=address, domain_id=domain.id, mailbox=made, is_alias=False)
    row = rows.mailbox_by_id(made.pk, lock=True)
    assert row is not None
    return row


def _change(
    actor: Actor,
    origin: Origin,
    row: MailboxRow,
    attributes: Mapping[str, object],
    password: NewPassword | None,
) -> None:
    changes = checks.checked_mailbox(actor, row.target, attributes, {"account": row.address})
    before = {**row.settings, "aliases": row.aliases, "type": row.type, "workgroup": row.workgroup}
    if "password" in changes:
        checks.check_password_is_theirs_to_set(actor, row)
    old_password = row.password
    _apply(actor, row, changes, password)
    after = {**row.settings, "aliases": row.aliases, "type": row.type, "workgroup": row.workgroup}
    difference = {**differences(before, after), **_told_password(old_password, row.password)}
    if not difference:
        return
    row.changed(history.milliseconds(origin))
    history.note(row, actor.name, origin, "changed", difference)
    rows.save(row)
    _follow_up(row, difference, origin)


def _follow_up(row: MailboxRow, difference: Collection[str], origin: Origin) -> None:
    if "sieve" in difference:
        jobs.enqueue("put_sieve", str(row.id), history.milliseconds(origin))
    if "quota" in difference:
        usage.quota_changed(row.id, quota_in_force(row.type, row.settings, row.domain.settings))


def _told_password(before: str, after: str) -> dict[str, list[Any]]:
    if before == after:
        return {}
    return {"password": [told("password", before or None), told("password", after)]}


def _apply(actor: Actor, row: MailboxRow, changes: dict[str, Value], password: NewPassword | None) -> None:
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
        _set_password(row, password or hashed(str(wants_password), row.address, row.domain, row.old_passwords))
    if aliases is not ...:
        checks.check_and_take_aliases(row, aliases)


def _set_password(row: MailboxRow, password: NewPassword) -> None:
    """A new password ends the sessions that the old one began."""
    if password.refused is not None:
        raise password.refused
    row.password = password.hash
    row.old_passwords = [password.hash, *row.old_passwords][:8]
    Token.objects.filter(mailbox_id=row.id).delete()


@reads(Permission.MAILBOX_SEE)
def changes(actor: Actor, address: str, first: int, limit: int | None) -> tuple[list[Any], int]:
    row = reach.mailbox(actor, address, Permission.MAILBOX_SEE)
    return history.entries("mailbox", row.id, first, limit)


@reads(Permission.MAILBOX_SEE)
def attribute_history(actor: Actor, address: str, attribute: str) -> dict[int, Any]:
    """Time of each change → the value set then. Raises BadAttribute for a name that is no attribute."""
    row = reach.mailbox(actor, address, Permission.MAILBOX_SEE)
    known = catalogue.find(Level.MAILBOX, attribute)
    if known is None:
        raise BadAttribute(hints={"attribute": f"{attribute} is not an attribute of a user"})
    entries, _ = history.entries("mailbox", row.id, 0, None)
    return {e.at: e.changes[known.name][1] for e in entries if known.name in e.changes}
