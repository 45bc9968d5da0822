"""The usage tab."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from postroom.store.models import Domain, DomainDay, MailUsage
from tests import cast


def stores(address, number):
    MailUsage.objects.create(mailbox=cast.row(address), bytes=number, messages=3, full=False, at=1)


def test_mailboxes_and_their_limit(vera):
    domain = Domain.objects.get(name=cast.ACME)
    domain.settings |= {"limit_users": 10}
    domain.save()
    assert "Mailboxes 4 of 10" in vera.text("usage/")


def test_what_is_stored_of_what_was_allotted(vera):
    stores(cast.UMA, 2**30)
    page = vera.text("usage/")
    assert "1 GB of 20 GB" in page
    assert "3 messages" in page


def test_the_fullest_mailboxes_come_first(vera):
    stores(cast.UMA, 2**20)
    stores(cast.MAX, 2**30)
    page = vera.text("usage/").partition("Fullest mailboxes")[2]
    assert page.index(cast.MAX) < page.index(cast.UMA)


def test_the_last_days(vera):
    domain = Domain.objects.get(name=cast.ACME)
    from datetime import UTC, datetime

    DomainDay.objects.create(
        day=datetime.now(UTC).date().isoformat(), company_id=domain.company_id, domain_id=domain.pk, domain=domain.name,
        final=False, delivered=12345, spam=17,
    )  # fmt: skip
    assert "17" in vera.text("usage/").partition("The last days")[2]


def test_nothing_counted_yet(vera):
    assert "Nothing was counted yet" in vera.text("usage/")


def test_the_same_number_of_statements_however_many_mailboxes(vera):
    def statements():
        with CaptureQueriesContext(connection) as seen:
            vera.get("usage/")
        return len(seen)

    few = statements()
    for number in range(8):
        cast.mailbox(f"m{number}@{cast.ACME}")
    assert statements() == few
