"""What a row is in memory: the working copies that `store/rows.py` reads and writes back."""

import hashlib

import msgspec

from postroom.core.catalogue.attribute import Value
from postroom.core.lifecycle import DomainState, MailboxState
from postroom.core.roles import Target
from postroom.core.search_text import search_text

Settings = dict[str, Value]


class CompanyRow(msgspec.Struct, kw_only=True):
    id: int
    name: str
    settings: Settings
    suspended_by: dict[str, int]
    trusted: bool
    catchall_allowed: bool
    generation: int
    history_head: str
    created_at: int

    @property
    def target(self) -> Target:
        return Target(self.id)


class DomainRow(msgspec.Struct, kw_only=True):
    id: int
    name: str
    company_id: int
    context_id: int
    platform_id: int
    status: str
    settings: Settings
    aliases: list[str]
    suspended_by: dict[str, int]
    generation: int
    due_at: int | None
    check_at: int | None
    proved_at: int | None
    gives_way_at: int | None
    support_email: str
    history_head: str
    created_at: int
    deleted_at: int | None
    company: CompanyRow

    @property
    def target(self) -> Target:
        return Target(self.company_id, self.id)

    @property
    def serves(self) -> bool:
        """Whether mail flows: proven, not switched off by anybody."""
        return domain_serves(self.status, self.proved_at, self.settings)

    @property
    def is_proved(self) -> bool:
        """Whether it is known to be its owner's: else mail for it goes wherever DNS says."""
        return self.proved_at is not None

    def changed(self, now: int) -> None:
        self.generation += 1
        self.due_at = now


class MailboxRow(msgspec.Struct, kw_only=True):
    id: int
    address: str
    domain_id: int
    workgroup_id: int
    workgroup: str
    type: str
    status: str
    settings: Settings
    aliases: list[str]
    suspended_by: dict[str, int]
    password: str
    old_passwords: list[str]
    last_sign_ins: dict[str, int]
    first_name: str
    last_name: str
    secondary_email: str
    generation: int
    due_at: int | None
    history_head: str
    created_at: int
    deleted_at: int | None
    domain: DomainRow

    @property
    def target(self) -> Target:
        return Target(self.domain.company_id, self.domain_id, self.workgroup_id, self.id)

    @property
    def name(self) -> str:
        return self.address

    @property
    def search_text(self) -> str:
        name = f"{self.first_name} {self.last_name}".strip() or str(self.settings.get("name") or "")
        return search_text(name, self.address)

    @property
    def password_id(self) -> str:
        return password_id(self.password, self.old_passwords)

    def changed(self, now: int) -> None:
        self.generation += 1
        # A mailbox that waits for its domain is not the platform's business yet.
        self.due_at = None if self.status == MailboxState.PENDING else now


def domain_serves(status: str, proved_at: int | None, settings: Settings) -> bool:
    """Whether mail flows: proven, not switched off by anybody. What breaks in DNS later does not stop it."""
    proved = status == DomainState.ENABLED or (
        status in {DomainState.ACTION_REQUIRED, DomainState.FAILED} and proved_at is not None
    )
    return proved and not settings.get("disabled")


def password_id(stored: str, old: list[str]) -> str:
    """Says nothing about the password, but stays the same while that is only stored anew in another encoding."""
    if not stored:
        return ""
    as_it_was_set = next(iter(old), stored)
    return hashlib.sha256(as_it_was_set.encode()).hexdigest()[:16]
