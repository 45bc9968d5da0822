"""Bulletins: from the job to the mails that arrive."""

import pytest

from postroom.actions import bulletins, domain_removal, domains, mailbox_removal, mailboxes
from postroom.actions.bulletins import Named
from postroom.core.errors import UserNotFound
from postroom.core.roles import OPERATOR
from postroom.store.models import BulletinPosting, Job, Mailbox, OutgoingMail
from postroom.worker import bulletins as posting
from postroom.worker import jobs
from tests import cast
from tests.proofs import proves
from tests.smtp_sink import Sink

TEXT = "Subject: Hi {'name'}\n\nYour address is {'account'}"
PEOPLE = [cast.DORA, cast.MAX, cast.UMA, cast.WES]


@pytest.fixture
def sink(settings):
    sink = Sink()
    settings.SMTP_HOST, settings.SMTP_PORT, settings.SMTP_STARTTLS = "127.0.0.1", sink.port, False
    settings.MAIL_FROM = "Postroom <post@provider.example>"
    yield sink
    sink.close()


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(posting, "_BATCH", 2)


def named(owner="domain", type="manual", name="hi"):
    return Named(owner=owner, owner_name={"domain": cast.ACME, "company": "acme"}[owner], type=type, name=name)


def write(owner="domain", type="manual", text=TEXT, name="hi"):
    bulletins.change(OPERATOR, cast.origin(), named(owner, type, name), text)


def post(owner="domain", test_address=None):
    bulletins.post(OPERATOR, cast.origin(), named(owner), test_address)


def queued():
    return sorted(OutgoingMail.objects.values_list("recipient", flat=True))


def test_everybody_in_the_domain_gets_it(applied, work, sink, small_batches):
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"name": "Üma"})
    write()
    post()
    work()
    assert sorted(sink.recipients) == PEOPLE
    [(_, _, mail)] = [m for m in sink.mails if m[1] == cast.UMA]
    assert (mail["Subject"], mail.get_content().strip()) == ("Hi Üma", f"Your address is {cast.UMA}")
    assert mail["From"] == "Postroom <post@provider.example>"


def test_everybody_in_the_company_gets_it(applied, work, sink):
    write("company")
    post("company")
    work()
    assert sorted(sink.recipients) == sorted([cast.ALICE, *PEOPLE])


def test_a_test_goes_to_one(applied, work, sink):
    write()
    post(test_address=cast.UMA)
    work()
    assert sink.recipients == [cast.UMA]


def test_nobody_gets_it_who_cannot_get_mail(applied, work, settings):
    mailbox_removal.delete(OPERATOR, cast.origin(), cast.UMA)
    Mailbox.objects.filter(address=cast.MAX).update(status="pending")
    write()
    post()
    work()
    assert queued() == [cast.DORA, cast.WES]


def test_a_domain_that_is_switched_off_gets_none(applied, work):
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"disabled": True})
    write("company")
    post("company")
    work()
    assert queued() == [cast.ALICE]


def test_a_change_after_posting_changes_nothing_on_its_way(applied, work, sink):
    write()
    post()
    write(text="Subject: other\n\nother")
    work()
    assert {str(mail["Subject"]).split()[0] for _, _, mail in sink.mails} == {"Hi"}


def test_a_removed_bulletin_that_was_posted_arrives(applied, work, sink):
    write()
    post()
    bulletins.change(OPERATOR, cast.origin(), named(), None)
    work()
    assert sorted(sink.recipients) == PEOPLE


def test_a_killed_worker_s_successor_sends_nothing_twice(applied, clock, small_batches):
    write()
    post()
    jobs.run_one(clock)
    assert len(queued()) == 2
    Job.objects.filter(kind="post_bulletin").update(leased_until=clock() + 1000)
    clock.forward(2)
    while jobs.run_one(clock):
        clock.forward(0.01)
    assert queued() == PEOPLE


def test_other_jobs_have_their_turn_between_batches(applied, clock, small_batches):
    write()
    post()
    clock.forward(1)
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"spamlevel": "High"})
    clock.forward(1)
    jobs.run_one(clock)
    jobs.run_one(clock)
    assert not Job.objects.filter(kind="spread_domain").exists()
    assert Job.objects.filter(kind="post_bulletin").exists()


