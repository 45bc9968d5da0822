"""Control of a domain is proved to the platform, not to us."""

from datetime import UTC, datetime

import pytest

from postroom.actions import domain_switch, domains
from postroom.core.lifecycle import DomainState, MailboxState
from postroom.core.roles import OPERATOR
from postroom.store import rows
from postroom.store.models import Domain, History, Job, Mailbox
from postroom.worker import loop
from tests import cast

TOWN = "town.example"
CLERK = f"clerk@{TOWN}"
HOUR = 3600
DAY = 24 * HOUR


@pytest.fixture
def town(platform):
    """The domain of a company that is not trusted, with a mailbox; its DNS is not right yet."""
    cast.company("town", "mayor@town.adm", trusted=False)
    domains.change(OPERATOR, cast.origin(), TOWN, {"company": "town"}, create_only=True)
    cast.mailbox(CLERK)
    platform.command("set_check", {"domain": TOWN, "test": "mx", "ok": False, "detail": "no MX"})
    return platform


def town_row():
    return Domain.objects.get(name=TOWN)


def status():
    return town_row().status


def breaks(platform, test="mx"):
    platform.command("set_check", {"domain": TOWN, "test": test, "ok": False})


def checked_times(platform):
    calls = platform.command("calls", {})["calls"]
    return len([call for call in calls if call["operation"] == "check_domain" and call["name"] == TOWN])


@pytest.fixture
def refused(town, work):
    work()
    return town


@pytest.fixture
def proved(refused, work, clock):
    refused.command("clear_checks", {})
    clock.forward(HOUR + 1)
    work()
    return refused


@pytest.fixture
def broken(proved, work, clock):
    """It worked, and then its MX vanished."""
    breaks(proved)
    clock.forward(DAY + 1)
    work()
    return proved


def test_a_new_domain_is_pending(town):
    assert status() == DomainState.PENDING


def test_a_trusted_companys_domain_needs_no_check(applied):
    assert Domain.objects.get(name=cast.ACME).status == DomainState.ENABLED


def test_a_wrong_dns_asks_its_owner_to_act(refused):
    assert status() == DomainState.ACTION_REQUIRED


def test_every_test_is_kept(refused):
    kept = {test["name"]: test["ok"] for test in town_row().check_details}
    assert (kept["mx"], kept["spf"]) == (False, True)


def test_what_is_wrong_is_kept(refused):
    assert [t["detail"] for t in town_row().check_details if not t["ok"]] == ["no MX"]


def test_what_should_be_in_dns_is_kept(refused):
    assert {"target": "", "type": "mx", "value": "10 mx.postroom.example."} in town_row().expected_records


def test_an_unproved_domain_serves_no_mail(refused):
    assert not refused.observe_domain(TOWN).active


def test_the_mailboxes_of_an_unproved_domain_wait(refused):
    assert refused.observe_mailbox(CLERK) is None


def test_a_refused_domain_is_asked_again_within_the_hour(proved):
    assert status() == DomainState.ENABLED


def test_a_proved_domain_serves_mail(proved):
    assert proved.observe_domain(TOWN).active


def test_it_is_known_since_when_it_is_proved(proved):
    assert town_row().proved_at is not None


def test_its_waiting_mailboxes_are_sent(proved):
    assert proved.observe_mailbox(CLERK).active


def test_each_step_is_in_the_history(proved):
    steps = History.objects.filter(kind="domain", name=TOWN, verb="checked").order_by("id")
    assert [entry.changes["status"] for entry in steps] == [
        ["pending", "action_required"],
        ["action_required", "enabled"],
    ]


def test_the_history_says_what_was_wrong(refused):
    assert History.objects.get(name=TOWN, verb="checked").changes["wrong"] == [None, ["mx: wrong_mx"]]


def test_mailboxes_that_were_switched_off_with_their_domain_are_switched_on_with_it(proved, work, clock):
    """A domain that was disabled has to prove itself anew; its mailboxes are on the platform all the while."""
    domain_switch.disable(OPERATOR, cast.origin(), TOWN)
    work()
    domain_switch.enable(OPERATOR, cast.origin(), TOWN)
    proved.command("fail_next", {"operation": "check_domain"})
    work()
    assert not proved.observe_mailbox(CLERK).active
    clock.forward(61)
    work()
    assert proved.observe_mailbox(CLERK).active


def test_a_disabled_domain_is_not_asked_again(refused, work, clock):
    domain_switch.disable(OPERATOR, cast.origin(), TOWN)
    before = checked_times(refused)
    clock.forward(DAY + 1)
    work()
    assert checked_times(refused) == before


def test_a_check_under_way_does_not_enable_what_is_disabled_meanwhile(refused, work, clock, monkeypatch):
    refused.command("clear_checks", {})
    really = refused.check_domain

    def meanwhile(record, ownership=""):
        domain_switch.disable(OPERATOR, cast.origin(), TOWN)
        return really(record, ownership)

    monkeypatch.setattr(refused, "check_domain", meanwhile)
    clock.forward(HOUR + 1)
    work()
    assert status() == DomainState.DISABLED


