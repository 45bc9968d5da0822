"""A column among many numbers, as one parameter."""

import pytest

from postroom.store.models import Context
from postroom.store.one_of import also_one_of, one_of


@pytest.mark.parametrize("places", [(), (0,), (0, 2), (0, 1, 2)])
def test_it_finds_those_and_no_others(db, places):
    made = [Context.objects.create(name=name, created_at=0).pk for name in "abc"]
    wanted = [made[n] for n in places]
    assert list(Context.objects.filter(one_of("id", wanted)).order_by("id").values_list("id", flat=True)) == wanted


def test_there_may_be_more_than_a_database_takes_parameters(db):
    made = Context.objects.create(name="a", created_at=0).pk
    assert Context.objects.filter(one_of("id", range(made, made + 300_000))).count() == 1


@pytest.mark.parametrize("places", [(), (0,), (0, 2), (0, 1, 2)])
def test_so_does_the_one_that_needs_no_index(db, places):
    made = [Context.objects.create(name=name, created_at=0).pk for name in "abc"]
    wanted = [made[n] for n in places]
    assert list(Context.objects.filter(also_one_of("id", wanted)).order_by("id").values_list("id", flat=True)) == wanted
