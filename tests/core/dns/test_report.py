"""What is kept of a check."""

import json

import pytest

from postroom.core.dns.records import DnsRecord
from postroom.core.dns.report import (
    CheckReport,
    CheckResult,
    ServerAnswer,
    as_advice,
    failed,
    passed,
    report_as_json,
    results_from,
)

MX = DnsRecord(target="", type="mx", value="10 mx.acme.example.")
SAID = ServerAnswer(server="ns1 (192.0.2.1)", name="town.example", type="MX", values=("10 x.example.",))
WRONG = failed("mx", "wrong_mx", {"domain": "town.example", "found": "x", "wanted": "y"}, record=MX)


@pytest.mark.parametrize(
    "result", [passed("spf"), WRONG, as_advice(WRONG), failed("mx", "no_mx", {"domain": "t.example"})]
)
def test_a_result_is_kept_whole(result):
    stored = json.loads(json.dumps(report_as_json(CheckReport(domain="town.example", tests=(result,)))))
    assert results_from(stored) == [result]


def test_a_stranger_cannot_fill_the_database():
    huge = ServerAnswer(server="ns1", name="x", type="TXT", values=("x" * 60_000,) * 400)
    result = CheckResult(
        name="mx", ok=False, detail="d" * 99_000, parameters={"found": "f" * 99_000}, answers=(huge,) * 40
    )
    assert len(json.dumps(report_as_json(CheckReport(domain="town.example", tests=(result,))))) < 60_000


def test_nor_by_a_record_that_was_made_of_its_own():
    result = failed(
        "spf", "no_spf", {"domain": "t.example"}, record=DnsRecord(target="", type="txt", value="x" * 60_000)
    )
    assert len(json.dumps(report_as_json(CheckReport(domain="t.example", tests=(result,))))) < 4000


def test_what_earlier_versions_kept_can_still_be_shown():
    old = [{"name": "mx", "internal": False, "code": "no_mx", "detail": "no MX"}]
    assert results_from(old) == [CheckResult(name="mx", ok=False, code="no_mx", detail="no MX")]
