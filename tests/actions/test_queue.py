"""Work that waits, as the operator sees it: what failed and why, and another try."""

from datetime import UTC, datetime, timedelta

import pytest

from postroom.actions import queue
from postroom.actions.queue import QueueQuery
from postroom.core.errors import BadRequest, NotFound, OutOfReach, WrongState
from postroom.core.roles import OPERATOR
from postroom.store import outgoing, queued
from postroom.store.models import Job, Mailbox
from postroom.store.outgoing import Mail
from postroom.worker import loop
from tests import cast

HOUR = 3_600_000


def later(seconds=2):
    return cast.origin(datetime.now(UTC) + timedelta(seconds=seconds))


def idle():
    loop.until_idle(lambda: loop.milliseconds() + 1000)


@pytest.fixture
def failing(acme):
    """Uma's mailbox was refused by the platform once: the next try is within the hour."""
    idle()
    now = loop.milliseconds()
    Mailbox.objects.filter(address=cast.UMA).update(due_at=now + HOUR, failure="the disk is full", attempts=3)
    return cast.row(cast.UMA)


@pytest.fixture
def broken_job(acme):
    now = loop.milliseconds()
    return Job.objects.create(kind="purge", key="", due_at=now + HOUR, failure="OSError: no space", attempts=2)


def waiting(kind="mailbox", **query):
    first = {name: query.pop(name) for name in ("first", "limit") if name in query}
    return queue.waiting(OPERATOR, later(), QueueQuery(kind=kind, **query), **first)


def test_nothing_waits_after_the_worker_was_there(acme):
    idle()
    assert (waiting()[1], waiting("domain")[1]) == (0, 0)


def test_new_mailboxes_wait(acme):
    found, total = waiting()
    assert (cast.UMA in [row.name for row in found], total) == (True, 5)


def test_a_page_of_what_waits(acme):
    found, total = waiting(first=1, limit=2)
    assert (len(found), total) == (2, 5)


@pytest.mark.parametrize(("q", "number"), [("uma", 1), ("UMA@", 1), ("nobody", 0), ("%", 0)])
def test_what_waits_is_found_by_name(acme, q, number):
    assert waiting(q=q)[1] == number


def test_why_it_failed_is_told(failing):
    (row,), total = waiting(failed=True)
    assert (row.name, row.failure, row.attempts, row.platform, total) == (cast.UMA, "the disk is full", 3, "fake", 1)


def test_a_deleted_mailbox_that_the_platform_must_forget_is_told_as_such(acme):
    Mailbox.objects.filter(address=cast.UMA).update(deleted_at=1)
    assert [row.deleted for row in waiting(q="uma")[0]] == [True]


def test_what_a_worker_has_taken_up_is_at_work(failing):
    Mailbox.objects.filter(id=failing.pk).update(leased_until=loop.milliseconds() + HOUR)
    assert [row.at_work for row in waiting(failed=True)[0]] == [True]


def test_another_try_happens_now(failing):
    queue.retry(OPERATOR, cast.origin(), "mailbox", failing.pk)
    idle()
    row = cast.row(cast.UMA)
    assert (row.due_at, row.failure) == (None, "")


def test_another_try_of_what_is_done_is_refused(acme):
    idle()
    with pytest.raises(NotFound):
        queue.retry(OPERATOR, cast.origin(), "mailbox", cast.row(cast.UMA).pk)


def test_all_that_failed_is_tried_again(failing):
    assert queue.retry_all(OPERATOR, cast.origin(), "mailbox") == 1
    idle()
    assert waiting()[1] == 0


def test_what_is_tried_already_is_not_counted(failing):
    queue.retry_all(OPERATOR, cast.origin(), "mailbox")
    assert queue.retry_all(OPERATOR, later(), "mailbox") == 0


@pytest.mark.parametrize("kind", ["", "person", "job", "mailbox "])
def test_there_are_two_kinds_of_rows(acme, kind):
    with pytest.raises(BadRequest):
        queue.retry_all(OPERATOR, cast.origin(), kind)


def test_a_platform_that_is_away_shows_in_the_numbers(acme):
    idle()
    Mailbox.objects.filter(address__in=[cast.UMA, cast.MAX]).update(due_at=loop.milliseconds(), failure="away")
    numbers = queue.numbers(OPERATOR, later())
    assert (numbers.mailboxes, numbers.failing, numbers.domains) == (0, 2, 0)


def test_the_longest_wait_is_told(acme):
    oldest = Mailbox.objects.order_by("due_at").first().due_at
    assert queue.numbers(OPERATOR, later()).oldest == oldest


def test_what_was_put_off_does_not_wait(failing):
    assert queue.numbers(OPERATOR, later()).oldest is None


def test_very_many_are_not_counted_to_the_end(acme, monkeypatch):
    monkeypatch.setattr(queued, "MOST", 3)
    assert queue.numbers(OPERATOR, later()).mailboxes == 3


def test_jobs_are_told(broken_job):
    (job,), total = queue.jobs(OPERATOR, later(), failed=True)
    assert (job.kind, job.failure, job.attempts, total) == ("purge", "OSError: no space", 2, 1)


def test_a_job_is_done_now(broken_job):
    queue.retry_job(OPERATOR, cast.origin(), broken_job.pk)
    idle()
    assert Job.objects.get(pk=broken_job.pk).failure == ""


def test_a_job_that_is_under_way_is_left_alone(broken_job):
    Job.objects.filter(pk=broken_job.pk).update(leased_until=loop.milliseconds() + HOUR)
    with pytest.raises(WrongState):
        queue.retry_job(OPERATOR, cast.origin(), broken_job.pk)


def test_a_job_that_is_done_is_not_there(acme):
    with pytest.raises(NotFound):
        queue.retry_job(OPERATOR, cast.origin(), 0)


def test_our_own_mails_are_counted(acme):
    outgoing.put([Mail(recipient="a@x.example", purpose="test", subject="s", text="t")], loop.milliseconds())
    assert queue.numbers(OPERATOR, later()).mails == 1


@pytest.mark.parametrize(
    "act",
    [
        lambda by: queue.numbers(by, cast.origin()),
        lambda by: queue.waiting(by, cast.origin(), QueueQuery(kind="mailbox")),
        lambda by: queue.jobs(by, cast.origin()),
        lambda by: queue.retry(by, cast.origin(), "mailbox", 1),
        lambda by: queue.retry_all(by, cast.origin(), "mailbox"),
        lambda by: queue.retry_job(by, cast.origin(), 1),
    ],
)
def test_only_the_operator_does_this(acme, act):
    with pytest.raises(OutOfReach):
        act(cast.actor(cast.ALICE))
