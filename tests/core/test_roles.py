"""Who may do what. The golden file changes only when somebody means it: it is compared, never written, here."""

from pathlib import Path

import msgspec
import pytest

from postroom.core.catalogue import CATALOGUE
from postroom.core.catalogue.attribute import Level
from postroom.core.roles import (
    OPERATOR,
    ROLES,
    Actor,
    Grant,
    Permission,
    Role,
    Scope,
    Target,
    allows,
    assignable,
    may_set,
    rank_on,
)

GOLDEN = Path(__file__).with_name("golden_roles.txt")

COMPANY, DOMAIN, WORKGROUP, MAILBOX = 1, 10, 100, 1000
TARGETS = {
    Scope.COMPANY: Target(COMPANY),
    Scope.DOMAIN: Target(COMPANY, DOMAIN),
    Scope.WORKGROUP: Target(COMPANY, DOMAIN, WORKGROUP),
    Scope.MAILBOX: Target(COMPANY, DOMAIN, WORKGROUP, MAILBOX),
}
FOREIGN = Target(2, 20, 200, 2000)


def holder(role: Role) -> Actor:
    ids = {
        Scope.EVERYTHING: Grant(role),
        Scope.COMPANY: Grant(role, COMPANY),
        Scope.DOMAIN: Grant(role, COMPANY, DOMAIN),
        Scope.WORKGROUP: Grant(role, COMPANY, DOMAIN, WORKGROUP),
        Scope.MAILBOX: Grant(role, COMPANY, DOMAIN, None, MAILBOX),
    }
    return Actor(name=f"{role}@acme.example", grants=(ids[ROLES[role].scope],))


def matrix() -> str:
    """A line a role and permission: on which of its own company, domain, workgroup, mailbox it is allowed."""
    lines = []
    for role in Role:
        for permission in sorted(Permission):
            where = [scope for scope, target in TARGETS.items() if allows(holder(role), permission, target)]
            lines.append(f"{role:20}{permission:28}{' '.join(where) or '-'}")
    return "\n".join(lines) + "\n"


def test_the_matrix_equals_the_golden_file():
    assert matrix() == GOLDEN.read_text()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OPERATOR])
@pytest.mark.parametrize("permission", sorted(Permission))
def test_nobody_may_do_anything_in_a_foreign_company(role, permission):
    assert not allows(holder(role), permission, FOREIGN)


@pytest.mark.parametrize("permission", sorted(Permission))
def test_the_operator_may_do_everything(permission):
    assert allows(OPERATOR, permission, FOREIGN)


@pytest.mark.parametrize("permission", sorted(Permission))
def test_without_a_grant_nothing_is_allowed(permission):
    assert not allows(Actor(name="nobody"), permission, Target(COMPANY))


def test_a_workgroup_administrator_does_not_reach_the_next_workgroup():
    next_door = Target(COMPANY, DOMAIN, WORKGROUP + 1, MAILBOX)
    assert not allows(holder(Role.WORKGROUP), Permission.MAILBOX_CHANGE, next_door)


def test_the_highest_of_several_roles_counts():
    both = Actor(name="x", grants=(Grant(Role.MAIL, COMPANY, DOMAIN), Grant(Role.COMPANY, COMPANY)))
    assert rank_on(both, TARGETS[Scope.DOMAIN]) == ROLES[Role.COMPANY].rank


def test_no_rank_on_a_foreign_object():
    assert rank_on(holder(Role.DOMAIN), FOREIGN) is None


BILLABLE = sorted(
    name for name, a in CATALOGUE.items() if a.billable and a.on(Level.MAILBOX) and a.set_by[Level.MAILBOX]
)


@pytest.mark.parametrize("name", BILLABLE)
@pytest.mark.parametrize("role", [Role.COMPANY_MAIL, Role.COMPANY_MAIL2, Role.COMPANY_VIEW, Role.MAIL])
def test_billable_attributes_are_closed_to_those_who_do_not_bill(role, name):
    assert not may_set(frozenset({role}), name, Level.MAILBOX)


@pytest.mark.parametrize("role", [Role.COMPANY, Role.COMPANY_MAIL, Role.DOMAIN, Role.MAIL, Role.WORKGROUP, Role.SELF])
def test_passwords_may_be_set_by_holders_and_administrators(role):
    assert may_set(frozenset({role}), "password", Level.MAILBOX)


@pytest.mark.parametrize("role", [Role.COMPANY_MAIL2, Role.COMPANY_RO, Role.COMPANY_TOKEN_ONLY, Role.VIEWER])
def test_passwords_are_closed_to(role):
    assert not may_set(frozenset({role}), "password", Level.MAILBOX)


