"""Postfix's policy protocol, as Postfix speaks it and as nobody should."""

import re
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from postroom.actions import mailboxes
from postroom.actions.mail_flow import Verdict
from postroom.core.roles import OPERATOR
from postroom.faces.mail import listener, policy
from postroom.store.models import MailSent
from tests import cast
from tests.faces.mail.conftest import PATIENCE, connected, running
from tests.threads import MARK

pytestmark = MARK

END = {
    "request": "smtpd_access_policy", "protocol_state": "END-OF-MESSAGE", "protocol_name": "ESMTP",
    "client_address": "127.0.0.1", "sasl_method": "PLAIN", "sasl_username": cast.UMA, "size": "1234",
    "sender": cast.UMA, "recipient": "", "recipient_count": "1", "instance": "1.2.3", "queue_id": "",
}  # fmt: skip


def written(**fields):
    lines = {**END, **fields}
    return "".join(f"{name}={value}\n" for name, value in lines.items()).encode() + b"\n"


def answer(file):
    line, empty = file.readline(), file.readline()
    assert empty == b"\n"
    return line.decode().strip().removeprefix("action=")


def ask(port, **fields):
    with connected(port) as file:
        file.write(written(**fields))
        file.flush()
        return answer(file)


def limit(recipients, who=cast.UMA):
    mailboxes.change(OPERATOR, cast.origin(), who, {"smtp_sent_limit": recipients})


def total():
    return sum(MailSent.objects.values_list("recipients", flat=True))


@pytest.fixture
def port(ports):
    return ports[0]


def test_a_message_within_the_limit_goes_on(port):
    assert ask(port, recipient_count="3") == "DUNNO"
    assert total() == 3


def test_beyond_the_limit_the_sender_is_told_how_much_and_when(port):
    limit(1)
    assert [ask(port), ask(port)][0] == "DUNNO"
    said = ask(port)
    assert re.fullmatch(
        r"550 5\.7\.1 This account may send to 1 recipients in 24 hours; "
        r"the message can be sent in (23 h \d+ min|24 h 0 min)",
        said,
    )


def test_a_message_to_more_than_the_limit_is_told_so(port):
    limit(2)
    assert "has 3 recipients, and this account may send to 2 recipients in 24 hours" in ask(port, recipient_count="3")


@pytest.mark.parametrize(
    "login", ["nobody@acme.example", "x", "x" * 300, "\N{SNOWMAN}@acme.example", "a\x00b@acme.example"]
)
def test_an_account_that_is_not_there_sends_nothing(port, login):
    assert ask(port, sasl_username=login).startswith("550 5.7.1 ")


def test_the_logins_case_does_not_matter(port):
    assert ask(port, sasl_username=cast.UMA.upper()) == "DUNNO"
    assert total() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"protocol_state": "RCPT"},
        {"protocol_state": "DATA", "recipient_count": "3"},
        {"protocol_state": "CONNECT"},
        {"protocol_state": ""},
        {"sasl_username": ""},
    ],
    ids=str,
)
def test_what_is_not_ours_to_say_goes_on_uncounted(port, fields):
    assert ask(port, **fields) == "DUNNO"
    assert total() == 0


@pytest.mark.parametrize("number", ["0", "", "-5", "many", "٣", "1e3"])
def test_a_message_has_a_recipient_at_least(port, number):
    assert ask(port, recipient_count=number) == "DUNNO"
    assert total() == 1


@pytest.mark.parametrize("number", ["1001", "999999999"])
def test_a_large_number_is_too_many(port, number):
    assert ask(port, recipient_count=number).startswith("550 ")


def test_one_connection_takes_many_requests(port):
    limit(20)
    with connected(port) as file:
        for _ in range(25):
            file.write(written())
        file.flush()
        answers = [answer(file) for _ in range(25)]
    assert answers[:20] == ["DUNNO"] * 20
    assert all(line.startswith("550 ") for line in answers[20:])


def test_a_request_may_come_in_pieces(port):
    with connected(port) as file:
        for byte in written():
            file.write(bytes([byte]))
            file.flush()
        assert answer(file) == "DUNNO"