def test_a_posting_whose_domain_has_gone_ends(applied, clock, acme):
    domains.change(OPERATOR, cast.origin(), "empty.example", {"company": "acme"}, create_only=True)
    hi = Named(owner="domain", owner_name="empty.example", type="manual", name="hi")
    bulletins.change(OPERATOR, cast.origin(), hi, TEXT)
    bulletins.post(OPERATOR, cast.origin(), hi, None)
    domain_removal.delete(OPERATOR, cast.origin(), "empty.example")
    jobs.run_one(clock)
    assert not Job.objects.filter(kind="post_bulletin").exists()


def test_nobody_of_that_name_is_told_before_anything_is_sent(applied):
    write()
    with pytest.raises(UserNotFound):
        post(test_address="nobody@acme.example")
    assert not BulletinPosting.objects.exists()


# --- automatic ones ---------------------------------------------------------------------------------


@pytest.mark.parametrize("owner", ["domain", "company"])
def test_a_new_mailbox_is_welcomed(applied, work, sink, owner):
    write(owner, "auto")
    cast.mailbox("new@acme.example", name="Nora")
    work()
    assert [(r, str(m["Subject"])) for _, r, m in sink.mails] == [("new@acme.example", "Hi Nora")]


def test_company_and_domain_both_welcome(applied, work, sink):
    write("company", "auto", "Subject: from the company\n\nx")
    write("domain", "auto", "Subject: from the domain\n\nx")
    cast.mailbox("new@acme.example")
    work()
    assert [str(m["Subject"]) for _, _, m in sink.mails] == ["from the company", "from the domain"]


def test_manual_ones_welcome_nobody(applied, work, sink):
    write("domain", "manual")
    cast.mailbox("new@acme.example")
    work()
    assert sink.mails == []


def test_without_automatic_ones_nothing_is_queued(applied):
    cast.mailbox("new@acme.example")
    assert not Job.objects.filter(kind="welcome").exists()


def test_a_refused_creation_welcomes_nobody(applied):
    write("domain", "auto")
    with pytest.raises(Exception, match="exists"):
        cast.mailbox(cast.UMA)
    assert not Job.objects.filter(kind="welcome").exists()


def test_the_welcome_waits_for_the_mailbox(applied, clock, work, sink):
    """Of a domain that is not proved yet there is nowhere to deliver to."""
    write("domain", "auto")
    cast.mailbox("new@acme.example")
    Mailbox.objects.filter(address="new@acme.example").update(status="pending", due_at=None)
    work()
    assert sink.mails == []
    Mailbox.objects.filter(address="new@acme.example").update(status="enabled", due_at=clock())
    for _ in range(4):
        clock.forward(30)
        work()
    assert sink.recipients == ["new@acme.example"]


def test_waiting_welcomes_are_asked_ever_more_seldom(applied, clock):
    write("domain", "auto")
    cast.mailbox("new@acme.example")
    Mailbox.objects.filter(address="new@acme.example").update(status="pending", due_at=None)
    looks = 0
    for _ in range(24 * 60):
        clock.forward(60)
        looks += jobs.run_one(clock)
    assert 20 < looks < 60


def test_a_mailbox_that_is_deleted_meanwhile_is_not_welcomed(applied, work, sink):
    write("domain", "auto")
    cast.mailbox("new@acme.example")
    mailbox_removal.delete(OPERATOR, cast.origin(), "new@acme.example")
    work()
    assert sink.mails == []
    assert not Job.objects.filter(kind="welcome").exists()


def test_many_welcomes_share_a_copy_of_the_text(applied, work):
    write("domain", "auto")
    for number in range(3):
        cast.mailbox(f"new{number}@acme.example")
    work()
    assert (OutgoingMail.objects.count(), BulletinPosting.objects.count()) == (3, 1)


@proves("brand")
def test_the_brand_of_the_domain_is_the_sender(applied, work, sink):
    from postroom.actions import brands

    brands.create(
        OPERATOR, cast.origin(), "acme", "Blue", {"sender_name": "Acme, Inc.", "reply_to": "help@acme.example"}
    )
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"brand": "blue"})
    write()
    post(test_address=cast.UMA)
    work()
    [(sender, _, mail)] = sink.mails
    assert sender == "post@provider.example"
    assert mail["From"].addresses[0].display_name == "Acme, Inc."
    assert mail["From"].addresses[0].addr_spec == "post@provider.example"
    assert mail["Reply-To"] == "help@acme.example"
