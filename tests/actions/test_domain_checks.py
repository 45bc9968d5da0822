"""Whoever may asks now, and sees what the last check found."""

import pytest

from postroom.actions import domain_checks, domain_switch, domains
from postroom.core.errors import (
    DomainNotFound,
    NotOnPlatform,
    PlatformAway,
    PlatformRefused,
    RoleTooSmall,
    WrongState,
)
from postroom.core.languages import Language
from postroom.core.lifecycle import DomainState
from postroom.core.roles import OPERATOR
from postroom.drivers import make
from postroom.store.models import Domain, History, Job, OutgoingMail
from postroom.worker import loop
from tests import cast

TOWN = "town.example"
CLERK = f"clerk@{TOWN}"
SUPPORT = "dns@town.example.org"
OWNER, HELPER, GUEST = "owner@home.example", "helper@home.example", "guest@home.example"


@pytest.fixture
def town(acme, settings):
    """A domain that the platform has; nobody has looked at it yet. A mailbox waits for it."""
    settings.PUBLIC_URL = "https://post.example"
    cast.company("town", "mayor@town.adm", trusted=False)
    domains.change(OPERATOR, cast.origin(), TOWN, {"company": "town"}, create_only=True)
    Domain.objects.filter(name=TOWN).update(support_email=SUPPORT)
    cast.mailbox(CLERK)
    while loop.round_once():
        pass
    for email, role in ((OWNER, "owner"), (HELPER, "administrator"), (GUEST, "viewer")):
        cast.person(email, role, TOWN)
    return make("fake", {"path": ":memory:"})


def check(email=OWNER, **more):
    return domain_checks.check_now(cast.person_actor(email), cast.origin(), TOWN, **more)


def breaks(platform, test="mx", **more):
    platform.command("set_check", {"domain": TOWN, "test": test, "ok": False, **more})


def row():
    return Domain.objects.get(name=TOWN)


def mx(view):
    return next(line for line in view.tests if line.result.name == "mx")


def everything():
    return Domain.objects.filter(name=TOWN).values().get(), History.objects.count(), OutgoingMail.objects.count()


def letters():
    return list(OutgoingMail.objects.filter(purpose="domain_status").order_by("id"))


@pytest.mark.parametrize("email", [OWNER, HELPER])
def test_owner_and_administrator_check_now(town, email):
    assert check(email).status == DomainState.ENABLED


def test_a_viewer_may_not(town):
    with pytest.raises(RoleTooSmall):
        check(GUEST)


def test_to_others_there_is_no_such_domain(town):
    cast.person("nobody@home.example")
    with pytest.raises(DomainNotFound):
        check("nobody@home.example")


def test_what_is_wrong_is_answered_at_once(town):
    breaks(town)
    view = check()
    assert (view.status, [line.result.name for line in view.tests if not line.result.ok]) == ("action_required", ["mx"])


def test_each_test_says_what_to_do_in_the_readers_language(town):
    breaks(town, code="no_mx")
    problems = {language: mx(check(language=language)).problem for language in Language}
    assert problems == {
        Language.ENGLISH: "town.example has no MX record: no mail arrives.",
        Language.FRENCH: "town.example n’a pas de MX\u00a0: aucun courriel n’arrive.",
    }


def test_each_test_has_the_record_to_paste(town):
    breaks(town)
    assert mx(check()).result.record.value == "10 mx.postroom.example."


def test_a_viewer_sees_what_was_found(town):
    breaks(town)
    check()
    assert [line.result.name for line in domain_checks.show(cast.person_actor(GUEST), TOWN).tests if line.problem] == [
        "mx"
    ]


def test_it_is_seen_when_that_was(town):
    assert check().checked_at is not None


def test_after_a_check_the_next_one_comes_at_its_regular_time(town):
    view = check()
    assert view.next_check_at > view.checked_at


def test_a_domain_that_nobody_has_looked_at_says_so(town):
    assert domain_checks.show(OPERATOR, TOWN).checked_at is None


def test_mailboxes_that_waited_are_sent_to_the_platform(town):
    check()
    assert Job.objects.filter(kind="release_waiting", key=str(row().pk)).exists()


# What changes nothing


@pytest.mark.parametrize(("kind", "error"), [("temporary", PlatformAway), ("permanent", PlatformRefused)])
def test_a_platform_that_is_away_changes_nothing(town, kind, error):
    """People answers with an empty page (people.md section 7.3, defect 7)."""
    before = everything()
    town.command("fail_next", {"operation": "check_domain", "kind": kind})
    with pytest.raises(error):
        check()
    assert everything() == before


def test_what_the_platform_said_is_the_operators_to_know(town):
    town.command("fail_next", {"operation": "check_domain", "reason": "host 10.1.2.3 is down"})
    with pytest.raises(PlatformAway) as refusal:
        check()
    assert "10.1.2.3" not in str(refusal.value)


def test_a_domain_that_the_platform_has_not_heard_of_is_not_failed(town):
    domains.change(OPERATOR, cast.origin(), "new.example", {"company": "town"}, create_only=True)
    with pytest.raises(NotOnPlatform):
        domain_checks.check_now(OPERATOR, cast.origin(), "new.example")
    assert Domain.objects.get(name="new.example").status == DomainState.PENDING


