"""The way out for Postroom's own e-mails, against a server on loopback that says what it is told to."""

from email.message import EmailMessage

import pytest

from postroom.drivers.contract import PermanentFailure, TemporaryFailure
from postroom.drivers.mailer import Mailer, Server, ServerDown
from tests.smtp_sink import Sink


@pytest.fixture
def sink():
    sink = Sink()
    yield sink
    sink.close()


def server(sink, **settings):
    return Server(host="127.0.0.1", port=sink.port, **{"starttls": False, **settings})


def mail(text="Hello\n"):
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "a@example.com", "b@example.com", "Hi"
    made.set_content(text)
    return made


def send(sink, **settings):
    with Mailer(server(sink, **settings)) as mailer:
        mailer.send(mail(), "bounces@example.com", "uma@acme.example")


def test_a_mail_arrives(sink):
    send(sink)
    [(sender, recipient, arrived)] = sink.mails
    assert (sender, recipient) == ("bounces@example.com", "uma@acme.example")
    assert (arrived["Subject"], arrived.get_content().strip()) == ("Hi", "Hello")


def test_several_mails_share_a_connection(sink):
    with Mailer(server(sink)) as mailer:
        for _ in range(3):
            mailer.send(mail(), "a@example.com", "b@example.com")
    assert (len(sink.mails), sink.connections) == (3, 1)


def test_it_signs_in(sink):
    sink.extensions = ["AUTH PLAIN"]
    send(sink, user="postroom", password="secret")
    assert sink.signed_in == ["\0postroom\0secret"]


@pytest.mark.parametrize(
    ("answers", "failure"),
    [
        ({"RCPT": "550 5.1.1 no such user"}, PermanentFailure),
        ({"RCPT": "450 4.2.0 greylisted"}, TemporaryFailure),
        ({".": "554 5.7.1 spam"}, PermanentFailure),
        ({".": "451 later"}, TemporaryFailure),
        ({"MAIL": "552 too large"}, PermanentFailure),
        ({"MAIL": "550 not this sender"}, TemporaryFailure),
        ({".": ""}, TemporaryFailure),
        ({"RCPT": ""}, TemporaryFailure),
        ({"greeting": "554 go away"}, ServerDown),
        ({"EHLO": "", "HELO": ""}, ServerDown),
    ],
)
def test_what_the_server_says_is_temporary_or_permanent(sink, answers, failure):
    sink.answers = answers
    with pytest.raises(failure) as raised:
        send(sink)
    assert type(raised.value) is failure


def test_the_next_mail_leaves_after_one_that_made_the_server_hang_up(sink):
    with Mailer(server(sink)) as mailer:
        sink.answers = {".": ""}
        with pytest.raises(TemporaryFailure):
            mailer.send(mail(), "a@example.com", "b@example.com")
        sink.answers = {}
        mailer.send(mail(), "a@example.com", "b@example.com")
    assert len(sink.mails) == 1


def test_nothing_is_said_to_a_server_without_the_encryption_that_is_wanted(sink):
    sink.extensions = ["AUTH PLAIN"]
    with pytest.raises(ServerDown):
        send(sink, starttls=True, user="postroom", password="secret")
    assert (sink.mails, sink.signed_in) == ([], [])


def test_a_refused_sign_in_is_told_without_what_was_said(sink):
    sink.extensions, sink.answers = ["AUTH PLAIN"], {"AUTH": "535 wrong password hunter2"}
    with pytest.raises(ServerDown) as raised:
        send(sink, user="postroom", password="hunter2")
    assert "hunter2" not in raised.value.reason


def test_nobody_listens():
    free = Sink()
    free.close()
    with pytest.raises(ServerDown) as raised:
        send(free)
    assert "127.0.0.1" in raised.value.reason


def test_the_password_is_not_shown():
    assert "secret" not in repr(Server(host="mail.example", password="secret"))
