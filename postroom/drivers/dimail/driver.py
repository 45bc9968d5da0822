"""The driver of a remote dimail. It looks what is there before it tells anything, so that nothing is made twice."""

from collections.abc import Mapping
from typing import Final

import msgspec

from postroom.core.address import parse_account
from postroom.core.aliases import parse_destination
from postroom.core.devices.servers import Servers, usual
from postroom.core.dns.expectations import Expectations
from postroom.core.dns.records import DnsRecord
from postroom.core.dns.report import CheckReport
from postroom.core.errors import BadValueError
from postroom.core.plan import Abilities, Change, Conflict, PutDomain, PutMailbox, RemoveDomain, RemoveMailbox
from postroom.core.records import DomainRecord
from postroom.drivers.contract import Inventory, LoginCode, PermanentFailure, RemoteMailbox
from postroom.drivers.dimail import access, aliases, domains, mailboxes, standing
from postroom.drivers.dimail.wire import Client
from postroom.drivers.dns import doctor, where
from postroom.drivers.dns.where import DnsSettings

_DNS_SECONDS: Final = 5.0
"""What is left of a call is dimail's."""


class Dimail:
    def __init__(self, client: Client, dns: DnsSettings) -> None:
        self._client = client
        self._dns = msgspec.structs.replace(dns, seconds=min(dns.seconds, _DNS_SECONDS))

    @classmethod
    def from_settings(cls, settings: Mapping[str, object]) -> "Dimail":
        """docs/dimail-driver.md says which there are. Raises PermanentFailure."""
        return cls(Client(access.read(settings)), where.read(settings))

    @property
    def abilities(self) -> Abilities:
        return Abilities(frozenset({"name"}))

    @property
    def stored_mail(self) -> None:
        return None

    @property
    def observing(self) -> None:
        return None

    @property
    def reading(self) -> None:
        return None

    @property
    def remote(self) -> "Dimail":
        return self

    @property
    def credentials(self) -> "Dimail":
        return self

    def apply(self, change: Change) -> None:
        talk = self._client.begin()
        match change:
            case Conflict(reason=reason):
                raise PermanentFailure(reason)
            case PutDomain(record=record, was=was, withdraw=withdraw):
                domains.put(talk, record, was)
                if record.active:
                    aliases.agree(talk, record.name, _pairs(record), withdraw)
            case PutMailbox(record=mailbox, was=was):
                mailboxes.put(talk, mailbox, was)
            case RemoveDomain(name=name):
                domains.remove(talk, name)
            case RemoveMailbox(address=address):
                mailboxes.remove(talk, address)

    def knows(self, domain: str) -> bool:
        return standing.is_there(self._client.begin(), domain)

    def inventory(self, domain: str) -> Inventory | None:
        talk = self._client.begin()
        if not standing.is_there(talk, domain):
            return None
        shown, pairs = mailboxes.listed(talk, domain), aliases.listed(talk, domain)
        odd = [one.email for one in shown if not _is_address(one.email)]
        odd += [f"{address} → {destination}" for address, destination in pairs if not _is_pair(address, destination)]
        return Inventory(
            mailboxes=tuple(
                sorted(map(_seen, (one for one in shown if _is_address(one.email))), key=lambda m: m.address)
            ),
            aliases=tuple(pair for pair in pairs if _is_pair(*pair)),
            unreadable=tuple(odd),
        )

    def check_domain(self, record: DomainRecord, ownership: str = "") -> CheckReport:
        """dimail asks for no proof of who owns a domain: that we look at ourselves."""
        report = domains.check(self._client.begin(), record.name) or domains.missing(record.name)
        return self._with_ownership(report, record, ownership)

    def fix_domain(self, record: DomainRecord, ownership: str = "") -> CheckReport:
        talk = self._client.begin()
        report = domains.fix(talk, record.name)
        if report is None:
            domains.put(talk, record, None)
            report = domains.fix(talk, record.name) or domains.missing(record.name)
        return self._with_ownership(report, record, ownership)

    def _with_ownership(self, report: CheckReport, record: DomainRecord, ownership: str) -> CheckReport:
        if not ownership:
            return report
        expected = Expectations(domain=record.name, ownership=ownership, mx=(), spf="")
        proof = doctor.ownership(expected, self._dns)
        return CheckReport(domain=report.domain, tests=(proof, *report.tests))

    def wanted_dns(self, record: DomainRecord, ownership: str = "") -> list[DnsRecord]:
        own = [Expectations(domain=record.name, ownership=ownership, mx=(), spf="").own()] if ownership else []
        return own + domains.wanted(self._client.begin(), record.name)

    def mail_servers(self, domain: str) -> Servers:
        """dimail has certificates for the names below each domain (specs/dimail.md section 5.2, test cert)."""
        return usual(incoming=f"imap.{domain}", outgoing=f"smtp.{domain}")

    def login_code(self, address: str, *, seconds: int, uses: int) -> LoginCode:
        return mailboxes.login_code(self._client.begin(), address, seconds, uses)

    def new_password(self, address: str) -> str:
        return mailboxes.new_password(self._client.begin(), address)

    def close(self) -> None:
        self._client.close()


def _pairs(record: DomainRecord) -> list[aliases.Pair]:
    return [(f"{one.local_part}@{record.name}", end) for one in record.own_aliases for end in one.destinations]


def _seen(shown: mailboxes.Shown) -> RemoteMailbox:
    first, last = shown.names or ("", "")
    return RemoteMailbox(address=shown.email.lower(), first_name=first, last_name=last, active=not shown.is_off)


def _is_address(text: str) -> bool:
    try:
        return str(parse_account(text)) == text.lower()
    except BadValueError:
        return False


def _is_pair(address: str, destination: str) -> bool:
    try:
        return _is_address(address) and parse_destination(destination) == destination
    except BadValueError:
        return False