def test_name_servers_that_do_not_answer_change_no_state(town):
    check()
    breaks(town, code="dns_timeout")
    view = check()
    assert (view.status, view.failure) == ("enabled", "Not all of the domain's name servers could be asked.")


def test_what_is_in_no_dns_cannot_be_checked(town):
    with pytest.raises(WrongState):
        domain_checks.check_now(OPERATOR, cast.origin(), "town.adm")


# Disabled


def test_a_disabled_domain_is_never_enabled_by_a_check(town):
    """People's fetch does (people.md section 7.3, defect 9)."""
    domain_switch.disable(OPERATOR, cast.origin(), TOWN)
    assert check().status == DomainState.DISABLED


def test_what_its_dns_lacks_is_shown_all_the_same(town):
    domain_switch.disable(OPERATOR, cast.origin(), TOWN)
    breaks(town)
    assert [line.result.name for line in check().tests if line.problem] == ["mx"]


def test_nothing_is_repaired_for_it(town):
    domain_switch.disable(OPERATOR, cast.origin(), TOWN)
    breaks(town, "cert")
    check()
    assert not [call for call in town.command("calls", {})["calls"] if call["operation"] == "fix_domain"]


def test_it_is_not_checked_by_itself_afterwards(town):
    domain_switch.disable(OPERATOR, cast.origin(), TOWN)
    assert check().next_check_at is None


# Failed


def test_a_failed_domain_can_be_checked_and_shown(town):
    """People's operator page breaks on these (people.md section 7.3, defect 12)."""
    breaks(town, "cert")
    town.command("set_fix", {"domain": TOWN, "repairs": False})
    view = check()
    assert (view.status, [line.result.name for line in view.tests if line.problem]) == ("failed", ["cert"])


def test_a_repair_ends_that(town):
    breaks(town, "cert")
    assert check().status == DomainState.ENABLED


# Trusted companies


def test_a_trusted_companys_domain_is_shown_and_never_changed(town):
    town.command("set_check", {"domain": cast.ACME, "test": "mx", "ok": False})
    view = domain_checks.check_now(OPERATOR, cast.origin(), cast.ACME)
    assert (view.status, [line.result.name for line in view.tests if line.problem]) == ("enabled", ["mx"])


def test_nobody_is_written_to_about_it(town):
    Domain.objects.filter(name=cast.ACME).update(support_email=SUPPORT)
    town.command("set_check", {"domain": cast.ACME, "test": "mx", "ok": False})
    domain_checks.check_now(OPERATOR, cast.origin(), cast.ACME)
    assert letters() == []


# News


def test_the_support_address_is_told(town):
    check()
    assert [mail.recipient for mail in letters()] == [SUPPORT]


def test_the_same_again_is_not_told(town):
    check()
    check()
    assert len(letters()) == 1


def test_another_thing_to_mend_is_told(town):
    breaks(town)
    check()
    breaks(town, "spf")
    check()
    assert len(letters()) == 2


def test_advice_is_not(town):
    check()
    breaks(town, "dmarc")
    check()
    assert len(letters()) == 1


def test_whoever_asked_is_not_written_to(town):
    Domain.objects.filter(name=TOWN).update(support_email=OWNER)
    check()
    assert letters() == []


def test_whoever_asked_is_not_told_it_later_either(town):
    Domain.objects.filter(name=TOWN).update(support_email=OWNER)
    check()
    check(HELPER)
    assert letters() == []


def test_without_a_support_address_nobody_is(town):
    Domain.objects.filter(name=TOWN).update(support_email="")
    check()
    assert letters() == []


def test_the_letter_names_what_to_do_and_the_record(town):
    breaks(town, code="no_mx")
    check()
    text = letters()[0].text
    assert "town.example has no MX record" in text
    assert "town.example. IN MX 10 mx.postroom.example." in text


def test_the_letter_leads_to_the_page_of_records_and_to_the_domain(town):
    breaks(town)
    check()
    text = letters()[0].text
    assert "https://post.example/dns/" in text
    assert "https://post.example/domains/town.example/" in text


def test_where_nobody_knows_this_servers_address_the_letter_has_no_links(town, settings):
    settings.PUBLIC_URL = ""
    breaks(town)
    check()
    assert "/dns/" not in letters()[0].text + letters()[0].html


def test_the_letter_is_in_the_language_of_who_claimed_the_domain(town):
    Domain.objects.filter(name=TOWN).update(claimed_by=cast.person("luc@home.example", language="fr"))
    check()
    assert letters()[0].subject == "Votre domaine town.example est prêt"


def test_a_letter_that_cannot_be_kept_takes_the_whole_result_back(town, monkeypatch):
    from postroom.store import outgoing

    def broken(mails, now):
        raise RuntimeError

    monkeypatch.setattr(outgoing, "put", broken)
    before = everything()
    with pytest.raises(RuntimeError):
        check()
    assert everything() == before


# All


def test_the_operator_has_everything_looked_at(town):
    domain_switch.disable(OPERATOR, cast.origin(), cast.ACME)
    asked = cast.origin()
    assert domain_checks.check_all(OPERATOR, asked) == 1
    assert row().check_at == int(asked.at.timestamp() * 1000)


def test_nobody_else_has(town):
    from postroom.core.errors import OutOfReach

    with pytest.raises(OutOfReach):
        domain_checks.check_all(cast.person_actor(OWNER), cast.origin())
