"""Domains share a directory where the operator has joined them."""

import pytest

from postroom.actions import contexts, domains
from postroom.core.errors import DomainNotFound, RoleTooSmall, WrongState
from postroom.core.roles import OPERATOR
from postroom.store.models import Context, Domain, History
from tests import cast

NET, ORG = "acme.net", "acme.org"


@pytest.fixture
def three(acme):
    for name in (NET, ORG):
        domains.change(OPERATOR, cast.origin(), name, {"company": "acme"}, create_only=True)


def join(domain, other):
    contexts.join(OPERATOR, cast.origin(), domain, other)


def leave(domain):
    contexts.leave(OPERATOR, cast.origin(), domain)


def together(domain=cast.ACME):
    return contexts.show(OPERATOR, domain).domains


def test_a_domain_begins_alone(three):
    assert together() == [cast.ACME]


def test_domains_that_are_joined_are_in_one_context(three):
    join(NET, cast.ACME)
    join(ORG, NET)
    assert together(cast.ACME) == together(NET) == together(ORG) == [cast.ACME, NET, ORG]


def test_the_context_that_is_left_empty_is_gone(three):
    before = Context.objects.count()
    join(NET, cast.ACME)
    assert Context.objects.count() == before - 1


def test_a_domain_that_leaves_is_alone_and_the_others_stay_together(three):
    join(NET, cast.ACME)
    join(ORG, cast.ACME)
    leave(cast.ACME)
    assert (together(), together(NET)) == ([cast.ACME], [NET, ORG])


def test_what_is_so_already_is_said(three):
    join(NET, cast.ACME)
    with pytest.raises(WrongState):
        join(cast.ACME, NET)
    with pytest.raises(WrongState):
        join(ORG, ORG)
    with pytest.raises(WrongState):
        leave(ORG)


def test_only_the_operator_joins_and_only_who_is_there_hears_of_it(three, other):
    for act in (contexts.join, contexts.leave):
        arguments = (NET, cast.ACME) if act is contexts.join else (NET,)
        with pytest.raises(RoleTooSmall):
            act(cast.actor(cast.ALICE), cast.origin(), *arguments)
        with pytest.raises(DomainNotFound):
            act(cast.actor(cast.CHARLIE), cast.origin(), *arguments)
    with pytest.raises(RoleTooSmall):
        contexts.show(cast.actor(cast.DORA), cast.ACME)
    assert together() == [cast.ACME]


def test_the_history_tells(three):
    join(NET, cast.ACME)
    leave(NET)
    entries = History.objects.filter(name=NET, changes__has_key="context").order_by("id")
    assert [entry.changes["context"] for entry in entries] == [
        [[NET], [cast.ACME, NET]],
        [[cast.ACME, NET], [NET]],
    ]


def test_the_platform_is_told_of_the_domain_that_moved(three):
    Domain.objects.update(due_at=None)
    join(NET, cast.ACME)
    assert list(Domain.objects.filter(due_at__isnull=False).values_list("name", flat=True)) == [NET]