@pytest.mark.parametrize(
    "garbage",
    [
        b"\n\n", b"GET / HTTP/1.1\r\nHost: x\n\n", b"request=other\n\n", b"\xff\xfe\x00\n\n",
        b"x" * (policy.LONGEST + 100), b"x=y\n" * policy.LONGEST,
    ],
    ids=["empty", "http", "another request", "bytes", "no end", "too long"],
)  # fmt: skip
def test_nonsense_ends_the_connection_and_nothing_else(port, garbage):
    with connected(port) as file:
        try:
            file.write(garbage)
            file.flush()
            assert file.read() == b""
        except ConnectionError:
            pass
    assert ask(port) == "DUNNO"


def test_half_a_request_counts_nothing(port):
    with connected(port) as file:
        file.write(written()[:-1])
        file.flush()
    assert ask(port, sasl_username=cast.DORA) == "DUNNO"
    assert total() == 1


def test_many_connections_at_once_are_all_answered_and_the_limit_holds(port):
    limit(30)
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: ask(port), range(60)))
    assert answers.count("DUNNO") == total() == 30


def test_silent_connections_do_not_keep_others_out(port):
    silent = [socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) for _ in range(100)]
    try:
        assert ask(port) == "DUNNO"
    finally:
        for one in silent:
            one.close()


def test_one_connection_too_many_is_closed(port, monkeypatch):
    monkeypatch.setattr(listener, "MOST_CONNECTIONS", 2)
    with connected(port) as one, connected(port) as two:
        for file in (one, two):
            file.write(written())
            file.flush()
            assert answer(file) == "DUNNO"
        with connected(port) as three:
            assert three.read() == b""


def test_without_the_table_the_message_waits(port):
    rename("mail_sent", "mail_sent_gone")
    try:
        assert ask(port) == policy.LATER
    finally:
        rename("mail_sent_gone", "mail_sent")
    assert ask(port) == "DUNNO"


def rename(one, another):
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {one} RENAME TO {another}")


def test_a_fault_of_ours_makes_the_message_wait(port, monkeypatch, caplog):
    monkeypatch.setattr(policy.mail_flow, "count", lambda *_: 1 / 0)
    assert ask(port) == policy.LATER
    assert "ZeroDivisionError" in caplog.text


def test_a_restart_forgets_nothing(shared):
    limit(2)
    answers = []
    for _ in range(3):
        with running() as ports:
            answers.append(ask(ports[0]))
    assert answers[:2] == ["DUNNO"] * 2
    assert answers[2].startswith("550 ")


def test_sending_by_webmail_is_a_sign_in_to_webmail(port):
    ask(port, policy_context="webmail")
    ask(port, sasl_username=cast.DORA, policy_context="submission")
    assert [set(cast.row(who).last_sign_ins) for who in (cast.UMA, cast.DORA)] == [{"webmail"}, {"smtprelay"}]


NAMES = st.text(st.characters(exclude_characters="=\n"), min_size=1)
VALUES = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]))


@given(st.dictionaries(NAMES.filter(lambda name: name.isprintable()), VALUES))
def test_what_is_written_is_read(fields):
    block = "".join(f"{name}={value}\n" for name, value in fields.items()).encode() + b"\n"
    assert policy.parse(block) == fields


@given(st.binary())
def test_no_bytes_are_too_odd_to_parse(block):
    for name, value in policy.parse(block).items():
        assert "\n" not in name + value


@given(st.dictionaries(st.just("recipient_count"), st.text()))
def test_there_are_one_to_a_milliard_recipients(request):
    assert 1 <= policy.recipients_of(request) < 10**9


@given(
    st.builds(
        Verdict,
        known=st.booleans(),
        allowed=st.booleans(),
        limit=st.integers(0, 10_000),
        free_at=st.none() | st.integers(0, 2**33),
    ),
    st.integers(1, 10**9),
    st.floats(0, 2**33),
)
def test_an_answer_is_a_line_of_ascii(verdict, recipients, now):
    said = policy.worded(verdict, recipients, now)
    assert said.isascii()
    assert said.isprintable()
    assert (said == "DUNNO") is verdict.allowed


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "1 min"), (60, "1 min"), (61, "2 min"), (3541, "1 h 0 min"), (3600, "1 h 0 min"), (86_400, "24 h 0 min")],
)
def test_times_are_rounded_up(seconds, said):
    verdict = Verdict(allowed=False, limit=1, free_at=1000 + seconds)
    assert policy.worded(verdict, 1, 1000).endswith(f"can be sent in {said}")
