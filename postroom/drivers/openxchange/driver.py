"""The driver of an Open-Xchange."""

from collections.abc import Mapping
from typing import Final

from postroom.core.devices.servers import Servers, usual
from postroom.core.dns.expectations import Expectations, in_use, signing_of
from postroom.core.dns.records import DnsRecord
from postroom.core.dns.report import CheckReport, CheckResult, failed, passed
from postroom.core.plan import (
    UNKEPT,
    Abilities,
    Change,
    Conflict,
    Put,
    PutDomain,
    PutMailbox,
    Removal,
    RemoveDomain,
    RemoveMailbox,
)
from postroom.core.records import DomainRecord, MailboxRecord
from postroom.drivers.contract import CALL_LIMIT, PAGE, PermanentFailure, TemporaryFailure
from postroom.drivers.dns import doctor, where
from postroom.drivers.openxchange import accounts, contexts, settings
from postroom.drivers.openxchange.connection import Connection, Deadline
from postroom.drivers.openxchange.tools import Tools

_SPARE: Final = 2.0
"""Seconds of CALL_LIMIT left over for ending what does not end by itself."""


class OpenXchange:
    def __init__(self, given: Mapping[str, object]) -> None:
        """`given`: the platform's settings. Raises PermanentFailure for what makes no sense."""
        self._settings = settings.read(given)
        self._dns = where.read(given)
        if not self._dns.mx:
            raise PermanentFailure('The settings of an openxchange platform need "dns" with "mx": where mail goes')
        self._connection = Connection(self._settings.ssh)

    @property
    def abilities(self) -> Abilities:
        return Abilities(names=frozenset({"name"}), unkept=frozenset(UNKEPT))

    @property
    def stored_mail(self) -> None:
        return None

    @property
    def observing(self) -> "OpenXchange":
        return self

    @property
    def reading(self) -> None:
        return None

    @property
    def remote(self) -> None:
        return None

    @property
    def credentials(self) -> None:
        return None

    def observe_domain(self, name: str) -> DomainRecord | None:
        return next((record for record in self._domains() if record.name == name), None)

    def observe_mailbox(self, address: str) -> MailboxRecord | None:
        found = self._mailboxes(address.rpartition("@")[2])
        return next((record for record in found if record.address == address), None)

    def observe_mailboxes(self, domain: str, *, after: str = "", limit: int = PAGE) -> list[MailboxRecord]:
        found = [record for record in self._mailboxes(domain) if record.address > after]
        return sorted(found, key=lambda record: record.address)[:limit]

    def domains(self, *, after: str = "", limit: int = PAGE) -> list[DomainRecord]:
        found = [record for record in self._domains() if record.name > after]
        return sorted(found, key=lambda record: record.name)[:limit]

    def apply(self, change: Change) -> None:
        if isinstance(change, Conflict):
            raise PermanentFailure(change.reason)
        _apply(self._tools(), change)

    def check_domain(self, record: DomainRecord, ownership: str = "") -> CheckReport:
        return self._checked(self._tools(besides=self._dns.seconds), record, ownership)

    def fix_domain(self, record: DomainRecord, ownership: str = "") -> CheckReport:
        tools = self._tools(besides=self._dns.seconds)
        _apply(tools, PutDomain(record))
        return self._checked(tools, record, ownership)

    def wanted_dns(self, record: DomainRecord, ownership: str = "") -> list[DnsRecord]:
        return self._expectations(record, ownership).records()

    def mail_servers(self, domain: str) -> Servers:
        return usual(incoming=self._dns.cnames.get("imap", ""), outgoing=self._dns.cnames.get("smtp", ""))

    def close(self) -> None:
        self._connection.close()

    def _tools(self, *, besides: float = 0.0) -> Tools:
        """For one call of the driver, of which something else takes `besides` seconds."""
        return Tools(self._connection, self._settings, Deadline(CALL_LIMIT - _SPARE - besides))

    def _domains(self) -> list[DomainRecord]:
        return [record for context in self._tools().contexts() for record in context.records()]

    def _mailboxes(self, domain: str) -> list[MailboxRecord]:
        tools = self._tools()
        context = contexts.of_domain(tools.contexts(), domain)
        users = tools.users(context.id) if context else []
        records = (user.record() for user in users if user.domain == domain)
        return [record for record in records if record]

    def _checked(self, tools: Tools, record: DomainRecord, ownership: str) -> CheckReport:
        ours = _is_there(tools, record)
        found = doctor.examine(self._expectations(record, ownership), self._dns)
        return CheckReport(domain=record.name, tests=(*found, ours))

    def _expectations(self, record: DomainRecord, ownership: str) -> Expectations:
        selector, key = signing_of(record.settings)
        return Expectations(
            domain=record.name, aliases=record.aliases, ownership=ownership, selector=selector, key=key,
            mx=tuple(self._dns.mx), spf=self._dns.spf or "mx", cnames=in_use(self._dns.cnames, record.settings),
            hints=self._dns.autoconfig,
        )  # fmt: skip


def _apply(tools: Tools, change: Put | Removal) -> None:
    match change:
        case PutDomain(record=record):
            contexts.put(tools, record)
        case RemoveDomain(name=name, key=key):
            contexts.remove(tools, name, key)
        case PutMailbox(record=mailbox, was=was):
            _put_mailbox(tools, mailbox, was)
        case RemoveMailbox(address=address, key=key):
            context = contexts.of_domain(tools.contexts(), address.rpartition("@")[2])
            if context is not None:
                accounts.remove(tools, context.id, address, key)


def _put_mailbox(tools: Tools, record: MailboxRecord, was: str | None) -> None:
    known = tools.contexts()
    domain = record.address.rpartition("@")[2]
    context = contexts.of_domain(known, domain)
    if context is None:
        raise PermanentFailure(f"The domain {domain} is not in Open-Xchange")
    before = contexts.of_domain(known, was.rpartition("@")[2]) if was else None
    elsewhere = before.id if before and before.id != context.id else None
    accounts.put(tools, context.id, record, elsewhere=elsewhere)


def _is_there(tools: Tools, record: DomainRecord) -> CheckResult:
    parameters = {"domain": record.name}
    try:
        known = any(found.key == record.key for context in tools.contexts() for found in context.records()
                    if found.name == record.name)  # fmt: skip
    except TemporaryFailure:
        return failed("ox", "platform_silent", parameters, internal=True)
    return passed("ox", internal=True) if known else failed("ox", "no_domain", parameters, internal=True)
