"""Counting every day, and what is kept of it."""

import zlib
from datetime import UTC, date, datetime, timedelta

import pytest

from postroom.actions import brands, companies, domain_removal, domains, mailbox_removal, mailboxes
from postroom.core import periods
from postroom.core.mail.traffic import COLUMNS
from postroom.core.roles import OPERATOR
from postroom.store import company_days
from postroom.store import statistics as read
from postroom.store.models import (
    AccountList,
    Company,
    CompanyDay,
    Domain,
    DomainDay,
    Job,
    Mailbox,
    MailCount,
    MailSent,
    MailUsage,
    OutgoingMail,
)
from postroom.store.statistics import Scope
from postroom.worker import jobs, statistics
from tests import cast
from tests.proofs import proves

DAY = 86_400


@pytest.fixture
def clock(clock):
    """A time of our own: the last day of a month, at noon."""

    class At:
        now = int(datetime(2030, 3, 31, 12, tzinfo=UTC).timestamp() * 1000)

        def __call__(self):
            return self.now

        def forward(self, seconds):
            self.now += int(seconds * 1000)

    return At()


@pytest.fixture
def count(applied, clock):
    """The worker's jobs, until there is nothing to do."""

    def run(forward=0):
        clock.forward(forward)
        jobs.ensure_periodic(clock())
        Job.objects.filter(kind="statistics").update(due_at=clock())
        for _ in range(50):
            Job.objects.exclude(kind__in=["statistics", "count_day"]).update(due_at=clock() + 10**9)
            if not jobs.run_one(clock):
                return

    return run


def day(name=cast.ACME, of="2030-03-31"):
    return DomainDay.objects.get(domain=name, day=of)


def came(address, *numbers, of="2030-03-31"):
    """Mail for an account; the numbers in the order of Arrived."""
    counts = dict(zip(COLUMNS, numbers, strict=False))
    MailCount.objects.create(mailbox_id=cast.row(address).pk, day=of, **counts)


def lines(name=cast.ACME):
    found = AccountList.objects.get(domain_id=Domain.objects.get(name=name).pk, day="2030-03-31")
    return zlib.decompress(found.lines).decode().splitlines()


def test_accounts_are_counted_by_type(count):
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"aliases": ["u1", "u2"]})
    cast.mailbox("f@acme.example", type="forward", forward_recipients=["x@example.com"])
    mailbox_removal.delete(OPERATOR, cast.origin(), cast.MAX)
    count()
    acme = day()
    assert (acme.mailboxes, acme.forwards, acme.filters, acme.aliases, acme.deleted) == (3, 1, 0, 2, 1)


def test_every_domain_is_counted(count):
    domains.change(OPERATOR, cast.origin(), "empty.example", {"company": "acme"}, create_only=True)
    count()
    assert sorted(DomainDay.objects.values_list("domain", flat=True)) == ["acme.adm", "acme.example", "empty.example"]


def test_services_and_suspension(count):
    off = {"service_pop3": "disabled", "service_smtpin": "suspended", "service_smtprelay": "suspended"}
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, off)
    count()
    acme = day()
    assert (acme.with_imap4, acme.with_pop3, acme.with_smtpin, acme.with_webmail, acme.suspended) == (4, 3, 3, 4, 1)


def test_quotas_are_in_bytes_whatever_their_unit(count):
    for address, quota in ((cast.UMA, 10), (cast.MAX, 20 * 1024 * 1024), (cast.WES, 1), (cast.DORA, 1)):
        mailboxes.change(OPERATOR, cast.origin(), address, {"quota": quota})
    count()
    assert day().quota_bytes == 32 * 1024 * 1024


def test_what_is_stored(count, clock):
    for address, size, gone in ((cast.UMA, 100, False), (cast.MAX, 50, False), (cast.WES, 7, True)):
        MailUsage.objects.create(mailbox=cast.row(address), bytes=size, messages=1, full=False, at=0)
        if gone:
            mailbox_removal.delete(OPERATOR, cast.origin(), address)
    count()
    acme = day()
    assert (acme.stored_bytes, acme.stored_items, acme.deleted_bytes, acme.deleted_items) == (150, 2, 7, 1)


