"""Only what means something else is told."""

import pytest

from postroom.core import domain_news
from postroom.core.dns.report import CheckResult, Severity
from postroom.core.languages import Language
from postroom.core.lifecycle import DomainState

HOUR = 3_600_000
MX = CheckResult(name="mx", ok=False, code="no_mx")
SPF = CheckResult(name="spf", ok=False, code="no_spf")
ADVICE = CheckResult(name="dmarc", ok=False, code="no_dmarc", severity=Severity.ADVICE)
UNASKED = CheckResult(name="dkim", ok=False, code="timeout", asked=False)
OURS = CheckResult(name="cert", ok=False, code="expired", internal=True)


def act(*tests):
    return domain_news.meaning(DomainState.ACTION_REQUIRED, tests)


def test_what_is_to_mend_is_part_of_the_meaning():
    assert act(MX) != act(MX, SPF)


def test_the_order_of_tests_is_not():
    assert act(SPF, MX) == act(MX, SPF)


def test_another_reason_of_the_same_test_is_news():
    assert act(MX) != act(CheckResult(name="mx", ok=False, code="wrong_mx"))


@pytest.mark.parametrize("other", [ADVICE, UNASKED, OURS])
def test_what_its_owner_need_not_mend_is_not(other):
    assert act(MX, other) == act(MX)


@pytest.mark.parametrize("status", [DomainState.PENDING, DomainState.DISABLED, DomainState.DELETED])
def test_other_states_are_no_news(status):
    assert not domain_news.is_news([], domain_news.meaning(status, [MX]), HOUR)


def test_the_first_result_is_news():
    assert domain_news.is_news([], "enabled", HOUR)


def test_the_same_again_is_not():
    assert not domain_news.is_news([["enabled", 1]], "enabled", 10**15)


def test_another_list_is_news():
    assert domain_news.is_news([[act(MX, SPF), 1]], act(MX), 2)


def test_a_list_that_was_told_within_a_day_is_not_told_again():
    told = [[act(MX), 0], [act(MX, SPF), HOUR]]
    assert not domain_news.is_news(told, act(MX), 23 * HOUR)


def test_after_a_day_it_is():
    told = [[act(MX), 0], [act(MX, SPF), HOUR]]
    assert domain_news.is_news(told, act(MX), 24 * HOUR)


def test_a_status_that_came_back_is_news_at_once():
    told = [["enabled", 0], [act(MX), HOUR]]
    assert domain_news.is_news(told, "enabled", 2 * HOUR)


def test_only_so_much_is_remembered():
    told = []
    for number in range(100):
        told = domain_news.remembered(told, f"enabled {number}", number)
    assert told[0] == ["enabled 92", 92]


@pytest.mark.parametrize("code", domain_news.FAILURES)
def test_a_failed_attempt_is_told_in_both_languages(code):
    assert domain_news.failure(code, Language.ENGLISH) != domain_news.failure(code, Language.FRENCH)


SILENT = CheckResult(name="signing", ok=False, code="platform_silent", asked=False, internal=True)


@pytest.mark.parametrize(
    ("tests", "why"), [([SILENT], "platform_away"), ([UNASKED], "dns_away"), ([SILENT, UNASKED], "dns_away")]
)
def test_who_did_not_answer_is_told_by_name(tests, why):
    assert domain_news.unanswered([*tests, ADVICE]) == why
