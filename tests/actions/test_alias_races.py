"""Aliases that are made at the same moment: nothing lost, nothing doubled, no circle that mail runs in."""

import pytest

from postroom.actions import aliases, domains, mailboxes, setup
from postroom.core.errors import NameTaken
from postroom.core.roles import OPERATOR
from postroom.store import projection
from postroom.store.models import Alias, MailRoute
from tests import cast
from tests.threads import MARK, at_once, shared_database

NET = "acme.net"
pytestmark = MARK


@pytest.fixture
def shared(tmp_path):
    """On servers of our own."""
    with shared_database(tmp_path):
        projection.forget_everything()
        setup.add_platform(cast.origin(), "here", "mailstack", {})
        cast.acme()
        domains.change(OPERATOR, cast.origin(), NET, {"company": "acme"}, create_only=True)
        yield


def add(local_part, destination, domain=cast.ACME):
    return lambda: aliases.create(OPERATOR, cast.origin(), domain, local_part, destination)


def goto(address):
    return set(MailRoute.objects.get(address=address).goto.split(","))


@pytest.mark.parametrize("round", range(4))
def test_one_of_two_who_add_the_same_hears_that_it_is_there(shared, round):
    def once():
        try:
            return add("info", cast.UMA)().destination
        except NameTaken:
            return "taken"

    assert sorted(at_once(once, once)) == ["taken", cast.UMA]
    assert Alias.objects.count() == 1


@pytest.mark.parametrize("round", range(6))
def test_a_circle_closed_from_both_sides_at_once_leads_out(shared, round):
    add("a", "joe@else.where")()
    add("b", cast.UMA, NET)()
    at_once(add("a", f"b@{NET}"), add("b", f"a@{cast.ACME}", NET))
    ways = {f"a@{cast.ACME}": goto(f"a@{cast.ACME}"), f"b@{NET}": goto(f"b@{NET}")}
    assert not (f"b@{NET}" in ways[f"a@{cast.ACME}"] and f"a@{cast.ACME}" in ways[f"b@{NET}"])
    for found in ways.values():
        assert {"joe@else.where", cast.UMA} <= found | {end for way in found & ways.keys() for end in ways[way]}


@pytest.mark.parametrize("round", range(6))
def test_a_mailbox_that_changes_meanwhile_keeps_its_copies(shared, round):
    at_once(
        add("uma", "joe@else.where"),
        lambda: mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"aliases": [f"more{round}"]}),
        add("uma", "jim@else.where"),
    )
    assert goto(cast.UMA) == {cast.UMA, "joe@else.where", "jim@else.where"}


@pytest.mark.parametrize("round", range(4))
def test_a_mailbox_made_at_the_same_moment_gets_the_mail_too(shared, round):
    at_once(add("zoe", "joe@else.where"), lambda: cast.mailbox("zoe@acme.example"))
    assert goto("zoe@acme.example") == {"zoe@acme.example", "joe@else.where"}
