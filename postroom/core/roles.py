"""Who may do what: one table for both worlds.

OMA's nine administrator roles (oma.md section 2) hang on companies, domains and workgroups; People's
viewer, administrator and owner (people.md section 3) hang on domains. `GRANTS` is the only place that
says what a role may do; `covers` says on which objects.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Final

import msgspec

from postroom.core.catalogue.attribute import Attribute, Level, Rank


class Role(StrEnum):
    COMPANY = "company"
    COMPANY_MAIL = "company_mail"
    COMPANY_MAIL2 = "company_mail2"
    COMPANY_RO = "company_ro"
    COMPANY_TOKEN_ONLY = "company_token_only"  # noqa: S105 -- the role's name in OMA
    COMPANY_VIEW = "company_view"
    DOMAIN = "domain"
    MAIL = "mail"
    WORKGROUP = "workgroup"
    SELF = "self"  # the holder of the mailbox; nobody hands it out
    VIEWER = "viewer"
    ADMINISTRATOR = "administrator"
    OWNER = "owner"
    OPERATOR = "operator"  # runs this Postroom; may do everything


class Scope(StrEnum):
    """The kind of object that a role hangs on."""

    EVERYTHING = "everything"
    COMPANY = "company"
    DOMAIN = "domain"
    WORKGROUP = "workgroup"
    MAILBOX = "mailbox"


@dataclass(frozen=True, slots=True)
class Traits:
    """What `GRANTS` cannot say: where the role stands, and which attributes are closed to it."""

    scope: Scope
    rank: Rank
    bills: bool = True
    passwords: bool = True


ROLES: Mapping[Role, Traits] = {
    Role.OPERATOR: Traits(Scope.EVERYTHING, Rank.OPERATOR),
    Role.COMPANY: Traits(Scope.COMPANY, Rank.COMPANY),
    Role.COMPANY_MAIL: Traits(Scope.COMPANY, Rank.COMPANY, bills=False),
    Role.COMPANY_MAIL2: Traits(Scope.COMPANY, Rank.COMPANY, bills=False, passwords=False),
    Role.COMPANY_RO: Traits(Scope.COMPANY, Rank.COMPANY, bills=False),
    Role.COMPANY_TOKEN_ONLY: Traits(Scope.COMPANY, Rank.COMPANY, bills=False),
    Role.COMPANY_VIEW: Traits(Scope.COMPANY, Rank.COMPANY, bills=False),
    Role.DOMAIN: Traits(Scope.DOMAIN, Rank.DOMAIN),
    Role.MAIL: Traits(Scope.DOMAIN, Rank.WORKGROUP, bills=False),
    Role.WORKGROUP: Traits(Scope.WORKGROUP, Rank.WORKGROUP),
    Role.SELF: Traits(Scope.MAILBOX, Rank.SELF),
    Role.VIEWER: Traits(Scope.DOMAIN, Rank.SELF, bills=False, passwords=False),
    Role.ADMINISTRATOR: Traits(Scope.DOMAIN, Rank.DOMAIN),
    Role.OWNER: Traits(Scope.DOMAIN, Rank.DOMAIN),
}

OMA_ROLES = frozenset(
    role for role in ROLES if role not in {Role.SELF, Role.VIEWER, Role.ADMINISTRATOR, Role.OWNER, Role.OPERATOR}
)


class Permission(StrEnum):
    """What can be asked for: noun:verb. Kept in alphabetical order."""

    ACCESS_CHANGE = "access:change"
    ACCESS_SEE = "access:see"
    ADMINS_SEE = "admins:see"
    ALIAS_CHANGE = "alias:change"
    ALIAS_SEE = "alias:see"
    APP_PASSWORD_CHANGE = "app_password:change"  # noqa: S105 -- not a password
    BRAND_CHANGE = "brand:change"
    BRAND_SEE = "brand:see"
    COMPANY_BULLETIN_CHANGE = "company_bulletin:change"
    COMPANY_CHANGE = "company:change"
    COMPANY_CREATE = "company:create"
    COMPANY_SEE = "company:see"
    COMPANY_STATISTICS_SEE = "company_statistics:see"
    CONTEXT_CHANGE = "context:change"
    DIMAIL_ACCOUNT_CHANGE = "dimail_account:change"  # of a program that calls the dimail face, with what it may do
    DIRECTORY_SEARCH = "directory:search"
    DOMAINS_SEARCH = "domains:search"
    DOMAIN_BULLETIN_CHANGE = "domain_bulletin:change"
    DOMAIN_CHANGE = "domain:change"
    DOMAIN_CHECK = "domain:check"
    DOMAIN_CLAIM = "domain:claim"  # a person's own creation of a domain, which DNS must prove
    DOMAIN_CREATE = "domain:create"
    DOMAIN_DELETE = "domain:delete"
    DOMAIN_PUSH = "domain:push"
    DOMAIN_RESTORE = "domain:restore"
    DOMAIN_SEE = "domain:see"
    DOMAIN_STATISTICS_SEE = "domain_statistics:see"
    DOMAIN_SWITCH = "domain:switch"  # the operator's on and off
    INVITATION_CHANGE = "invitation:change"
    INVITATION_SEE = "invitation:see"
    MAILBOX_CHANGE = "mailbox:change"
    MAILBOX_CREATE = "mailbox:create"
    MAILBOX_DELETE = "mailbox:delete"
    MAILBOX_LINK = "mailbox:link"  # a new password by a link or an e-mail, without seeing it
    MAILBOX_RENAME = "mailbox:rename"
    MAILBOX_RESTORE = "mailbox:restore"
    MAILBOX_SEE = "mailbox:see"
    MAILBOX_SWITCH = "mailbox:switch"  # People's disable and enable
    MAILBOXES_SEARCH = "mailboxes:search"
    MESSAGES_CHANGE = "messages:change"  # undelete, move, reindex, filters
    MESSAGES_SEE = "messages:see"
    MIGRATION_CHANGE = "migration:change"
    PERSON_CHANGE = "person:change"  # somebody else's
    QUEUE_CHANGE = "queue:change"  # of the work to be done for mail platforms: try again now, compare now
    QUEUE_SEE = "queue:see"
    ROLE_CHANGE = "role:change"
    SECOND_FACTOR_REMOVE = "second_factor:remove"
    SESSIONS_END = "sessions:end"
    SNAPSHOTS_SEE = "snapshots:see"
    TOKEN_CREATE = "token:create"  # noqa: S105 -- not a token
    TOKEN_CREATE_FOR_API = "token:create_for_api"  # noqa: S105 -- not a token
    WORKGROUP_CHANGE = "workgroup:change"
    WORKGROUP_SEE = "workgroup:see"


_CODES: Mapping[str, Role] = {
    "C": Role.COMPANY, "CM": Role.COMPANY_MAIL, "CM2": Role.COMPANY_MAIL2, "RO": Role.COMPANY_RO,
    "TO": Role.COMPANY_TOKEN_ONLY, "CV": Role.COMPANY_VIEW, "D": Role.DOMAIN, "M": Role.MAIL,
    "W": Role.WORKGROUP, "S": Role.SELF, "V": Role.VIEWER, "A": Role.ADMINISTRATOR, "O": Role.OWNER,
}  # fmt: skip

# One row a permission; the codes are those of oma.md section 2.2, then V A O of people.md section 3.
# The operator may do everything and stands in no row.
_ROWS: Mapping[Permission, str] = {
    Permission.ACCESS_CHANGE: "C A O",
    Permission.ACCESS_SEE: "C V A O",
    Permission.ADMINS_SEE: "C CM CM2 RO CV",
    Permission.ALIAS_CHANGE: "C D A O",
    Permission.ALIAS_SEE: "C D V A O",
    Permission.APP_PASSWORD_CHANGE: "C CM CV D M W S A O",
    Permission.BRAND_CHANGE: "C",
    Permission.BRAND_SEE: "C CM CM2 RO CV",
    Permission.COMPANY_BULLETIN_CHANGE: "C",
    Permission.COMPANY_CHANGE: "C",
    Permission.COMPANY_CREATE: "",
    Permission.COMPANY_SEE: "C CM CM2 RO CV",
    Permission.COMPANY_STATISTICS_SEE: "C CM CM2 RO CV",
    Permission.CONTEXT_CHANGE: "",
    Permission.DIMAIL_ACCOUNT_CHANGE: "C",  # also by accounts themselves: see actions/dimail_accounts.py
    Permission.DIRECTORY_SEARCH: "C CM CM2 RO CV D M W S V A O",
    Permission.DOMAINS_SEARCH: "C CM CM2 RO CV",
    Permission.DOMAIN_BULLETIN_CHANGE: "C D",
    Permission.DOMAIN_CHANGE: "C CV D A O",
    Permission.DOMAIN_CHECK: "C D A O",
    Permission.DOMAIN_CLAIM: "",  # every person may: see `may_claim`
    Permission.DOMAIN_CREATE: "C",
    Permission.DOMAIN_DELETE: "C O",
    Permission.DOMAIN_PUSH: "C",
    Permission.DOMAIN_RESTORE: "C O",
    Permission.DOMAIN_SEE: "C CM CM2 RO CV D M V A O",
    Permission.DOMAIN_STATISTICS_SEE: "C CM CM2 RO CV D M V A O",
    Permission.DOMAIN_SWITCH: "",
    Permission.INVITATION_CHANGE: "C A O",
    Permission.INVITATION_SEE: "C V A O",
    Permission.MAILBOX_CHANGE: "C CM CM2 CV D M W S A O",
    Permission.MAILBOX_CREATE: "C D W A O",
    Permission.MAILBOX_DELETE: "C D W A O",
    Permission.MAILBOX_LINK: "C D A O",
    Permission.MAILBOX_RENAME: "C D W A O",
    Permission.MAILBOX_RESTORE: "C D W A O",
    Permission.MAILBOX_SEE: "C CM CM2 RO CV D M W S V A O",
    Permission.MAILBOX_SWITCH: "C D A O",
    Permission.MAILBOXES_SEARCH: "C CM CM2 RO CV D M W V A O",
    Permission.MESSAGES_CHANGE: "C CM CM2 CV D M W S",
    Permission.MESSAGES_SEE: "C CM CM2 CV D M W S",
    Permission.MIGRATION_CHANGE: "C D",
    Permission.PERSON_CHANGE: "",
    Permission.QUEUE_CHANGE: "",
    Permission.QUEUE_SEE: "",
    Permission.ROLE_CHANGE: "C D",
    Permission.SECOND_FACTOR_REMOVE: "C CM CM2 CV D M W",
    Permission.SESSIONS_END: "C CM CM2 CV D M W S",
    Permission.SNAPSHOTS_SEE: "C CM CM2 RO CV D",
    Permission.TOKEN_CREATE: "C CM TO D M W",
    Permission.TOKEN_CREATE_FOR_API: "C",
    Permission.WORKGROUP_CHANGE: "C D",
    Permission.WORKGROUP_SEE: "C CM CM2 RO CV D M V A O",
}

GRANTS: Mapping[Permission, frozenset[Role]] = {
    permission: frozenset(_CODES[code] for code in codes.split()) | {Role.OPERATOR}
    for permission, codes in _ROWS.items()
}

# "Domain" administrators may hand out these roles inside their own domain; only the operator makes company ones.
ASSIGNABLE: Mapping[Role, frozenset[Role]] = {
    Role.OPERATOR: OMA_ROLES,
    Role.COMPANY: OMA_ROLES - {Role.COMPANY},
    Role.DOMAIN: frozenset({Role.DOMAIN, Role.MAIL, Role.WORKGROUP}),
}


class Grant(msgspec.Struct, frozen=True, gc=False):
    """A role on one object. For a domain or workgroup, the ids above it are filled in too.

    The garbage collector passes it over: it holds nothing that could lead back to it, and somebody may have thousands.
    """

    role: Role
    company_id: int | None = None
    domain_id: int | None = None
    workgroup_id: int | None = None
    mailbox_id: int | None = None


class Narrowing(msgspec.Struct, frozen=True, kw_only=True):
    """What an API key may do of what its owner may. None: not narrowed in this respect."""

    permissions: frozenset[Permission] | None = None
    domains: frozenset[int] | None = None

    def permits(self, permission: Permission, target: "Target") -> bool:
        """A key for certain domains reaches nothing that is in none of them."""
        if self.permissions is not None and permission not in self.permissions:
            return False
        return self.reaches(target.domain_id)

    def reaches(self, domain_id: int | None) -> bool:
        return self.domains is None or domain_id in self.domains


class Actor(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Who asks. A mailbox, a person, or the operator at the command line."""

    name: str
    """The address it signed in with, for the history."""
    mailbox_id: int | None = None
    company_id: int | None = None
    """The company of the account itself; what it may touch stands in `grants`."""
    domain_id: int | None = None
    grants: tuple[Grant, ...] = ()
    person_id: int | None = None
    narrowing: Narrowing | None = None
    """Set where it came with an API key."""

    def near(self, target: "Target") -> Sequence[Grant]:
        """Those of the grants that may cover the target: without those on other domains, of which somebody may have
        thousands. Most questions of a request are about one domain."""
        if len(self.grants) <= _FEW:
            return self.grants
        found = self._near.get(target.domain_id)
        if found is None:
            here = target.domain_id
            found = [g for g in self.grants if g.domain_id == here or ROLES[g.role].scope is not Scope.DOMAIN]
            self._near[here] = found
        return found

    @cached_property
    def _near(self) -> dict[int | None, Sequence[Grant]]:
        return {}


