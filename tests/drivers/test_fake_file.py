"""The file of the simulated platform: shared by processes, and nothing that was reported is ever lost."""

import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys

import pytest

from postroom.core.plan import PutDomain, PutMailbox
from postroom.core.records import DomainRecord, MailboxRecord
from postroom.drivers.contract import TemporaryFailure
from postroom.drivers.fake import FakePlatform


class TestFile:
    def test_a_file_that_cannot_be_opened_is_a_temporary_failure(self, tmp_path):
        (tmp_path / "file").write_text("in the way")
        fake = FakePlatform(tmp_path / "file" / "platform.sqlite3")

        with pytest.raises(TemporaryFailure):
            fake.domains()

    def test_a_file_that_somebody_keeps_locked_is_a_temporary_failure(self, tmp_path, monkeypatch):
        monkeypatch.setattr("postroom.drivers.fake.file.BUSY_SECONDS", 0.05)
        fake = FakePlatform(tmp_path / "platform.sqlite3")
        fake.domains()
        other = sqlite3.connect(tmp_path / "platform.sqlite3", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(TemporaryFailure, match="locked"):
            fake.domains()

        other.close()
        fake.close()

    def test_so_is_one_that_is_no_database(self, tmp_path):
        (tmp_path / "platform.sqlite3").write_text("Dear diary, " * 100)

        with pytest.raises(TemporaryFailure, match="not a database"):
            FakePlatform(tmp_path / "platform.sqlite3").domains()

    def test_only_its_owner_reads_it(self, tmp_path):
        fake = FakePlatform(tmp_path / "new" / "platform.sqlite3")
        fake.domains()

        assert {file.stat().st_mode & 0o777 for file in (tmp_path / "new").iterdir()} == {0o600}
        fake.close()

    def test_what_was_put_survives_closing(self, tmp_path, domain):
        fake = FakePlatform(tmp_path / "platform.sqlite3")
        fake.apply(PutDomain(domain()))
        fake.close()

        assert fake.observe_domain("acme.com") == domain()
        fake.close()


def put_mailboxes(path, first_key, number):
    """Runs in a process of its own."""
    fake = FakePlatform(path)
    fake.apply(PutDomain(DomainRecord(key=1, name="acme.com", active=True, settings={})))
    for key in range(first_key, first_key + number):
        record = MailboxRecord(key=key, address=f"u{key}@acme.com", type="mailbox", active=True, settings={})
        fake.apply(PutMailbox(record))
    fake.close()


@pytest.mark.processes
class TestProcesses:
    def test_processes_that_start_together_share_one_file(self, tmp_path):
        path = tmp_path / "platform.sqlite3"
        spawn = multiprocessing.get_context("spawn")
        processes = [spawn.Process(target=put_mailboxes, args=(path, 100 * n, 25)) for n in range(1, 5)]

        for process in processes:
            process.start()
        for process in processes:
            process.join(60)

        fake = FakePlatform(path)
        assert [process.exitcode for process in processes] == [0, 0, 0, 0]
        assert len(fake.observe_mailboxes("acme.com")) == 100
        fake.close()

    def test_each_sees_what_the_other_wrote(self, tmp_path, domain):
        path = tmp_path / "platform.sqlite3"
        fake = FakePlatform(path)
        fake.apply(PutDomain(domain()))

        process = multiprocessing.get_context("spawn").Process(target=put_mailboxes, args=(path, 11, 1))
        process.start()
        process.join(60)

        assert fake.observe_mailbox("u11@acme.com").key == 11
        fake.close()

    @pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork")
    def test_a_forked_child_opens_the_file_anew(self, tmp_path, domain):
        fake = FakePlatform(tmp_path / "platform.sqlite3")
        fake.apply(PutDomain(domain()))

        child = os.fork()
        if child == 0:
            fake.apply(PutDomain(domain("acme.eu", key=2)))
            os._exit(0)
        _, status = os.waitpid(child, 0)

        assert status == 0
        assert [record.name for record in fake.domains()] == ["acme.com", "acme.eu"]
        fake.close()

    def test_a_killed_process_loses_nothing_that_it_reported(self, tmp_path):
        path = tmp_path / "platform.sqlite3"
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True)
        for line in writer.stdout:
            if int(line) >= 50:
                writer.send_signal(signal.SIGKILL)
                break
        reported = [50, *map(int, writer.stdout.read().split())][-1]
        writer.wait(10)
        writer.stdout.close()

        fake = FakePlatform(path)
        kept = {record.key for record in fake.observe_mailboxes("acme.com", limit=1_000_000)}
        fake.command("reset", {})

        assert writer.returncode == -signal.SIGKILL
        assert set(range(1, reported + 1)) <= kept
        fake.close()


WRITER = """
import sys
from postroom.core.plan import PutDomain, PutMailbox
from postroom.core.records import DomainRecord, MailboxRecord
from postroom.drivers.fake import FakePlatform

fake = FakePlatform(sys.argv[1])
fake.apply(PutDomain(DomainRecord(key=1, name="acme.com", active=True, settings={})))
for key in range(1, 100_000):
    record = MailboxRecord(key=key, address=f"u{key}@acme.com", type="mailbox", active=True, settings={})
    fake.apply(PutMailbox(record))
    print(key, flush=True)
"""
