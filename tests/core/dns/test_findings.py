"""The table of what can be wrong: the same in both languages."""

import re
import string

import pytest

from postroom.core.dns.explaining import TITLES, explanation, nothing_said, title
from postroom.core.dns.findings import FINDINGS, UNASKED
from postroom.core.dns.records import DnsRecord
from postroom.core.dns.report import CheckResult, ServerAnswer, failed
from postroom.core.languages import Language


def places(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("code", FINDINGS)
def test_both_languages_name_the_same(code):
    finding = FINDINGS[code]
    assert places(finding.problem.en) == places(finding.problem.fr)
    assert places(finding.fix.en) == places(finding.fix.fr)


@pytest.mark.parametrize("code", FINDINGS)
def test_every_problem_names_the_domain(code):
    assert "domain" in places(FINDINGS[code].problem.en)


@pytest.mark.parametrize("code", FINDINGS)
def test_french_is_not_english(code):
    finding = FINDINGS[code]
    assert finding.problem.en != finding.problem.fr
    assert finding.fix.en != finding.fix.fr or not finding.fix.en


def test_codes_of_silence_say_so():
    assert {"dns_timeout", "dns_servfail", "dns_refused", "platform_silent"} <= UNASKED
    assert not {"no_mx", "must_exist", "servers_not_public"} & UNASKED


@pytest.mark.parametrize("code", FINDINGS)
def test_a_code_is_a_word_for_programs(code):
    assert re.fullmatch(r"[a-z0-9_]+", code)


MX = DnsRecord(target="", type="mx", value="10 mx.acme.example.")


@pytest.mark.parametrize(("language", "words"), [("en", "has no MX record"), ("fr", "n’a pas de MX")])
def test_a_result_is_explained_in_the_readers_language(language, words):
    result = failed("mx", "no_mx", {"domain": "town.example"}, record=MX)
    assert words in explanation(result, Language(language)).problem


def test_the_detail_is_english_and_holds_the_record():
    result = failed("mx", "no_mx", {"domain": "town.example"}, record=MX)
    assert result.detail.endswith("town.example. IN MX 10 mx.acme.example.")


@pytest.mark.parametrize("code", ["no_mx", "their_own_code"])
def test_a_platform_that_judges_by_itself_has_its_own_words(code):
    result = CheckResult(name="mx", ok=False, code=code, detail="Le MX devrait être …")
    assert explanation(result, Language.ENGLISH).problem == "Le MX devrait être …"


def test_another_programs_parameters_do_not_break_a_page():
    result = CheckResult(name="mx", ok=False, code="wrong_mx", detail="wrong", parameters={"mx": "x"})
    assert explanation(result, Language.FRENCH).problem == "wrong"


def test_a_parameter_is_never_read_as_a_place_to_fill():
    result = failed("mx", "wrong_mx", {"domain": "town.example", "found": "{wanted} {0}", "wanted": "mx"})
    assert "{wanted} {0}" in explanation(result, Language.FRENCH).problem


def test_a_test_that_only_some_platform_knows_is_called_by_its_name():
    assert title("sheep", Language.FRENCH) == "sheep"


@pytest.mark.parametrize("test", TITLES)
def test_titles_are_in_both_languages(test):
    assert TITLES[test].en
    assert TITLES[test].fr


@pytest.mark.parametrize("code", sorted(code for code in UNASKED if code.startswith("dns_")))
def test_a_server_that_says_nothing_is_told_in_words(code):
    said = ServerAnswer(server="ns1", name="town.example", type="MX", failure=code)
    assert nothing_said(said, Language.FRENCH) not in {"", code}
