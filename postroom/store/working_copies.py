"""What a row is in memory: the working copies that `store/rows.py` reads and writes back."""

import msgspec

from postroom.core.catalogue.attribute import Value
from postroom.core.lifecycle import DomainState, MailboxState
from postroom.core.roles import Target

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
        return self.status == DomainState.ENABLED and not self.settings.get("disabled")

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

    def changed(self, now: int) -> None:
        self.generation += 1
        # A mailbox that waits for its domain is not the platform's business yet.
        self.due_at = None if self.status == MailboxState.PENDING else now
