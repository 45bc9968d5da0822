"""How much a mailbox may hold: said while the sender waits, shown to mail programs, changed at once."""

import re

import pytest

from postroom.core.catalogue import MEGABYTE
from tests.proofs import proves
from tests.servers.clients import imap, message
from tests.servers.hosting import PASSWORD, soon
from tests.servers.letters import FRIEND, answer, code, kept, send

NAMES = ("uma", "sales", "uma+x", "uma@alias.{}")


@pytest.fixture
def uma(host):
    """A mailbox of two megabytes."""
    host.change_domain(aliases=[f"alias.{host.domain}"])
    return host.mailbox("uma", quota=2, aliases=["sales"])


def fill(host, address, megabytes):
    with imap(host.stack, address, PASSWORD) as session:
        for _ in range(megabytes):
            content = message(FRIEND).as_bytes() + b"x" * 70 + b"\r\n"
            assert session.append("INBOX", None, None, content + (b"y" * 70 + b"\r\n") * (MEGABYTE // 72))[0] == "OK"


def shown(host, address):
    """(kilobytes used, kilobytes allowed) as a mail program sees it; nothing where there is no limit."""
    with imap(host.stack, address, PASSWORD) as session:
        lines = b" ".join(line for part in session.getquotaroot("INBOX")[1] for line in part if line)
    found = re.search(rb"STORAGE (\d+) (\d+)", lines)
    return tuple(int(number) for number in found.groups()) if found else None


@proves("quota")
@pytest.mark.parametrize("name", NAMES)
def test_01_a_full_mailbox_says_so_under_each_of_its_names(host, uma, name):
    fill(host, uma, 1)
    host.change(uma, quota=1)
    assert answer(host, name.format(host.domain))[1].startswith("5.2.2")


@proves("quota")
def test_02_the_answer_to_a_full_mailbox_is_final(host, uma):
    fill(host, uma, 1)
    host.change(uma, quota=1)
    assert code(host, "uma") == 552


@proves("quota")
@pytest.mark.parametrize("name", NAMES)
def test_03_a_message_that_will_not_fit_is_refused_before_it_is_sent(host, uma, name):
    name = name.format(host.domain)
    assert [code(host, name, size) for size in (MEGABYTE, 3 * MEGABYTE)] == [250, 552]


@proves("quota")
def test_04_there_is_room_at_once_when_the_quota_is_raised(host, uma):
    fill(host, uma, 1)
    host.change(uma, quota=1)
    assert code(host, "uma") == 552
    host.change(uma, quota=10)
    send(host, "uma", subject="At last")
    assert "At last" in kept(host, uma)


@proves("quota")
def test_05_there_is_room_at_once_when_mail_is_deleted(host, uma):
    fill(host, uma, 1)
    host.change(uma, quota=1)
    with imap(host.stack, uma, PASSWORD) as session:
        session.select("INBOX")
        session.store("1:*", "+FLAGS", "\\Deleted")
        session.expunge()
    assert code(host, "uma") == 250


@proves("quota")
@pytest.mark.parametrize(("written", "kilobytes"), [(2, 2048), (3 * MEGABYTE, 3072), (None, 5 * 1024 * 1024)])
def test_06_a_mail_program_shows_the_quota(host, uma, written, kilobytes):
    host.change(uma, quota=written)
    assert shown(host, uma)[1] == kilobytes


@proves("quota")
def test_07_a_mail_program_shows_what_is_used(host, uma):
    fill(host, uma, 1)
    assert 1024 <= shown(host, uma)[0] <= 1100


@proves("quota")
def test_08_a_mail_program_cannot_store_more(host, uma):
    fill(host, uma, 1)
    with pytest.raises(AssertionError):
        fill(host, uma, 2)


@proves("quota")
def test_09_one_full_mailbox_does_not_keep_mail_from_others(host, uma):
    host.mailbox("max")
    fill(host, uma, 1)
    host.change(uma, quota=1)
    outcome = send(host, "uma", "max")
    assert [said for said, _ in outcome.recipients.values()] == [552, 250]
    assert kept(host, "max") == ["Hello"]


@proves("quota")
def test_10_the_last_message_that_was_accepted_is_kept(host, uma):
    fill(host, uma, 1)
    host.change(uma, quota=MEGABYTE + 30_000)
    big = message(FRIEND, subject="Last").as_bytes() + b"z" * 70 + (b"\r\n" + b"z" * 70) * 1000
    send(host, "uma", content=big)
    assert "Last" in kept(host, uma)


@proves("quota")
def test_11_new_mailboxes_begin_with_the_domain_s_quota(host):
    host.change_domain(quota=7)
    assert shown(host, host.mailbox("uma"))[1] == 7 * 1024


@proves("quota_maximum")
def test_12_a_lower_ceiling_of_the_domain_cuts_what_its_mailboxes_have(host, uma):
    max_ = host.mailbox("max", quota=100)
    host.change_domain(quota_maximum=10)
    soon(lambda: shown(host, max_)[1] == 10 * 1024)
    assert shown(host, uma)[1] == 2 * 1024


@proves("quota_maximum")
def test_13_a_mailbox_beyond_the_new_ceiling_is_full(host):
    uma = host.mailbox("uma", quota=10)
    fill(host, uma, 1)
    host.change_domain(quota_maximum=1)
    soon(lambda: code(host, "uma") == 552)


@proves("quota_maximum")
@pytest.mark.parametrize("ceiling", [50, None])
def test_14_each_has_its_own_quota_again_when_the_ceiling_is_raised(host, ceiling):
    max_ = host.mailbox("max", quota=20)
    host.change_domain(quota_maximum=10)
    soon(lambda: shown(host, max_)[1] == 10 * 1024)
    host.change_domain(quota_maximum=ceiling)
    soon(lambda: shown(host, max_)[1] == 20 * 1024)


@proves("quota_maximum")
def test_15_a_mailbox_without_a_quota_has_the_ceiling_s(host):
    uma = host.mailbox("uma")
    host.change(uma, quota=0)
    host.change_domain(quota_maximum=10)
    soon(lambda: (shown(host, uma) or (0, 0))[1] == 10 * 1024)


@proves("quota")
def test_16_the_catch_all_that_is_full_is_full_for_every_unknown_name(host, uma):
    host.change_domain(catchall="uma")
    fill(host, uma, 1)
    host.change(uma, quota=1)
    assert [code(host, name) for name in ("zoe", "zoe+x", f"zoe@alias.{host.domain}")] == [552] * 3


@proves("quota")
def test_17_an_account_that_only_forwards_is_never_full(host, uma, outside):
    fill(host, uma, 1)
    host.change(uma, quota=1, type="forward", delivery_forward=True, forward_recipients=["fred@there.example"])
    assert send(host, "uma").code == 250


@proves("quota")
def test_18_quarantined_spam_does_not_keep_a_filter_account_from_passing_mail_on(host, uma):
    host.change_domain(filtermx="127.0.0.1:1")
    fill(host, uma, 1)
    host.change(uma, quota=1, type="filter")
    assert code(host, "uma") == 250
