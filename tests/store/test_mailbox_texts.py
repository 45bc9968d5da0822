"""Pages of mailboxes are the same, whichever way the database was asked."""

import pytest
from django.db.models import F

from postroom.store import mailbox_texts
from postroom.store.mailbox_texts import Wanted
from postroom.store.models import Mailbox
from tests import cast

BY_ADDRESS = [(F("address"), False)]


def page(order=BY_ADDRESS, **wanted):
    rows, total = mailbox_texts.page(
        Mailbox.objects.filter(domain__name=cast.ACME), Wanted(order=order, **{"first": 0, "limit": 2, **wanted})
    )
    return [row.address.partition("@")[0] for row in rows], total


@pytest.fixture(params=["few", "many, soon", "many, late"])
def way(request, monkeypatch):
    """How many count as few, and how full a page must be soon."""
    if request.param != "few":
        monkeypatch.setattr(mailbox_texts, "_FEW", 1)
        monkeypatch.setattr(mailbox_texts, "_MANY", 1)
        monkeypatch.setattr(mailbox_texts, "_SHARE", 0 if request.param == "many, soon" else 1000)


def test_a_search_is_sorted_cut_and_counted(acme, way):
    everybody = page(limit=100)[0]
    assert page(words=["acme"], first=1) == (everybody[1:3], len(everybody))
    assert page(words=["acme"], order=[(F("address"), True)]) == (everybody[::-1][:2], len(everybody))


def test_a_search_is_narrowed_by_status(acme, way):
    Mailbox.objects.filter(address=cast.UMA).update(status="failed")
    assert page(words=["acme"], status="failed") == (["uma"], 1)


def test_behind_the_last_page_there_is_nothing(acme, way):
    rows, total = page(words=["acme"], first=100)
    assert (rows, total > 1) == ([], True)
