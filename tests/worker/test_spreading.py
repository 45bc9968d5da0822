"""Large changes give their turn back, so that small ones never wait."""

import pytest

from postroom.actions import companies, domains, setup
from postroom.core.roles import OPERATOR
from postroom.store import jobs as queue
from postroom.store import projection_spread
from postroom.store.models import Domain, Job, MailLogin
from postroom.worker import jobs, spreading
from tests import cast


@pytest.fixture
def here(db, monkeypatch):
    """Acme on servers that read our tables; a turn is one batch of two mailboxes or one domain."""
    setup.add_platform(cast.origin(), "here", "mailstack", {})
    cast.acme()
    for number in range(3):
        domains.change(OPERATOR, cast.origin(), f"more{number}.example", {"company": "acme"}, create_only=True)
        cast.mailbox(f"joe@more{number}.example")
    Job.objects.all().delete()
    monkeypatch.setattr(spreading, "_TURN", -1)
    monkeypatch.setattr(projection_spread, "BATCH", 2)
    monkeypatch.setattr(projection_spread.spread, "__defaults__", (0, 2))


def tags():
    return sorted(MailLogin.objects.exclude(login__endswith=".adm").values_list("spam_tag", flat=True).distinct())


def run_all(clock):
    """How many turns it took."""
    turns = 0
    while jobs.run_one(clock) or Job.objects.filter(due_at__lte=clock() + 10).exists():
        clock.forward(0.001)
        turns += 1
    return turns


def test_a_domain_of_many_mailboxes_takes_several_turns(here, clock):
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"spamtag": "[D]"})
    clock.forward(10**6)
    assert run_all(clock) > 2


def test_after_all_turns_every_mailbox_has_the_change(here, clock):
    companies.change(OPERATOR, cast.origin(), "acme", {"spamtag": "[C]"})
    clock.forward(10**6)
    run_all(clock)
    assert tags() == ["[C]"]


def test_between_two_turns_another_job_has_its_turn(here, clock, monkeypatch):
    seen = []
    monkeypatch.setattr(
        jobs, "KINDS", {**jobs.KINDS, "odd": jobs.Kind(lambda job, now: bool(seen.append(tags())) or True)}
    )
    companies.change(OPERATOR, cast.origin(), "acme", {"spamtag": "[C]"})
    clock.forward(10**6)
    jobs.run_one(clock)
    queue.enqueue("odd", "", clock() - 1)
    clock.forward(1)
    run_all(clock)
    assert seen[0] != tags() == ["[C]"]  # it did not wait for the end


def test_a_killed_spread_goes_on_with_the_domain_where_it_was(here, clock):
    companies.change(OPERATOR, cast.origin(), "acme", {"spamtag": "[C]"})
    clock.forward(10**6)
    job = Job.objects.get(kind="project_company")
    first = Domain.objects.filter(company__name="acme").order_by("id").values_list("id", flat=True)[1]
    Job.objects.filter(pk=job.pk).update(progress=first)
    run_all(clock)
    assert len(tags()) == 2  # the domains before were done by the one that was killed
