"""The verdict on a domain's SPF record, with the whole record to put in its place."""

from collections.abc import Sequence
from typing import Final

from postroom.core.dns import spf
from postroom.core.dns.expectations import Expectations
from postroom.core.dns.report import CheckResult, as_advice, failed, passed

TEST: Final = "spf"
_COSTS_SHOWN = 4


def judge(texts: Sequence[str], expected: Expectations, fetch: spf.Fetch) -> CheckResult | None:
    """None: nobody can tell, for what the record includes could not be asked."""
    records = spf.records(texts)
    if not records:
        return failed(TEST, "no_spf", {"domain": expected.domain}, record=expected.spf_record())
    if len(records) > 1:
        return _mended(expected, "many_spf", records, {"count": str(len(records))})
    record = spf.parse(records[0])
    if record.mistakes:
        return _mended(expected, "bad_spf", records, {"found": " ".join(record.mistakes)})
    weighed = spf.weigh(record, expected.domain, _ours(expected), fetch)
    return _void(expected, records, weighed) or _allowing(expected, records, record.all, weighed)


def _void(expected: Expectations, records: Sequence[str], weighed: spf.Weighed) -> CheckResult | None:
    """What makes receivers ignore the record."""
    if weighed.loop:
        return _mended(expected, "spf_loop", records, {"found": weighed.loop}, without=[weighed.by])
    if weighed.broken:
        return _mended(expected, "spf_broken_include", records, {"found": weighed.broken}, without=[weighed.by])
    if weighed.lookups > spf.LIMIT:
        dearest = sorted(weighed.costs.items(), key=lambda cost: -cost[1])[:_COSTS_SHOWN]
        costs = ", ".join(f"{term} ({lookups})" for term, lookups in dearest)
        parameters = {"count": str(weighed.lookups), "costs": costs, "wanted": expected.spf}
        return failed(TEST, "spf_too_many_lookups", {"domain": expected.domain, **parameters})
    return None


def _allowing(expected: Expectations, records: Sequence[str], ending: str, weighed: spf.Weighed) -> CheckResult | None:
    if ending == "+":
        return as_advice(_mended(expected, "spf_open", records, {}))
    if weighed.allows_us:
        return passed(TEST)
    return None if weighed.unasked else _mended(expected, "wrong_spf", records, {"found": records[0]})


def _mended(
    expected: Expectations, code: str, records: Sequence[str], more: dict[str, str], without: Sequence[str] = ()
) -> CheckResult:
    record = expected.spf_record(spf.merged(records, expected.spf, without))
    return failed(TEST, code, {"domain": expected.domain, **more}, record=record)


def _ours(expected: Expectations) -> frozenset[str]:
    """Also by the domain's own MX, where that names our servers alone: the doctor looks at it by itself."""
    ours = spf.parse(f"v=spf1 {expected.spf}").terms[0].at(expected.domain)
    hosts = {f"a:{host}" for host in expected.mx}
    return frozenset({ours, f"mx:{expected.domain}"} if ours in hosts else {ours})
