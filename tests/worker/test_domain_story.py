"""A domain from its claim to its first letters, with the platform away at each step: nothing lost, nothing twice."""

from itertools import pairwise

import pytest

from postroom.actions import domain_checks, domain_claims, person_mailboxes
from postroom.actions.person_mailboxes import PersonalData
from postroom.core.errors import PlatformAway
from postroom.core.lifecycle import DomainState, MailboxState
from postroom.store.models import Domain, History, Mailbox, OutgoingMail
from tests import cast
from tests.links import letters

OWNER, TOWN, SUPPORT = "owner@home.example", "mairie.example", "dns@home.example"
HOUR = 3600
STEPS = ("put_domain", "check_domain", "fix_domain", "observe_mailbox", "put_mailbox")


@pytest.fixture
def claimed(platform):
    """With two mailboxes that wait; its MX is not right yet, and the platform has something to repair."""
    cast.person(OWNER)
    domain_claims.claim(cast.person_actor(OWNER), cast.origin(), TOWN, SUPPORT)
    for local_part in ("ann", "ben"):
        person_mailboxes.create(
            cast.person_actor(OWNER),
            cast.origin(),
            TOWN,
            PersonalData(
                local_part=local_part,
                first_name=local_part.title(),
                last_name="Miller",
                secondary_email=f"{local_part}@home.example",
            ),
        )
    for test in ("mx", "cert"):
        platform.command("set_check", {"domain": TOWN, "test": test, "ok": False})
    return platform


def status():
    return Domain.objects.get(name=TOWN).status


def live(platform, work, clock, until):
    for _ in range(50):
        work()
        if until():
            return
        clock.forward(HOUR)
    raise AssertionError(f"still {status()}")


def publish(platform):
    platform.command("set_check", {"domain": TOWN, "test": "mx", "ok": True})


def all_there(platform):
    return all(platform.observe_mailbox(f"{name}@{TOWN}") for name in ("ann", "ben"))


@pytest.fixture
def done(claimed, work, clock):
    """Every step fails several times before it works."""
    for step in STEPS:
        claimed.command("fail_next", {"operation": step, "times": 3})
    live(claimed, work, clock, lambda: status() == DomainState.ACTION_REQUIRED)
    publish(claimed)
    live(claimed, work, clock, lambda: status() == DomainState.ENABLED)
    live(claimed, work, clock, lambda: all_there(claimed))
    work()
    return claimed


def test_in_the_end_the_domain_works(done):
    assert done.observe_domain(TOWN).active


def test_both_mailboxes_are_there(done):
    assert set(Mailbox.objects.filter(domain__name=TOWN).values_list("status", flat=True)) == {MailboxState.ENABLED}


def test_both_people_got_one_link_each(done):
    recipients = OutgoingMail.objects.filter(recipient__in=["ann@home.example", "ben@home.example"])
    assert sorted(recipients.values_list("recipient", flat=True)) == ["ann@home.example", "ben@home.example"]


def test_the_support_address_read_each_thing_once(done):
    """The repair could not be tried for a while."""
    assert [subject.removeprefix(f"Your domain {TOWN} ") for _, subject in letters("domain_status")] == [
        "requires action",
        "could not be set up",
        "is ready",
    ]


def test_the_history_has_no_step_twice(done):
    steps = [entry.changes["status"] for entry in History.objects.filter(name=TOWN, verb="checked").order_by("id")]
    assert all(one[1] == other[0] and one != other for one, other in pairwise(steps))


def test_while_it_is_away_its_owner_sees_why(claimed, work):
    claimed.command("fail_next", {"operation": "check_domain"})
    work()
    view = domain_checks.show(cast.person_actor(OWNER), TOWN)
    assert (view.status, view.failure) == ("pending", "The mail platform does not answer.")


def test_while_it_is_away_its_owner_is_told_so_when_asking(claimed, work):
    work()
    claimed.command("fail_next", {"operation": "check_domain"})
    with pytest.raises(PlatformAway):
        domain_checks.check_now(cast.person_actor(OWNER), cast.origin(), TOWN)


def test_without_the_records_it_is_never_enabled(claimed, work, clock):
    for _ in range(5):
        work()
        clock.forward(HOUR)
    assert (status(), all_there(claimed)) == (DomainState.ACTION_REQUIRED, False)
