"""What Dovecot tells about deliveries: added up, and written every other second."""

import asyncio
import base64
import json

import msgspec
import pytest
from django.db import OperationalError
from hypothesis import given
from hypothesis import strategies as st

from postroom.actions import mail_flow, mailbox_removal
from postroom.core.mail.traffic import Arrived
from postroom.core.roles import OPERATOR
from postroom.faces.mail import tally
from postroom.faces.mail.tally import Tally
from postroom.faces.mail.threads import Threads
from postroom.store.models import MailCount
from tests import cast
from tests.faces.mail.conftest import SECRET, running
from tests.faces.mail.test_passwords import post
from tests.servers.clients import wait_for
from tests.threads import MARK

pytestmark = MARK

MIDNIGHT = 1_700_006_400.0  # the first second of 2023-11-15 (UTC)


def event(name="mail_delivery_finished", user=cast.UMA, **fields):
    return {"event": name, "start_time": 1.5, "end_time": 1.6, "fields": {"user": user, **fields}}


def delivered(user=cast.UMA, size=1000):
    return event(user=user, message_vsize=size)


SPAM = event("sieve_runtime_script_finished")
REDIRECT = event("sieve_action_finished", action_name="redirect")
ANSWER = event("sieve_action_finished", action_name="vacation")


def basic(secret):
    written = base64.b64encode(f"dovecot:{secret}".encode()).decode()
    return {"X-Postroom-Secret": "", "Authorization": f"Basic {written}"}


def tell(port, told, secret=SECRET):
    return post(port, "/arrived", told, **basic(secret))[0]


def counted(address=cast.UMA):
    row = MailCount.objects.filter(mailbox_id=cast.row(address).pk).first()
    return row and (row.delivered, row.spam, row.forwarded, row.autoresponses, row.bytes_in)


@pytest.fixture
def held(shared):
    """Tells events to a tally without its timer; `held.write()` writes."""

    class Held:
        now = MIDNIGHT
        threads = Threads("test", 1)

        def __init__(self):
            self.tally = Tally(self.threads, lambda: self.now)

        def __call__(self, *events):
            for told in events:
                self.tally.note(json.dumps(told).encode())

        def write(self):
            return asyncio.run(self.tally.write_now())

    held = Held()
    yield held
    held.threads.close()


def test_each_kind_is_added_up(held):
    held(delivered(), SPAM, delivered(size=500), REDIRECT, REDIRECT, ANSWER)
    assert (held.write(), counted()) == (True, (2, 1, 2, 1, 1500))


def test_what_comes_later_is_added_to_what_is_there(held):
    for _ in range(3):
        held(delivered(), delivered(cast.MAX))
        held.write()
    assert (counted()[0], counted(cast.MAX)[0]) == (3, 3)


def test_a_thousand_messages_are_written_in_one_statement(held, monkeypatch):
    from postroom.store import arrived

    seen, really = [], arrived.execute
    monkeypatch.setattr(arrived, "execute", lambda *args: seen.append(args) or really(*args))
    held(*[delivered(), delivered(cast.MAX)] * 500)
    held.write()
    assert (len(seen), counted()[0]) == (1, 500)


def test_nothing_is_written_for_nothing(held, monkeypatch):
    monkeypatch.setattr(mail_flow, "note_arrived", None)
    assert held.write()


def test_each_day_has_its_own_numbers(held):
    held(delivered())
    held.now = MIDNIGHT - 1
    held(delivered(), delivered())
    held.write()
    assert list(MailCount.objects.order_by("day").values_list("day", "delivered")) == [
        ("2023-11-14", 2),
        ("2023-11-15", 1),
    ]


def test_who_is_not_ours_is_passed_over(held):
    held(delivered("nobody@acme.example"), delivered())
    assert (held.write(), MailCount.objects.count(), counted()[0]) == (True, 1, 1)