def test_only_the_operator_hands_out_the_company_role():
    assert [role for role in Role if Role.COMPANY in assignable({role})] == [Role.OPERATOR]


def test_a_domain_administrator_hands_out_three_roles():
    assert assignable({Role.DOMAIN}) == {Role.DOMAIN, Role.MAIL, Role.WORKGROUP}


# oma.md section 2.2 and people.md section 3, sampled by hand: a slip in the table would also be in the golden file.
@pytest.mark.parametrize(
    ("role", "permission", "scope", "allowed"),
    [
        (Role.COMPANY_TOKEN_ONLY, Permission.TOKEN_CREATE, Scope.MAILBOX, True),
        (Role.COMPANY_TOKEN_ONLY, Permission.MAILBOX_SEE, Scope.MAILBOX, False),
        (Role.COMPANY_MAIL2, Permission.TOKEN_CREATE, Scope.MAILBOX, False),
        (Role.COMPANY_RO, Permission.DOMAIN_SEE, Scope.DOMAIN, True),
        (Role.COMPANY_RO, Permission.DOMAIN_CHANGE, Scope.DOMAIN, False),
        (Role.COMPANY_VIEW, Permission.DOMAIN_CHANGE, Scope.DOMAIN, True),
        (Role.COMPANY_VIEW, Permission.MAILBOX_CREATE, Scope.DOMAIN, False),
        (Role.DOMAIN, Permission.DOMAIN_DELETE, Scope.DOMAIN, False),
        (Role.DOMAIN, Permission.WORKGROUP_CHANGE, Scope.DOMAIN, True),
        (Role.MAIL, Permission.MAILBOX_CHANGE, Scope.MAILBOX, True),
        (Role.MAIL, Permission.MAILBOX_CREATE, Scope.DOMAIN, False),
        (Role.WORKGROUP, Permission.MAILBOX_CREATE, Scope.WORKGROUP, True),
        (Role.WORKGROUP, Permission.DOMAIN_SEE, Scope.DOMAIN, False),
        (Role.SELF, Permission.MAILBOX_CHANGE, Scope.MAILBOX, True),
        (Role.SELF, Permission.MAILBOX_DELETE, Scope.MAILBOX, False),
        (Role.VIEWER, Permission.ACCESS_SEE, Scope.DOMAIN, True),
        (Role.VIEWER, Permission.MAILBOX_CREATE, Scope.DOMAIN, False),
        (Role.VIEWER, Permission.MAILBOX_LINK, Scope.MAILBOX, False),
        (Role.SELF, Permission.MAILBOX_LINK, Scope.MAILBOX, False),
        (Role.DOMAIN, Permission.ACCESS_SEE, Scope.DOMAIN, False),
        (Role.COMPANY, Permission.ACCESS_CHANGE, Scope.DOMAIN, True),
        (Role.COMPANY_MAIL, Permission.ACCESS_SEE, Scope.DOMAIN, False),
        (Role.OWNER, Permission.DOMAIN_SWITCH, Scope.DOMAIN, False),
        (Role.ADMINISTRATOR, Permission.INVITATION_CHANGE, Scope.DOMAIN, True),
        (Role.ADMINISTRATOR, Permission.DOMAIN_DELETE, Scope.DOMAIN, False),
        (Role.OWNER, Permission.DOMAIN_DELETE, Scope.DOMAIN, True),
    ],
)
def test_sampled_by_hand(role, permission, scope, allowed):
    assert allows(holder(role), permission, TARGETS[scope]) is allowed


MANY = tuple(Grant(Role.VIEWER, company, 10 * company + 3) for company in range(50))


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("target", [*TARGETS.values(), FOREIGN, Target()], ids=str)
def test_roles_on_many_other_domains_neither_add_nor_hide_anything(role, target):
    few = holder(role)
    many = msgspec.structs.replace(few, grants=(*MANY, *few.grants))
    for _ in range(2):  # what was found is remembered
        told = {permission for permission in Permission if allows(many, permission, target)}
        assert told == {permission for permission in Permission if allows(few, permission, target)}
        assert rank_on(many, target) == rank_on(few, target)


def test_of_many_roles_each_counts_on_its_own_domain():
    many = Actor(name="olga@people.test", grants=MANY)
    seen = [n for n in range(600) if allows(many, Permission.DOMAIN_SEE, Target(n // 10, n))]
    assert seen == [grant.domain_id for grant in MANY]


def test_what_was_asked_before_is_not_known_to_one_with_other_roles():
    many, target = Actor(name="olga@people.test", grants=MANY), Target(0, MANY[0].domain_id)
    assert allows(many, Permission.DOMAIN_SEE, target)
    assert not allows(msgspec.structs.replace(many, grants=MANY[1:]), Permission.DOMAIN_SEE, target)