def test_what_was_sent_and_signed_in_to_on_that_day(count, clock):
    begin = periods.milliseconds(date(2030, 3, 31))
    uma, max_ = cast.row(cast.UMA), cast.row(cast.MAX)
    for mailbox, at, number in (
        (uma, begin, 3),
        (uma, begin + 900_000, 4),
        (max_, begin + 80_000_000, 5),
        (max_, begin - 1, 99),
    ):
        MailSent.objects.create(mailbox_id=mailbox.pk, slot=at // 900_000, recipients=number)
    Mailbox.objects.filter(pk=uma.pk).update(last_sign_ins={"imap4": begin + 5, "pop3": begin - 5})
    count()
    acme = day()
    assert (acme.recipients, acme.logins_imap4, acme.logins_pop3) == (12, 1, 0)
    assert day("acme.adm").recipients == 0


def test_mail_that_came_in_and_went_out_on_that_day(count):
    uma, max_, alice = (cast.row(address).pk for address in (cast.UMA, cast.MAX, cast.ALICE))
    came(cast.UMA, 3, 1, 1, 2, 100)
    came(cast.MAX, 4, 0, 0, 0, 50)
    came(cast.UMA, 90, of="2030-03-30")
    came(cast.ALICE, 90, of="2030-03-30")
    slot = periods.milliseconds(date(2030, 3, 31)) // 900_000
    for mailbox, at in ((uma, slot), (uma, slot + 95), (max_, slot + 3), (max_, slot + 96), (alice, slot - 1)):
        MailSent.objects.create(mailbox_id=mailbox, slot=at, recipients=3, messages=2, bytes=10)
    count()
    acme = day()
    assert (acme.delivered, acme.spam, acme.autoresponses, acme.forwarded, acme.bytes_in) == (7, 1, 1, 2, 150)
    assert (acme.recipients, acme.sent, acme.bytes_relay) == (9, 6, 30)
    assert (day("acme.adm").delivered, day("acme.adm").sent) == (0, 0)


def test_mail_that_comes_after_the_first_count_is_in_the_last_one(count):
    count()
    came(cast.UMA, 1)
    count(forward=DAY)
    assert (day().delivered, day().final, day(of="2030-04-01").delivered) == (1, True, 0)


def test_the_numbers_of_accounts_are_forgotten_once_their_day_was_counted(count):
    came(cast.UMA, 1)
    seen = []
    for _ in range(3):
        count(forward=DAY)
        seen.append(MailCount.objects.count())
    assert seen == [1, 0, 0]


def test_a_deleted_account_s_mail_counts_for_its_domain(count):
    came(cast.UMA, 1)
    mailbox_removal.delete(OPERATOR, cast.origin(), cast.UMA)
    count()
    assert day().delivered == 1


def test_the_list_of_accounts(count):
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"quota": 10})
    MailUsage.objects.create(mailbox=cast.row(cast.UMA), bytes=100, messages=3, full=False, at=0)
    count()
    assert [line.partition(",")[0] for line in lines()] == [cast.DORA, cast.MAX, cast.UMA, cast.WES]
    assert f"{cast.UMA},mailbox,enabled,10485760,100,3" in lines()


def test_a_day_is_counted_when_it_begins_and_again_when_it_has_ended(count):
    count()
    assert (day().final, day().mailboxes) == (False, 4)
    cast.mailbox("new@acme.example")
    count()
    assert day().mailboxes == 4
    count(forward=DAY)
    assert (day().final, day().mailboxes) == (True, 5)
    assert day(of="2030-04-01").final is False
    cast.mailbox("newer@acme.example")
    count()
    assert day().mailboxes == 5


def test_days_without_a_worker_are_left_out(count):
    count()
    count(forward=3 * DAY)
    assert list(DomainDay.objects.filter(domain=cast.ACME).order_by("day").values_list("day", "final")) == [
        ("2030-03-31", True),
        ("2030-04-03", False),
    ]


def test_a_domain_is_its_companys_of_that_day(count, other):
    count()
    acme, others = Company.objects.get(name="acme").pk, Company.objects.get(name="other").pk
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"company": "other"})
    count(forward=DAY)
    assert dict(DomainDay.objects.filter(domain=cast.ACME).values_list("day", "company_id")) == {
        "2030-03-31": others,
        "2030-04-01": others,
    }
    count(forward=DAY)
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"company": "acme"})
    count(forward=2 * DAY)
    assert DomainDay.objects.get(domain=cast.ACME, day="2030-04-01").company_id == others
    assert DomainDay.objects.get(domain=cast.ACME, day="2030-04-04").company_id == acme


def test_a_thousand_accounts_cost_no_more_statements_than_four(applied, clock, django_assert_max_num_queries):
    uma = cast.row(cast.UMA)
    common = {"domain_id": uma.domain_id, "workgroup_id": uma.workgroup_id, "type": "mailbox", "status": "enabled"}
    common |= {"settings": uma.settings, "created_at": 0}
    Mailbox.objects.bulk_create([Mailbox(address=f"u{n}@acme.example", **common) for n in range(1000)])
    Job.objects.create(kind="count_day", key="2030-03-31", due_at=clock())
    with django_assert_max_num_queries(40):
        jobs.run_one(clock)
    assert day().mailboxes == 1004


def test_many_companies_take_several_turns(count, clock, other, monkeypatch):
    really, turns = statistics._count, 0
    monkeypatch.setattr(statistics, "_TURN", 0)
    monkeypatch.setattr(statistics, "_count", lambda *args: (really(*args), clock.forward(0.01)))
    Job.objects.create(kind="count_day", key="2030-03-31", due_at=clock())
    while jobs.run_one(clock):
        turns += 1
    assert turns == 3  # two companies, and one to see that there are no more
    assert DomainDay.objects.values("company_id").distinct().count() == 2