def test_a_deleted_domain_is_not_asked_again(town, work):
    Domain.objects.filter(name=TOWN).update(status=DomainState.DELETED, deleted_at=1)
    work()
    assert checked_times(town) == 0


def test_an_unchanged_result_leaves_no_trace(refused, work, clock):
    before = History.objects.count()
    clock.forward(HOUR + 1)
    work()
    assert History.objects.count() == before


# When


def test_a_domain_is_checked_as_soon_as_the_platform_has_it(town, work):
    work()
    assert checked_times(town) == 1


def test_a_domain_is_not_checked_before_the_platform_has_it(town, work):
    town.command("fail_next", {"operation": "put_domain"})
    loop.round_once(lambda: loop.milliseconds() + 1000)
    assert checked_times(town) == 0


@pytest.mark.parametrize(
    ("test", "minute"), [("mx", 30), ("cert", 45)], ids=["action_required at half past", "failed at a quarter to"]
)
def test_the_next_time_is_that_of_its_state(town, work, test, minute):
    town.command("clear_checks", {})
    town.command("set_fix", {"domain": TOWN, "repairs": False})
    breaks(town, test)
    work()
    assert datetime.fromtimestamp(town_row().check_at / 1000, UTC).minute == minute


def test_a_proved_domain_is_looked_at_within_a_day(proved, clock):
    assert 0 < town_row().check_at - clock() <= DAY * 1000


def test_a_trusted_companys_domain_is_looked_at_too(applied, work, clock):
    clock.forward(61)
    work()
    assert Domain.objects.get(name=cast.ACME).check_details


def test_what_is_found_there_changes_nothing(applied, work, clock):
    applied.command("set_check", {"domain": cast.ACME, "test": "mx", "ok": False})
    clock.forward(DAY)
    work()
    assert Domain.objects.get(name=cast.ACME).status == DomainState.ENABLED


def test_pseudo_domains_are_in_no_dns_and_not_looked_at(applied, work, clock):
    clock.forward(DAY)
    work()
    assert Domain.objects.get(name="acme.adm").checked_at is None


# What cannot be found out


@pytest.mark.parametrize(("kind", "why"), [("temporary", "platform_away"), ("permanent", "platform_refused")])
def test_a_platform_that_does_not_answer_says_nothing_about_the_domain(town, work, kind, why):
    town.command("fail_next", {"operation": "check_domain", "kind": kind})
    work()
    assert (status(), town_row().check_failure) == (DomainState.PENDING, why)


def test_a_platform_that_did_not_answer_is_asked_again_soon(town, work, clock):
    town.command("fail_next", {"operation": "check_domain"})
    work()
    clock.forward(61)
    work()
    assert (status(), town_row().check_failure) == (DomainState.ACTION_REQUIRED, "")


def test_a_platform_that_never_answers_is_not_asked_every_minute(town, work, clock):
    town.command("fail_next", {"operation": "check_domain", "times": 100})
    work()
    for _ in range(10):
        clock.forward(61)
        work()
    assert checked_times(town) <= 3


def test_what_was_known_is_kept_when_the_platform_is_away(refused, work, clock):
    refused.command("fail_next", {"operation": "check_domain"})
    before = town_row().check_details
    clock.forward(HOUR)
    work()
    assert (town_row().check_details, town_row().check_failure) == (before, "platform_away")


def test_name_servers_that_do_not_answer_say_nothing_about_the_domain(proved, work, clock):
    proved.command("set_check", {"domain": TOWN, "test": "mx", "ok": False, "code": "dns_timeout"})
    clock.forward(DAY + 1)
    work()
    assert (status(), town_row().check_failure) == (DomainState.ENABLED, "dns_away")


def test_what_could_not_be_asked_is_shown_where_nothing_else_is_known(town, work):
    town.command("set_check", {"domain": TOWN, "test": "mx", "ok": False, "code": "dns_timeout"})
    work()
    assert [t["name"] for t in town_row().check_details if not t["asked"]] == ["mx"]


def test_a_fault_of_ours_in_a_check_does_not_stop_the_worker(town, work, monkeypatch):
    def broken(record, ownership=""):
        raise KeyError(record.name)

    monkeypatch.setattr(town, "check_domain", broken)
    work()
    assert (status(), town_row().check_failure) == (DomainState.PENDING, "fault")


def test_one_domain_that_cannot_be_checked_does_not_stop_the_others(town, work, monkeypatch):
    """People's hourly run ends with the first connection that fails (people.md section 7.3, defect 13)."""
    for number in range(5):
        domains.change(OPERATOR, cast.origin(), f"t{number}.example", {"company": "town"}, create_only=True)
    really = town.check_domain

    def check(record, ownership=""):
        if record.name == "t2.example":
            raise ConnectionError
        return really(record, ownership)

    monkeypatch.setattr(town, "check_domain", check)
    work()
    others = Domain.objects.filter(name__regex="^t[0134]")
    assert set(others.values_list("status", flat=True)) == {DomainState.ENABLED}


