"""A domain's checks as dimail tells them: eleven tests, each with its errors (specs/dimail.md 5)."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from postroom.core.dns.explaining import explanation
from postroom.core.dns.records import DnsRecord, zone_line
from postroom.core.dns.report import CheckResult, Severity
from postroom.core.languages import Language

INTERNAL: Final[Mapping[str, bool]] = {
    "domain_exist": False,
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
}
"""Test → whether it is the platform's own affair. What a platform does not test is well."""

_TOLD_AS: Final = {"ownership": "domain_exist", "aliases": "mx", "signing": "postfix"}
"""Tests that dimail does not know, by those that tell of them."""

_UNCHECKED: Final = "Did not check yet"
_DKIM: Final = "v=DKIM1; "


class TestError(msgspec.Struct, frozen=True):
    code: str
    detail: str


class TestResult(msgspec.Struct, frozen=True):
    ok: bool
    internal: bool
    errors: list[TestError]


def unchecked() -> dict[str, TestResult]:
    error = TestError("no_test", _UNCHECKED)
    return {test: TestResult(False, internal, [error]) for test, internal in INTERNAL.items()}


def told(results: Sequence[CheckResult], domain: str, language: Language) -> dict[str, TestResult]:
    """All eleven. Advice fails none of them."""
    errors: dict[str, list[TestError]] = {test: [] for test in INTERNAL}
    for result in results:
        if not result.ok and result.severity is Severity.REQUIRED:
            errors[_test_of(result)].append(TestError(result.code or "failed", _detail(result, domain, language)))
    return {test: TestResult(not errors[test], internal, errors[test]) for test, internal in INTERNAL.items()}


def _test_of(result: CheckResult) -> str:
    if result.name in INTERNAL:
        return result.name
    return _TOLD_AS.get(result.name, "postfix" if result.internal else "domain_exist")


def _detail(result: CheckResult, domain: str, language: Language) -> str:
    """For the owner of the domain: what was found, what to do, and the record to have. A platform's own words are
    shown as they are."""
    words = explanation(result, language)
    line = zone_line(result.record, domain) if result.record and words.fix else ""
    return " ".join(part for part in (words.problem, words.fix, line) if part) or result.name


class SpecLine(msgspec.Struct, frozen=True, kw_only=True):
    target: str
    """Relative to the domain; empty: the domain itself."""
    type: str
    value: str


_ORDER: Final = ("mx", "dkim", "imap", "smtp", "spf", "webmail")


def spec(records: Sequence[DnsRecord], features: Sequence[str]) -> list[SpecLine]:
    """The records that the tests above look for, in dimail's order."""
    wanted = [(part, record) for record in records if (part := _part(record)) in _ORDER]
    off = {"imap": "mailbox" not in features, "webmail": "webmail" not in features}
    wanted = [(part, record) for part, record in wanted if not off.get(part, False)]
    wanted.sort(key=lambda pair: _ORDER.index(pair[0]))
    return [SpecLine(target=record.target, type=record.type, value=_value(record)) for _, record in wanted]


def _part(record: DnsRecord) -> str:
    if record.type == "mx":
        return "" if record.target else "mx"
    if record.type == "cname":
        return record.target
    if record.target.endswith("._domainkey"):
        return "dkim"
    return "spf" if not record.target and record.value.startswith("v=spf1") else ""


def _value(record: DnsRecord) -> str:
    """Of an MX the host alone: dimail names no preference, the first comes first. A DKIM key names its digest."""
    if record.type == "mx":
        return record.value.rpartition(" ")[2]
    key = record.value.removeprefix(_DKIM)
    return record.value if key == record.value or key.startswith("h=") else f"{_DKIM}h=sha256; {key}"
