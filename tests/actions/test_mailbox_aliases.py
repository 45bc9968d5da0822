"""Further addresses of a mailbox, one by one."""

import pytest

from postroom.actions import domains, mailbox_aliases
from postroom.core.errors import (
    AliasDomainNotFound,
    AliasLimitReached,
    BadAttribute,
    NameTaken,
    NotFound,
    NotSettable,
    RoleTooSmall,
)
from postroom.core.roles import OPERATOR
from postroom.store.models import Address, History
from tests import cast

HELLO = "hello@acme.example"


@pytest.fixture
def adam(people):
    return cast.person_actor(cast.ADAM)


def add(actor, alias):
    mailbox_aliases.add(actor, cast.origin(), cast.UMA, alias)


@pytest.mark.parametrize("typed", ["hello", " Hello@ACME.example "])
def test_an_address_is_added(adam, typed):
    add(adam, typed)
    assert (cast.row(cast.UMA).aliases, Address.objects.get(address=HELLO).is_alias) == ([HELLO], True)


def test_those_that_are_there_stay(adam):
    add(adam, "hello")
    add(adam, "there")
    assert cast.row(cast.UMA).aliases == [HELLO, "there@acme.example"]


def test_one_is_removed(adam):
    add(adam, "hello")
    add(adam, "there")
    mailbox_aliases.remove(adam, cast.origin(), cast.UMA, HELLO)
    assert cast.row(cast.UMA).aliases == ["there@acme.example"]


def test_the_platform_and_the_history_are_told(adam):
    before = cast.row(cast.UMA).generation
    add(adam, "hello")
    entry = History.objects.filter(kind="mailbox").latest("id")
    assert (cast.row(cast.UMA).generation, entry.changes) == (before + 1, {"aliases": [[], [HELLO]]})


@pytest.mark.parametrize(
    ("alias", "error"),
    [
        ("max", NameTaken),
        ("uma", NameTaken),
        ("  ", BadAttribute),
        ("hé", BadAttribute),
        ("hello@else.where", AliasDomainNotFound),
    ],
)
def test_what_cannot_be_one_is_refused(adam, alias, error):
    with pytest.raises(error) as refused:
        add(adam, alias)
    assert (refused.value.hints.keys(), cast.row(cast.UMA).aliases) == ({"aliases"}, [])


def test_the_same_one_is_refused_the_second_time(adam):
    add(adam, "hello")
    with pytest.raises(NameTaken):
        add(adam, "hello")


def test_the_limit_of_the_domain_holds(adam):
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"limit_aliases": 0})
    with pytest.raises(AliasLimitReached):
        add(adam, "hello")


def test_what_is_no_alias_of_it_cannot_be_removed(adam):
    with pytest.raises(NotFound):
        mailbox_aliases.remove(adam, cast.origin(), cast.UMA, HELLO)


def test_a_viewer_adds_none(people):
    with pytest.raises(RoleTooSmall):
        add(cast.person_actor(cast.VERA), "hello")


def test_a_holder_adds_none_alone(acme):
    with pytest.raises(NotSettable):
        add(cast.actor(cast.UMA), "hello")
