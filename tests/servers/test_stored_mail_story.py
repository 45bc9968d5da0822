"""Stored mail on the whole stack, asked for by Postroom's actions: what its generated configuration makes of it."""

import imaplib

import pytest

from postroom.actions import mailboxes, stored_mail
from postroom.actions.stored_mail import FilterChange, Wish
from postroom.core.errors import BadAttribute
from postroom.core.roles import OPERATOR
from postroom.store.models import Job, Mailbox
from postroom.worker import usage
from tests import cast
from tests.proofs import proves
from tests.servers.clients import ManageSieve, await_mail, imap, lmtp, message, pop3
from tests.servers.hosting import PASSWORD, soon

INTO_WORK = 'require ["fileinto", "mailbox"];\nfileinto :create "Work/2026";\n'


@pytest.fixture
def uma(host):
    """In step with her platform: the worker ends no session of hers any more."""
    address = host.mailbox("uma")
    soon(lambda: Mailbox.objects.filter(address=address, due_at=None).exclude(applied_name="").exists())
    return address


def filters(address):
    return [(f.name, f.text, f.active) for f in stored_mail.filters(OPERATOR, address)]


def subjects(lines):
    return [dict(line.headers)["Subject"] for line in lines]


@proves("sieve")
def test_the_attribute_is_the_filter_that_runs(host, uma):
    host.change("uma", sieve=INTO_WORK)
    soon(lambda: filters(uma) == [("managesieve", INTO_WORK, True)])
    lmtp(host.stack, uma, message(subject="Filed"))
    assert len(await_mail(host.stack, uma, PASSWORD, "Work/2026")) == 1


@proves("sieve")
def test_a_new_mailbox_gets_its_filter(host):
    address = host.mailbox("new", sieve=INTO_WORK)
    soon(lambda: filters(address) == [("managesieve", INTO_WORK, True)])


def test_a_filter_is_stored_and_switched_at_once_and_managesieve_sees_it(host, uma):
    change = FilterChange(name="mine", text=INTO_WORK, activate="mine")
    stored_mail.change_filter(OPERATOR, cast.origin(), uma, change)
    with ManageSieve(host.stack, uma, PASSWORD) as client:
        assert [line.strip() for line in client.ask("LISTSCRIPTS")] == ['"mine" ACTIVE']


def test_what_managesieve_has_put_there_is_shown(host, uma):
    with ManageSieve(host.stack, uma, PASSWORD) as client:
        client.put("theirs", "keep;\r\n")
        client.activate("theirs")
    assert filters(uma) == [("theirs", "keep;\r\n", True)]


@pytest.mark.parametrize("extension", ["editheader", "vacation-seconds"])
def test_what_the_stack_allows_is_no_error(host, uma, extension):
    change = FilterChange(name="a", text=f'require "{extension}";\nkeep;\n')
    stored_mail.change_filter(OPERATOR, cast.origin(), uma, change)


def test_errors_have_their_lines_and_nothing_is_changed(host, uma):
    with pytest.raises(BadAttribute) as refused:
        host.change("uma", sieve='require "editheader";\n\nnonsense;\n', name="Uma")
    assert refused.value.hints["sieve"].startswith("line 3: ")
    assert "name" not in Mailbox.objects.get(address=uma, deleted_at=None).settings
    assert filters(uma) == []


def test_deleted_mail_is_kept_and_restored(host, uma):
    lmtp(host.stack, uma, message(subject="Precious"))
    await_mail(host.stack, uma, PASSWORD)
    with imap(host.stack, uma, PASSWORD) as session:
        session.select("INBOX")
        session.store("1:*", "+FLAGS", "\\Deleted")
        session.expunge()
        assert b"STORAGE 0 " in session.getquotaroot("INBOX")[1][1][0]
    [line] = stored_mail.deleted_messages(OPERATOR, uma, None)
    assert (line.folder, subjects([line])) == ("INBOX", ["Precious"])
    assert stored_mail.restore(OPERATOR, cast.origin(), uma, [line.id]) == {line.id}
    assert len(await_mail(host.stack, uma, PASSWORD)) == 1


def test_deleted_mail_of_pop3_is_kept_too(host, uma):
    lmtp(host.stack, uma, message(subject="Taken"))
    await_mail(host.stack, uma, PASSWORD)
    with pop3(host.stack, uma, PASSWORD) as session:
        session.dele(1)
    soon(lambda: subjects(stored_mail.deleted_messages(OPERATOR, uma, "INBOX")) == ["Taken"])


def test_folders_messages_and_moving(host, uma):
    for subject in ("one", "two"):
        lmtp(host.stack, uma, message(subject=subject))
    await_mail(host.stack, uma, PASSWORD, count=2)
    with imap(host.stack, uma, PASSWORD) as session:
        session.create("Work")
    found = stored_mail.messages(OPERATOR, uma, Wish(newest=True, limit=5))
    assert subjects(found) == ["two", "one"]
    assert stored_mail.has_new(OPERATOR, uma)
    stored_mail.move(OPERATOR, cast.origin(), uma, [found[0].id], "Work")
    assert subjects(stored_mail.messages(OPERATOR, uma, Wish(folder="Work"))) == ["two"]
    assert {"INBOX", "Work"} <= set(stored_mail.folders(OPERATOR, uma).present)


def test_reindexing_keeps_every_message(host, uma):
    lmtp(host.stack, uma, message(subject="one"))
    await_mail(host.stack, uma, PASSWORD)
    id = stored_mail.begin_reindexing(OPERATOR, cast.origin(), uma, None)
    soon(lambda: stored_mail.reindexing(OPERATOR, uma, id) == "complete")
    assert subjects(stored_mail.messages(OPERATOR, uma, Wish())) == ["one"]


def test_logging_out_ends_the_session_and_no_other(host, uma):
    other = host.mailbox("max")
    with imap(host.stack, other, PASSWORD) as theirs:
        with imap(host.stack, uma, PASSWORD) as session:
            stored_mail.end_sessions(OPERATOR, cast.origin(), uma)

            def is_over():
                try:
                    session.noop()
                except (imaplib.IMAP4.abort, OSError):
                    return True
                return False

            soon(is_over)
        assert theirs.noop()[0] == "OK"


def test_what_is_stored_is_counted_and_a_full_mailbox_is_called_so(host, uma):
    host.change("uma", quota=2_000_000)
    for _ in range(2):
        lmtp(host.stack, uma, message(subject="Big", x_filler="x" * 900))
    await_mail(host.stack, uma, PASSWORD, count=2)
    mailbox = Mailbox.objects.select_related("domain").get(address=uma, deleted_at=None)
    job = Job(kind="platform_usage", key=str(mailbox.domain.platform_id), due_at=0, progress=mailbox.pk - 1)
    job.save()
    usage.platform_usage(job, lambda: 1)
    job.delete()
    stored, messages = mailboxes.show(OPERATOR, uma).stored
    assert (messages, stored > 1800) == (2, True)
