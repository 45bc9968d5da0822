"""What the support address of a domain reads."""

import pytest

from postroom.core.brand import PLAIN
from postroom.core.dns.records import DnsRecord
from postroom.core.dns.report import CheckResult, failed
from postroom.core.languages import Language
from postroom.core.letters.domain_status import DomainNews, domain_status
from postroom.core.lifecycle import DomainState

TOWN = "town.example"
RECORD = DnsRecord(target="", type="mx", value="10 mx.acme.example.")
MX = failed("mx", "no_mx", {"domain": TOWN}, record=RECORD)
FOREIGN = CheckResult(name="quota", ok=False, code="over", detail="The zone is too <large>.")
STATES = (DomainState.ENABLED, DomainState.ACTION_REQUIRED, DomainState.FAILED)


def letter(status=DomainState.ACTION_REQUIRED, language=Language.ENGLISH, **more):
    said = {"domain": TOWN, "status": status, "served": False, "to_mend": [MX]} | more
    return domain_status(PLAIN, language, DomainNews(**said))


def test_every_state_has_its_subject_in_every_language():
    subjects = {letter(state, language).subject for state in STATES for language in Language}
    assert len(subjects) == 6


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("state", STATES)
def test_every_letter_names_the_domain(state, language):
    assert TOWN in letter(state, language).text


@pytest.mark.parametrize("state", STATES)
def test_a_name_of_other_letters_is_told_as_it_is_written_and_its_records_as_they_are_pasted(state):
    told = letter(state, domain="xn--lan-9la.example")
    assert ("élan.example" in told.subject, "élan.example" in told.text) == (True, True)
    assert ("xn--lan-9la.example. IN MX" in told.text) == (state is DomainState.ACTION_REQUIRED)


def test_what_is_wrong_is_said_in_the_readers_language():
    assert "n’a pas de MX" in letter(language=Language.FRENCH).text


def test_the_record_stands_by_itself_to_be_copied():
    assert f"\n    {TOWN}. IN MX 10 mx.acme.example.\n" in letter().text


def test_what_no_record_mends_is_told_too():
    assert "The zone is too <large>." in letter(to_mend=[FOREIGN]).text


def test_what_our_driver_says_is_french_and_what_a_platform_says_stays():
    ours = CheckResult(name="ox", ok=False, detail="dimail says that the test ox failed, and no more")
    text = letter(to_mend=[FOREIGN, ours], language=Language.FRENCH).text
    assert ("The zone is too <large>." in text, "le test ox a échoué, et rien de plus" in text) == (True, True)


def test_in_html_nothing_breaks_out():
    assert "The zone is too &lt;large&gt;." in letter(to_mend=[FOREIGN]).html


def test_a_new_domains_owner_learns_that_no_mail_comes_yet():
    assert "takes no mail" in letter().text


def test_the_owner_of_one_that_worked_learns_that_mail_goes_on():
    assert "go on working" in letter(served=True).text


def test_a_domain_that_worked_and_failed_has_a_problem_only():
    assert letter(DomainState.FAILED, served=True).subject == "Your domain town.example has a problem"


@pytest.mark.parametrize("state", [DomainState.ENABLED, DomainState.FAILED])
def test_where_the_owner_need_not_act_nothing_to_do_is_listed(state):
    assert "IN MX" not in letter(state).text


def test_the_button_leads_to_what_to_change():
    made = letter(dns_url="https://p.example/dns/x", domain_url="https://p.example/mail-domains/town_example/")
    assert 'href="https://p.example/dns/x"' in made.html
    assert "https://p.example/mail-domains/town_example/" in made.text


def test_on_good_news_it_leads_to_the_domain():
    made = letter(DomainState.ENABLED, dns_url="https://p.example/dns/x", domain_url="https://p.example/d/")
    assert ('href="https://p.example/d/"' in made.html, "/dns/x" in made.html) == (True, False)


def test_without_any_address_there_is_no_button():
    assert "href" not in letter().html
