"""Checks, repairs and the records to have (specs/dimail.md 5, 6)."""

import pytest

from postroom.actions import live
from postroom.core.dns.records import DnsRecord
from postroom.core.dns.report import CheckResult
from postroom.core.languages import Language
from postroom.core.lifecycle import DomainState
from postroom.faces.dimail import domain_tests
from postroom.store.models import Domain, History
from tests.faces.dimail.conftest import applied
from tests.faces.dimail.test_domains import NEW, TESTS, TOWN

CHECK, FIX, SPEC = (f"/domains/{TOWN}/{word}" for word in ("check", "fix", "spec"))


@pytest.fixture
def town(regie):
    """A domain that its platform has heard of, as People's own account made it."""
    assert regie.post("/domains/", NEW).status == 201
    applied(TOWN)


def fails(test: str, **told: str) -> None:
    live.command_fake("set_check", {"domain": TOWN, "test": test, "ok": False, **told})


def failing(answer) -> dict[str, list[str]]:
    assert answer.status == 200, answer
    told = {name: [one["code"] for one in answer.json[name]["errors"]] for name in TESTS}
    assert all(answer.json[name]["ok"] is not bool(told[name]) for name in TESTS)
    return {name: codes for name, codes in told.items() if codes}


def state(answer) -> tuple[str, bool]:
    return answer.json["state"], answer.json["valid"]


@pytest.mark.parametrize("slash", ["", "/"])
def test_all_is_well(town, regie, slash):
    answer = regie.get(CHECK + slash)
    assert (failing(answer), state(answer)) == ({}, ("ok", True))


def test_a_check_that_is_well_opens_the_domain(town, regie):
    regie.get(CHECK)
    assert Domain.objects.get(name=TOWN).status == DomainState.ENABLED


def test_a_check_is_kept(town, regie):
    checked = regie.get(CHECK).json
    assert regie.with_token().get(f"/domains/{TOWN}").json == checked


@pytest.mark.parametrize(("test", "status"), [("mx", "action_required"), ("postfix", "failed")])
def test_a_failed_test_is_told(town, regie, test, status):
    fails(test)
    answer = regie.get(CHECK)
    assert (list(failing(answer)), state(answer)) == ([test], ("broken", False))
    assert Domain.objects.get(name=TOWN).status == status


@pytest.mark.parametrize("test", TESTS)
def test_any_test_can_fail(town, regie, test):
    fails(test)
    assert list(failing(regie.get(CHECK))) == [test]


def test_internal_is_a_boolean(town, regie):
    told = regie.get(CHECK).json
    internal = {name for name in TESTS if told[name]["internal"] is True}
    assert internal == {"postfix", "ox", "cert", "webmail_ok"}
    assert all(told[name]["internal"] is False for name in set(TESTS) - internal)


def test_nothing_else_looks_like_a_test(town, regie):
    assert {name for name, value in regie.get(CHECK).json.items() if isinstance(value, dict)} == set(TESTS)


def test_the_details_are_for_the_owner_and_in_french(town, regie):
    fails("mx", code="no_mx")
    detail = regie.get(CHECK).json["mx"]["errors"][0]["detail"]
    assert f"{TOWN} n’a pas de MX" in detail and f"{TOWN}. IN MX 10 mx.postroom.example." in detail


def test_or_in_the_language_that_is_asked_for(town, regie):
    fails("mx", code="no_mx")
    answer = regie.get(CHECK, HTTP_ACCEPT_LANGUAGE="en-GB,en;q=0.9")
    assert f"{TOWN} has no MX record" in answer.json["mx"]["errors"][0]["detail"]


def test_what_a_developer_wants_to_be_told_is_told(town, regie):
    fails("spf", code="wrong_spf", detail="Je veux spf, je trouve autre chose")
    assert regie.get(CHECK).json["spf"]["errors"] == [
        {"code": "wrong_spf", "detail": "Je veux spf, je trouve autre chose"}
    ]


def test_advice_fails_nothing(town, regie):
    fails("dmarc")
    answer = regie.get(CHECK)
    assert (failing(answer), state(answer)) == ({}, ("ok", True))


def test_what_could_not_be_asked_is_a_failed_test(town, regie):
    regie.get(CHECK)
    fails("mx", code="dns_timeout")
    answer = regie.get(CHECK)
    assert (failing(answer), state(answer)) == ({"mx": ["dns_timeout"]}, ("broken", False))


def test_but_what_is_known_is_kept(town, regie):
    regie.get(CHECK)
    fails("mx", code="dns_timeout")
    regie.get(CHECK)
    kept = regie.with_token().get(f"/domains/{TOWN}")
    assert (state(kept), Domain.objects.get(name=TOWN).status) == (("ok", True), DomainState.ENABLED)


