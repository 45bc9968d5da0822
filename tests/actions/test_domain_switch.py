"""The operator's on and off."""

import pytest

from postroom.actions import domain_removal, domain_switch, domains
from postroom.core.errors import BadRequest, RoleTooSmall, WrongState
from postroom.core.lifecycle import DomainState
from postroom.core.roles import OPERATOR
from postroom.store.models import Domain, DomainName, History, Job, Tombstone
from tests import cast

TOWN = "town.example"
OWNER = "owner@home.example"


@pytest.fixture
def town(acme):
    cast.company("town", "mayor@town.adm", trusted=False)
    domains.change(OPERATOR, cast.origin(), TOWN, {"company": "town"}, create_only=True)
    Domain.objects.filter(name=TOWN).update(status=DomainState.ENABLED, proved_at=1, check_at=2, told=[["enabled", 1]])
    Job.objects.all().delete()
    cast.person(OWNER, "owner", TOWN)


def disable(name=TOWN, **more):
    domain_switch.disable(OPERATOR, cast.origin(), name, **more)


def enable(name=TOWN):
    domain_switch.enable(OPERATOR, cast.origin(), name)


def row(name=TOWN):
    return Domain.objects.get(name=name)


def test_a_disabled_domain_is_disabled(town):
    disable()
    assert row().status == DomainState.DISABLED


def test_it_is_not_checked(town):
    disable()
    assert row().check_at is None


def test_the_platform_and_the_mailboxes_are_told(town):
    disable()
    assert (row().due_at is not None, Job.objects.filter(kind="spread_domain").exists()) == (True, True)


def test_the_reason_is_in_the_history(town):
    disable(reason="not paid")
    assert History.objects.get(name=TOWN, verb="disabled").changes == {
        "status": ["enabled", "disabled"],
        "reason": [None, "not paid"],
    }


def test_a_reason_that_is_no_end_of_words_is_refused(town):
    with pytest.raises(BadRequest):
        disable(reason="x" * 501)
    assert row().status == DomainState.ENABLED


def test_what_is_disabled_cannot_be_disabled(town):
    disable()
    with pytest.raises(WrongState):
        disable()


def test_what_is_enabled_cannot_be_enabled(town):
    with pytest.raises(WrongState):
        enable()


def test_switched_on_again_control_has_to_be_proved_anew(town):
    disable()
    enable()
    assert (row().status, row().proved_at) == (DomainState.PENDING, None)


def test_it_is_checked_at_once(town):
    disable()
    enable()
    assert row().check_at == row().due_at


def test_what_comes_of_it_will_be_news(town):
    disable()
    enable()
    assert row().told == []


@pytest.mark.parametrize("name", [cast.ACME, "acme.adm"])
def test_where_nothing_has_to_be_proved_it_works_at_once(town, name):
    disable(name)
    enable(name)
    assert (row(name).status, row(name).proved_at is not None) == (DomainState.ENABLED, True)


@pytest.mark.parametrize("switch", [domain_switch.disable, domain_switch.enable])
def test_its_owner_may_not(town, switch):
    with pytest.raises(RoleTooSmall):
        switch(cast.person_actor(OWNER), cast.origin(), TOWN)


# Deleting and restoring: its owner's


@pytest.fixture
def pending(town):
    Domain.objects.filter(name=TOWN).update(status=DomainState.PENDING, proved_at=None)


def delete(email=OWNER):
    domain_removal.delete(cast.person_actor(email), cast.origin(), TOWN)


def restore(email=OWNER):
    stone = Tombstone.objects.get(name=TOWN)
    domain_removal.restore(cast.person_actor(email), cast.origin(), TOWN, stone.restore_id, TOWN)


def test_its_owner_deletes_a_pending_domain(pending):
    delete()
    assert not DomainName.objects.filter(name=TOWN).exists()


def test_its_administrator_does_not(pending):
    cast.person("helper@home.example", "administrator", TOWN)
    with pytest.raises(RoleTooSmall):
        delete("helper@home.example")


def test_its_owner_brings_it_back(pending):
    delete()
    restore()
    assert row().status == DomainState.PENDING


def test_what_comes_back_has_to_be_proved_anew(town):
    delete()
    restore()
    assert (row().status, row().proved_at, row().told) == (DomainState.PENDING, None, [])


def test_what_comes_back_is_checked_at_once(pending):
    delete()
    restore()
    assert row().check_at == row().due_at
