"""Domains: seen, created, changed, searched for, pushed to another company."""

from collections.abc import Mapping
from typing import Any

import msgspec

from postroom.actions.action import reads, writes
from postroom.actions.domain_making import DEFAULT_WORKGROUP, insert
from postroom.actions.domain_names import check_and_take_aliases
from postroom.actions.settings_change import (
    check_suspensions,
    checked,
    differences,
    exceeds,
    merged,
    new_settings,
    settable_names,
    settle_brand,
)
from postroom.core import inheritance
from postroom.core.address import is_pseudo, parse_domain
from postroom.core.bulletin import BulletinLine
from postroom.core.catalogue.attribute import BadValueError, Level, Value
from postroom.core.errors import (
    BadAttribute,
    BadRequest,
    CompanyNotFound,
    ExistsAlready,
    IsAlias,
    NotFound,
    NotSettable,
    OutOfReach,
    WrongState,
)
from postroom.core.letters.domain_pushed import domain_pushed
from postroom.core.records import Origin
from postroom.core.roles import ROLES, Actor, Permission, Role, Scope, Target, allows
from postroom.store import brands, bulletins, history, jobs, outgoing, reach, rows
from postroom.store.models import AdminRole, Company, Workgroup
from postroom.store.rows import DomainRow


class DomainView(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    company: str
    status: str
    aliases: list[str]
    settings: dict[str, Value]
    inherited: dict[str, Value]
    settable: list[str]
    bulletins: list[BulletinLine]
    created_at: int
    in_step: bool
    """Whether the mail platform has the newest state."""


class FreeName(msgspec.Struct, frozen=True, kw_only=True):
    """No such domain, and the asker may create it."""

    settable: list[str]
    defaults: dict[str, Value]


@reads(Permission.DOMAIN_SEE, Permission.DOMAIN_CREATE)
def show(actor: Actor, name: str) -> DomainView | FreeName:
    try:
        row = reach.domain(actor, name, Permission.DOMAIN_SEE)
    except NotFound:
        company = _company_for_new(actor, None)
        if company is None:
            raise
        return FreeName(
            settable=settable_names(Level.DOMAIN, actor, company.target),
            defaults={**_new_settings(company), "workgroup": DEFAULT_WORKGROUP},
        )
    return DomainView(
        name=row.name,
        company=row.company.name,
        status=row.status,
        aliases=row.aliases,
        settings=row.settings,
        inherited=inheritance.inherited(row.company.settings),
        settable=settable_names(Level.DOMAIN, actor, row.target),
        bulletins=bulletins.listed(row),
        created_at=row.created_at,
        in_step=row.due_at is None,
    )


@writes(Permission.DOMAIN_CHANGE, Permission.DOMAIN_CREATE)
def change(
    actor: Actor, origin: Origin, name: str, attributes: Mapping[str, object], *, create_only: bool = False
) -> None:
    """Create the domain or change its attributes (oma.md section 5.3)."""
    found = rows.find_domain(name, lock=True)
    if found is None:
        _create(actor, origin, name, attributes)
        return
    is_alias, row = found
    if not allows(actor, Permission.DOMAIN_CHANGE, row.target):
        raise OutOfReach
    if is_alias:
        raise IsAlias(f"{name} is an alias of {row.name}; change that domain")
    if create_only:
        raise ExistsAlready
    _change(actor, origin, row, attributes)


def _create(actor: Actor, origin: Origin, name: str, attributes: Mapping[str, object]) -> None:
    company = _company_for_new(actor, attributes.get("company"))
    if company is None:
        raise NotFound
    try:
        name = parse_domain(name)
    except BadValueError as error:
        raise BadRequest(hints={"domain": str(error)}) from None
    current = {"account": name, "company": company.name}
    attributes = {k: v for k, v in attributes.items() if k != "company"}
    changes = checked(Level.DOMAIN, actor, company.target, attributes, current)
    now = history.milliseconds(origin)
    row = insert(company, name, now, proved=company.trusted or is_pseudo(name))
    _apply(actor, row, changes)
    told = differences({}, {"name": name, "company": company.name, **row.settings, "aliases": row.aliases})
    history.note(row, actor.name, origin, "created", told)
    rows.save(row)


def _new_settings(company: rows.CompanyRow) -> dict[str, Value]:
    return new_settings(Level.DOMAIN, company.settings)


def _change(actor: Actor, origin: Origin, row: DomainRow, attributes: Mapping[str, object]) -> None:
    current = {"account": row.name, "company": row.company.name}
    changes = checked(Level.DOMAIN, actor, row.target, attributes, current)
    before = {**row.settings, "aliases": row.aliases, "company": row.company.name}
    _apply(actor, row, changes)
    after = {**row.settings, "aliases": row.aliases, "company": row.company.name}
    told = differences(before, after)
    if not told:
        return
    now = history.milliseconds(origin)
    row.changed(now)
    history.note(row, actor.name, origin, "changed", told)
    rows.save(row)
    if told.keys() & _REACHES_MAILBOXES:
        jobs.enqueue("spread_domain", str(row.id), now)


# Changes that the domain's mailboxes feel: what they inherit, lists that are added, and whether anything works.
_REACHES_MAILBOXES = inheritance.LIVE_NAMES | {
    "allow", "block", "disabled", "aliases", "company", "quota_maximum", "filtermx",
}  # fmt: skip


def _apply(actor: Actor, row: DomainRow, changes: dict[str, Value]) -> None:
    """Check what needs rows or other attributes, then put `changes` on the working copy."""
    aliases = changes.pop("aliases", ...) if "aliases" in changes else ...
    company = changes.pop("company", None)
    _check_references(actor, row, changes)
    row.suspended_by = check_suspensions(actor, row.target, changes, row.suspended_by, (row.company.settings,))
    after = merged(row.settings, changes, Level.DOMAIN, row.company.settings)
    _check_together(after, row, changes)
    if "workgroup" not in after:
        after["workgroup"] = DEFAULT_WORKGROUP
    row.settings = after
    if aliases is not ...:
        vouched = row.company.trusted or allows(actor, Permission.DOMAIN_SWITCH, row.target)
        check_and_take_aliases(row, aliases, vouched=vouched)
    if isinstance(company, str):
        _move(actor, row, company)


def _check_references(actor: Actor, row: DomainRow, changes: dict[str, Value]) -> None:
    """Attributes whose value must name something that exists. `changes` gets the name as it is stored."""
    hints: dict[str, str] = {}
    workgroup = changes.get("workgroup")
    if isinstance(workgroup, str):
        known = Workgroup.objects.filter(domain_id=row.id, folded_name=workgroup.lower()).first()
        if known is None:
            hints["workgroup"] = f"{workgroup} is not a workgroup of this domain; create it first"
        else:
            changes["workgroup"] = known.name
    problem = settle_brand(changes, row.company)
    if problem:
        hints["brand"] = problem
    catchall = changes.get("catchall")
    if isinstance(catchall, str):
        changes["catchall"], problem = _catchall(actor, row, catchall)
        if problem:
            hints["catchall"] = problem
    if hints:
        raise BadAttribute(hints=hints)


def _catchall(actor: Actor, row: DomainRow, wanted: str) -> tuple[str, str]:
    """The address, and what is wrong with it. Raises NotSettable where it cannot be switched on at all."""
    may_switch_on = row.company.catchall_allowed or allows(actor, Permission.DOMAIN_SWITCH, row.target)
    if not row.settings.get("catchall") and not may_switch_on:
        raise NotSettable(hints={"catchall": "cannot be switched on for this domain; ask your provider"})
    address = wanted if "@" in wanted else f"{wanted}@{row.name}"
    found = rows.find_mailbox(address.lower())
    if found is None or found[1].domain_id != row.id:
        return address, f"{address} is not a mailbox of {row.name}"
    return found[1].address, ""


def _check_together(after: Mapping[str, Value], row: DomainRow, changes: Mapping[str, Value]) -> None:
    """Attributes that only make sense in relation to another one."""
    hints: dict[str, str] = {}
    if bool(after.get("dkim_selector")) != bool(after.get("dkim_key")):
        missing, given = sorted(("dkim_selector", "dkim_key"), key=lambda name: bool(after.get(name)))
        hints[given] = hints[missing] = f"{given} and {missing} can only be set or cleared together"
    ceiling = after.get("quota_maximum")
    company_ceiling = row.company.settings.get("quota_maximum")
    # Only what is asked for: a ceiling that was lowered meanwhile must not stand in the way of other changes.
    wanted = changes.get("quota_maximum")
    if isinstance(wanted, int) and isinstance(company_ceiling, int) and wanted > company_ceiling:
        hints["quota_maximum"] = f"must be at most {company_ceiling}, the company's quota_maximum"
    if exceeds(changes.get("quota"), ceiling, Level.DOMAIN):
        hints["quota"] = f"must be at most {ceiling} MB, the domain's quota_maximum"
    if hints:
        raise BadAttribute(hints=hints)


def _company_for_new(actor: Actor, named: object) -> rows.CompanyRow | None:
    """The company that a new domain would belong to; None where the actor may not create one."""
    if isinstance(named, str) and named:
        return _controlled_company(actor, named)
    ids = [g.company_id for g in actor.grants if allows(actor, Permission.DOMAIN_CREATE, Target(g.company_id))]
    if not ids:
        return None
    wanted = (actor.company_id if actor.company_id in ids else ids[0]) or 0
    name = Company.objects.filter(id=wanted).values_list("name", flat=True).first()
    return rows.find_company(name) if name else None


def _controlled_company(actor: Actor, name: str) -> rows.CompanyRow:
    """Raises CompanyNotFound for one that is unknown or not the actor's."""
    row = rows.find_company(name.strip().lower())
    if row is None or not allows(actor, Permission.DOMAIN_CREATE, row.target):
        raise CompanyNotFound(hints={"company": "is not a company that you control"})
    return row


def _move(actor: Actor, row: DomainRow, company_name: str) -> None:
    target = _controlled_company(actor, company_name)
    if target.id != row.company_id:
        _hand_over(row, target)


def _hand_over(row: DomainRow, to: rows.CompanyRow) -> None:
    """Everything in the domain is kept; roles of outsiders over it end (oma.md section 5.3, push_domain)."""
    scoped = [role for role in Role if ROLES[role].scope in {Scope.DOMAIN, Scope.WORKGROUP}]
    AdminRole.objects.filter(domain_id=row.id, role__in=scoped).exclude(mailbox__domain_id=row.id).delete()
    AdminRole.objects.filter(domain_id=row.id).update(company_id=to.id)
    AdminRole.objects.filter(mailbox__domain_id=row.id, domain=None).delete()
    row.company_id, row.company = to.id, to


@writes(Permission.DOMAIN_PUSH)
def push(actor: Actor, origin: Origin, name: str, company_id: str) -> None:
    """Hand a domain with all that is in it to another company that allows it (oma.md section 5.3)."""
    row = reach.domain(actor, name, Permission.DOMAIN_PUSH, lock=True)
    number = int(company_id) if company_id.isascii() and company_id.isdigit() and len(company_id) < 19 else 0
    receiver_name = Company.objects.filter(id=number).values_list("name", flat=True).first()
    receiver = rows.find_company(receiver_name) if receiver_name else None
    if receiver is None:
        raise CompanyNotFound
    allowed: Any = receiver.settings.get("domain_push_allowed") or []
    if str(row.company_id) not in allowed:
        raise OutOfReach(f"{receiver.name} does not take domains from {row.company.name}")
    if receiver.id == row.company_id:
        raise WrongState(f"{name} belongs to {receiver.name} already")
    before = row.company.name
    _hand_over(row, receiver)
    now = history.milliseconds(origin)
    row.changed(now)
    history.note(row, actor.name, origin, "pushed", {"company": [before, receiver.name]})
    rows.save(row)
    jobs.enqueue("spread_domain", str(row.id), now)
    _tell(receiver, row.name, before, now)


def _tell(receiver: rows.CompanyRow, domain: str, giver: str, now: int) -> None:
    address = receiver.settings.get("domain_push_notify")
    if not isinstance(address, str):
        return
    look, language = brands.look(receiver.id, receiver.settings), brands.language(receiver.settings)
    told = domain_pushed(look, language, domain=domain, receiver=receiver.name, giver=giver)
    outgoing.put([brands.dressed(address, "domain_pushed", look, told)], now)


@reads(Permission.DOMAIN_SEE)
def changes(actor: Actor, name: str, first: int, limit: int | None) -> tuple[list[Any], int]:
    row = reach.domain(actor, name, Permission.DOMAIN_SEE)
    return history.entries("domain", row.id, first, limit)
