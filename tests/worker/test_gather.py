"""What the mail servers know about sign-ins comes to the accounts."""

import pytest

from postroom import drivers
from postroom.actions import setup
from postroom.drivers.contract import TemporaryFailure
from postroom.drivers.fake import FakePlatform
from postroom.store import jobs as queue
from postroom.store import sign_ins
from postroom.store.models import Job
from postroom.worker import jobs
from tests import cast


class Servers(FakePlatform):
    """Tells what it is given, then nothing."""

    told: tuple = ()
    failure = None

    def sign_ins(self, keep):
        if self.failure:
            raise self.failure
        for batch in self.told:
            keep(batch)
        self.told = ()
        return 0


@pytest.fixture
def servers(db, monkeypatch):
    """Acme on servers of our own, which tell who has signed in."""
    servers = Servers.from_settings({"path": ":memory:"})
    monkeypatch.setattr(drivers, "DRIVERS", {**drivers.DRIVERS, "mailstack": lambda settings: servers})
    setup.add_platform(cast.origin(), "here", "mailstack", {})
    cast.acme()
    return servers


def gather(clock):
    queue.enqueue("gather_sign_ins", "", 1)
    jobs.run_one(clock)


def known(who=cast.UMA):
    return cast.row(who).last_sign_ins


def test_sign_ins_are_kept_a_service_at_a_time(servers, clock):
    for batch in ({cast.UMA: {"imap4": 1000}}, {cast.UMA: {"pop3": 2000}}, {cast.UMA: {"imap4": 3000}}):
        servers.told = (batch,)
        gather(clock)
    assert known() == {"imap4": 3000, "pop3": 2000}


def test_many_accounts_are_one_statement(servers, clock, django_assert_num_queries):
    people = (cast.DORA, cast.MAX, cast.UMA, cast.WES)
    with django_assert_num_queries(0):  # of Django's; the driver's own is not counted
        sign_ins.keep({who: {"imap4": 1000 + n} for n, who in enumerate(people)})
    assert [known(who) for who in people] == [{"imap4": 1000 + n} for n in range(4)]


def test_it_is_no_change(servers, clock):
    before = cast.row(cast.UMA)
    servers.told = ({cast.UMA: {"imap4": 1000}},)
    gather(clock)
    after = cast.row(cast.UMA)
    assert (after.generation, after.due_at, after.history_head) == (
        before.generation,
        before.due_at,
        before.history_head,
    )


def test_unknown_accounts_are_passed_over(servers, clock):
    servers.told = ({"nobody@acme.example": {"imap4": 1}, "'; DROP": {"imap4": 1}, cast.UMA: {"imap4": 1}}, {})
    gather(clock)
    assert known() == {"imap4": 1}


def test_others_are_left_alone(servers, clock):
    servers.told = ({cast.UMA: {"imap4": 1000}},)
    gather(clock)
    assert known(cast.DORA) == {}


def test_servers_that_do_not_answer_are_asked_again(servers, clock, caplog):
    servers.failure, servers.told = TemporaryFailure("Redis: gone"), ({cast.UMA: {"imap4": 1000}},)
    gather(clock)
    assert "Redis: gone" in caplog.text
    assert known() == {}
    servers.failure = None
    gather(clock)
    assert known() == {"imap4": 1000}


def test_a_platform_without_a_driver_keeps_no_other_one_waiting(servers, clock):
    from postroom.store.models import Platform

    Platform.objects.filter(driver="fake").update(driver="nosuch", id=0)
    servers.told = ({cast.UMA: {"imap4": 1000}},)
    gather(clock)
    assert known() == {"imap4": 1000}


def test_it_is_done_every_minute(servers, clock):
    jobs.ensure_periodic(clock())
    job = Job.objects.get(kind="gather_sign_ins")
    assert job.due_at <= clock() + 60_000
