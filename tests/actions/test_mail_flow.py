"""The sending limit of an account: so many recipients in any 24 hours, whoever asks at once."""

import pytest

from postroom.actions import domains, mail_flow, mailboxes, setup
from postroom.core.mail.traffic import Outgoing
from postroom.core.roles import OPERATOR
from postroom.store import jobs as queue
from postroom.store import sent
from postroom.store.models import MailSent
from postroom.worker import jobs
from tests import cast
from tests.threads import MARK, at_once, shared_database

pytestmark = MARK

NOON = 1_700_006_400.0  # the beginning of a quarter hour
QUARTER, DAY = 900, 86_400
LIMIT = 10


@pytest.fixture
def shared(tmp_path):
    """Acme on servers of our own; Uma may send to ten recipients a day."""
    with shared_database(tmp_path):
        setup.add_platform(cast.origin(), "here", "mailstack", {})
        cast.acme()
        mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"smtp_sent_limit": LIMIT})
        yield


def count(recipients=1, at=NOON, login=cast.UMA, service="smtprelay"):
    return mail_flow.count(login, Outgoing(recipients), service, at)


def allowed(*args, **kwargs):
    return count(*args, **kwargs).allowed


def total():
    return sum(MailSent.objects.values_list("recipients", flat=True))


def test_messages_up_to_the_limit_go_out(shared):
    assert [allowed() for _ in range(LIMIT + 2)] == [True] * LIMIT + [False] * 2


def test_each_recipient_counts(shared):
    assert [allowed(4), allowed(4), allowed(4), allowed(2), allowed(1)] == [True, True, False, True, False]


def test_a_refused_message_counts_nothing(shared):
    count(LIMIT - 1)
    count(2)
    assert total() == LIMIT - 1


def test_one_message_to_more_than_the_limit_never_goes_out(shared):
    verdict = count(LIMIT + 1)
    assert (verdict.allowed, verdict.limit, verdict.free_at) == (False, LIMIT, None)


def test_any_number_of_recipients_is_a_number(shared):
    assert not allowed(999_999_999)


def test_a_quarter_hour_is_one_row(shared):
    for second in (0, 1, QUARTER - 1, QUARTER):
        count(at=NOON + second)
    assert list(MailSent.objects.order_by("slot").values_list("recipients", flat=True)) == [3, 1]


@pytest.mark.parametrize(("later", "may"), [(0, False), (DAY - 1, False), (DAY, True), (DAY + QUARTER, True)], ids=str)
def test_a_day_later_it_begins_anew(shared, later, may):
    count(LIMIT)
    assert allowed(at=NOON + later) is may


def test_the_window_rolls(shared):
    for hour in range(10):
        count(at=NOON + hour * 3600)
    assert not allowed(at=NOON + 10 * 3600)
    assert [allowed(at=NOON + DAY + hour * 3600) for hour in (0, 0, 1, 1)] == [True, False, True, False]


@pytest.mark.parametrize(("recipients", "hours"), [(1, 24), (2, 25), (5, 26), (6, 26), (10, 27)])
def test_it_says_when_the_message_can_be_sent(shared, recipients, hours):
    for hour, number in enumerate((1, 3, 2, 4)):
        count(number, at=NOON + hour * 3600)
    verdict = count(recipients, at=NOON + 5 * 3600)
    assert verdict.free_at == NOON + hours * 3600
    assert not allowed(recipients, at=verdict.free_at - 1)
    assert allowed(recipients, at=verdict.free_at)


def test_a_raised_limit_holds_at_once(shared):
    count(LIMIT)
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"smtp_sent_limit": LIMIT + 1})
    assert [allowed(), allowed()] == [True, False]


def test_a_lowered_limit_holds_at_once(shared):
    count(LIMIT - 1)
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"smtp_sent_limit": 1})
    assert not allowed()


