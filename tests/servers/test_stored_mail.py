"""Stored mail on a real Dovecot: the contract of all platforms, and what is Dovecot's own."""

import contextlib
import imaplib
import socket
import tempfile
import threading
import time
from email.header import Header
from pathlib import Path

import pytest

from postroom.drivers.contract import NoMailbox, PermanentFailure, TemporaryFailure
from postroom.drivers.mailstack.doveadm import Doveadm
from postroom.drivers.mailstack.headers import read_headers
from postroom.drivers.mailstack.stored_mail import DovecotMail
from tests.drivers.stored_mail_contract import UMA, StoredMailContract, ids, subjects
from tests.servers.dovecot_alone import KEY, DovecotAlone, is_installed

pytestmark = [
    pytest.mark.servers,
    pytest.mark.skipif(not is_installed(), reason="needs Dovecot, and root to start it"),
]
MAX = "max@acme.com"


@pytest.fixture(scope="module")
def dovecot():
    # Not pytest's own folder, into which nobody but its owner may go.
    with tempfile.TemporaryDirectory(prefix="postroom-dovecot-", ignore_cleanup_errors=True) as folder:
        alone = DovecotAlone(Path(folder))
        try:
            alone.start()
            yield alone
        finally:
            alone.stop()


class HeldByDovecot:
    def __init__(self, dovecot):
        self.dovecot = dovecot
        self.doveadm = Doveadm(dovecot.doveadm, KEY)
        self.mail = DovecotMail(self.doveadm)
        self.session = None

    def imap(self, user=UMA):
        client = imaplib.IMAP4("127.0.0.1", self.dovecot.imap)
        client.login(user, "secret")
        return client

    def append(self, folder, message, flags=""):
        with self.imap() as client:
            client.create(f'"{folder}"')
            assert client.append(f'"{folder}"', f"({flags})", None, message)[0] == "OK"

    def put(self, folder, subject="Hi", *, seen=False):
        words = Header(subject, "utf-8").encode() if not subject.isascii() else subject
        message = f"From: bob@x.org\r\nSubject: {words}\r\n\r\nbody\r\n".encode()
        self.append(folder, message, "\\Seen" if seen else "")

    def delete(self, folder, *, with_folder=False):
        with self.imap() as client:
            if with_folder:
                assert client.delete(f'"{folder}"')[0] == "OK"
                return
            client.select(f'"{folder}"')
            client.store("1:*", "+FLAGS", "\\Deleted")
            assert client.expunge()[0] == "OK"

    def sign_in(self):
        self.session = self.imap()

    def is_signed_in(self):
        return self._stays_for(0.5)

    def is_signed_out(self):
        """Dovecot ends a session a moment after it was told to."""
        return not self._stays_for(20)

    def _stays_for(self, seconds):
        until = time.monotonic() + seconds
        try:
            while time.monotonic() < until:
                self.session.noop()
                time.sleep(0.05)
        except (imaplib.IMAP4.abort, OSError):
            return False
        return True


@pytest.fixture
def held(dovecot):
    dovecot.empty(UMA)
    held = HeldByDovecot(dovecot)
    yield held
    if held.session is not None:
        with contextlib.suppress(imaplib.IMAP4.abort, OSError):
            held.session.shutdown()
    held.doveadm.kick("*")


class TestDovecot(StoredMailContract):
    pass


def test_a_message_copied_and_then_deleted_is_not_deleted(held):
    """Clients without MOVE do so; the copy is still there, so nothing is to be restored."""
    held.put("INBOX")
    held.put("Work")
    with held.imap() as client:
        client.select("INBOX")
        client.copy("1", "Work")
        client.store("1", "+FLAGS", "\\Deleted")
        client.expunge()
    assert held.mail.deleted(UMA) == []


def test_a_restored_message_is_not_marked_as_deleted(held):
    held.put("INBOX")
    held.delete("INBOX")
    held.mail.restore(UMA, ids(held.mail.deleted(UMA)))
    with held.imap() as client:
        client.select("INBOX")
        assert client.search(None, "DELETED") == ("OK", [b""])


def test_deleted_mail_shows_in_no_client_and_in_no_quota(held):
    held.put("INBOX")
    held.delete("INBOX")
    with held.imap() as client:
        assert [line for line in client.list()[1] if b"EXPUNGED" in line] == []
        assert b"STORAGE 0 1024" in client.getquotaroot("INBOX")[1][1][0]


def test_the_hidden_folders_are_no_folders(held):
    held.put("INBOX")
    held.delete("INBOX")
    assert [f.name for f in held.mail.folders(UMA)] == ["INBOX"]
    with pytest.raises(PermanentFailure):
        held.mail.messages(UMA, ".EXPUNGED/INBOX")


