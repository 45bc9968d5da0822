"""Names that must show something: the proof of control, and the names of the platform's services."""

from collections.abc import Sequence

from postroom.core.dns.expectations import OWNERSHIP, Expectations
from postroom.core.dns.records import full_name
from postroom.core.dns.report import CheckResult, as_advice, failed, passed

_QUOTES = " \t\"'“”«»"


def ownership(texts: Sequence[str], expected: Expectations) -> CheckResult:
    """One of the texts must be the token; control panels and people add quotes and blanks."""
    if any(text.strip(_QUOTES) == expected.ownership for text in texts):
        return passed("ownership")
    parameters = {"domain": expected.domain, "name": full_name(OWNERSHIP, expected.domain)}
    if not texts:
        return failed("ownership", "no_ownership", parameters, record=expected.own())
    return failed("ownership", "wrong_ownership", {**parameters, "found": ", ".join(texts)}, record=expected.own())


def cname(label: str, chain: Sequence[str], addresses: Sequence[str], expected: Expectations) -> CheckResult:
    """`chain`: where the label's CNAMEs lead, one after the other; `addresses`: what it has in their place."""
    result = _cname(label, [host.lower().removesuffix(".") for host in chain], addresses, expected)
    return result if label in expected.cnames else as_advice(result)


def _cname(label: str, hosts: Sequence[str], addresses: Sequence[str], expected: Expectations) -> CheckResult:
    test, record = f"cname_{label}", expected.cname_record(label)
    wanted = record.value.removesuffix(".")
    if wanted in hosts:
        return passed(test)
    parameters = {"domain": expected.domain, "name": full_name(label, expected.domain), "wanted": wanted}
    if not hosts and not addresses:
        return failed(test, f"no_{test}", parameters, record=record)
    code = "cname_without_dot" if hosts and hosts[0].startswith(f"{wanted}.") else f"wrong_{test}"
    found = hosts[0] if hosts else ", ".join(addresses)
    return failed(test, code, {**parameters, "found": found}, record=record)