# What is the platform's own affair


def test_what_the_platform_can_repair_is_repaired(town, work):
    town.command("clear_checks", {})
    breaks(town, "cert")
    work()
    assert status() == DomainState.ENABLED


def test_mailboxes_that_wait_are_sent_after_a_repair_too(town, work):
    """People forgets them (people.md section 7.3, defect 3)."""
    town.command("clear_checks", {})
    breaks(town, "cert")
    work()
    assert town.observe_mailbox(CLERK).active


def test_what_it_cannot_repair_is_no_ones_fault_but_ours(town, work):
    town.command("clear_checks", {})
    breaks(town, "cert")
    town.command("set_fix", {"domain": TOWN, "repairs": False})
    work()
    assert status() == DomainState.FAILED


def test_a_repair_that_cannot_be_tried_leaves_it_failed(town, work):
    town.command("clear_checks", {})
    breaks(town, "cert")
    town.command("fail_next", {"operation": "fix_domain"})
    work()
    assert status() == DomainState.FAILED


def test_what_the_repair_finds_in_dns_is_its_owners(town, work):
    town.command("clear_checks", {})
    breaks(town, "cert")
    town.command("set_fix", {"domain": TOWN, "repairs": True, "breaks": "spf"})
    work()
    assert status() == DomainState.ACTION_REQUIRED


def test_nothing_is_repaired_while_its_owner_has_to_act(town, work):
    breaks(town, "cert")
    work()
    assert not [call for call in town.command("calls", {})["calls"] if call["operation"] == "fix_domain"]


# What worked once


def test_a_domain_that_worked_asks_its_owner_to_act(broken):
    assert status() == DomainState.ACTION_REQUIRED


def test_its_mail_flows_on(broken):
    assert broken.observe_domain(TOWN).active


def test_its_mailboxes_stay_open(broken):
    assert broken.observe_mailbox(CLERK).active


def test_a_new_mailbox_waits_until_it_is_mended(broken, work):
    cast.mailbox(f"new@{TOWN}")
    work()
    assert broken.observe_mailbox(f"new@{TOWN}") is None


def test_when_it_is_mended_the_new_mailbox_is_sent(broken, work, clock):
    cast.mailbox(f"new@{TOWN}")
    broken.command("clear_checks", {})
    clock.forward(HOUR)
    work()
    assert broken.observe_mailbox(f"new@{TOWN}").active


def test_a_fault_of_the_platform_does_not_stop_its_mail_either(proved, work, clock):
    breaks(proved, "cert")
    proved.command("set_fix", {"domain": TOWN, "repairs": False})
    clock.forward(DAY)
    work()
    assert (status(), proved.observe_domain(TOWN).active) == (DomainState.FAILED, True)


def test_a_mailbox_that_was_overlooked_is_sent_with_the_next_good_check(proved, work, clock):
    """However it came to wait on a domain that works (people.md section 7.3, defect 8)."""
    Mailbox.objects.filter(address=CLERK).update(status=MailboxState.PENDING, due_at=None)
    clock.forward(DAY)
    work()
    assert Mailbox.objects.get(address=CLERK).status == MailboxState.ENABLED


def test_a_killed_workers_check_comes_back_when_its_lease_ends(town, work, clock):
    from postroom.store import due_checks

    loop.round_once(clock)
    assert due_checks.claim(clock(), clock() + 120_000, 50)
    work()
    assert checked_times(town) == 0
    clock.forward(121)
    work()
    assert checked_times(town) == 1


def test_who_waits_is_checked_before_what_works(town, work, clock):
    from postroom.store import due_checks

    work()
    Domain.objects.filter(name=cast.ACME).update(check_at=1)
    Domain.objects.filter(name=TOWN).update(check_at=2)
    assert due_checks.claim(clock(), clock() + 1000, 1) == [town_row().pk]


def test_a_check_that_was_asked_for_meanwhile_is_made_again(town, work, clock, monkeypatch):
    """Something changed while the worker was asking: its answer may be of before."""
    loop.round_once(clock)
    really = town.check_domain

    def meanwhile(record, ownership=""):
        report = really(record, ownership)
        if checked_times(town) == 1:
            Domain.objects.filter(name=TOWN).update(check_at=clock())
        return report

    monkeypatch.setattr(town, "check_domain", meanwhile)
    work()
    assert checked_times(town) == 2


def test_nothing_is_left_to_spread_when_nothing_has_changed(proved, work, clock):
    clock.forward(DAY)
    work()
    assert not Job.objects.filter(kind="spread_domain").exists()


def test_a_row_knows_that_it_serves(broken):
    assert rows.find_domain(TOWN)[1].serves
