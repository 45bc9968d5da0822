"""Control of a domain is proved to the platform, not to us."""

import pytest

from postroom.actions import domains
from postroom.core.lifecycle import DomainState
from postroom.core.roles import OPERATOR
from postroom.store.models import Domain, History, Job, Mailbox
from tests import cast

TOWN = "town.example"
CLERK = f"clerk@{TOWN}"
HOUR = 3600


@pytest.fixture
def town(platform):
    """The domain of a company that is not trusted, with a mailbox; its DNS is not right yet."""
    cast.company("town", "mayor@town.adm", trusted=False)
    domains.change(OPERATOR, cast.origin(), TOWN, {"company": "town"}, create_only=True)
    cast.mailbox(CLERK)
    platform.command("set_check", {"domain": TOWN, "test": "mx", "ok": False, "detail": "no MX"})
    return platform


def status():
    return Domain.objects.get(name=TOWN).status


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


def test_a_new_domain_is_pending(town):
    assert status() == DomainState.PENDING


def test_a_trusted_companys_domain_needs_no_check(applied):
    assert Domain.objects.get(name=cast.ACME).status == DomainState.ENABLED


def test_a_wrong_dns_asks_its_owner_to_act(refused):
    assert status() == DomainState.ACTION_REQUIRED


def test_what_is_wrong_is_kept(refused):
    assert [t["detail"] for t in Domain.objects.get(name=TOWN).check_details] == ["no MX"]


def test_a_fault_of_the_platform_is_no_ones_but_ours(town, work):
    town.command("clear_checks", {})
    town.command("set_check", {"domain": TOWN, "test": "cert", "ok": False})
    work()
    assert status() == DomainState.FAILED


def test_an_unproved_domain_serves_no_mail(refused):
    assert not refused.observe_domain(TOWN).active


def test_the_mailboxes_of_an_unproved_domain_wait(refused):
    assert refused.observe_mailbox(CLERK) is None


def test_a_refused_domain_is_asked_again_within_the_hour(proved):
    assert status() == DomainState.ENABLED


def test_a_proved_domain_serves_mail(proved):
    assert proved.observe_domain(TOWN).active


def test_its_waiting_mailboxes_are_sent(proved):
    assert proved.observe_mailbox(CLERK).active


def test_a_proved_domain_is_not_asked_again(proved):
    assert Domain.objects.get(name=TOWN).check_at is None


def test_each_step_is_in_the_history(proved):
    steps = History.objects.filter(kind="domain", name=TOWN, verb="checked").order_by("id")
    assert [entry.changes["status"] for entry in steps] == [
        ["pending", "action_required"],
        ["action_required", "enabled"],
    ]


def test_mailboxes_that_were_switched_off_with_their_domain_are_switched_on_with_it(proved, work, clock):
    """A domain that was disabled has to prove itself anew; its mailboxes are on the platform all the while."""
    domain = Domain.objects.get(name=TOWN)
    Domain.objects.filter(pk=domain.pk).update(status=DomainState.PENDING, check_at=clock(), due_at=clock())
    Mailbox.objects.filter(domain=domain).update(due_at=clock())
    Job.objects.filter(kind="spread_domain").delete()
    proved.command("fail_next", {"operation": "check_domain"})
    work()
    assert not proved.observe_mailbox(CLERK).active
    clock.forward(61)
    work()
    assert proved.observe_mailbox(CLERK).active


@pytest.mark.parametrize("state", [DomainState.DISABLED, DomainState.DELETED])
def test_a_check_does_not_change_a_domain_that_is_switched_off(refused, work, clock, state):
    refused.command("clear_checks", {})
    Domain.objects.filter(name=TOWN).update(status=state)
    clock.forward(HOUR + 1)
    work()
    assert status() == state


def test_a_disabled_domain_is_not_asked_again(refused, work, clock):
    Domain.objects.filter(name=TOWN).update(status=DomainState.DISABLED)
    clock.forward(HOUR + 1)
    work()
    assert Domain.objects.get(name=TOWN).check_at is None


def test_a_platform_that_does_not_answer_says_nothing_about_the_domain(town, work):
    town.command("fail_next", {"operation": "check_domain"})
    work()
    assert status() == DomainState.PENDING


def test_a_platform_that_did_not_answer_is_asked_again_soon(town, work, clock):
    town.command("fail_next", {"operation": "check_domain"})
    work()
    clock.forward(61)
    work()
    assert status() == DomainState.ACTION_REQUIRED


def test_a_fault_of_ours_in_a_check_does_not_stop_the_worker(town, work, monkeypatch):
    def broken(name):
        raise KeyError(name)

    monkeypatch.setattr(town, "check_domain", broken)
    work()
    assert status() == DomainState.PENDING


def test_an_unchanged_result_leaves_no_trace(refused, work, clock):
    before = History.objects.count()
    clock.forward(HOUR + 1)
    work()
    assert History.objects.count() == before
