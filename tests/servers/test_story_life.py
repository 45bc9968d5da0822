"""What becomes of mail and sign-ins when a domain is switched off, or a mailbox is switched off, renamed, deleted."""

import imaplib
import smtplib
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from postroom.actions import mailbox_removal, mailbox_states
from postroom.core.roles import OPERATOR
from postroom.store import rows
from postroom.store.models import Domain, Job, Mailbox, Tombstone
from tests import cast
from tests.proofs import proves
from tests.servers.clients import HOST, await_mail, imap, message, submit
from tests.servers.hosting import PASSWORD, at_rest, soon
from tests.servers.letters import FRIEND, answer, code, kept, send

DAY = 86_400_000


@pytest.fixture
def uma(host):
    return host.mailbox("uma")


def signs_in(host, address):
    try:
        with imap(host.stack, address, PASSWORD):
            return True
    except imaplib.IMAP4.error:
        return False


def settled(host):
    """The worker has told the servers all it had to: what happens from now on comes of the next change."""
    mine = {"name": host.domain}, {"domain__name": host.domain}
    soon(
        lambda: (
            not any(
                m.objects.filter(**f).exclude(due_at=None).exists()
                for m, f in zip((Domain, Mailbox), mine, strict=True)
            )
        )
    )


def has_ended(session):
    try:
        session.noop()
    except (imaplib.IMAP4.abort, OSError):
        return True
    return False


@contextmanager
def half_sent(host, recipient, subject):
    """Until the end of the block the server has promised to take a message, but does not have it yet."""
    with smtplib.SMTP(HOST, host.stack.ports["smtp"], timeout=60) as smtp:
        smtp.ehlo("mx.elsewhere.example")
        smtp.mail(FRIEND)
        assert smtp.rcpt(host.address(recipient))[0] == 250
        yield
        assert smtp.data(message(FRIEND, subject=subject).as_bytes())[0] == 250
    at_rest(host.stack)


# A domain is switched off


@proves("disabled")
@pytest.mark.parametrize("form", ["uma@{}", "uma+x@{}", "nobody@{}", "uma@alias.{}", "sales@{}"])
def test_01_nobody_in_a_domain_that_is_off_takes_mail(host, form):
    host.change_domain(aliases=[f"alias.{host.domain}"])
    host.mailbox("uma", aliases=["sales"])
    host.change_domain(disabled=True)
    assert answer(host, form.format(host.domain))[1].startswith("5.2.1")


@proves("disabled")
def test_02_nobody_in_a_domain_that_is_off_signs_in(host, uma):
    assert signs_in(host, uma)
    host.change_domain(disabled=True)
    assert not signs_in(host, uma)


@proves("disabled")
@pytest.mark.parametrize("port", ["submission", "webmail_submission"])
def test_03_nobody_in_a_domain_that_is_off_sends(host, uma, port):
    host.change_domain(disabled=True)
    with pytest.raises(smtplib.SMTPAuthenticationError):
        submit(host.stack, uma, PASSWORD, FRIEND, port=port)


@proves("disabled")
def test_04_who_was_signed_in_to_send_when_the_domain_was_switched_off_sends_no_more(host, uma):
    with smtplib.SMTP(HOST, host.stack.ports["submission"], timeout=60) as smtp:
        smtp.login(uma, PASSWORD)
        host.change_domain(disabled=True)
        with pytest.raises(smtplib.SMTPException):
            smtp.sendmail(uma, [FRIEND], message(uma).as_bytes())


@proves("disabled")
def test_05_live_sessions_end_when_the_domain_is_switched_off(host, uma):
    settled(host)
    with imap(host.stack, uma, PASSWORD) as session:
        host.change_domain(disabled=True)
        soon(lambda: has_ended(session))


@proves("disabled")
def test_06_colleagues_elsewhere_here_are_told(host, uma):
    other = host.more_domain(f"more.{host.domain}")
    max_ = host.mailbox(f"max@{other}")
    host.change_domain(disabled=True)
    assert submit(host.stack, max_, PASSWORD, uma).recipients[uma][0] == 550


@proves("disabled")
def test_07_everything_works_at_once_when_the_domain_is_on_again(host, uma, outside):
    for disabled in (True, False):
        host.change_domain(disabled=disabled)
    send(host, "uma")
    assert kept(host, uma) == ["Hello"]
    assert submit(host.stack, uma, PASSWORD, FRIEND).code == 250


@proves("disabled")
def test_08_what_was_accepted_before_is_there_when_the_domain_is_on_again(host, uma):
    send(host, "uma", subject="Before")
    with half_sent(host, "uma", "Promised"):
        host.change_domain(disabled=True)
    host.change_domain(disabled=False)
    assert sorted(kept(host, uma)) == ["Before", "Promised"]


@proves("disabled")
def test_09_nothing_is_forwarded_into_a_domain_that_is_off(host, uma):
    other = host.more_domain(f"more.{host.domain}")
    max_ = host.mailbox(f"max@{other}", delivery_forward=True, forward_recipients=[uma])
    host.change_domain(disabled=True)
    send(host, max_)
    host.change_domain(disabled=False)
    assert (kept(host, max_), kept(host, uma)) == (["Hello"], [])


# A mailbox is switched off


def off(address):
    mailbox_states.disable(OPERATOR, cast.origin(), address)


def on(address):
    mailbox_states.enable(OPERATOR, cast.origin(), address)


