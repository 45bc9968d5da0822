"""Does mail for a domain arrive at the platform? Judged from its MX records."""

from collections.abc import Sequence
from typing import Final

import msgspec

from postroom.core.dns.expectations import Expectations
from postroom.core.dns.report import CheckResult, as_advice, failed, passed

TEST: Final = "mx"


class Mx(msgspec.Struct, frozen=True, order=True):
    preference: int
    host: str
    """Lower case, without a dot at its end; empty: the null MX of RFC 7505."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    records: tuple[Mx, ...]
    alias_of: str = ""
    """Where the domain itself is a CNAME: of what."""
    ours_by_cname: frozenset[str] = frozenset()
    """Hosts among the records that are CNAMEs of the platform's."""


def parse(values: Sequence[str]) -> tuple[Mx, ...]:
    """From `10 mx.acme.example.`, best first."""
    parted = (value.partition(" ") for value in values)
    return tuple(sorted(Mx(int(preference), host.lower().removesuffix(".")) for preference, _, host in parted))


def judge(expected: Expectations, found: Found) -> CheckResult:
    ours = [mx for mx in found.records if mx.host in expected.mx]
    if not ours:
        return _none_of_ours(expected, found)
    foreign = [mx for mx in found.records if mx.host not in expected.mx]
    first = min(mx.preference for mx in ours)
    before = [mx for mx in foreign if mx.preference <= first]
    parameters = {"domain": expected.domain}
    if before:
        return failed(TEST, "foreign_mx_first", {**parameters, "found": _hosts(before)}, record=expected.mx_record())
    if foreign:
        return as_advice(failed(TEST, "extra_mx", {**parameters, "found": _hosts(foreign)}))
    there = {mx.host for mx in ours}
    missing = [number for number, host in enumerate(expected.mx) if host not in there]
    if missing:
        wanted = ", ".join(expected.mx[number] for number in missing)
        record = expected.mx_record(missing[0])
        return as_advice(failed(TEST, "missing_mx", {**parameters, "wanted": wanted}, record=record))
    return passed(TEST)


def _none_of_ours(expected: Expectations, found: Found) -> CheckResult:
    hosts = _hosts(found.records)
    code = _why(expected, found)
    wanted = ", ".join(expected.mx)
    shown = found.alias_of if code == "mx_behind_cname" else hosts
    parameters = {"domain": expected.domain, "found": shown, "wanted": wanted}
    return failed(TEST, code, parameters, record=expected.mx_record())


def _why(expected: Expectations, found: Found) -> str:
    hosts = {mx.host for mx in found.records}
    if found.alias_of:
        return "mx_behind_cname"
    if not hosts:
        return "no_mx"
    if hosts == {""}:
        return "null_mx"
    if any(host.startswith(f"{ours}.") for host in hosts for ours in expected.mx):
        return "mx_without_dot"
    return "mx_is_cname" if hosts & found.ours_by_cname else "wrong_mx"


def _hosts(records: Sequence[Mx]) -> str:
    return ", ".join(dict.fromkeys(f"{mx.preference} {mx.host}." for mx in records))