def test_more_accounts_than_a_statement_takes(held):
    for n in range(600):
        held(delivered(f"nobody{n}@acme.example"))
    held(delivered("zoe@acme.example"), delivered())
    held.write()
    assert counted()[0] == 1


def test_a_renamed_account_keeps_its_numbers(held):
    held(delivered())
    held.write()
    mailbox_removal.rename(OPERATOR, cast.origin(), cast.UMA, "ute@acme.example")
    held(delivered("ute@acme.example"))
    held.write()
    assert counted("ute@acme.example")[0] == 2


def test_while_the_database_is_away_counts_wait(held, monkeypatch):
    really = mail_flow.note_arrived

    def away(*_):
        raise OperationalError("gone")

    monkeypatch.setattr(mail_flow, "note_arrived", away)
    held(delivered())
    assert held.write() is False
    held(delivered())
    monkeypatch.setattr(mail_flow, "note_arrived", really)
    assert (held.write(), counted()[0]) == (True, 2)


def test_of_two_days_the_first_is_not_written_twice(held, monkeypatch):
    really, days = mail_flow.note_arrived, []

    def only_the_first(day, counts):
        days.append(day)
        if len(days) == 2:
            raise OperationalError("gone")
        really(day, counts)

    monkeypatch.setattr(mail_flow, "note_arrived", only_the_first)
    held(delivered())
    held.now += 86_400
    held(delivered())
    assert [held.write(), held.write()] == [False, True]
    assert list(MailCount.objects.values_list("delivered", flat=True)) == [1, 1]


def test_memory_has_an_end(held, monkeypatch, caplog):
    monkeypatch.setattr(tally, "MOST", 2)
    held(*[delivered(f"u{n}@acme.example") for n in range(5)], delivered("u1@acme.example"))
    assert len(held.tally._held) == 2
    assert len([record for record in caplog.records if "not counted" in record.message]) == 1


@pytest.mark.parametrize(
    "told",
    [
        {}, [], None, "x", {"event": "mail_delivery_finished"}, event("imap_command_finished"), event(user=""),
        event(user=None), event(user="x" * 300), event(user="a\x01b@acme.example"), event(message_vsize="many"),
        event("sieve_action_finished", action_name="keep"), event("sieve_action_finished"), event(message_vsize=1.5),
    ],
)  # fmt: skip
def test_garbage_is_refused(held, told):
    with pytest.raises(msgspec.MsgspecError):
        held(told)


@given(st.binary(max_size=200))
def test_whatever_it_is_nothing_breaks(body):
    with pytest.raises(msgspec.MsgspecError):
        tally.parse(body)


@pytest.mark.parametrize(("size", "bytes"), [(-5, 0), (10**30, 2**40)])
def test_sizes_stay_within_reason(size, bytes):
    assert tally.parse(json.dumps(delivered(size=size)).encode())[1] == Arrived(delivered=1, bytes_in=bytes)


# Over its port


def test_only_who_knows_the_secret_is_listened_to(ports):
    secrets = (SECRET, "wrong", "", SECRET + "x")
    assert [tell(ports[1], delivered(), secret) for secret in secrets] == [200, 401, 401, 401]


@pytest.mark.parametrize("written", ["Basic", "Basic !!!", "Bearer " + SECRET, "Basic " + SECRET, "Basic w7w6w7w="])
def test_a_secret_that_is_none(ports, written):
    told = {"X-Postroom-Secret": "", "Authorization": written}
    assert post(ports[1], "/arrived", delivered(), **told)[0] == 401


def test_garbage_gets_its_answer(ports):
    assert [tell(ports[1], told) for told in ({}, event("x"), delivered())] == [400, 400, 200]


def test_it_is_written_by_itself(ports):
    tell(ports[1], delivered())
    assert wait_for(counted)[0] == 1


def test_at_the_end_the_rest_is_written(shared):
    with running() as (_, port):
        for _ in range(5):
            tell(port, delivered())
    assert counted()[0] == 5
