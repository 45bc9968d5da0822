"""What every platform's stored mail must do. A test class of a platform inherits these and has a fixture `held`."""

from typing import Protocol

import pytest

from postroom.drivers.contract import NoFolder, NoMailbox, NoScript, PermanentFailure, StoredMail

UMA = "uma@acme.com"
NOBODY = "nobody@acme.com"
NO_MAILBOX = [
    lambda mail: mail.folders(NOBODY),
    lambda mail: mail.deleted_folders(NOBODY),
    lambda mail: mail.messages(NOBODY, "INBOX"),
    lambda mail: mail.move(NOBODY, ["x"], "INBOX"),
    lambda mail: mail.deleted(NOBODY),
    lambda mail: mail.reindex(NOBODY),
    lambda mail: mail.deposit(NOBODY, b"Subject: x\r\n\r\n"),
    lambda mail: mail.scripts(NOBODY),
    lambda mail: mail.put_script(NOBODY, "x", "keep;"),
    lambda mail: mail.folders("*@acme.com"),
]


class Held(Protocol):
    """Uma's mailbox on an otherwise empty platform, and her mail client."""

    mail: StoredMail

    def put(self, folder: str, subject: str = "Hi", *, seen: bool = False) -> None:
        """The folder is made where it is not there."""

    def delete(self, folder: str, *, with_folder: bool = False) -> None: ...

    def sign_in(self) -> None: ...

    def is_signed_in(self) -> bool: ...

    def is_signed_out(self) -> bool:
        """Perhaps after a moment."""


def subjects(messages):
    return [dict(m.headers).get("Subject") for m in messages]


def ids(messages):
    return [m.id for m in messages]


