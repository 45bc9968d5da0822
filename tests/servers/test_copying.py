"""Mail copied from a real server of somebody else, into the fake platform and into a real mailbox."""

import shutil
import socket
import threading

import pytest

from postroom.actions import migrations
from postroom.actions.migrations import Wish
from postroom.core import outside
from postroom.drivers import make
from postroom.drivers.copying import opening
from postroom.drivers.copying.imap_sink import ImapSink
from postroom.store.models import Copy, CopyFolder, CopyLine, History
from postroom.worker import copy_turn, copying, loop
from tests import cast
from tests.servers import foreign

pytestmark = [
    pytest.mark.servers,
    pytest.mark.skipif(foreign.DOVECOT is None, reason="Dovecot is not installed"),
]

JOE, SECRET = "joe@old.example", "Old-secret-1"
SMALL, UMAS = "small@acme.example", "Uma-secret"
DATE = '"04-Mar-2019 05:06:07 +0200"'


def letter(number: int, *, body: str = "") -> bytes:
    return (
        f"Message-ID: <{number}@old.example>\r\nFrom: a@old.example\r\nSubject: Letter {number}\r\n"
        f"Date: Mon, 4 Mar 2019 05:06:07 +0200\r\n\r\n{body or f'Body {number}'}\r\n"
    ).encode()


@pytest.fixture(scope="module")
def old_server():
    with foreign.running() as server:
        server.user(JOE, SECRET)
        yield server


@pytest.fixture(scope="module")
def our_server():
    with foreign.running(separator="/", prefix="") as server:
        server.user(cast.UMA, UMAS)
        server.user(SMALL, UMAS, quota="3k")
        yield server


@pytest.fixture
def old(old_server):
    """Joe's mailbox there, empty."""
    shutil.rmtree(old_server.folder / JOE, ignore_errors=True)
    yield old_server
    old_server.leave()


@pytest.fixture
def inside(settings):
    """Tests are in a network of ours."""
    settings.COPY_ALLOWED_NETWORKS = outside.networks(["127.0.0.0/8", "::1/128"])
    return settings


@pytest.fixture
def platform(acme, inside):
    """Acme's fake platform, in step."""
    loop.until_idle()
    return make("fake", {"path": ":memory:"})


@pytest.fixture
def real(acme, inside, our_server, monkeypatch, request):
    """Uma's mailbox on a real server; a function that opens it as she does."""
    loop.until_idle()
    login = request.param if hasattr(request, "param") else cast.UMA
    shutil.rmtree(our_server.folder / login, ignore_errors=True)

    def open_it(row):
        return opening.own_mailbox("127.0.0.1", our_server.ports["imap4"], login, UMAS)

    monkeypatch.setattr(copying, "open_sink", open_it)
    yield lambda: our_server.imap(login, UMAS)
    our_server.leave()


def ask(server, method="imap4", **more):
    wish = {"local": cast.UMA, "host": "127.0.0.1", "port": server.ports[method], "login": JOE, "password": SECRET}
    job = migrations.add(cast.actor(cast.ALICE), cast.origin(), None, [Wish(method=method, **{**wish, **more})])
    return Copy.objects.get(job__name=job)


def fill(server, folders):
    """folder → letters; a letter is bytes, or (bytes, flags)."""
    client = server.imap(JOE, SECRET)
    for name, letters in folders.items():
        if name != "INBOX":
            client.create(f'"{name}"')
        for one in letters:
            data, flags = one if isinstance(one, tuple) else (one, "")
            told, answer = client.append(f'"{name}"', flags, DATE, data)
            assert told == "OK", answer
    server.leave()


def work(now=loop.milliseconds):
    for _ in range(50):
        if not copying.turn(now):
            return
    raise AssertionError("it does not end")


def ended(copy):
    copy.refresh_from_db()
    return copy.state, copy.failure