def test_a_deleted_domain_is_counted_no_more(count):
    domains.change(OPERATOR, cast.origin(), "empty.example", {"company": "acme"}, create_only=True)
    count()
    domain_removal.delete(OPERATOR, cast.origin(), "empty.example")
    count(forward=DAY)
    assert not DomainDay.objects.filter(domain="empty.example", day="2030-04-01").exists()


def test_lists_are_thinned_and_numbers_stay(count, clock):
    domain, company = Domain.objects.get(name=cast.ACME), Company.objects.get(name="acme")
    today = date(2030, 3, 31)
    for n in range(1, 200):
        past = (today - timedelta(days=n)).isoformat()
        common = {"day": past, "company_id": company.pk, "domain_id": domain.pk}
        AccountList.objects.create(lines=b"", **common)
        DomainDay.objects.create(domain=domain.name, final=True, **common)
    DomainDay.objects.create(day="2020-01-01", company_id=1, domain_id=1, domain="old", final=True)
    count()
    kept = set(AccountList.objects.filter(domain_id=domain.pk).values_list("day", flat=True))
    assert len(kept) < 30 + 30 + 8
    assert {"2030-02-28", "2030-01-31", "2030-01-27"} <= kept
    assert "2030-01-28" not in kept
    assert DomainDay.objects.filter(domain=cast.ACME).count() == 200
    assert not DomainDay.objects.filter(domain="old").exists()


# --- added up ---------------------------------------------------------------------------------------


@pytest.fixture
def past(applied):
    """Two days of February and one of March, of two domains."""
    company = Company.objects.get(name="acme")
    for id, name in ((1, "a.example"), (2, "b.example")):
        for number, written in enumerate(("2030-02-27", "2030-02-28", "2030-03-01"), start=1):
            DomainDay.objects.create(
                day=written, company_id=company.pk, domain_id=id, domain=name, final=True, mailboxes=10 * number,
                recipients=number,
            )  # fmt: skip
    return company.pk


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("day", [("2030-02-27", 20, 2), ("2030-02-28", 40, 4), ("2030-03-01", 60, 6)]),
        ("week", [("2030-02-25", 60, 12)]),
        ("month", [("2030-02-01", 40, 6), ("2030-03-01", 60, 6)]),
    ],
)
def test_states_are_the_last_ones_and_flows_are_added_up(past, kind, expected):
    found = read.summary(Scope(past), kind, date(2030, 3, 2))
    assert [(p.first.isoformat(), c["mailboxes"], c["recipients"]) for p, c in found] == expected


def test_one_domain(past):
    [(_, counts)] = read.summary(Scope(past, 2), "week", date(2030, 3, 2))
    assert (counts["mailboxes"], counts["recipients"]) == (30, 6)


def test_what_is_too_old_is_left_out(past):
    assert read.summary(Scope(past), "day", date(2030, 4, 15)) == []


# --- mails ------------------------------------------------------------------------------------------


@proves("stats_mailout")
def test_the_company_gets_a_mail_when_the_month_is_over(count):
    brands.create(OPERATOR, cast.origin(), "acme", "Blue", {"sender_name": "Acme Mail"})
    wanted = {"stats_mailout": ["boss@elsewhere.example", "it@elsewhere.example"], "brand": "Blue"}
    companies.change(OPERATOR, cast.origin(), "acme", wanted)
    count()
    assert not OutgoingMail.objects.exists()
    count(forward=DAY)
    mails = OutgoingMail.objects.order_by("recipient")
    assert [m.recipient for m in mails] == wanted["stats_mailout"]
    assert (mails[0].subject, mails[0].sender) == ("acme: statistics of 2030-03", "Acme Mail <postroom@localhost>")
    assert "acme.example: 4 mailboxes" in mails[0].text
    count(forward=DAY)
    assert OutgoingMail.objects.count() == 2


def test_nobody_is_bothered_who_did_not_ask(count):
    count()
    count(forward=DAY)
    assert not OutgoingMail.objects.exists()


# --- added up for companies -------------------------------------------------------------------------


def of_companies(written="2030-03-31"):
    """Company → mailboxes."""
    found = CompanyDay.objects.filter(day=written).values_list("company_id", "mailboxes")
    names = {0: "all", **dict(Company.objects.values_list("id", "name"))}
    return {names[id]: mailboxes for id, mailboxes in found}


def test_companies_are_the_sums_of_their_domains(count, other):
    count()
    assert of_companies() == {"acme": 5, "other": 1, "all": 6}


def test_a_company_that_gives_a_domain_away_has_less_on_that_day(count, other):
    count()
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"company": "other"})
    count(forward=DAY)
    assert of_companies() == {"acme": 1, "other": 5, "all": 6}


def test_old_sums_are_forgotten_with_the_days(count):
    CompanyDay.objects.create(day="2020-01-01", company_id=1)
    count()
    assert not CompanyDay.objects.filter(day="2020-01-01").exists()


def test_everything_can_be_added_up_anew(past):
    company_days.add_up_everything()
    found = CompanyDay.objects.filter(day="2030-02-28").order_by("company_id")
    assert list(found.values_list("company_id", "mailboxes", "recipients")) == [(0, 40, 4), (past, 40, 4)]