class StoredMailContract:
    @pytest.mark.parametrize("call", NO_MAILBOX)
    def test_who_is_not_there_has_no_mail(self, held, call):
        with pytest.raises(NoMailbox):
            call(held.mail)

    def test_a_new_mailbox_has_an_empty_inbox(self, held):
        inbox = next(f for f in held.mail.folders(UMA) if f.name == "INBOX")
        assert (inbox.messages, inbox.unseen) == (0, 0)
        assert held.mail.messages(UMA, "INBOX") == []
        assert held.mail.deleted(UMA) == held.mail.deleted_folders(UMA) == []

    def test_folders_are_counted_and_sorted(self, held):
        held.put("Work/2026.old", seen=True)
        held.put("Work/2026.old")
        found = held.mail.folders(UMA)
        assert [f.name for f in found] == sorted(f.name for f in found)
        assert [(f.messages, f.unseen) for f in found if f.name == "Work/2026.old"] == [(2, 1)]

    def test_messages_with_header_and_state(self, held):
        held.put("INBOX", "Grüße", seen=True)
        [message] = held.mail.messages(UMA, "INBOX")
        assert (message.folder, message.seen, message.size > 0) == ("INBOX", True, True)
        assert subjects([message]) == ["Grüße"]
        assert "From" in dict(message.headers)

    def test_the_oldest_come_first_or_the_newest(self, held):
        for number in range(5):
            held.put("INBOX", str(number))
        assert subjects(held.mail.messages(UMA, "INBOX")) == ["0", "1", "2", "3", "4"]
        assert subjects(held.mail.messages(UMA, "INBOX", limit=2)) == ["0", "1"]
        assert subjects(held.mail.messages(UMA, "INBOX", newest=True, limit=2)) == ["4", "3"]

    @pytest.mark.parametrize("unseen", [False, True])
    def test_a_limit_of_nothing_and_one_beyond_the_end(self, held, unseen):
        held.put("INBOX")
        assert held.mail.messages(UMA, "INBOX", unseen=unseen, limit=0) == []
        assert len(held.mail.messages(UMA, "INBOX", unseen=unseen, newest=True, limit=50)) == 1

    def test_only_those_not_seen(self, held):
        for subject, seen in (("a", True), ("b", False), ("c", True), ("d", False)):
            held.put("INBOX", subject, seen=seen)
        assert subjects(held.mail.messages(UMA, "INBOX", unseen=True)) == ["b", "d"]
        assert subjects(held.mail.messages(UMA, "INBOX", unseen=True, newest=True, limit=1)) == ["d"]

    def test_looking_marks_nothing_as_seen(self, held):
        held.put("INBOX")
        held.mail.messages(UMA, "INBOX")
        assert [m.seen for m in held.mail.messages(UMA, "INBOX")] == [False]

    @pytest.mark.parametrize("folder", ["Nowhere", "", "*", "IN%", "../INBOX", "a//b"])
    def test_a_folder_that_is_not_there(self, held, folder):
        for call in (held.mail.messages, lambda address, name: held.mail.move(address, [], name)):
            with pytest.raises(NoFolder):
                call(UMA, folder)
        assert folder == "" or held.mail.deleted(UMA, folder) == []

    def test_moving(self, held):
        held.put("INBOX", "stays")
        held.put("INBOX", "goes", seen=True)
        held.put("Work", "there")
        stays, goes = ids(held.mail.messages(UMA, "INBOX"))

        assert held.mail.move(UMA, [goes, "bad", goes, "f" * 32 + "-7"], "Work") == {goes}

        assert ids(held.mail.messages(UMA, "INBOX")) == [stays]
        assert subjects(held.mail.messages(UMA, "Work")) == ["there", "goes"]
        assert held.mail.messages(UMA, "Work")[1].seen
        assert held.mail.deleted(UMA) == []

    def test_moving_the_same_again_moves_nothing(self, held):
        held.put("INBOX")
        held.put("Work")
        moved = ids(held.mail.messages(UMA, "INBOX"))
        held.mail.move(UMA, moved, "Work")
        assert held.mail.move(UMA, moved, "Work") == frozenset()

    def test_what_was_deleted_is_kept_and_comes_back(self, held):
        held.put("Work/now", "one", seen=True)
        held.put("Work/now", "two")
        held.delete("Work/now")
        one, two = held.mail.deleted(UMA)
        assert (one.folder, subjects([one, two])) == ("Work/now", ["one", "two"])
        assert held.mail.messages(UMA, "Work/now") == []
        assert held.mail.deleted_folders(UMA) == ["Work/now"]

        assert held.mail.restore(UMA, [one.id, "bad", "0" * 32 + "-1"]) == {one.id}

        assert [(m.seen, *subjects([m])) for m in held.mail.messages(UMA, "Work/now")] == [(True, "one")]
        assert subjects(held.mail.deleted(UMA, "Work/now")) == ["two"]
        assert held.mail.deleted(UMA, "INBOX") == []

    def test_deleted_messages_up_to_a_limit(self, held):
        for folder in ("A", "B"):
            held.put(folder)
            held.put(folder)
            held.delete(folder)
        assert len(held.mail.deleted(UMA, limit=3)) == 3

    def test_the_ids_of_kept_messages_mean_nothing_to_move_and_the_other_way_round(self, held):
        held.put("INBOX")
        there = ids(held.mail.messages(UMA, "INBOX"))
        assert held.mail.restore(UMA, there) == frozenset()
        held.delete("INBOX")
        assert held.mail.move(UMA, ids(held.mail.deleted(UMA)), "INBOX") == frozenset()

    def test_a_deleted_folder_comes_back_with_its_message(self, held):
        held.put("Projects/old", "kept")
        held.delete("Projects/old", with_folder=True)
        assert "Projects/old" not in [f.name for f in held.mail.folders(UMA)]
        held.mail.restore(UMA, ids(held.mail.deleted(UMA)))
        assert subjects(held.mail.messages(UMA, "Projects/old")) == ["kept"]

    def test_usage_counts_what_is_there_not_what_was_deleted(self, held):
        held.put("INBOX")
        held.put("Work")
        held.put("Gone")
        held.delete("Gone")
        usage = held.mail.usage([UMA, NOBODY])
        assert list(usage) == [UMA]
        total = sum(m.size for folder in ("INBOX", "Work") for m in held.mail.messages(UMA, folder))
        assert (usage[UMA].messages, usage[UMA].bytes) == (2, total)
        assert held.mail.usage([]) == {}

    def test_a_deposited_message_is_new_mail(self, held):
        held.mail.deposit(UMA, "Subject: Notice\r\nFrom: post@acme.com\r\n\r\nHüllo\r\n".encode())
        assert [(m.seen, *subjects([m])) for m in held.mail.messages(UMA, "INBOX")] == [(False, "Notice")]

    def test_indexing_changes_nothing(self, held):
        held.put("INBOX", seen=True)
        before = held.mail.messages(UMA, "INBOX")
        held.mail.reindex(UMA)
        held.mail.reindex(UMA, "INBOX")
        assert held.mail.messages(UMA, "INBOX") == before
        with pytest.raises(NoFolder):
            held.mail.reindex(UMA, "Nowhere")

    @pytest.mark.parametrize("kick", [lambda mail: mail.kick(UMA), lambda mail: mail.kick_domain("acme.com")])
    def test_live_sessions_are_ended(self, held, kick):
        held.sign_in()
        assert held.is_signed_in()
        kick(held.mail)
        assert held.is_signed_out()

    @pytest.mark.parametrize(
        "kick", [lambda mail: mail.kick(UMA), lambda mail: mail.kick_domain("a.example"), lambda m: m.kick("u@a.org")]
    )
    def test_where_nobody_is_signed_in_nothing_is_ended(self, held, kick):
        try:
            kick(held.mail)
        except NoMailbox as failure:
            assert failure.reason

    def test_a_kick_elsewhere_leaves_her_alone(self, held):
        held.sign_in()
        held.mail.kick_domain("cme.com")
        assert held.is_signed_in()

    def test_scripts_are_kept_under_their_names(self, held):
        assert held.mail.scripts(UMA) == []
        assert held.mail.put_script(UMA, "zwei Ü", "discard;\r\n") == []
        assert held.mail.put_script(UMA, "eins", "keep; # é\n") == []
        assert held.mail.put_script(UMA, "eins", "stop;\n") == []
        told = [(s.name, s.text, s.active) for s in held.mail.scripts(UMA)]
        assert told == [("eins", "stop;\n", False), ("zwei Ü", "discard;\r\n", False)]

    def test_one_script_is_active(self, held):
        for name in ("a", "b"):
            held.mail.put_script(UMA, name, "keep;")
            held.mail.activate_script(UMA, name)
        held.mail.put_script(UMA, "b", "stop;")
        assert [(s.name, s.active) for s in held.mail.scripts(UMA)] == [("a", False), ("b", True)]
        held.mail.activate_script(UMA, "")
        assert [s.active for s in held.mail.scripts(UMA)] == [False, False]

    def test_an_active_script_can_be_deleted(self, held):
        held.mail.put_script(UMA, "a", "keep;")
        held.mail.activate_script(UMA, "a")
        held.mail.delete_script(UMA, "a")
        assert held.mail.scripts(UMA) == []

    def test_no_script_of_that_name(self, held):
        for change in (held.mail.activate_script, held.mail.delete_script):
            with pytest.raises(NoScript):
                change(UMA, "nothing")

    @pytest.mark.parametrize("name", ["", "a/b", ".hidden", "x" * 129, "a\nb", "../x"])
    def test_names_that_no_script_can_have(self, held, name):
        with pytest.raises(PermanentFailure):
            held.mail.put_script(UMA, name, "keep;")

    def test_what_is_wrong_with_a_script_is_told_and_nothing_is_stored(self, held):
        held.mail.put_script(UMA, "a", "keep;")
        [error] = held.mail.put_script(UMA, "a", "keep;\n\nif true {\n")
        assert (error.line, bool(error.text)) == (4, True)
        assert held.mail.scripts(UMA)[0].text == "keep;"

    def test_checking_stores_nothing(self, held):
        assert held.mail.check_script(UMA, 'require "fileinto"; fileinto "x";') == []
        assert held.mail.check_script(UMA, 'redirect "') != []
        assert held.mail.check_script(NOBODY, "keep;") == []
        assert held.mail.check_script(NOBODY, "if {") != []
        assert held.mail.scripts(UMA) == []
