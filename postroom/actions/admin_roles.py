"""OMA's administrator roles: handed out, taken back, listed (oma.md sections 2 and 5.5)."""

from typing import Any

import msgspec
from django.db.models import Min

from postroom.actions.action import reads, writes
from postroom.actions.pages import Page, PageRequest, wildcard
from postroom.core.errors import CompanyNotFound, NotAMember, NotFound, OutOfReach, RoleNotFound
from postroom.core.records import Origin
from postroom.core.roles import OMA_ROLES, ROLES, Actor, Permission, Role, Scope, Target, assignable, roles_on
from postroom.store import history, reach, rows
from postroom.store.models import AdminRole, Company, Workgroup
from postroom.store.rows import MailboxRow


class AdminView(msgspec.Struct, frozen=True, kw_only=True):
    address: str
    role: str
    control: list[str]


def _role(name: str) -> Role:
    if name not in OMA_ROLES:
        raise RoleNotFound(f'"{name}" is none of {", ".join(sorted(OMA_ROLES))}')
    return Role(name)


@writes(Permission.ROLE_CHANGE)
def assign(actor: Actor, origin: Origin, address: str, role_name: str | None, objects: list[str]) -> None:
    """The account holds this role on these objects from now on, and no other. None: no role."""
    row = reach.mailbox(actor, address, Permission.ROLE_CHANGE, lock=True)
    _may_take_away(actor, row)
    wanted = [_object(actor, row, _role(role_name), name) for name in objects] if role_name else []
    _replace(actor, origin, row, wanted)


@writes(Permission.ROLE_CHANGE)
def add(actor: Actor, origin: Origin, address: str, role_name: str, object_name: str) -> None:
    """One more object; an object of another role replaces that role."""
    row = reach.mailbox(actor, address, Permission.ROLE_CHANGE, lock=True)
    role = _role(role_name)
    held = list(AdminRole.objects.filter(mailbox_id=row.id, role=role))
    if not held:
        _may_take_away(actor, row)
    _replace(actor, origin, row, [*held, _object(actor, row, role, object_name)])


@writes(Permission.ROLE_CHANGE)
def remove(actor: Actor, origin: Origin, address: str, role_name: str, object_name: str) -> None:
    """Raises NotFound where the account does not hold that role on the object."""
    row = reach.mailbox(actor, address, Permission.ROLE_CHANGE, lock=True)
    _may_take_away(actor, row)
    held = list(AdminRole.objects.filter(mailbox_id=row.id))
    going = _object(actor, row, _role(role_name), object_name)
    kept = [r for r in held if _key(r) != _key(going)]
    if len(kept) == len(held):
        raise NotFound
    _replace(actor, origin, row, kept)


def _key(role: AdminRole) -> tuple[Any, ...]:
    return (role.role, role.company_id, role.domain_id, role.workgroup_id)


def _may_take_away(actor: Actor, row: MailboxRow) -> None:
    held = set(AdminRole.objects.filter(mailbox_id=row.id).values_list("role", flat=True))
    if not {Role(name) for name in held} <= assignable(roles_on(actor, row.target)):
        raise OutOfReach(f"{row.address} holds a role that you cannot take away")


def _object(actor: Actor, row: MailboxRow, role: Role, name: str) -> AdminRole:
    """The row for a role on the object called `name`. Raises NotFound, OutOfReach or NotAMember."""
    made = _on_company(row, role, name) if ROLES[role].scope is Scope.COMPANY else _inside(actor, role, name)
    if role not in assignable(roles_on(actor, _target_of(made))):
        raise OutOfReach(f'the role "{role}" is not yours to hand out')
    if made.company_id != row.domain.company_id or (role is Role.WORKGROUP and made.domain_id != row.domain_id):
        raise NotAMember
    return made


def _target_of(role: AdminRole) -> Target:
    return Target(role.company_id, role.domain_id, role.workgroup_id)