def test_a_check_repairs_nothing(town, regie):
    fails("postfix")
    assert [list(failing(regie.get(CHECK))) for _ in range(2)] == [["postfix"], ["postfix"]]


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_fix_repairs_what_is_internal(town, regie, slash):
    fails("postfix")
    fails("cert")
    answer = regie.get(FIX + slash)
    assert (failing(answer), state(answer)) == ({}, ("ok", True))


def test_also_while_the_owner_has_something_to_mend(town, regie):
    fails("postfix")
    fails("mx")
    assert list(failing(regie.get(FIX))) == ["mx"]


def test_a_fix_that_does_not_help_says_so(town, regie):
    fails("ox")
    live.command_fake("set_fix", {"domain": TOWN, "repairs": False})
    assert list(failing(regie.get(FIX))) == ["ox"]


def test_a_fix_is_kept(town, regie):
    fails("ox")
    fixed = regie.get(FIX).json
    assert regie.with_token().get(f"/domains/{TOWN}").json == fixed


def test_a_domain_that_is_switched_off_is_not_repaired(town, regie):
    Domain.objects.update(status=DomainState.DISABLED)
    fails("ox")
    assert list(failing(regie.get(FIX))) == ["ox"]


def test_before_the_platform_has_heard_of_it_nothing_is_known(regie):
    regie.post("/domains/", NEW)
    answer = regie.get(CHECK)
    assert (answer.status, state(answer)) == (200, ("new", False))


def test_a_platform_that_is_away_is_503(town, regie):
    live.command_fake("fail_next", {"operation": "check_domain", "reason": "out for lunch"})
    answer = regie.get(CHECK)
    assert (answer.status, int(answer.headers["Retry-After"]) > 0) == (503, True)
    assert b"lunch" not in answer.body


def test_history_says_who_checked(town, regie):
    regie.get(CHECK)
    assert History.objects.filter(kind="domain", verb="checked").values_list("actor", flat=True)[0] == "dimail:la_regie"


# Tests that dimail does not know.


@pytest.mark.parametrize(
    ("name", "internal", "told_as"),
    [
        ("signing", True, "postfix"), ("aliases", False, "mx"), ("ownership", False, "domain_exist"),
        ("strange", True, "postfix"), ("strange", False, "domain_exist"),
    ],
)  # fmt: skip
def test_other_tests_are_told_by_those_that_it_knows(name, internal, told_as):
    result = CheckResult(name=name, ok=False, internal=internal, code="why", detail="since")
    told = domain_tests.told([result], TOWN, Language.FRENCH)
    assert {test: told[test].errors[0].detail for test in told if not told[test].ok} == {told_as: "since"}


def test_a_failed_test_has_an_error_whatever_it_says():
    told = domain_tests.told([CheckResult(name="mx", ok=False)], TOWN, Language.FRENCH)
    assert [bool(error.code and error.detail) for error in told["mx"].errors] == [True]


# The records to have.


@pytest.mark.parametrize("slash", ["", "/"])
def test_the_records_are_listed_in_order(town, regie, slash):
    answer = regie.get(SPEC + slash)
    lines = answer.json
    key = lines[1].pop("value")
    assert (answer.status, lines) == (
        200,
        [
            {"target": "", "type": "mx", "value": "mx.postroom.example."},
            {"target": "dimail._domainkey", "type": "txt"},
            {"target": "imap", "type": "cname", "value": "imap.postroom.example."},
            {"target": "smtp", "type": "cname", "value": "smtp.postroom.example."},
            {"target": "", "type": "txt", "value": "v=spf1 include:_spf.postroom.example -all"},
            {"target": "webmail", "type": "cname", "value": "webmail.postroom.example."},
        ],
    )
    assert key.startswith("v=DKIM1; h=sha256; k=rsa; p=MI") and '"' not in key


def test_they_are_known_before_any_check(regie):
    regie.post("/domains/", NEW)
    assert len(regie.get(SPEC).json) == 6


def test_without_webmail_none_is_asked_for_it(regie):
    regie.post("/domains/", {**NEW, "features": ["mailbox"]})
    assert [line["target"] for line in regie.get(SPEC).json] == ["", "dimail._domainkey", "imap", "smtp", ""]


def test_without_mailboxes_none_is_asked_for_imap(regie):
    regie.post("/domains/", {**NEW, "features": ["alias"]})
    assert "imap" not in [line["target"] for line in regie.get(SPEC).json]


def test_further_records_are_not_told():
    records = [
        DnsRecord(target="_dmarc", type="txt", value="v=DMARC1; p=none"),
        DnsRecord(target="other.example.", type="mx", value="10 mx.example."),
        DnsRecord(target="", type="mx", value="20 b.example."),
        DnsRecord(target="autoconfig", type="cname", value="a.example."),
        DnsRecord(target="", type="txt", value="a text of its own"),
    ]
    assert [line.value for line in domain_tests.spec(records, ("mailbox",))] == ["b.example."]