def test_10_a_mailbox_that_is_off_takes_no_mail(host, uma):
    off(uma)
    assert [answer(host, name)[1][:5] for name in ("uma", "uma+x")] == ["5.2.1"] * 2


def test_11_nobody_signs_in_to_a_mailbox_that_is_off(host, uma):
    off(uma)
    assert not signs_in(host, uma)


def test_12_a_mailbox_that_is_on_again_has_all_its_mail(host, uma):
    with half_sent(host, "uma", "Promised"):
        off(uma)
    on(uma)
    assert kept(host, uma) == ["Promised"]


# Renamed, deleted, restored


def rename(address, new_name):
    mailbox_removal.rename(OPERATOR, cast.origin(), address, new_name)


def delete(address):
    mailbox_removal.delete(OPERATOR, cast.origin(), address)


def restore(address, new_name=None):
    mailbox_removal.restore(OPERATOR, cast.origin(), address, None, new_name)


def test_20_mail_stays_when_its_mailbox_gets_another_name(host, uma):
    send(host, "uma")
    rename(uma, "ursula")
    assert kept(host, "ursula") == ["Hello"]


def test_21_the_new_name_takes_mail_and_the_old_one_no_more(host, uma):
    rename(uma, "ursula")
    assert [code(host, name) for name in ("ursula", "uma")] == [250, 550]


def test_22_who_is_signed_in_under_the_old_name_must_sign_in_anew(host, uma):
    settled(host)
    with imap(host.stack, uma, PASSWORD) as session:
        rename(uma, "ursula")
        soon(lambda: has_ended(session))


@proves("aliases")
def test_23_aliases_lead_to_the_new_name(host):
    uma = host.mailbox("uma", aliases=["sales"])
    rename(uma, "ursula")
    send(host, "sales")
    assert kept(host, "ursula") == ["Hello"]


@proves("catchall")
def test_24_a_catch_all_stays_one_under_its_new_name(host, uma):
    host.change_domain(catchall="uma")
    rename(uma, "ursula")
    send(host, "zoe")
    assert kept(host, "ursula") == ["Hello"]


def test_25_a_deleted_mailbox_is_nobody(host):
    uma = host.mailbox("uma", aliases=["sales"])
    delete(uma)
    assert [answer(host, name)[1][:5] for name in ("uma", "uma+x", "sales")] == ["5.1.1"] * 3


def test_26_nobody_signs_in_to_a_deleted_mailbox(host, uma):
    delete(uma)
    assert not signs_in(host, uma)


def test_27_live_sessions_end_when_their_mailbox_is_deleted(host, uma):
    settled(host)
    with imap(host.stack, uma, PASSWORD) as session:
        delete(uma)
        soon(lambda: has_ended(session))


@proves("catchall")
def test_28_names_that_nobody_has_are_refused_when_the_catch_all_is_deleted(host, uma):
    host.change_domain(catchall="uma")
    delete(uma)
    assert answer(host, "zoe")[1].startswith("5.1.1")


@pytest.mark.parametrize("name", ["uma", "ursula"])
def test_29_a_restored_mailbox_has_its_mail_and_takes_more(host, uma, name):
    send(host, "uma", subject="Before")
    delete(uma)
    restore(uma, name)
    send(host, name, subject="After")
    assert kept(host, name) == ["Before", "After"]


def test_30_a_new_mailbox_under_a_deleted_one_s_name_begins_empty(host, uma):
    send(host, "uma", subject="Of the first")
    delete(uma)
    host.mailbox("uma")
    send(host, "uma", subject="Of the second")
    restore(uma, "first")
    assert (kept(host, "uma"), kept(host, "first")) == (["Of the second"], ["Of the first"])


def test_31_folders_flags_and_filters_come_back_with_a_restored_mailbox(host, uma):
    with imap(host.stack, uma, PASSWORD) as session:
        session.create("Work")
        session.append("Work", "\\Flagged", None, message(subject="Kept").as_bytes())
    delete(uma)
    restore(uma)
    [mail] = await_mail(host.stack, uma, PASSWORD, "Work")
    assert (mail["Subject"], "\\Flagged" in mail.flags) == ("Kept", True)


# Gone for good


def purge():
    """The worker's hourly job, now."""
    Job.objects.filter(kind="purge").update(due_at=0)
    soon(lambda: Job.objects.filter(kind="purge", due_at__gt=0, leased_until=None).exists(), within=3)


def home(host, number):
    return Path(host.stack.facts["paths"]["mail"]) / str(number % 1000) / str(number)


@pytest.mark.parametrize(("days", "is_there"), [(29, True), (31, False)])
def test_40_mail_is_erased_when_its_mailbox_can_no_longer_be_restored(host, uma, days, is_there):
    send(host, "uma")
    number = rows.find_mailbox(uma)[1].id
    delete(uma)
    soon(lambda: Mailbox.objects.get(id=number).due_at is None)
    Tombstone.objects.filter(kind="mailbox", object_id=number).update(deleted_at=int(time.time() * 1000) - days * DAY)
    purge()
    assert home(host, number).exists() == is_there


def test_41_the_mail_of_the_next_mailbox_of_that_name_is_not_erased(host, uma):
    number = rows.find_mailbox(uma)[1].id
    delete(uma)
    soon(lambda: Mailbox.objects.get(id=number).due_at is None)
    Tombstone.objects.filter(kind="mailbox", object_id=number).update(deleted_at=0)
    host.mailbox("uma")
    send(host, "uma")
    purge()
    assert kept(host, "uma") == ["Hello"]
