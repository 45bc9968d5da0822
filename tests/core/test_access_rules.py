"""people.md section 3.2, the table, and what stands above it."""

import pytest

from postroom.core.access_rules import PEOPLES_ROLES, height, higher, may_give, parse_role, settable
from postroom.core.errors import BadValueError
from postroom.core.roles import Role

VIEWER, ADMIN, OWNER = PEOPLES_ROLES


@pytest.mark.parametrize(
    ("asker", "held", "choices"),
    [
        (VIEWER, VIEWER, []),
        (VIEWER, ADMIN, []),
        (VIEWER, OWNER, []),
        (ADMIN, VIEWER, [ADMIN]),
        (ADMIN, ADMIN, [VIEWER]),
        (ADMIN, OWNER, []),
        (OWNER, VIEWER, [ADMIN, OWNER]),
        (OWNER, ADMIN, [OWNER, VIEWER]),
        (OWNER, OWNER, [ADMIN, VIEWER]),
    ],
)
def test_the_table_of_choices(asker, held, choices):
    assert settable(height(asker), held) == choices


@pytest.mark.parametrize("role", [Role.COMPANY, Role.OPERATOR])
def test_whoever_stands_above_the_domain_counts_as_an_owner(role):
    assert height(role) == height(OWNER)


@pytest.mark.parametrize("role", sorted(set(Role) - {*PEOPLES_ROLES, Role.COMPANY, Role.OPERATOR}))
def test_other_roles_of_oma_give_nothing(role):
    assert settable(height(role), VIEWER) == []


def test_nobody_without_a_role_gives_anything():
    assert not any(may_give(height(), role) for role in PEOPLES_ROLES)


@pytest.mark.parametrize("pair", [(VIEWER, ADMIN), (ADMIN, VIEWER)])
def test_the_higher_of_two(pair):
    assert higher(*pair) is ADMIN


@pytest.mark.parametrize("written", ["", "operator", "Owner", None, 1, ["owner"], "company"])
def test_other_words_are_no_roles(written):
    with pytest.raises(BadValueError, match="administrator, owner, viewer"):
        parse_role(written)


@pytest.mark.parametrize("role", PEOPLES_ROLES)
def test_a_role_by_its_name(role):
    assert parse_role(role.value) is role
