"""What an actor can see: the only place that finds a row on somebody's behalf.

The order of checks is oma.md section 3: the container within reach, then the object there, then the role. For people
(`domain_for_person`, `mailbox_for_person`) it is people.md section 1: a role on the domain, then that it suffices, then
the object there.
"""

from collections.abc import Collection, Mapping

import msgspec
from django.db.models import Q, QuerySet

from postroom.core.address import fold
from postroom.core.errors import DomainNotFound, IsAlias, NotFound, OutOfReach, RoleTooSmall
from postroom.core.roles import ROLES, Actor, Narrowing, Permission, Role, Scope, Target, allows, granting, roles_on
from postroom.store import rows
from postroom.store.models import Company, Domain, Mailbox, Workgroup
from postroom.store.one_of import one_of


def require(actor: Actor, permission: Permission, target: Target) -> None:
    if not allows(actor, permission, target):
        raise OutOfReach


def sees_into(actor: Actor, company_id: int, domain_id: int) -> bool:
    """Whether any role of the actor hangs on the domain, on what contains it, or on a part of it."""
    if actor.narrowing is not None and not actor.narrowing.reaches(domain_id):
        return False
    return any(
        grant.role is Role.OPERATOR
        or (ROLES[grant.role].scope is Scope.COMPANY and grant.company_id == company_id)
        or (grant.role is not Role.SELF and grant.domain_id == domain_id)
        for grant in actor.grants
    )


def domain_to_search(actor: Actor, name: str) -> rows.DomainRow:
    """A domain whose accounts somebody wants to list; what of them is for `workgroups` to say."""
    found = rows.find_domain(name)
    if found is None:
        raise NotFound
    is_alias, row = found
    if not sees_into(actor, row.company_id, row.id):
        raise OutOfReach
    if is_alias:
        raise IsAlias(f"{name} is an alias; the domain's name is {row.name}")
    return row


def company(actor: Actor, name: str, permission: Permission, *, lock: bool = False) -> rows.CompanyRow:
    """Unknown and foreign companies are told alike: OutOfReach, as the real server does."""
    row = rows.find_company(name, lock=lock)
    if row is None:
        raise OutOfReach
    require(actor, permission, row.target)
    return row


def domain(actor: Actor, name: str, permission: Permission, *, lock: bool = False) -> rows.DomainRow:
    found = rows.find_domain(name, lock=lock)
    if found is None:
        raise NotFound
    is_alias, row = found
    if not allows(actor, permission, row.target):
        raise OutOfReach
    if is_alias:
        raise IsAlias(f"{name} is an alias; the domain's name is {row.name}")
    return row


def domain_for_person(
    actor: Actor, name: str, permission: Permission, *, lock: bool = False, in_part: bool = False
) -> rows.DomainRow:
    """Raises DomainNotFound without any role there, RoleTooSmall, IsAlias. `in_part`: the permission on one of the
    domain's workgroups is enough."""
    found = rows.find_domain(fold(name), lock=lock)
    if found is None or not sees_into(actor, found[1].company_id, found[1].id):
        raise DomainNotFound
    is_alias, row = found
    if not allows(actor, permission, row.target) and not (in_part and row.id in parts(actor, permission)):
        raise RoleTooSmall
    if is_alias:
        raise IsAlias(f"{name} is an alias; the domain's name is {row.name}")
    return row


def mailbox_for_person(actor: Actor, address: str, permission: Permission, *, lock: bool = False) -> rows.MailboxRow:
    """Its holder needs no role on the domain. Raises DomainNotFound, RoleTooSmall, NotFound, IsAlias."""
    found = rows.find_mailbox(fold(address), lock=lock)
    if found is not None and not found[0]:
        row = found[1]
        if allows(actor, permission, row.target):
            return row
        if roles_on(actor, row.target) and (actor.narrowing is None or actor.narrowing.reaches(row.domain_id)):
            raise RoleTooSmall
    domain_for_person(actor, address.rpartition("@")[2], permission)
    if found is not None and found[0]:
        raise IsAlias(f"{address} is an alias; the account's name is {found[1].address}")
    raise NotFound


