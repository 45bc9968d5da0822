"""Turns of copying, from a server that the test makes up."""

import pytest

from postroom.actions import migrations
from postroom.actions.migrations import Wish
from postroom.core.folder_names import path_of
from postroom.drivers.contract import TemporaryFailure
from postroom.drivers.copying import opening
from postroom.drivers.copying.contract import Message, Opened, RefusedHere, RemoteFolder
from postroom.store.models import Copy, CopyLine
from postroom.worker import copying
from tests import cast

ALL = "All mail"
PASSWORD = "Old-secret-1"


class Server:
    """folder → letters; flags by folder; keys at which the connection breaks."""

    def __init__(self, letters, flags=(), breaks_at=(), closed=()):
        self.letters, self.flags, self.breaks_at, self.closed = letters, dict(flags), breaks_at, closed

    def folders(self):
        return [
            RemoteFolder(name=name, delimiter="/", path=path_of(name, "/"), flags=self.flags.get(name, ()))
            for name in self.letters
        ]

    def open(self, folder):
        if folder.name in self.closed:
            raise RefusedHere("Permission denied")
        self.now_open = self.letters[folder.name]
        return Opened("1", len(self.now_open))

    def keys(self, after):
        return [str(n) for n, _ in enumerate(self.now_open, 1) if n > int(after or 0)]

    def fetch(self, keys):
        if set(keys) & set(self.breaks_at):
            raise TemporaryFailure("The connection broke off")
        for key in keys:
            data = f"Subject: {self.now_open[int(key) - 1]}\r\n\r\n".encode()
            yield Message(key=key, size=len(data), data=data)

    def close(self):
        pass


@pytest.fixture
def copied(applied, clock, monkeypatch):
    """What is in Uma's folders after a copy from this server, and the copy."""

    def run(server, **wish):
        monkeypatch.setattr(opening, "source", lambda place: server)
        known = {"local": cast.UMA, "method": "imap4s", "host": "old.example", "port": 993}
        asked = Wish(**known, login="joe", password=PASSWORD, **wish)
        name = migrations.add(cast.actor(cast.ALICE), cast.origin(), None, [asked])
        for _ in range(100):
            clock.forward(3600)
            if not copying.turn(clock):
                break
        stored = applied.stored_mail
        found = {f.name: stored.messages(cast.UMA, f.name) for f in stored.folders(cast.UMA) if f.messages}
        subjects = {folder: [dict(m.headers)["Subject"] for m in there] for folder, there in found.items()}
        return subjects, Copy.objects.get(job__name=name)

    return run


def test_folders_go_where_they_are_used_for_the_same(copied):
    flags = {"Gesendet": ("\\Sent",), "Müll": ("\\Trash",), "Werbung": ("\\Junk",), "Entwürfe": ("\\Drafts",)}
    found, _ = copied(Server({name: [name] for name in flags}, flags))
    assert found == {"Sent": ["Gesendet"], "Trash": ["Müll"], "Spam": ["Werbung"], "Drafts": ["Entwürfe"]}


def test_translate_wins_over_the_use(copied):
    found, _ = copied(Server({"Gesendet": ["a"]}, {"Gesendet": ("\\Sent",)}), translate={"Gesendet": ".Alt"})
    assert found == {"Alt": ["a"]}


def test_of_all_mail_comes_what_is_nowhere_else(copied):
    found, copy = copied(Server({ALL: ["a", "b", "c"], "INBOX": ["a"], "Work": ["c"]}, {ALL: ("\\All",)}))
    assert found == {"INBOX": ["a"], "Work": ["c"], ALL: ["b"]}
    assert copy.folders.get(name=ALL).skipped == 2


def test_views_of_other_folders_are_left_out_and_told(copied):
    found, copy = copied(Server({"INBOX": ["a"], "Stars": ["a"]}, {"Stars": ("\\Flagged",)}))
    assert found == {"INBOX": ["a"]}
    assert CopyLine.objects.filter(copy=copy, text__startswith="Left out Stars").count() == 1


def test_a_letter_that_breaks_the_connection_is_left_out_after_three_tries(copied):
    found, copy = copied(Server({"INBOX": list("abcde")}, breaks_at={"3"}))
    assert (found, copy.state) == ({"INBOX": ["a", "b", "d", "e"]}, "done")
    folder = copy.folders.get()
    # The first letter too was tried once more: it was asked for together with the third.
    assert (folder.failed, folder.retried_once, folder.retried_twice) == (1, 2, 1)


def test_a_folder_that_cannot_be_opened_is_told_and_the_others_come(copied):
    found, copy = copied(Server({"Locked": ["x"], "INBOX": ["a"]}, closed={"Locked"}))
    assert (found, copy.state) == ({"INBOX": ["a"]}, "done")
    assert copy.folders.get(name="Locked").broken == "Permission denied"


def test_a_server_that_never_works_is_given_up(copied, monkeypatch):
    monkeypatch.setattr(copying, "MOST_ATTEMPTS", 4)

    class Down(Server):
        def folders(self):
            raise TemporaryFailure("The server has hung up")

    _, copy = copied(Down({}))
    assert (copy.state, copy.failure, copy.secret) == ("failed", "The server has hung up", "")


def test_a_fault_of_ours_is_tried_again_and_told_without_the_password(copied, monkeypatch, caplog):
    monkeypatch.setattr(copying, "MOST_ATTEMPTS", 2)

    class Odd(Server):
        def folders(self):
            raise ValueError(f"{PASSWORD} is the password")

    _, copy = copied(Odd({}))
    assert copy.failure == "a fault in Postroom (ValueError); its log says more"
    assert PASSWORD not in caplog.text


def test_the_trace_keeps_its_newest_lines(copied, monkeypatch):
    from postroom.store import copying as stored

    monkeypatch.setattr(stored, "LINES_KEPT", 3)
    _, copy = copied(Server({name: [] for name in "abcdefg"}))
    kept = list(CopyLine.objects.filter(copy=copy).order_by("id").values_list("text", flat=True))
    assert (len(kept), kept[-1]) == (3, "Done")
