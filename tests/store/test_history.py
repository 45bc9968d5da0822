"""History can be added to and nothing else; whoever tampers with it all the same is found out."""

import pytest
from django.db import DatabaseError, connection, transaction

from postroom.actions import companies, domain_removal, domains, mailbox_removal, mailboxes
from postroom.core.roles import OPERATOR
from postroom.store import history
from postroom.store.models import History, Mailbox
from tests import cast

KINDS = ("company", "domain", "mailbox")


def change_uma(**attributes):
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, attributes)


def broken(kind="mailbox"):
    return list(history.broken_chains(kind))


@pytest.fixture
def lived(acme):
    """Things have happened to Uma."""
    for quota in (10, 20, 30):
        change_uma(quota=quota)


@pytest.fixture
def unguarded(lived):
    """As for somebody who may do everything with the database."""
    names = {
        "sqlite": ["history_no_update", "history_no_delete"],
        "postgresql": ["history_no_change ON store_history"],
    }
    with connection.cursor() as cursor:
        for name in names[connection.vendor]:
            cursor.execute(f"DROP TRIGGER {name}")


def umas():
    return History.objects.filter(kind="mailbox", object_id=cast.row(cast.UMA).pk).order_by("id")


@pytest.mark.parametrize("kind", KINDS)
def test_the_history_of_a_busy_day_is_whole(lived, kind):
    companies.change(OPERATOR, cast.origin(), "acme", {"spamlevel": "High"})
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"spamlevel": "High", "aliases": ["acme.test"]})
    mailbox_removal.rename(OPERATOR, cast.origin(), cast.UMA, "una")
    mailbox_removal.delete(OPERATOR, cast.origin(), "una@acme.example")
    mailbox_removal.restore(OPERATOR, cast.origin(), "una@acme.example", None, None)
    domains.change(OPERATOR, cast.origin(), "second.example", {"company": "acme"})
    domain_removal.delete(OPERATOR, cast.origin(), "second.example")
    assert broken(kind) == []


@pytest.mark.parametrize(
    "attributes",
    [
        {"name": "Ümit „Uma“ 😀"},
        {"name": 'a "quoted" \\ name'},
        {"allow": ["b@x.example", "a@x.example"]},
        {"quota": 5 * 2**30},
        {"service_imap4": "suspended"},
    ],
    ids=str,
)
def test_every_kind_of_value_is_hashed_as_it_is_stored(acme, attributes):
    change_uma(**attributes)
    assert broken() == []


def test_an_entry_says_what_was_before_and_after(lived):
    assert umas().last().changes == {"quota": [20, 30]}


def test_an_entry_cannot_be_changed(lived):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        umas().update(actor="nobody")


def test_an_entry_cannot_be_removed(lived):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        umas().delete()


@pytest.mark.parametrize(
    "field, value",
    [
        ("at", 1),
        ("name", "una@acme.example"),
        ("actor", "nobody"),
        ("face", "web"),
        ("verb", "seen"),
        ("changes", {"quota": [20, 31]}),
        ("company_id", None),
        ("application", "x"),
        ("request_id", "x"),
    ],
)
def test_a_changed_entry_is_found(unguarded, field, value):
    History.objects.filter(pk=umas()[2].pk).update(**{field: value})
    assert [line for line in broken() if "was changed" in line]


def test_an_entry_in_the_middle_that_was_removed_is_found(unguarded):
    umas()[2].delete()
    assert [line for line in broken() if "does not follow" in line]


def test_the_first_entry_that_was_removed_is_found(unguarded):
    umas()[0].delete()
    assert [line for line in broken() if "does not follow" in line]


def test_the_newest_entry_that_was_removed_is_found(unguarded):
    umas().last().delete()
    assert [line for line in broken() if "newest" in line]


def test_a_history_that_was_removed_altogether_is_found(unguarded):
    umas().delete()
    assert [line for line in broken() if "newest" in line]


def forged(**differences):
    """An entry slipped in, with a hash that fits."""
    last = umas().last()
    content = {name: getattr(last, name) for name in history._FIELDS[:10]}
    changes = {"quota": [30, 40]}
    hash = history._digest(last.hash, (*content.values(), history._canonical(changes)))
    return History(**{**content, "changes": changes, "previous": last.hash, "hash": hash, **differences})


def test_an_entry_that_was_slipped_in_is_found(lived):
    forged(previous="", hash="0" * 64).save()
    assert [line for line in broken() if "was added" in line]


def test_an_entry_that_was_slipped_in_with_the_right_hash_is_found(lived):
    forged().save()
    assert [line for line in broken() if "was added" in line]


def test_the_two_entries_that_changed_places_are_found(unguarded):
    first, second = umas()[1], umas()[2]
    for entry, at in ((first, 10**6), (second, first.pk), (first, second.pk)):
        History.objects.filter(hash=entry.hash).update(id=at)
    assert broken()


def test_only_the_object_that_was_tampered_with_is_named(unguarded):
    History.objects.filter(pk=umas()[2].pk).update(actor="nobody")
    assert all(cast.UMA in line for line in broken())


def test_what_is_written_while_the_history_is_read_is_no_alarm(lived, monkeypatch):
    class AMomentAgo:
        """The heads as they were before Uma was changed once more."""

        def __init__(self):
            self.heads = list(Mailbox.objects.values_list("id", "history_head"))

        def values_list(self, *names):
            change_uma(quota=40)
            return self.heads

        def __getattr__(self, name):
            return getattr(Mailbox.objects, name)

    class Table:
        objects = AMomentAgo()

    monkeypatch.setitem(history._OBJECTS, "mailbox", Table)
    assert broken() == []