def contents(client, folder):
    """[(subject, flags, date)] of a folder of a real mailbox."""
    assert client.select(f'"{folder}"', readonly=True)[0] == "OK", folder
    _, data = client.fetch("1:*", "(FLAGS INTERNALDATE BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
    return [(part[1].split(b":", 1)[1].strip().decode(), part[0].decode()) for part in data if isinstance(part, tuple)]


def subjects(client, folder):
    return [subject for subject, _ in contents(client, folder)]


def names(client):
    return {line.decode().rpartition(' "/" ')[2].strip('"') for line in client.list()[1]}


@pytest.mark.parametrize("method", ["imap4", "pop3"])
def test_two_hundred_and_fifty_letters_arrive_once_each(platform, old, method):
    fill(old, {"INBOX": [letter(n) for n in range(250)]})
    copy = ask(old, method)
    work()
    assert ended(copy) == ("done", "")
    heads = [dict(m.headers)["Subject"] for m in platform.stored_mail.messages(cast.UMA, "INBOX", limit=1000)]
    assert heads == [f"Letter {n}" for n in range(250)]


def test_nested_and_foreign_folder_names_stay_what_they_are(real, old):
    foreign_names = {"INBOX.Arbeit.M&APw-ller": [letter(1)], "INBOX.&ZeVnLIqe-": [letter(2)]}
    fill(old, {**foreign_names, "INBOX.Sales &- Co": [letter(3)]})
    work_and_check(old)
    client = real()
    assert {"Arbeit/M&APw-ller", "&ZeVnLIqe-", "Sales &- Co"} <= names(client)
    assert subjects(client, "Arbeit/M&APw-ller") == ["Letter 1"]


def work_and_check(old, method="imap4", **more):
    copy = ask(old, method, **more)
    work()
    assert ended(copy) == ("done", ""), [line.text for line in CopyLine.objects.all()]
    return copy


def test_flags_and_dates_are_kept(real, old):
    fill(old, {"INBOX": [(letter(1), "(\\Seen \\Flagged $Forwarded)"), (letter(2), "(\\Answered)")]})
    work_and_check(old)
    first, second = (told for _, told in contents(real(), "INBOX"))
    assert all(flag in first for flag in ("\\Seen", "\\Flagged", "$Forwarded"))
    assert ("\\Seen" in second, "\\Answered" in second) == (False, True)
    assert "04-Mar-2019 03:06:07 +0000" in first or "04-Mar-2019 05:06:07 +0200" in first


def test_the_bytes_are_the_same(real, old):
    data = letter(1, body="Ü\t.\r\n.\r\n..two\r\n" + "x" * 9000 + "\r\n")
    fill(old, {"INBOX": [data]})
    work_and_check(old)
    client = real()
    client.select("INBOX", readonly=True)
    assert client.fetch("1", "(BODY.PEEK[])")[1][0][1] == data


def test_by_pop3_the_bytes_are_the_same_and_the_date_is_the_letters(real, old):
    data = letter(1, body=".\r\n..two\r\n" + "x" * 9000)
    fill(old, {"INBOX": [data]})
    work_and_check(old, "pop3")
    client = real()
    client.select("INBOX", readonly=True)
    assert client.fetch("1", "(BODY.PEEK[])")[1][0][1] == data
    assert "04-Mar-2019" in contents(client, "INBOX")[0][1]


def test_skipped_folders_stay_out_and_translated_ones_go_where_they_should(real, old):
    fill(old, {"INBOX": [letter(1)], "INBOX.Junk": [letter(2)], "INBOX.2009": [letter(3)]})
    work_and_check(old, skip=["INBOX.Junk"], translate={"INBOX.2009": ".Old.Year 2009"})
    client = real()
    assert (names(client) & {"Junk", "2009"}, subjects(client, "Old/Year 2009")) == (set(), ["Letter 3"])


def test_nothing_is_changed_there(real, old):
    fill(old, {"INBOX": [letter(1)]})
    work_and_check(old)
    client = old.imap(JOE, SECRET)
    client.select("INBOX", readonly=True)
    assert b"\\Seen" not in client.fetch("1", "(FLAGS)")[1][0]


@pytest.mark.parametrize("method", ["imap4", "pop3"])
def test_a_worker_killed_between_storing_and_writing_it_down_doubles_nothing(real, old, monkeypatch, method):
    fill(old, {"INBOX": [letter(n) for n in range(30)]})
    copy = ask(old, method)
    stored = 0

    def append_and_die(self, folder, message, append=ImapSink.append):
        nonlocal stored
        append(self, folder, message)
        stored += 1
        if stored in {1, 7, 8, 20}:
            raise KeyboardInterrupt

    monkeypatch.setattr(ImapSink, "append", append_and_die)
    now = loop.milliseconds()
    for _ in range(20):
        now += copy_turn.LEASE + 1000  # a killed worker's lease has to end first
        try:
            copying.turn(lambda: now)  # noqa: B023
        except KeyboardInterrupt:
            continue
    assert ended(copy) == ("done", "")
    assert subjects(real(), "INBOX") == [f"Letter {n}" for n in range(30)]


def test_letters_that_are_equal_to_the_byte_all_arrive(real, old):
    fill(old, {"INBOX": [letter(1)] * 4})
    work_and_check(old)
    assert len(subjects(real(), "INBOX")) == 4


def test_turns_are_short_and_the_next_one_goes_on(platform, old, monkeypatch):
    monkeypatch.setattr(copy_turn, "MESSAGES", 4)
    fill(old, {"INBOX": [letter(n) for n in range(6)], "INBOX.Sent": [letter(n) for n in range(3)]})
    copy = ask(old)
    copying.turn(loop.milliseconds)
    assert (copy.folders.get().migrated, ended(copy)[0]) == (4, "running")
    work()
    assert (ended(copy)[0], sum(copy.folders.values_list("migrated", flat=True))) == ("done", 9)


def test_a_later_job_brings_only_what_is_new(real, old):
    fill(old, {"INBOX": [letter(1), letter(2)]})
    work_and_check(old)
    fill(old, {"INBOX": [letter(3)]})
    second = work_and_check(old)
    assert subjects(real(), "INBOX") == ["Letter 1", "Letter 2", "Letter 3"]
    assert second.folders.values_list("migrated", "skipped").get() == (1, 2)


def test_a_folder_that_was_renumbered_there_doubles_nothing(real, old):
    fill(old, {"INBOX": [letter(1), letter(2)]})
    work_and_check(old)
    CopyFolder.objects.update(validity="1")
    work_and_check(old)
    assert subjects(real(), "INBOX") == ["Letter 1", "Letter 2"]


def test_a_wrong_password_is_final_and_forgotten(platform, old):
    copy = ask(old, password="Not-the-secret-9")
    work()
    copy.refresh_from_db()
    assert (copy.state, copy.secret, copy.due_at) == ("failed", "", None)
    assert copy.failure.startswith("The server refuses the login")


@pytest.mark.parametrize("method", ["imap4", "pop3"])
def test_no_password_is_anywhere_but_sealed(platform, old, method, caplog):
    caplog.set_level("DEBUG")
    wrong = ask(old, method, password="Not-the-secret-9")
    assert "Not-the-secret-9" not in wrong.secret
    fill(old, {"INBOX": [letter(1)]})
    ask(old, method)
    work()
    told = repr([*History.objects.values_list(), *Copy.objects.values_list(), *CopyLine.objects.values_list()])
    assert [s for s in ("Not-the-secret-9", SECRET) if s in told or s in caplog.text] == []


def test_a_server_that_is_down_is_tried_again(platform, old):
    fill(old, {"INBOX": [letter(1)]})
    copy = ask(old)
    old.stop()
    try:
        work()
        assert ended(copy)[0] == "waiting"
        assert "does not answer" in copy.failure
    finally:
        old.start()
    work(lambda: loop.milliseconds() + 120_000)
    assert ended(copy) == ("done", "")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_servers_in_our_own_network_are_refused(platform, old, settings, host):
    settings.COPY_ALLOWED_NETWORKS = ()
    copy = ask(old, host=host)
    work()
    assert ended(copy)[0] == "failed"
    assert "is in a network that mail is not copied from" in copy.failure


@pytest.mark.parametrize("method", ["imap4s", "pop3s"])
def test_with_tls_the_server_proves_its_name(platform, old, method, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(old.folder / "cert.pem"))
    fill(old, {"INBOX": [letter(1)]})
    copy = ask(old, method, host="localhost")
    work()
    assert ended(copy) == ("done", "")


@pytest.mark.parametrize("method", ["imap4s", "pop3s"])
def test_a_certificate_that_proves_nothing_ends_it(platform, old, method):
    copy = ask(old, method, host="localhost")
    work()
    assert ended(copy)[0] == "failed"
    assert "certificate" in copy.failure


def test_a_letter_that_is_too_large_is_left_out_and_the_others_come(platform, old, settings):
    settings.COPY_LARGEST_MESSAGE = 5000
    fill(old, {"INBOX": [letter(1), letter(2, body="x" * 6000), letter(3)]})
    copy = work_and_check(old)
    assert copy.folders.values_list("migrated", "failed").get() == (2, 1)
    assert CopyLine.objects.filter(text__contains="more than is copied").exists()


@pytest.mark.parametrize("real", [SMALL], indirect=True)
def test_a_full_mailbox_here_ends_it_and_a_later_job_goes_on(real, old):
    fill(old, {"INBOX": [letter(n, body="x" * 900) for n in range(4)]})
    copy = ask(old)
    work()
    assert ended(copy) == ("failed", "The mailbox here is full")
    client = real()
    client.select("INBOX")
    assert client.search(None, "ALL")[1] == [b"1 2 3"]
    client.store("1:*", "+FLAGS", "\\Deleted")
    client.expunge()
    work_and_check(old)
    assert subjects(client, "INBOX") == ["Letter 3"]


def test_a_mailbox_that_was_deleted_meanwhile_ends_it(platform, old):
    from postroom.actions import mailbox_removal
    from postroom.core.roles import OPERATOR

    copy = ask(old)
    mailbox_removal.delete(OPERATOR, cast.origin(), cast.UMA)
    work()
    assert ended(copy) == ("failed", f"{cast.UMA} was deleted")


def test_the_worker_leaves_when_it_is_told_to(platform, old):
    fill(old, {"INBOX": [letter(n) for n in range(5)]})
    copy = ask(old)
    stop = threading.Event()
    stop.set()
    copying.turn(loop.milliseconds, stop)
    copy.refresh_from_db()
    assert (copy.state, copy.leased_until) == ("running", None)


class Liar(threading.Thread):
    """A server that answers with whatever lines it was given, one a command."""

    def __init__(self, *answers: bytes) -> None:
        super().__init__(daemon=True)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.ports = {"imap4": self._listener.getsockname()[1]}
        self._answers = answers

    def run(self) -> None:
        connection, _ = self._listener.accept()
        with connection, connection.makefile("rb") as heard:
            connection.sendall(b"* OK ready\r\n")
            for answer in self._answers:
                tag = heard.readline().split(b" ")[0]
                connection.sendall(answer.replace(b"TAG", tag))
            heard.readline()
        self._listener.close()


@pytest.mark.parametrize(
    "answer",
    [b"* CAPABILITY IMAP4rev1 {99999999999}\r\n", b"SSH-2.0-OpenSSH\r\n", b"* BYE go away\r\n", b"\xff\xfe\x00\r\n"],
)
def test_a_server_that_lies_or_babbles_harms_nothing(platform, answer):
    server = Liar(answer)
    server.start()
    copy = ask(server)
    work()
    assert ended(copy)[0] in {"waiting", "failed"}
    assert "fault in Postroom" not in copy.failure
    server.join(timeout=10)
