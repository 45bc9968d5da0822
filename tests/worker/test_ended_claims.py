"""Mailboxes that waited in a domain which its claimant never proved."""

import pytest

from postroom.actions import domain_claims
from postroom.core.roles import OPERATOR
from postroom.store import history
from postroom.store.models import Address, Domain, Job, Mailbox, Tombstone
from postroom.worker import ended_claims, jobs
from tests import cast

pytestmark = pytest.mark.django_db

NEW = "town.example"


@pytest.fixture
def ended(acme):
    """Two claims of one name, the first of which has given way with two mailboxes in it."""
    cast.people()
    nora = cast.person_actor(cast.NORA)
    domain_claims.claim(nora, cast.origin(), NEW, cast.NORA)
    for name in ("joe", "jim"):
        cast.mailbox(f"{name}@{NEW}")
    old = Domain.objects.get(name=NEW)
    domain_claims.abandon(cast.person_actor(cast.NORA), cast.origin(), NEW)
    domain_claims.claim(OPERATOR, cast.origin(), NEW, cast.NORA)
    cast.mailbox(f"joe@{NEW}")
    Job.objects.exclude(kind="end_mailboxes").delete()
    return old


def run(times=5):
    for _ in range(times):
        jobs.run_one(lambda: 4 * 10**12)


def of(domain):
    return Mailbox.objects.filter(domain=domain)


def test_they_are_deleted(ended):
    run()
    assert set(of(ended).values_list("status", flat=True)) == {"deleted"}


def test_they_are_purged_like_all_that_is_deleted(ended):
    run()
    stones = Tombstone.objects.filter(kind="mailbox", domain_id=ended.pk)
    assert sorted(stones.values_list("name", flat=True)) == ["jim@town.example", "joe@town.example"]


def test_the_new_domain_s_mailbox_of_the_same_name_lives(ended):
    run()
    assert Address.objects.get(address=f"joe@{NEW}").mailbox.deleted_at is None


def test_each_is_written_down(ended):
    run()
    assert list(history.broken_chains("mailbox")) == []
    assert all(mailbox.history_head for mailbox in of(ended))


def test_many_are_ended_a_few_at_a_time(ended, monkeypatch):
    monkeypatch.setattr(ended_claims, "_BATCH", 1)
    run(1)
    assert of(ended).filter(deleted_at=None).count() == 1
    run(2)
    assert not of(ended).filter(deleted_at=None).exists()


def test_the_job_is_done_when_none_is_left(ended):
    run()
    assert not Job.objects.filter(kind="end_mailboxes").exists()


def test_doing_it_twice_does_no_harm(ended):
    run()
    Job.objects.create(kind="end_mailboxes", key=str(ended.pk), due_at=1)
    run()
    assert Tombstone.objects.filter(kind="mailbox", domain_id=ended.pk).count() == 2