_FEW: Final = 20
"""Grants that are gone through as quickly as looked up."""

OPERATOR = Actor(name="operator", grants=(Grant(Role.OPERATOR),))


class Target(msgspec.Struct, frozen=True):
    """An object with the ids of what contains it."""

    company_id: int | None = None
    domain_id: int | None = None
    workgroup_id: int | None = None
    mailbox_id: int | None = None


def covers(grant: Grant, target: Target) -> bool:
    """Whether the object that the grant hangs on is the target or contains it."""
    scope = ROLES[grant.role].scope
    if scope is Scope.COMPANY:
        return target.company_id is not None and grant.company_id == target.company_id
    if scope is Scope.DOMAIN:
        return target.domain_id is not None and grant.domain_id == target.domain_id
    if scope is Scope.WORKGROUP:
        return target.workgroup_id is not None and grant.workgroup_id == target.workgroup_id
    if scope is Scope.MAILBOX:
        return target.mailbox_id is not None and grant.mailbox_id == target.mailbox_id
    return scope is Scope.EVERYTHING


def roles_on(actor: Actor, target: Target) -> frozenset[Role]:
    return frozenset(grant.role for grant in actor.near(target) if covers(grant, target))


def allows(actor: Actor, permission: Permission, target: Target) -> bool:
    if actor.narrowing is not None and not actor.narrowing.permits(permission, target):
        return False
    granted = GRANTS[permission]
    return any(grant.role in granted and covers(grant, target) for grant in actor.near(target))


