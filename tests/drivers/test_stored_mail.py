"""The simulated platform's stored mail: the contract, and the commands that play senders and readers."""

import pytest

from postroom.core import errors
from postroom.core.plan import PutDomain, PutMailbox, RemoveMailbox
from postroom.drivers.contract import TemporaryFailure
from tests.drivers.stored_mail_contract import UMA, StoredMailContract, subjects


class HeldByFake:
    def __init__(self, fake):
        self.fake, self.mail = fake, fake.stored_mail

    def put(self, folder, subject="Hi", *, seen=False):
        self.fake.command("deliver", {"address": UMA, "folder": folder, "subject": subject, "seen": seen})

    def delete(self, folder, *, with_folder=False):
        self.fake.command("expunge", {"address": UMA, "folder": folder, "with_folder": with_folder})

    def sign_in(self):
        self.fake.command("sign_in", {"address": UMA})

    def is_signed_in(self):
        return self.fake.command("state", {})["sessions"] != []

    def is_signed_out(self):
        return not self.is_signed_in()


@pytest.fixture
def uma(fake, domain, mailbox):
    fake.apply(PutDomain(domain()))
    fake.apply(PutMailbox(mailbox(aliases=("info@acme.com",))))
    return fake


class TestFake(StoredMailContract):
    @pytest.fixture
    def held(self, uma):
        return HeldByFake(uma)


def test_a_message_is_delivered_to_everybody_an_address_reaches(uma, mailbox):
    uma.apply(PutMailbox(mailbox("max@acme.com", key=12, aliases=("info@acme.com",))))
    told = uma.command("deliver", {"address": "Info@acme.com", "subject": "Hi", "from": "bob@x.org", "size": 7})
    assert told["reached"] == ["max@acme.com", UMA]
    for address in told["reached"]:
        [message] = uma.stored_mail.messages(address, "INBOX")
        assert (dict(message.headers)["From"], message.size) == ("bob@x.org", 7)


def test_many_at_once_with_headers_of_any_kind(uma):
    uma.command("deliver", {"address": UMA, "times": 3, "headers": {"List-Id": "<news>"}})
    assert [dict(m.headers)["List-Id"] for m in uma.stored_mail.messages(UMA, "INBOX")] == ["<news>"] * 3


@pytest.mark.parametrize("command", ["deliver", "expunge", "sign_in"])
def test_an_address_that_reaches_nobody_is_refused(uma, command):
    with pytest.raises(errors.BadRequest) as refused:
        uma.command(command, {"address": "nobody@acme.com"})
    assert list(refused.value.hints) == ["address"]


@pytest.mark.parametrize("folder", ["", "a//b", "*", "/a"])
def test_folders_that_no_client_could_make(uma, folder):
    with pytest.raises(errors.BadRequest):
        uma.command("deliver", {"address": UMA, "folder": folder})


def test_scripts_are_refused_as_told(uma):
    uma.command("refuse_script", {"part": "fileinto", "error": "unknown command"})
    [error] = uma.stored_mail.check_script(UMA, 'keep;\nfileinto "x";')
    assert (error.line, error.text) == (2, "unknown command")
    uma.command("refuse_script", {"part": "fileinto"})
    assert uma.stored_mail.check_script(UMA, 'keep;\nfileinto "x";') == []


@pytest.mark.parametrize("text", ["# it's {\nkeep;", '/* " { */ keep;', 'redirect "a\\"{b";', ""])
def test_comments_and_strings_leave_nothing_open(uma, text):
    assert uma.stored_mail.check_script(UMA, text) == []


def test_mail_waits_for_a_mailbox_that_comes_back_under_another_name(uma, mailbox):
    uma.command("deliver", {"address": UMA, "subject": "kept"})
    uma.apply(RemoveMailbox(UMA, 11))
    uma.apply(PutMailbox(mailbox("una@acme.com")))
    assert subjects(uma.stored_mail.messages("una@acme.com", "INBOX")) == ["kept"]


def test_calls_fail_as_told_and_are_noted(uma):
    uma.command("fail_next", {"operation": "folders"})
    with pytest.raises(TemporaryFailure):
        uma.stored_mail.folders(UMA)
    assert uma.command("calls", {"operation": "folders"})["calls"][0]["name"] == UMA
