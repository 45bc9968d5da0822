"""What the simulated platform says of a domain that is checked or repaired: all is well that was not told to fail."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final

from postroom.core.devices.servers import usual
from postroom.core.dns import report
from postroom.core.dns.expectations import Expectations, signing_of
from postroom.core.dns.findings import FINDINGS, UNASKED
from postroom.core.dns.records import DnsRecord, full_name
from postroom.core.dns.report import CheckReport, CheckResult, Severity
from postroom.core.plan import PutDomain
from postroom.core.records import DomainRecord
from postroom.drivers.fake import objects

INTERNAL: Final[Mapping[str, bool]] = MappingProxyType(
    {
        "domain_exist": False,
        "ownership": False,
        "mx": False,
        "cname_imap": False,
        "cname_smtp": False,
        "cname_webmail": False,
        "spf": False,
        "dkim": False,
        "postfix": True,
        "ox": True,
        "cert": True,
        "webmail_ok": True,
        "dmarc": False,
        "mta_sts": False,
        "tls_rpt": False,
        "dnssec": False,
        "name_servers": False,
    }
)
"""Every test of a domain, and whether it is the platform's own affair (specs/dimail.md section 5.2, and our own)."""
MAIL_SERVERS: Final = usual(incoming="imap.postroom.example", outgoing="smtp.postroom.example")
ADVICE: Final = frozenset({"dmarc", "mta_sts", "tls_rpt", "dnssec", "name_servers"})
_USUAL_CODES: Final = {
    "domain_exist": "must_exist", "postfix": "no_domain", "dmarc": "no_dmarc", "mta_sts": "no_mta_sts",
    "tls_rpt": "no_tls_rpt", "dnssec": "not_signed", "name_servers": "servers_silent",
}  # fmt: skip


def expectations(record: DomainRecord, ownership: str) -> Expectations:
    selector, key = signing_of(record.settings)
    return Expectations(
        domain=record.name, aliases=record.aliases, ownership=ownership, selector=selector, key=key,
        mx=("mx.postroom.example",), spf="include:_spf.postroom.example",
        cnames={label: f"{label}.postroom.example" for label in ("imap", "smtp", "webmail")},
    )  # fmt: skip


def usual_code(test: str) -> str:
    return _USUAL_CODES.get(test, f"wrong_{test}")


def check(connection: sqlite3.Connection, expected: Expectations) -> CheckReport:
    domain = expected.domain
    failures = _failures(connection, domain, unproved=bool(expected.ownership))
    if objects.domain(connection, domain) is None:
        failures.setdefault("postfix", ("no_domain", f"{domain} is not on this platform"))
    tests = (test for test in INTERNAL if test != "ownership" or expected.ownership or test in failures)
    return CheckReport(domain=domain, tests=tuple(_result(test, failures.get(test), expected) for test in tests))


def _failures(connection: sqlite3.Connection, domain: str, *, unproved: bool) -> dict[str, tuple[str, str]]:
    """Test → (code, detail)."""
    told = connection.execute("SELECT test, code, detail FROM checks WHERE domain = ?", (domain,))
    failures = {test: (code, detail) for test, code, detail in told}
    if unproved:
        usual = connection.execute(
            "SELECT test, code FROM new_domains WHERE test NOT IN (SELECT test FROM passes WHERE domain = ?)", (domain,)
        )
        failures = {test: (code, "") for test, code in usual} | failures
    return failures


def let_pass(connection: sqlite3.Connection, domain: str, tests: Iterable[str]) -> None:
    """Whatever fails for new domains."""
    connection.executemany("INSERT OR IGNORE INTO passes VALUES (?, ?)", [(domain, test) for test in tests])


def fix(connection: sqlite3.Connection, record: DomainRecord) -> None:
    """Ends the failures that are the platform's own, unless it was told that it cannot."""
    row = connection.execute("SELECT repairs, breaks FROM fixes WHERE domain = ?", (record.name,)).fetchone()
    repairs, breaks = row or (True, "")
    if repairs:
        if objects.domain(connection, record.name) is None:
            objects.apply(connection, PutDomain(record))
        own = [test for test, internal in INTERNAL.items() if internal]
        let_pass(connection, record.name, own)
        for test in own:
            connection.execute("DELETE FROM checks WHERE domain = ? AND test = ?", (record.name, test))
    if breaks:
        tell(connection, record.name, breaks, "", "")


def tell(connection: sqlite3.Connection, domain: str, test: str, code: str, detail: str) -> None:
    """Let a test fail from now on."""
    row = (domain, test, code or usual_code(test), detail)
    connection.execute("INSERT OR REPLACE INTO checks VALUES (?, ?, ?, ?)", row)


def _result(test: str, failure: tuple[str, str] | None, expected: Expectations) -> CheckResult:
    severity = Severity.ADVICE if test in ADVICE else Severity.REQUIRED
    if failure is None:
        return CheckResult(name=test, ok=True, internal=INTERNAL[test], severity=severity)
    code, detail = failure
    record = None if code in UNASKED else _record(test, expected)
    if code in FINDINGS and not detail:
        told = report.failed(test, code, _plausible(record, expected), record=record, internal=INTERNAL[test])
        return report.as_advice(told) if test in ADVICE else told
    return CheckResult(
        name=test, ok=False, internal=INTERNAL[test], code=code, severity=severity, asked=code not in UNASKED,
        detail=detail or f"The test {test} of {expected.domain} was told to fail", record=record,
    )  # fmt: skip


def _record(test: str, expected: Expectations) -> DnsRecord | None:
    records: dict[str, Callable[[], DnsRecord]] = {
        "mx": expected.mx_record,
        "spf": expected.spf_record,
        "dmarc": expected.dmarc_record,
        "mta_sts": expected.mta_sts_record,
        "tls_rpt": expected.tls_rpt_record,
        **({"ownership": expected.own} if expected.ownership else {}),
        **({"dkim": expected.dkim_record} if expected.selector else {}),
    }
    if test.startswith("cname_"):
        return expected.cname_record(test.removeprefix("cname_"))
    return records[test]() if test in records else None


def _plausible(record: DnsRecord | None, expected: Expectations) -> dict[str, str]:
    """What the texts of findings are filled with, whichever they are."""
    return {
        "domain": expected.domain,
        "name": full_name(record.target if record else "", expected.domain),
        "type": (record.type if record else "ns").upper(),
        "wanted": record.value.removesuffix(".") if record else "",
        "found": "10 mx.elsewhere.example." if record and record.type == "mx" else "elsewhere.example",
        "servers": "ns1.elsewhere.example (192.0.2.53)",
        "names": ", ".join(expected.aliases) or expected.domain,
        "count": "12",
        "costs": "include:_spf.elsewhere.example (9)",
    }
