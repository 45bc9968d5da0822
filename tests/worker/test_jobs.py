"""Changes that many rows feel, and what is done every so often."""

import pytest

from postroom.actions import companies, domains, mailbox_removal
from postroom.core.roles import OPERATOR
from postroom.store import jobs as queue
from postroom.store.models import Domain, Job, Mailbox
from postroom.worker import jobs, spreading
from tests import cast

PEOPLE = (cast.DORA, cast.MAX, cast.UMA, cast.WES)


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(spreading, "_BATCH", 2)


def domain():
    return Domain.objects.get(name=cast.ACME)


def asked(kind, key, clock):
    queue.enqueue(kind, str(key), clock())
    return Job.objects.get(kind=kind, key=str(key))


def due_addresses():
    return set(Mailbox.objects.exclude(due_at=None).values_list("address", flat=True))


def kind_that(monkeypatch, run, every=None):
    monkeypatch.setattr(jobs, "KINDS", {"odd": jobs.Kind(run, every)})


def test_a_domains_change_spreads_to_all_its_mailboxes(applied, clock, small_batches):
    asked("spread_domain", domain().pk, clock)
    jobs.run_one(clock)
    assert due_addresses() == set(PEOPLE)


def test_a_spread_raises_the_generations(applied, clock):
    before = cast.row(cast.UMA).generation
    asked("spread_domain", domain().pk, clock)
    jobs.run_one(clock)
    assert cast.row(cast.UMA).generation == before + 1


def test_a_companys_change_spreads_to_all_its_mailboxes(applied, clock, small_batches):
    asked("spread_company", domain().company_id, clock)
    jobs.run_one(clock)
    assert due_addresses() == {*PEOPLE, cast.ALICE}


def test_a_companys_change_spreads_to_its_domains(applied, clock):
    asked("spread_company", domain().company_id, clock)
    jobs.run_one(clock)
    assert domain().due_at is not None


def test_a_companys_change_reaches_the_platform(applied, work):
    companies.change(OPERATOR, cast.origin(), "acme", {"spamlevel": "High"})
    work()
    assert applied.observe_mailbox(cast.UMA).settings["spamlevel"] == "High"


def test_a_spread_is_kept_within_its_domain(applied, clock):
    asked("spread_domain", domain().pk, clock)
    jobs.run_one(clock)
    assert cast.ALICE not in due_addresses()


def test_a_spread_leaves_the_deleted_alone(applied, work, clock):
    mailbox_removal.delete(OPERATOR, cast.origin(), cast.UMA)
    work()
    asked("spread_domain", domain().pk, clock)
    jobs.run_one(clock)
    assert cast.UMA not in due_addresses()


def test_a_spread_leaves_alone_who_waits_for_the_domain(applied, clock):
    Mailbox.objects.filter(address=cast.UMA).update(status="pending")
    asked("spread_domain", domain().pk, clock)
    jobs.run_one(clock)
    assert cast.UMA not in due_addresses()


def test_a_finished_job_is_gone(applied, clock):
    asked("spread_domain", domain().pk, clock)
    jobs.run_one(clock)
    assert not Job.objects.exists()


def test_asking_twice_is_asking_once(applied, clock):
    asked("spread_domain", domain().pk, clock)
    asked("spread_domain", domain().pk, clock)
    assert Job.objects.count() == 1


def during_a_batch(monkeypatch, event):
    """`event` happens once, when the first progress is kept."""
    really, events = queue.keep_progress, [event]

    def keep(*args):
        if events:
            events.pop()()
        return really(*args)

    monkeypatch.setattr(queue, "keep_progress", keep)


def test_a_spread_that_is_asked_for_anew_begins_again(applied, clock, small_batches, monkeypatch):
    """The first mailboxes were marked before the second change: they must be marked again."""
    before = cast.row(cast.DORA).generation
    asked("spread_domain", domain().pk, clock)
    during_a_batch(monkeypatch, lambda: queue.enqueue("spread_domain", str(domain().pk), clock()))
    while jobs.run_one(clock) or Job.objects.exists():
        clock.forward(1)
    assert cast.row(cast.DORA).generation == before + 2


def test_asking_anew_within_the_same_millisecond_counts(applied, clock, small_batches, monkeypatch):
    before = cast.row(cast.DORA).generation
    moment = asked("spread_domain", domain().pk, clock).due_at
    during_a_batch(monkeypatch, lambda: queue.enqueue("spread_domain", str(domain().pk), moment))
    while jobs.run_one(clock) or Job.objects.exists():
        clock.forward(1)
    assert cast.row(cast.DORA).generation == before + 2


def test_a_killed_spread_goes_on_where_it_was(applied, clock, small_batches):
    job = asked("spread_domain", domain().pk, clock)
    first = Mailbox.objects.filter(domain=domain()).order_by("id")[1]
    Job.objects.filter(pk=job.pk).update(progress=first.pk, leased_until=clock() + jobs.LEASE)
    clock.forward(jobs.LEASE / 1000 + 1)
    jobs.run_one(clock)
    assert len(due_addresses()) == 2


def test_a_held_job_is_nobody_elses(applied, clock):
    asked("spread_domain", domain().pk, clock)
    assert queue.claim(clock(), jobs.LEASE)
    assert queue.claim(clock(), jobs.LEASE) is None


def test_a_job_that_breaks_is_put_off(applied, clock, monkeypatch):
    def broken(job, now):
        raise KeyError("nothing")

    kind_that(monkeypatch, broken)
    asked("odd", "", clock)
    jobs.run_one(clock)
    assert Job.objects.get(kind="odd").due_at > clock()


def test_a_job_that_breaks_says_why(applied, clock, monkeypatch):
    def broken(job, now):
        raise KeyError("nothing")

    kind_that(monkeypatch, broken)
    asked("odd", "", clock)
    jobs.run_one(clock)
    assert Job.objects.get(kind="odd").failure == "KeyError: 'nothing'"


def test_a_job_that_breaks_but_was_asked_for_anew_is_not_put_off(applied, clock, monkeypatch):
    def broken(job, now):
        queue.enqueue("odd", "", clock() + 1)
        raise KeyError("nothing")

    kind_that(monkeypatch, broken)
    asked("odd", "", clock)
    jobs.run_one(clock)
    assert Job.objects.get(kind="odd").due_at <= clock() + 1


def test_a_job_of_an_unknown_kind_does_not_stop_the_worker(applied, clock):
    """Left by a newer version, say."""
    asked("from the future", "", clock)
    assert jobs.run_one(clock)
    assert Job.objects.get().failure


def test_periodic_jobs_exist_once(applied, clock):
    jobs.ensure_periodic(clock())
    jobs.ensure_periodic(clock())
    periodic = sorted(name for name, kind in jobs.KINDS.items() if kind.every)
    assert sorted(Job.objects.values_list("kind", flat=True)) == periodic


def test_a_periodic_job_comes_again(applied, clock):
    jobs.ensure_periodic(clock())
    clock.forward(3601)
    while jobs.run_one(clock):
        pass
    assert Job.objects.get(kind="purge").due_at == clock() + 3_600_000


def test_a_domains_change_asks_for_a_spread_in_the_same_transaction(applied):
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"spamlevel": "High"})
    assert Job.objects.get().key == str(domain().pk)