def granting(actor: Actor, permission: Permission) -> list[Grant]:
    """Those of the actor's grants that bring the permission, each on its own object."""
    granted, narrowing = GRANTS[permission], actor.narrowing
    held = [grant for grant in actor.grants if grant.role in granted]
    if narrowing is None:
        return held
    return [g for g in held if narrowing.permits(permission, Target(g.company_id, g.domain_id))]


def may_claim(actor: Actor) -> bool:
    """Whether the actor may create domains of its own: every person may, also by a key not narrowed to other things."""
    if actor.person_id is None and not allows(actor, Permission.DOMAIN_CLAIM, Target()):
        return False
    return actor.narrowing is None or actor.narrowing.permits(Permission.DOMAIN_CLAIM, Target())


def rank_on(actor: Actor, target: Target) -> Rank | None:
    ranks = [ROLES[role].rank for role in roles_on(actor, target)]
    return max(ranks, default=None)


CHANGE: Mapping[Level, Permission] = {
    Level.COMPANY: Permission.COMPANY_CHANGE,
    Level.DOMAIN: Permission.DOMAIN_CHANGE,
    Level.MAILBOX: Permission.MAILBOX_CHANGE,
}


def _opens(role: Role, attribute: Attribute, level: Level) -> bool:
    lowest = attribute.set_by.get(level)
    traits = ROLES[role]
    return (
        lowest is not None
        and role in GRANTS[CHANGE[level]]
        and traits.rank >= lowest
        and (traits.bills or not attribute.billable)
        and (traits.passwords or attribute.name != "password")
    )


@lru_cache(maxsize=50_000)
def may_set(roles: frozenset[Role], attribute_name: str, level: Level) -> bool:
    """Whether any of these roles (all of which cover the object) may set the attribute at this level."""
    from postroom.core.catalogue import CATALOGUE

    return any(_opens(role, CATALOGUE[attribute_name], level) for role in roles)


def assignable(roles: Iterable[Role]) -> frozenset[Role]:
    """The OMA roles that a holder of `roles` may hand out."""
    return frozenset().union(*(ASSIGNABLE.get(role, frozenset()) for role in roles))
