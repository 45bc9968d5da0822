"""Deleted mailboxes in one list with others: the database sorts, and gives no more than the page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from postroom.actions import domains, mailbox_removal, mailbox_searches, mailboxes
from postroom.actions.mailbox_searches import Criteria
from postroom.actions.pages import Page, PageRequest
from postroom.core.roles import OPERATOR
from postroom.store.models import Mailbox
from tests import cast

ORDERS = ["user", "createtime", "delete_time", "id", "lastlogin", "status", "target", "type", "workgroup"]
EVERYBODY = 13


@pytest.fixture
def crowd(acme):
    """Living ones beside deleted ones, some of the same names."""
    for local_part in ("gone", "zoe", "gone", "a-b", "ab"):
        cast.mailbox(f"{local_part}@acme.example", aliases=[f"{local_part}-2"])
        mailbox_removal.delete(OPERATOR, cast.origin(), f"{local_part}@acme.example")
    for local_part, more in (("gone", {}), ("a.b", {"workgroup": "sales"})):
        cast.mailbox(f"{local_part}@acme.example", aliases=[f"{local_part}-2"], **more)
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"service_smtpin": "suspended", "type": "forward"})
    Mailbox.objects.filter(address=cast.DORA).update(last_sign_ins={"imap4": 5})
    Mailbox.objects.filter(address="gone@acme.example").update(last_sign_ins={"pop3": 4, "imap4": 3})


def found(**page):
    everybody = Criteria(domain=cast.ACME, statuses=mailbox_searches.STATUSES)
    return mailbox_searches.search(OPERATOR, everybody, PageRequest(**page))


def names(page):
    return [(line.address, line.deleted_at) for line in page.items]


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("by", ORDERS)
def test_pages_put_together_are_the_whole(crowd, by, descending):
    whole = found(by=by, descending=descending)
    pages = [found(by=by, descending=descending, first=first, limit=3) for first in range(0, 15, 3)]
    assert [name for page in pages for name in names(page)] == names(whole)
    assert {page.total for page in (whole, *pages)} == {len(whole.items)} == {EVERYBODY}


@pytest.mark.parametrize("by", ORDERS)
def test_the_lines_are_those_of_either_list(crowd, by):
    living = mailbox_searches.search(OPERATOR, Criteria(domain=cast.ACME), PageRequest())
    gone = mailbox_searches.search(OPERATOR, Criteria(domain=cast.ACME, deleted=True), PageRequest())
    both = found(by=by).items
    assert sorted(map(repr, both)) == sorted(map(repr, [*living.items, *gone.items]))


def test_those_of_one_name_stand_side_by_side_the_living_one_first(crowd):
    ends = [deleted_at for address, deleted_at in names(found()) if address == "gone@acme.example"]
    assert (len(ends), ends[0], ends[1:]) == (3, None, sorted(ends[1:]))


def test_not_more_is_read_than_the_page(crowd, monkeypatch):
    read, real = [], mailbox_searches._line
    monkeypatch.setattr(mailbox_searches, "_line", lambda *given: read.append(1) or real(*given))
    page = found(first=4, limit=3)
    assert (len(page.items), len(read)) == (3, 3)


def test_a_page_takes_two_statements_and_one_for_what_was_sent(crowd):
    with CaptureQueriesContext(connection) as asked:
        found(first=4, limit=3)
    assert ["LIMIT 3 OFFSET 4" in query["sql"] for query in asked if "store_mailbox" in query["sql"]] == [False, True]


def test_a_page_of_nothing_has_the_total(crowd):
    assert (found(limit=0).items, found(limit=0).total, found(first=50, limit=3)) == (
        [],
        EVERYBODY,
        Page([], EVERYBODY),
    )


@pytest.mark.parametrize("by", ORDERS)
def test_where_none_can_be_living_the_deleted_are_found(crowd, by):
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"disabled": True})
    criteria = Criteria(domain=cast.ACME, statuses=("active", "deleted"))
    page = mailbox_searches.search(OPERATOR, criteria, PageRequest(by=by, limit=2))
    assert ([line.status for line in page.items], page.total) == (["deleted"] * 2, 5)


def test_who_may_look_at_one_group_sees_both_of_it(crowd):
    for address in ("a.b@acme.example", "zoe@acme.example"):
        Mailbox.objects.filter(address=address).update(workgroup=cast.row(cast.WES).workgroup)
    criteria = Criteria(domain=cast.ACME, statuses=("active", "deleted"))
    page = mailbox_searches.search(cast.actor(cast.WES), criteria, PageRequest())
    assert {line.address.partition("@")[0] for line in page.items} == {"a.b", "a.b-2", "wes", "zoe"}


def test_nobody_of_a_group_that_is_not_there(crowd):
    criteria = Criteria(domain=cast.ACME, statuses=("active", "deleted"), workgroup="nowhere")
    assert mailbox_searches.search(OPERATOR, criteria, PageRequest()) == Page([], 0)
