"""What a platform wants to see in the DNS of one of its domains."""

from typing import Final

import msgspec

from postroom.core import dkim
from postroom.core.catalogue.attribute import Settings
from postroom.core.dns.records import DnsRecord

OWNERSHIP: Final = "_postroom"
DMARC: Final = "_dmarc"
MTA_STS: Final = "_mta-sts"
TLS_RPT: Final = "_smtp._tls"
_FIRST_PREFERENCE: Final = 10


class Expectations(msgspec.Struct, frozen=True, kw_only=True):
    """Host names are lower case and without a dot at their end."""

    domain: str
    mx: tuple[str, ...]
    """The first gets mail first."""
    spf: str
    """The mechanism that stands for the platform's servers: include:_spf.acme.example, a:mx.acme.example."""
    cnames: dict[str, str] = {}
    """Label (imap, smtp, webmail) → host. Required."""
    hints: dict[str, str] = {}
    """Label (autoconfig, autodiscover) → host. Advice."""
    selector: str = ""
    """Empty: mail from the domain is not signed."""
    key: str = ""
    """The text of the TXT record of the selector."""
    ownership: str = ""
    """What proves control of the domain; empty: nothing has to."""
    aliases: tuple[str, ...] = ()
    """Other domains that mean this one."""

    def own(self) -> DnsRecord:
        return DnsRecord(target=OWNERSHIP, type="txt", value=self.ownership)

    def mx_record(self, number: int = 0, target: str = "") -> DnsRecord:
        value = f"{_FIRST_PREFERENCE * (number + 1)} {self.mx[number]}."
        return DnsRecord(target=target, type="mx", value=value)

    def spf_record(self, text: str = "") -> DnsRecord:
        return DnsRecord(target="", type="txt", value=text or f"v=spf1 {self.spf} -all")

    def dkim_record(self) -> DnsRecord:
        return DnsRecord(target=f"{self.selector}._domainkey", type="txt", value=self.key)

    def cname_record(self, label: str) -> DnsRecord:
        return DnsRecord(target=label, type="cname", value=f"{self.cnames.get(label) or self.hints[label]}.")

    def dmarc_record(self) -> DnsRecord:
        return DnsRecord(target=DMARC, type="txt", value=f"v=DMARC1; p=none; rua=mailto:postmaster@{self.domain}")

    def mta_sts_record(self) -> DnsRecord:
        return DnsRecord(target=MTA_STS, type="txt", value="v=STSv1; id=1")

    def tls_rpt_record(self) -> DnsRecord:
        return DnsRecord(target=TLS_RPT, type="txt", value=f"v=TLSRPTv1; rua=mailto:postmaster@{self.domain}")

    def records(self) -> list[DnsRecord]:
        """All of them, those that must be there first. MTA-STS is left out: it needs more than a record."""
        wanted = [self.own()] if self.ownership else []
        wanted += [self.mx_record(number) for number in range(len(self.mx))]
        wanted += [self.spf_record()]
        wanted += [self.dkim_record()] if self.selector else []
        wanted += [self.cname_record(label) for label in (*self.cnames, *self.hints)]
        wanted += [self.dmarc_record(), self.tls_rpt_record()]
        return wanted + [self.mx_record(0, f"{alias}.") for alias in self.aliases]


_SERVICES: Final = {"webmail": "service_webmail", "imap": "service_imap4"}


def in_use(cnames: dict[str, str], settings: Settings) -> dict[str, str]:
    """Without the names of what is switched off for the whole domain: nobody needs them."""
    off = {label for label, service in _SERVICES.items() if settings.get(service) == "disabled"}
    return {label: host for label, host in cnames.items() if label not in off}


def signing_of(settings: Settings) -> tuple[str, str]:
    """(selector, text of its TXT record) by a domain's settings; empty where its mail is not signed."""
    selector, key = settings.get("dkim_selector"), settings.get("dkim_key")
    if not isinstance(selector, str) or not isinstance(key, str) or not selector or not key:
        return "", ""
    return selector, dkim.record(key)
