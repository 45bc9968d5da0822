"""What a check of a domain found: the shape in which drivers tell it, rows keep it and pages show it."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

import msgspec

from postroom.core.dns.findings import FINDINGS
from postroom.core.dns.records import DnsRecord, zone_line
from postroom.core.languages import Language

_ANSWERS_KEPT: Final = 8
_VALUES_KEPT: Final = 10
_LONGEST_VALUE: Final = 600
_LONGEST_RECORD: Final = 4000


class CheckState(StrEnum):
    OK = "ok"
    ACTION_REQUIRED = "action_required"  # the owner of the domain has to change something, in DNS mostly
    FAILED = "failed"  # the platform has to
    UNKNOWN = "unknown"  # nothing is known to be wrong, but not everything could be asked: the domain stays as it is


class Severity(StrEnum):
    REQUIRED = "required"
    ADVICE = "advice"  # never makes a domain fail


class ServerAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What one name server said to one question."""

    server: str
    """Its name and address, or "resolver" and address."""
    name: str
    type: str
    """MX, TXT, …"""
    values: tuple[str, ...] = ()
    """Empty: it said that there are none. Of a TXT record the joined text."""
    failure: str = ""
    """no_name, or a code of `findings.UNASKED`."""


class CheckResult(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    """mx, spf, …: docs/dns.md."""
    ok: bool
    internal: bool = False
    """True: the platform's own affair; False: the owner of the domain can mend it."""
    code: str = ""
    """For programs: no_mx, wrong_mx, … (findings.py). Empty when ok."""
    detail: str = ""
    """For the owner of the domain, in English: what was wanted, what was found, what to do. Empty when ok."""
    severity: Severity = Severity.REQUIRED
    asked: bool = True
    """False: the test could not be made, so nothing is known."""
    parameters: dict[str, str] = {}
    """What fills the texts of `findings.FINDINGS`."""
    record: DnsRecord | None = None
    """Exactly what to have in DNS; None where no record mends it."""
    answers: tuple[ServerAnswer, ...] = ()


class CheckReport(msgspec.Struct, frozen=True, kw_only=True):
    domain: str
    tests: tuple[CheckResult, ...]

    @property
    def failed(self) -> tuple[CheckResult, ...]:
        return tuple(test for test in self.tests if not test.ok)

    @property
    def failed_required(self) -> tuple[CheckResult, ...]:
        return tuple(test for test in self.failed if test.severity is Severity.REQUIRED)

    @property
    def state(self) -> CheckState:
        failed = self.failed_required
        if not failed:
            return CheckState.OK
        if any(test.asked and not test.internal for test in failed):
            return CheckState.ACTION_REQUIRED
        return CheckState.FAILED if all(test.asked for test in failed) else CheckState.UNKNOWN


def passed(name: str, *, internal: bool = False) -> CheckResult:
    return CheckResult(name=name, ok=True, internal=internal)


def failed(
    name: str,
    code: str,
    parameters: Mapping[str, str],
    *,
    record: DnsRecord | None = None,
    internal: bool = False,
) -> CheckResult:
    """`parameters`: `domain`, and what else the texts of the code name."""
    finding = FINDINGS[code]
    problem, fix = (text.at(Language.ENGLISH, **parameters) for text in (finding.problem, finding.fix))
    line = zone_line(record, parameters["domain"]) if record else ""
    return CheckResult(
        name=name, ok=False, internal=internal, code=code, asked=not finding.unasked,
        detail=" ".join(part for part in (problem, fix, line) if part), parameters=dict(parameters), record=record,
    )  # fmt: skip


def as_advice(result: CheckResult) -> CheckResult:
    return msgspec.structs.replace(result, severity=Severity.ADVICE)


def report_as_json(report: CheckReport) -> list[dict[str, Any]]:
    """Every test, in order; whatever a stranger's servers said, it has a bounded size."""
    built: list[dict[str, Any]] = msgspec.to_builtins([_bounded(test) for test in report.tests])
    return built


def results_from(stored: Sequence[Mapping[str, Any]]) -> list[CheckResult]:
    """Entries of earlier versions name failed tests only and do not say so."""
    return msgspec.convert([{"ok": False, **entry} for entry in stored], list[CheckResult])


def _bounded(result: CheckResult) -> CheckResult:
    return msgspec.structs.replace(
        result,
        detail=_cut(result.detail, 4 * _LONGEST_VALUE),
        record=result.record if result.record and len(result.record.value) <= _LONGEST_RECORD else None,
        parameters={name: _cut(value) for name, value in result.parameters.items()},
        answers=tuple(
            msgspec.structs.replace(answer, values=tuple(map(_cut, answer.values[:_VALUES_KEPT])))
            for answer in result.answers[:_ANSWERS_KEPT]
        ),
    )


def _cut(text: str, longest: int = _LONGEST_VALUE) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
