"""Postroom's own e-mails: queued with the change, held without a server, sent once, tried again, given up."""

import logging

import pytest
from django.db import transaction

from postroom.store import outgoing
from postroom.store.models import OutgoingMail
from postroom.store.outgoing import Mail
from postroom.worker import outgoing as sending
from tests.smtp_sink import Sink

SECRET = "https://postroom.example/reset/s3cr3t-l1nk"


@pytest.fixture
def sink(settings):
    sink = Sink()
    settings.SMTP_HOST, settings.SMTP_PORT, settings.SMTP_STARTTLS = "127.0.0.1", sink.port, False
    settings.MAIL_FROM = "Postroom <post@provider.example>"
    yield sink
    sink.close()


@pytest.fixture
def queue(db, clock):
    def put(*recipients, **more):
        told = {"purpose": "test", "subject": "Hi", "text": f"Open {SECRET}", **more}
        outgoing.put([Mail(recipient=recipient, **told) for recipient in recipients], clock())
        clock.forward(0.01)

    return put


def states():
    return list(OutgoingMail.objects.order_by("id").values_list("status", flat=True))


def test_a_mail_leaves(sink, queue, clock):
    queue("uma@acme.example", html="<p>Hi</p>")
    assert sending.send_due(clock) == 1
    [(sender, recipient, mail)] = sink.mails
    assert (sender, recipient) == ("post@provider.example", "uma@acme.example")
    assert (mail["From"], mail["To"], mail["Subject"]) == ("Postroom <post@provider.example>", recipient, "Hi")
    assert SECRET in mail.get_body(("plain",)).get_content()
    assert mail.get_body(("html",)).get_content().strip() == "<p>Hi</p>"
    assert {"Date", "Message-ID", "Auto-Submitted"} <= set(mail.keys())
    assert states() == ["sent"]


def test_it_leaves_once(sink, queue, clock):
    queue("uma@acme.example")
    sending.send_due(clock)
    assert (sending.send_due(clock), len(sink.mails)) == (0, 1)


def test_what_it_said_is_forgotten_then(sink, queue, clock):
    queue("uma@acme.example", html="<p>Hi</p>")
    sending.send_due(clock)
    mail = OutgoingMail.objects.get()
    assert (mail.text, mail.html, mail.variables) == ("", "", {})


def test_a_change_that_is_undone_sends_nothing(sink, queue, clock):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        queue("uma@acme.example")
        raise ZeroDivisionError
    assert sending.send_due(clock) == 0


def test_without_a_server_mails_are_held(settings, queue, clock):
    settings.SMTP_HOST = ""
    queue("uma@acme.example", "max@acme.example")
    assert (sending.send_due(clock), states()) == (2, ["held", "held"])
    assert sending.send_due(clock) == 0


def test_held_mails_leave_when_the_operator_says_so(settings, sink, queue, clock):
    settings.SMTP_HOST = ""
    queue("uma@acme.example")
    sending.send_due(clock)
    settings.SMTP_HOST = "127.0.0.1"
    assert (sending.send_due(clock), len(sink.mails)) == (0, 0)
    assert outgoing.release(clock()) == 1
    sending.send_due(clock)
    assert sink.recipients == ["uma@acme.example"]


def test_a_mail_that_is_refused_for_now_is_tried_again(sink, queue, clock):
    sink.answers = {"RCPT": "450 greylisted"}
    queue("uma@acme.example")
    sending.send_due(clock)
    sink.answers = {}
    assert (sending.send_due(clock), states()) == (0, ["due"])
    assert "greylisted" in OutgoingMail.objects.get().failure
    clock.forward(61)
    sending.send_due(clock)
    assert (states(), len(sink.mails)) == (["sent"], 1)


def test_every_try_has_the_same_message_id(sink, queue, clock):
    queue("uma@acme.example")
    mail = OutgoingMail.objects.get()
    assert outgoing.composed(mail)["Message-ID"] == outgoing.composed(mail)["Message-ID"]


def test_a_mail_that_is_refused_for_good_ends(sink, queue, clock):
    sink.answers = {"RCPT": "550 nobody here"}
    queue("uma@acme.example")
    sending.send_due(clock)
    mail = OutgoingMail.objects.get()
    assert (mail.status, mail.failure, mail.text) == ("failed", "550 nobody here", "")


def test_a_mail_is_given_up_after_three_days(sink, queue, clock):
    sink.answers = {"RCPT": "450 greylisted"}
    queue("uma@acme.example")
    for _ in range(90):
        sending.send_due(clock)
        clock.forward(3600)
    mail = OutgoingMail.objects.get()
    assert mail.status == "failed"
    assert mail.attempts < 90


def test_a_server_that_is_down_is_not_asked_for_each_mail(sink, queue, clock):
    sink.answers = {"greeting": "421 busy"}
    queue("uma@acme.example", "max@acme.example", "wes@acme.example")
    sending.send_due(clock)
    assert (sink.connections, sending.send_due(clock), states()) == (1, 0, ["due"] * 3)
    assert set(OutgoingMail.objects.values_list("attempts", flat=True)) == {0}
    sink.answers = {}
    clock.forward(61)
    sending.send_due(clock)
    assert states() == ["sent"] * 3


def test_one_that_cannot_be_made_does_not_keep_the_others(sink, queue, clock):
    queue("uma@acme.example", sender="not\nan address")
    queue("max@acme.example")
    sending.send_due(clock)
    assert (states(), sink.recipients) == (["failed", "sent"], ["max@acme.example"])


def test_a_claimed_mail_is_nobody_elses(sink, queue, clock):
    queue("uma@acme.example")
    assert len(outgoing.claim(clock(), sending.LEASE, 10)) == 1
    assert sending.send_due(clock) == 0


def test_a_killed_workers_mail_comes_back(sink, queue, clock):
    queue("uma@acme.example")
    outgoing.claim(clock(), sending.LEASE, 10)
    clock.forward(sending.LEASE / 1000 + 1)
    assert (sending.send_due(clock), len(sink.mails)) == (1, 1)


def test_slow_mail_gives_other_work_its_turn(stopped_clock, sink, queue, clock, monkeypatch):
    queue("uma@acme.example", "max@acme.example", "wes@acme.example")
    really = sending._send
    monkeypatch.setattr(sending, "_send", lambda *args: (really(*args), clock.forward(1.5)))
    assert sending.send_due(clock) == 2
    assert sending.send_due(clock) == 1


def test_the_worker_sends(sink, queue, work):
    queue("uma@acme.example")
    work()
    assert sink.recipients == ["uma@acme.example"]


@pytest.mark.parametrize(
    "answers", [{}, {"RCPT": "550 no"}, {"RCPT": "450 later"}, {"greeting": "421 busy"}, {".": ""}]
)
def test_what_it_says_is_never_logged(sink, queue, clock, caplog, answers):
    caplog.set_level(logging.DEBUG)
    sink.answers = answers
    queue("uma@acme.example")
    sending.send_due(clock)
    assert "s3cr3t" not in caplog.text
    assert "s3cr3t" not in repr(Mail(recipient="a@b.example", purpose="x", text=SECRET))


def test_ended_and_held_mails_are_forgotten_after_a_month(settings, queue, clock):
    settings.SMTP_HOST = ""
    queue("uma@acme.example")
    sending.send_due(clock)
    sending.forget_old(clock() + 29 * 86_400_000)
    assert OutgoingMail.objects.count() == 1
    sending.forget_old(clock() + 31 * 86_400_000)
    assert OutgoingMail.objects.count() == 0