def mailbox(actor: Actor, address: str, permission: Permission, *, lock: bool = False) -> rows.MailboxRow:
    found = rows.find_mailbox(address, lock=lock)
    if found is None:
        raise _no_mailbox(actor, address)
    is_alias, row = found
    if is_alias and (allows(actor, permission, row.target) or sees_into(actor, row.domain.company_id, row.domain_id)):
        raise IsAlias(f"{address} is an alias; the account's name is {row.address}")
    require(actor, permission, row.target)
    return row


def _no_mailbox(actor: Actor, address: str) -> Exception:
    local_part, _, domain_name = address.rpartition("@")
    container = rows.find_domain(domain_name)
    if container is None or not sees_into(actor, container[1].company_id, container[1].id):
        return OutOfReach()
    is_alias, row = container
    if is_alias and rows.find_mailbox(f"{local_part}@{row.name}"):
        return IsAlias(f"{domain_name} is an alias; the account's name is {local_part}@{row.name}")
    return NotFound()


def companies(actor: Actor, permission: Permission) -> QuerySet[Company]:
    """The companies on which the actor holds a role that grants the permission."""
    if allows(actor, permission, Target()):
        return Company.objects.all()
    return Company.objects.filter(id__in=companies_and_domains(actor, permission)[0])


def domains(actor: Actor, permission: Permission) -> QuerySet[Domain]:
    """The living domains on which the actor's roles grant the permission, directly or through the company."""
    living = Domain.objects.filter(deleted_at=None)
    if actor.narrowing is not None and actor.narrowing.domains is not None:
        living = living.filter(id__in=actor.narrowing.domains)
        actor = msgspec.structs.replace(actor, narrowing=Narrowing(permissions=actor.narrowing.permissions))
    if allows(actor, permission, Target()):
        return living
    companies, own = companies_and_domains(actor, permission)
    return living.filter(Q(company_id__in=companies) | Q(one_of("id", own)))


def companies_and_domains(actor: Actor, permission: Permission) -> tuple[set[int], set[int]]:
    """The ids of those on which the actor's roles grant the permission.

    Somebody may have thousands of domains, and SQLite takes no thousand ORs.
    """
    held = granting(actor, permission)
    companies = {g.company_id for g in held if g.company_id and ROLES[g.role].scope is Scope.COMPANY}
    return companies, {g.domain_id for g in held if g.domain_id and ROLES[g.role].scope is Scope.DOMAIN}


def keeping(actor: Actor, domains: Collection[int]) -> Actor:
    """Without the roles on single domains that are none of these: quick to be asked about each of them."""
    kept = (g for g in actor.grants if ROLES[g.role].scope is not Scope.DOMAIN or g.domain_id in domains)
    return msgspec.structs.replace(actor, grants=tuple(kept))


def workgroups(actor: Actor, permission: Permission, of: rows.DomainRow) -> QuerySet[Workgroup] | None:
    """The workgroups whose mailboxes the actor may list; None means all of the domain's.

    Raises OutOfReach when there are none.
    """
    if allows(actor, permission, of.target):
        return None
    ids = parts(actor, permission).get(of.id)
    if not ids:
        raise OutOfReach
    return Workgroup.objects.filter(domain_id=of.id, id__in=ids)


def accounts(actor: Actor, permission: Permission, of: rows.DomainRow) -> QuerySet[Mailbox]:
    """Those of the domain that the actor's roles grant the permission on, deleted ones too. Raises as `workgroups`."""
    groups = workgroups(actor, permission, of)
    every = Mailbox.objects.filter(domain_id=of.id)
    return every if groups is None else every.filter(workgroup__in=groups)


def parts(actor: Actor, permission: Permission) -> Mapping[int, frozenset[int]]:
    """Domain → those of its workgroups on which the actor's roles grant the permission, where they do not grant it on
    the whole domain. By their ids."""
    found: dict[int, frozenset[int]] = {}
    for grant in granting(actor, permission):
        if ROLES[grant.role].scope is not Scope.WORKGROUP or not grant.domain_id or not grant.workgroup_id:
            continue
        if not allows(actor, permission, Target(grant.company_id, grant.domain_id)):
            found[grant.domain_id] = found.get(grant.domain_id, frozenset()) | {grant.workgroup_id}
    return found
