"""A message comes in, is read, is answered: the stack works as one, on the database in use."""

import imaplib
import shutil
import smtplib
from pathlib import Path

import pytest

from postroom.drivers.mailstack import processes
from tests.servers import rows
from tests.servers.clients import ManageSieve, await_mail, deliver, imap, lmtp, message, pop3, submit


@pytest.fixture
def uma(live, unique):
    rows.domain(unique)
    login = f"uma@{unique}"
    rows.mailbox(login)
    return login


def test_a_message_from_elsewhere_is_read_by_imap(live, uma):
    assert deliver(live, uma, message(subject="Good morning")).code == 250
    assert [mail["Subject"] for mail in await_mail(live, uma, rows.PASSWORD)] == ["Good morning"]


def test_a_message_is_read_by_pop3(live, uma):
    lmtp(live, uma)
    with pop3(live, uma, rows.PASSWORD) as session:
        assert len(session.list()[1]) == 1


def test_a_message_is_sent_elsewhere(live, uma, redis, outside):
    assert submit(live, uma, rows.PASSWORD, "friend@elsewhere.example").code == 250
    [(sender, recipients, _)] = outside.await_mail(sender=uma)
    assert (sender, recipients) == (uma, ["friend@elsewhere.example"])


def test_a_wrong_password_is_refused(live, uma):
    with pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"), imap(live, uma, "wrong"):
        pass


def test_a_wrong_password_sends_nothing(live, uma):
    with pytest.raises(smtplib.SMTPAuthenticationError):
        submit(live, uma, "wrong", "friend@elsewhere.example")


def test_a_script_goes_there_and_is_used(live, uma):
    with ManageSieve(live, uma, rows.PASSWORD) as session:
        session.put("mine", 'require "fileinto"; require "mailbox"; fileinto :create "Sorted";')
        session.activate("mine")
    lmtp(live, uma)
    assert len(await_mail(live, uma, rows.PASSWORD, "Sorted")) == 1


def test_everything_answers(stack):
    said = stack.postroom("mail", "status", "--dir", str(stack.dir))
    assert (said.returncode, said.stdout.count("answering")) == (0, 7), said.stdout


def test_a_taken_port_is_told_with_a_way_out(stack, tmp_path):
    port = stack.ports["smtp"]
    said = stack.postroom("mail", "up", "--dir", str(stack.dir / "second"), "--port", str(port))
    assert (said.returncode, f"{port} (postfix)" in said.stderr) == (1, True), said.stderr


def test_down_leaves_no_process_and_up_brings_everything_back(live, uma):
    sessions = {process.pid for process in processes.recorded(live.dir / "run")}
    lmtp(live, uma)
    assert live.postroom("mail", "down", "--dir", str(live.dir)).returncode == 0
    left = [entry.name for entry in Path("/proc").glob("[0-9]*") if session_of(entry) in sessions]
    live.up()
    assert left == []
    assert await_mail(live, uma, rows.PASSWORD)


def session_of(process):
    """Each process of the stack leads a session, and all that it starts is in it."""
    try:
        state = (process / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if state[0] == "Z" else int(state[3])


def test_files_for_real_servers_are_shown_and_written(stack, tmp_path):
    config = (
        "mail", "config", "--for", str(stack.dir / "real"), "--state", str(stack.dir / "kept"), "--hostname",
        "mx.acme.example", "--certificate", "/etc/ssl/mx.pem", "--key", "/etc/ssl/mx.key",
    )  # fmt: skip
    assert "+myhostname = mx.acme.example" in stack.postroom(*config).stdout
    assert not (stack.dir / "real").exists()
    shutil.copytree(stack.dir / "state/secrets", stack.dir / "kept/secrets")  # the database knows one password
    written = stack.postroom(*config, "--write")
    assert written.returncode == 0, written.stdout + written.stderr
    assert stack.postroom(*config).stdout == ""


def test_the_test_command_sends_and_fetches(live, redis):
    said = live.postroom("mail", "test", "--dir", str(live.dir))
    assert (said.returncode, said.stdout.splitlines()[-1]) == (0, "Mail works."), said.stdout + said.stderr


def test_the_test_command_leaves_nothing(live, redis):
    from postroom.store.models import Domain

    live.postroom("mail", "test", "--dir", str(live.dir))
    assert not Domain.objects.filter(company__name="postroom-mail-test", deleted_at=None).exists()