def test_accounts_are_counted_apart(shared):
    count(LIMIT)
    assert allowed(LIMIT + 1, login=cast.DORA)


@pytest.mark.parametrize("login", ["nobody@acme.example", "uma@nowhere.example", "uma", "@", "x" * 5000])
def test_nobody_sends_as_an_account_that_is_not_there(shared, login):
    assert count(login=login).known is False


def test_a_disabled_account_sends_nothing(shared):
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"type": "forward", "forward_recipients": ["x@y.example"]})
    assert count().known is False


def test_nobody_sends_from_a_domain_that_is_switched_off(shared):
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"disabled": True})
    assert count().known is False


def test_of_many_messages_at_once_as_many_go_out_as_may(shared):
    verdicts = at_once(*[lambda: [allowed() for _ in range(3)]] * 8)
    assert sum(map(sum, verdicts)) == LIMIT
    assert total() == LIMIT


def test_at_the_turn_of_a_quarter_hour_the_limit_holds_too(shared):
    """They write to different rows: what keeps them apart is not the row."""
    times = [NOON + QUARTER - 1, NOON + QUARTER] * 4
    verdicts = at_once(*[lambda at=at: allowed(3, at=at) for at in times])
    assert sum(verdicts) == 3
    assert total() == 9


def test_accounts_at_once_do_not_disturb_each_other(shared):
    people = (cast.DORA, cast.MAX, cast.WES, cast.UMA) * 2
    verdicts = at_once(*[lambda who=who: allowed(LIMIT // 2, login=who) for who in people])
    assert verdicts == [True] * len(people)


def test_the_first_message_of_a_quarter_hour_is_noted_as_a_sign_in(shared):
    before = cast.row(cast.UMA).generation
    for second in (5, 6):
        count(at=NOON + second)
    uma = cast.row(cast.UMA)
    assert uma.last_sign_ins == {"smtprelay": int((NOON + 5) * 1000)}
    assert (uma.generation, uma.due_at) == (before, uma.due_at)


def test_a_later_message_is_a_later_sign_in(shared):
    count()
    count(at=NOON + QUARTER, service="webmail")
    count(at=NOON + 2 * QUARTER)
    told = {"smtprelay": int((NOON + 2 * QUARTER) * 1000), "webmail": int((NOON + QUARTER) * 1000)}
    assert cast.row(cast.UMA).last_sign_ins == told


def test_a_refused_message_is_no_sign_in(shared):
    count(LIMIT + 1)
    assert cast.row(cast.UMA).last_sign_ins == {}


def test_what_was_sent_is_told(shared):
    uma, dora = cast.row(cast.UMA).pk, cast.row(cast.DORA).pk
    count(3)
    count(2, at=NOON + 3600)
    assert (sent.sent(uma, NOON + 3600), sent.sent(dora, NOON + 3600)) == (5, 0)
    assert sent.sent_of_each([uma, dora], NOON + 3600) == {uma: 5}
    assert sent.sent_of_each([uma, dora], NOON + DAY) == {uma: 2}
    assert sent.sent_of_each([], NOON) == {}


def test_those_at_their_limit_are_found(shared):
    count(LIMIT)
    count(5, login=cast.DORA)
    domain = cast.row(cast.UMA).domain_id
    assert [row["id"] for row in sent.at_their_limit(domain, 6, NOON)] == [cast.row(cast.UMA).pk]
    assert len(sent.at_their_limit(domain, 5, NOON)) == 2
    assert list(sent.at_their_limit(domain, 5, NOON + DAY)) == []


def test_what_counts_no_more_is_deleted(shared):
    for hour in (0, 1, 2):
        count(at=NOON + hour * 3600)
    queue.enqueue("forget_sent", "", 1)
    jobs.run_one(lambda: int((NOON + DAY + 7200) * 1000))
    assert [slot * QUARTER for slot in MailSent.objects.values_list("slot", flat=True)] == [NOON + 7200]
