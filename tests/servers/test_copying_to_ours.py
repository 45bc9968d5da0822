"""Mail copied from somebody else's server into our own, signed in to with a token of one minute."""

import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from postroom.actions import domains, mailboxes, migrations, setup
from postroom.actions.migrations import Wish
from postroom.core import outside as networks
from postroom.core.roles import OPERATOR
from postroom.store.models import Copy, Platform, Token
from postroom.worker import copying, loop
from tests import cast
from tests.servers import foreign
from tests.servers.clients import imap

PASSWORD = "Secret-1"


@pytest.fixture
def uma(live, unique):
    """An account made the usual way."""
    if not Platform.objects.filter(driver="mailstack").exists():
        setup.add_platform(cast.origin(), "mail", "mailstack", {"dir": str(live.dir)})
    cast.company(unique.partition(".")[0], f"admin@{unique.partition('.')[0]}.adm")
    domains.change(OPERATOR, cast.origin(), unique, {"company": unique.partition(".")[0]}, create_only=True)
    address = f"uma@{unique}"
    mailboxes.change(OPERATOR, cast.origin(), address, {"password": PASSWORD}, create_only=True)
    loop.until_idle(rounds=20)
    return address


def test_letters_arrive_with_folders_flags_and_dates(live, uma, settings):
    settings.COPY_ALLOWED_NETWORKS = networks.networks(["127.0.0.0/8"])
    with foreign.running() as old:
        old.user("joe", "Old-secret-1")
        client = old.imap("joe", "Old-secret-1")
        client.create("INBOX.Arbeit.M&APw-ller")
        for number, folder in enumerate(["INBOX", "INBOX.Arbeit.M&APw-ller", "INBOX"]):
            letter = f"Message-ID: <{number}@old.example>\r\nSubject: Letter {number}\r\n\r\nBody\r\n"
            client.append(folder, "(\\Seen)", '"04-Mar-2019 05:06:07 +0200"', letter.encode())
        old.leave()
        wish = Wish(
            local=uma, method="imap4", host="127.0.0.1", port=old.ports["imap4"], login="joe", password="Old-secret-1"
        )
        job = migrations.add(OPERATOR, cast.origin(), None, [wish])
        while copying.turn(loop.milliseconds):
            pass
    copy = Copy.objects.get(job__name=job)
    assert (copy.state, copy.failure) == ("done", "")
    with imap(live, uma, PASSWORD) as here:
        assert here.select("INBOX", readonly=True)[1] == [b"2"]
        assert here.select('"Arbeit/M&APw-ller"', readonly=True)[1] == [b"1"]
        told = here.fetch("1", "(FLAGS INTERNALDATE)")[1][0]
    assert b"\\Seen" in told
    assert b"04-Mar-2019" in told
    assert not Token.objects.filter(mailbox_id=copy.mailbox_id).exists()


@contextmanager
def worker(stack):
    """One of Postroom's own, to be killed in the end."""
    environment = stack.environment | {"POSTROOM_COPY_ALLOWED_NETWORKS": "127.0.0.0/8"}
    process = subprocess.Popen([sys.executable, "-m", "postroom", "worker"], env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def await_migrated(copy, number, seconds=60):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        copied = sum(copy.folders.values_list("migrated", flat=True))
        if copied >= number:
            return
        time.sleep(0.02)
    pytest.fail(f"{copied} of {number} letters after {seconds} seconds")


def test_a_worker_that_is_killed_again_and_again_loses_and_doubles_nothing(live, uma):
    with foreign.running() as old:
        old.user("joe", "Old-secret-1")
        client = old.imap("joe", "Old-secret-1")
        for number in range(500):
            client.append("INBOX", "", None, f"Subject: Letter {number}\r\n\r\nBody\r\n".encode())
        old.leave()
        wish = Wish(
            local=uma, method="imap4", host="127.0.0.1", port=old.ports["imap4"], login="joe", password="Old-secret-1"
        )
        copy = Copy.objects.get(job__name=migrations.add(OPERATOR, cast.origin(), None, [wish]))
        for enough in (5, 60, 130, 260, 500):
            Copy.objects.filter(pk=copy.pk).update(leased_until=None)  # instead of waiting for its end
            with worker(live):
                await_migrated(copy, enough)
    with imap(live, uma, PASSWORD) as here:
        here.select("INBOX", readonly=True)
        heads = here.fetch("1:*", "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1]
    subjects = [part[1].strip().decode() for part in heads if isinstance(part, tuple)]
    assert subjects == [f"Subject: Letter {number}" for number in range(500)]
