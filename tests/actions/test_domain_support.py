"""Whom a domain's letters go to."""

import pytest

from postroom.actions import domain_support, histories, undo
from postroom.core.errors import BadRequest, ChangedSince, DomainNotFound, NotUndoable, RoleTooSmall
from postroom.store.models import Domain, History
from tests import cast

NEW = "it@home.example"


@pytest.fixture
def olga(people):
    return cast.person_actor(cast.OLGA)


def kept():
    return Domain.objects.get(name=cast.ACME).support_email


def change(actor, email=NEW):
    return domain_support.change(actor, cast.origin(), cast.ACME, email)


def newest():
    return History.objects.filter(kind="domain").order_by("-id")[0]


def test_it_is_changed_in_its_canonical_form(olga):
    assert change(olga, " IT@Bücher.example ") == kept() == "it@xn--bcher-kva.example"


def test_an_administrator_may_change_it(people):
    change(cast.person_actor(cast.ADAM))
    assert kept() == NEW


def test_a_viewer_may_not(people):
    with pytest.raises(RoleTooSmall):
        change(cast.person_actor(cast.VERA))
    assert kept() == ""


def test_a_stranger_is_not_told_that_the_domain_is_there(people):
    with pytest.raises(DomainNotFound):
        change(cast.person_actor(cast.NORA))


@pytest.mark.parametrize("written", [None, "", "  ", 7, "nobody", "a b@home.example", "x@", f"{'x' * 65}@home.example"])
def test_what_is_no_address_changes_nothing(olga, written):
    change(olga)
    before = History.objects.count()
    with pytest.raises(BadRequest) as told:
        change(olga, written)
    assert (told.value.hints.keys(), kept(), History.objects.count()) == ({"support_email"}, NEW, before)


def test_the_change_is_in_the_history_of_the_domain(olga):
    change(olga)
    assert (newest().actor, newest().verb, newest().changes) == (cast.OLGA, "changed", {"support_email": [None, NEW]})


def test_the_same_address_again_is_no_change(olga):
    change(olga)
    before = History.objects.count()
    change(olga, NEW.upper())
    assert History.objects.count() == before


def test_no_mail_platform_is_asked_for_it(olga):
    before = Domain.objects.values_list("generation", "due_at").get(name=cast.ACME)
    change(olga)
    assert Domain.objects.values_list("generation", "due_at").get(name=cast.ACME) == before


def test_it_can_be_undone(olga):
    change(olga)
    change(olga, "other@home.example")
    undo.revert(olga, cast.origin(), newest().pk)
    assert kept() == NEW


def test_whoever_sees_the_history_is_told_whether_they_may_undo_it(olga):
    change(olga)
    change(olga, "other@home.example")
    vera = cast.person_actor(cast.VERA)
    found = [histories.of_domain(one, cast.ACME)[0][0].undoable for one in (olga, vera)]
    assert found == [True, False]


def test_the_first_one_is_not_taken_away_by_undoing(olga):
    change(olga)
    with pytest.raises(NotUndoable):
        undo.revert(olga, cast.origin(), newest().pk)
    assert kept() == NEW


def test_what_was_changed_since_is_not_undone(olga):
    change(olga)
    change(olga, "other@home.example")
    id = newest().pk
    change(olga, "third@home.example")
    with pytest.raises(ChangedSince, match="support_email"):
        undo.revert(olga, cast.origin(), id)
