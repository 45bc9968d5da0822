"""Aliases by name: each once, with where it leads."""

import pytest

from postroom.actions import alias_names, aliases
from postroom.core.errors import DomainNotFound
from postroom.core.roles import OPERATOR
from tests import cast


@pytest.fixture
def adam(people):
    return cast.person_actor(cast.ADAM)


def add(local_part, *destinations):
    aliases.add(OPERATOR, cast.origin(), cast.ACME, local_part, destinations)


def names(actor, **wanted):
    found, total = alias_names.listed(actor, cast.ACME, **wanted)
    return [one.local_part for one in found], total


def test_a_name_with_many_destinations_shows_the_first_and_counts_all(adam):
    add("info", *(f"m{number}@else.where" for number in range(5)))
    (found,), _ = alias_names.listed(adam, cast.ACME)
    assert (found.destinations, found.total, found.more) == (
        ["m0@else.where", "m1@else.where", "m2@else.where"], 5, 2,
    )  # fmt: skip


def test_names_are_paged_not_pairs(adam):
    for name in ("a", "b", "c"):
        add(name, "x@else.where", "y@else.where")
    assert names(adam, limit=2) == (["a", "b"], 3)
    assert names(adam, first=2, limit=2) == (["c"], 3)
    assert names(adam, first=9, limit=2) == ([], 3)


def test_a_name_found_by_one_destination_shows_all_of_them(adam):
    add("info", "x@else.where", "y@home.example")
    (found,), _ = alias_names.listed(adam, cast.ACME, q="home")
    assert found.destinations == ["x@else.where", "y@home.example"]


def test_aliases_that_lead_to_a_mailbox_are_found(adam):
    add("info", cast.UMA, "x@else.where")
    add("sales", "x@else.where")
    assert [(one.local_part, one.allow_to_send) for one in alias_names.leading_to(adam, cast.UMA)] == [("info", False)]


def test_a_stranger_finds_no_domain(people):
    with pytest.raises(DomainNotFound):
        alias_names.listed(cast.person_actor(cast.NORA), cast.ACME)
