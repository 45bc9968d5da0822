"""Viewer, administrator and owner of a domain: who may give or take which (people.md section 3.2).

Nobody gives or takes more than they have.
"""

from collections.abc import Iterable, Mapping

from postroom.core.errors import BadValueError
from postroom.core.roles import Role

_HEIGHTS: Mapping[Role, int] = {
    Role.VIEWER: 1,
    Role.ADMINISTRATOR: 2,
    Role.OWNER: 3,
    # Whoever stands above the domain counts for as much as its owner.
    Role.COMPANY: 3,
    Role.OPERATOR: 3,
}
_MANAGES = 2

PEOPLES_ROLES = (Role.VIEWER, Role.ADMINISTRATOR, Role.OWNER)
"""From the smallest to the highest."""


def height(*roles: Role) -> int:
    """That of the highest; 0 where none of them counts among people."""
    return max((_HEIGHTS.get(role, 0) for role in roles), default=0)


def may_give(own: int, role: Role) -> bool:
    """`own` is the height of whoever asks. Taking is the same as giving."""
    return own >= max(_MANAGES, height(role))


def settable(own: int, held: Role) -> list[Role]:
    """The roles to which somebody may change an access that says `held`, in the alphabet's order."""
    if not may_give(own, held):
        return []
    return sorted(role for role in PEOPLES_ROLES if role is not held and may_give(own, role))


def higher(one: Role, other: Role) -> Role:
    return max(one, other, key=height)


def parse_role(written: object) -> Role:
    """Raises BadValueError."""
    for role in PEOPLES_ROLES:
        if written == role:
            return role
    raise BadValueError(f"must be one of {', '.join(sorted(PEOPLES_ROLES))}")


def names(roles: Iterable[Role]) -> str:
    return ", ".join(roles)