def _on_company(row: MailboxRow, role: Role, name: str) -> AdminRole:
    company = Company.objects.filter(name=name.strip().lower()).first()
    if company is None:
        raise CompanyNotFound
    return AdminRole(role=role, company=company)


def _inside(actor: Actor, role: Role, name: str) -> AdminRole:
    domain_name, _, workgroup = name.strip().partition("/")
    domain = reach.domain(actor, domain_name.lower(), Permission.ROLE_CHANGE)
    made = AdminRole(role=role, company_id=domain.company_id, domain_id=domain.id)
    if ROLES[role].scope is Scope.WORKGROUP:
        made.workgroup = Workgroup.objects.filter(domain_id=domain.id, folded_name=workgroup.lower()).first()
        if made.workgroup is None:
            raise NotFound(f"{name} is no workgroup; write domain/workgroup")
    return made


def _replace(actor: Actor, origin: Origin, row: MailboxRow, wanted: list[AdminRole]) -> None:
    before = _told(row.id)
    now = history.milliseconds(origin)
    AdminRole.objects.filter(mailbox_id=row.id).delete()
    unique = {_key(r): r for r in wanted if r.role == wanted[-1].role}
    AdminRole.objects.bulk_create(
        AdminRole(
            mailbox_id=row.id, role=r.role, company_id=r.company_id, domain_id=r.domain_id,
            workgroup_id=r.workgroup_id, created_at=now,
        )
        for r in unique.values()
    )  # fmt: skip
    history.note(row, actor.name, origin, "role set", {"roles": [before, _told(row.id)]})
    rows.save(row)


def _names(role: str, company: str, domain: str | None, workgroup: str | None) -> str:
    if ROLES[Role(role)].scope is Scope.COMPANY or domain is None:
        return company
    return f"{domain}/{workgroup}" if workgroup else domain


_OBJECT_FIELDS = ("role", "company__name", "domain__name", "workgroup__name")


def _told(mailbox_id: int) -> list[str]:
    held = AdminRole.objects.filter(mailbox_id=mailbox_id).order_by("id").values_list(*_OBJECT_FIELDS)
    return [f"{row[0]} of {_names(*row)}" for row in held]


@reads(Permission.ADMINS_SEE)
def search(
    actor: Actor, company_name: str | None, types: list[str], match: str | None, page: PageRequest
) -> Page[AdminView]:
    """Administrators of a company (default: the actor's own). Sorts by `user` or `type`."""
    if company_name is None:
        companies = reach.companies(actor, Permission.ADMINS_SEE)
        if not companies.exists():
            raise OutOfReach
    else:
        known = rows.find_company(company_name)
        if known is None:
            raise CompanyNotFound
        reach.require(actor, Permission.ADMINS_SEE, known.target)
        companies = Company.objects.filter(id=known.id)
    held = AdminRole.objects.filter(company__in=companies, mailbox__deleted_at=None)
    if types:
        held = held.filter(role__in=types)
    if match:
        held = held.filter(wildcard("mailbox__address", match))
    admins = held.values("mailbox_id", "mailbox__address", "role").annotate(first=Min("id"))
    orders = {"user": ("mailbox__address",), "type": ("role", "mailbox__address")}
    found, total = page.cut(admins, orders, "user")
    control = _control([a["mailbox_id"] for a in found])
    return Page(
        [AdminView(address=a["mailbox__address"], role=a["role"], control=control[a["mailbox_id"]]) for a in found],
        total,
    )


def _control(mailbox_ids: list[int]) -> dict[int, list[str]]:
    control: dict[int, list[str]] = {}
    held = AdminRole.objects.filter(mailbox__in=mailbox_ids).order_by("id")
    for mailbox_id, *row in held.values_list("mailbox_id", *_OBJECT_FIELDS):
        control.setdefault(mailbox_id, []).append(_names(*row))
    return control