def test_names_of_folders_in_any_script(held):
    held.put("&ANY-bungen/Q&-A")
    assert "Übungen/Q&A" not in [f.name for f in held.mail.folders(UMA)]  # Ö, written in modified UTF-7
    assert subjects(held.mail.messages(UMA, "Öbungen/Q&A")) == ["Hi"]


def test_headers_that_no_standard_allows(held):
    held.append(
        "INBOX", b"From: \xff\xfe x\r\nSubject: raw \xc3\xa9\r\nX-Long: a\r\n  b\r\nReceived: 1\r\nReceived: 2\r\n\r\n"
    )
    [message] = held.mail.messages(UMA, "INBOX")
    assert subjects([message]) == ["raw é"]
    assert [value for name, value in message.headers if name in {"X-Long", "Received"}] == ["a b", "1", "2"]


def test_a_message_without_a_header(held):
    held.append("INBOX", b"\r\nbody")
    assert [m.headers for m in held.mail.messages(UMA, "INBOX")] == [()]


def test_uids_are_another_users_business(held):
    with held.imap(MAX) as client:
        client.append("INBOX", "()", None, b"Subject: secret\r\n\r\n")
    of_max = ids(held.mail.messages(MAX, "INBOX"))
    assert held.mail.move(UMA, of_max, "INBOX") == frozenset()


def test_only_her_own_sessions_are_ended(held):
    held.sign_in()
    with held.imap(MAX) as other:
        held.mail.kick(UMA)
        assert held.is_signed_out()
        assert other.noop()[0] == "OK"


def test_who_is_signed_in(held):
    held.sign_in()
    assert [(row["username"], row["service"]) for row in held.doveadm.who()] == [(UMA, "imap")]


def test_wildcards_are_no_addresses(held):
    for address in ("*", "*@acme.com", "um?@acme.com"):
        with pytest.raises(NoMailbox):
            held.mail.folders(address)


def test_a_hundred_mailboxes_are_counted_in_one_request(held):
    held.put("INBOX")
    assert held.mail.usage([UMA, *(f"u{n}@acme.com" for n in range(98)), MAX])[UMA].messages == 1


def test_every_error_of_a_script_has_its_line(held):
    found = held.mail.put_script(UMA, "a", 'require "nothing";\nkeep;\nfoo;\n')
    assert [error.line for error in found] == [1, 3]
    assert "nothing" in found[0].text


def test_without_the_compiler_the_answer_is_still_no(held, monkeypatch):
    monkeypatch.setattr("postroom.drivers.mailstack.sieve_check.errors", lambda text: None)
    [error] = held.mail.put_script(UMA, "a", "foo;")
    assert (error.line, bool(error.text)) == (None, True)


def test_a_wrong_key_is_permanent(dovecot):
    with pytest.raises(PermanentFailure, match="key"):
        DovecotMail(Doveadm(dovecot.doveadm, "wrong")).folders(UMA)


def test_nobody_listens():
    with pytest.raises(TemporaryFailure):
        Doveadm(1, KEY).who()


@pytest.mark.parametrize(
    "said",
    [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", b"x"],
)
def test_what_is_no_answer_is_a_temporary_failure(said):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer():
            client, _ = server.accept()
            client.recv(65_536)
            client.sendall(said)
            client.close()

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(TemporaryFailure):
            Doveadm(server.getsockname()[1], KEY).who()
        thread.join()


def test_a_silent_server_is_left_in_time():
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(TemporaryFailure):
        Doveadm(server.getsockname()[1], KEY).one("who", seconds=0.2)


def test_an_answer_that_comes_drop_by_drop_is_not_waited_for():
    heard_out = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer():
            client, _ = server.accept()
            with client, contextlib.suppress(OSError):
                client.recv(65_536)
                client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 61\r\n\r\n")
                for _ in range(60):
                    time.sleep(0.05)
                    client.sendall(b" ")
                heard_out.set()
                client.sendall(b"\n")

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(TemporaryFailure, match="too long"):
            Doveadm(server.getsockname()[1], KEY).one("who", seconds=0.2)
        assert not heard_out.is_set()
        thread.join()


@pytest.mark.parametrize(
    ("text", "value"),
    [("=?utf-8?q?H=C3=A4i?=", "Häi"), ("=?nonsense?q?x?=", "=?nonsense?q?x?="),
     ("=?utf-8?b?abcde?=", "=?utf-8?b?abcde?="),
     ("a\x00b", "ab"), ("=?iso-8859-1?q?=E4?= and =?utf-8?b?w7Y=?=", "ä and ö")],
)  # fmt: skip
def test_values_are_decoded_where_they_can_be(text, value):
    assert dict(read_headers(f"Subject: {text}\n"))["Subject"] == value
