"""Whom the people of a context find, and that they find nobody beyond it."""

import pytest

from postroom.actions import companies, contexts, directory, domains, mailbox_removal, mailboxes
from postroom.core.roles import OPERATOR, Actor, Grant, Narrowing, Permission, Role
from postroom.store.models import Domain, Mailbox
from tests import cast

NET, ORG = "acme.net", "acme.org"


def member(role=Role.VIEWER, domain=cast.ACME, **more):
    row = Domain.objects.get(name=domain)
    return Actor(name="olga@else.where", grants=(Grant(role, row.company_id, row.pk),), **more)


def holder(address):
    row = cast.row(address)
    grant = Grant(Role.SELF, row.domain.company_id, row.domain_id, row.workgroup_id, row.pk)
    return Actor(name=address, mailbox_id=row.pk, domain_id=row.domain_id, grants=(grant,))


def found(actor, q="", **more):
    return [entry.address for entry in directory.search(actor, q, **more)[0]]


EVERYBODY = [cast.DORA, cast.MAX, cast.UMA, cast.WES]


@pytest.fixture
def three(acme):
    for name in (NET, ORG):
        domains.change(OPERATOR, cast.origin(), name, {"company": "acme"}, create_only=True)
        cast.mailbox(f"zoe@{name}", name="Zoé Müller")


def test_members_find_everybody_of_their_domain(three):
    assert found(member()) == found(holder(cast.UMA)) == EVERYBODY


def test_they_find_nobody_beyond_it(three):
    assert found(member(), "zoe") == found(holder(cast.UMA), "zoe") == []


def test_they_find_the_people_of_all_domains_of_their_context(three):
    contexts.join(OPERATOR, cast.origin(), NET, cast.ACME)
    assert found(member(), "zoe") == found(holder(cast.UMA), "zoe") == [f"zoe@{NET}"]
    assert found(holder(f"zoe@{NET}"), "uma") == [cast.UMA]


def test_a_domain_that_leaves_takes_its_people_along(three):
    contexts.join(OPERATOR, cast.origin(), NET, cast.ACME)
    contexts.leave(OPERATOR, cast.origin(), NET)
    assert found(member(), "zoe") == []
    assert found(holder(f"zoe@{NET}"), "") == [f"zoe@{NET}"]


@pytest.mark.parametrize("q", ["zoé", "ZOE", "muller", "Müll zoë", "zoe@acme.net", "e@acme"])
def test_case_accents_and_order_do_not_count(three, q):
    assert found(member(domain=NET), q) == [f"zoe@{NET}"]


@pytest.mark.parametrize("q", ["zoe meier", "%", "_", "\\", "zoe%", "'"])
def test_what_does_not_occur_is_not_found(three, q):
    assert found(member(domain=NET), q) == []


def test_an_entry_says_name_and_address(three):
    (entry,), total = directory.search(member(domain=NET), "zoe")
    assert (entry.name, entry.address, entry.id, total) == (
        "Zoé Müller", f"zoe@{NET}", cast.row(f"zoe@{NET}").pk, 1,
    )  # fmt: skip


def test_it_comes_in_pages_by_name(three):
    mailboxes.change(OPERATOR, cast.origin(), cast.WES, {"name": "Ádám First"})
    entries, total = directory.search(member(), "", first=0, limit=2)
    assert ([e.address for e in entries], total) == ([cast.WES, cast.DORA], 4)
    assert found(member(), first=2, limit=2) == [cast.MAX, cast.UMA]


def test_a_name_that_changes_is_found_as_it_is_now(three):
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"name": "Uma Thor"})
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"name": "Uma Odin"})
    assert (found(member(), "thor"), found(member(), "odin")) == ([], [cast.UMA])


@pytest.mark.parametrize("status", ["disabled", "pending", "failed"])
def test_mailboxes_that_are_not_in_use_do_not_show(three, status):
    Mailbox.objects.filter(address=cast.UMA).update(status=status)
    assert found(member(), "uma") == []


def test_deleted_mailboxes_do_not_show(three):
    mailbox_removal.delete(OPERATOR, cast.origin(), cast.UMA)
    assert found(member(), "uma") == []


def test_a_domain_that_is_switched_off_hides_its_people(three):
    contexts.join(OPERATOR, cast.origin(), NET, cast.ACME)
    domains.change(OPERATOR, cast.origin(), NET, {"disabled": True})
    assert found(member(), "zoe") == []


def test_a_domain_that_waits_shows_nobody(three):
    companies.create(OPERATOR, cast.origin(), "untrusted", trusted=False, catchall_allowed=False)
    domains.change(OPERATOR, cast.origin(), "new.example", {"company": "untrusted"}, create_only=True)
    cast.mailbox("zoe@new.example")
    contexts.join(OPERATOR, cast.origin(), "new.example", cast.ACME)
    assert found(member(), "zoe") == []


def test_whoever_has_several_contexts_may_name_one_of_their_domains(three):
    row = Domain.objects.get(name=NET)
    both = Actor(name="olga@else.where", grants=(*member().grants, Grant(Role.VIEWER, row.company_id, row.pk)))
    assert found(both) == [*EVERYBODY, f"zoe@{NET}"]
    assert found(both, domain=NET) == [f"zoe@{NET}"]
    assert found(both, domain=ORG) == []


def test_nobody_without_a_domain_finds_anybody(three):
    assert found(Actor(name="olga@else.where", person_id=1)) == []


def test_a_key_for_one_domain_finds_its_context_only(three):
    row = Domain.objects.get(name=NET)
    grants = (*member().grants, Grant(Role.OWNER, row.company_id, row.pk))
    narrowed = Actor(name="key", grants=grants, narrowing=Narrowing(domains=frozenset({row.pk})))
    assert found(narrowed) == [f"zoe@{NET}"]
    other = Narrowing(permissions=frozenset({Permission.ALIAS_SEE}))
    assert found(Actor(name="key", grants=grants, narrowing=other)) == []


def test_a_company_finds_its_own_people_only(three, other):
    assert found(cast.actor(cast.CHARLIE), "uma") == []
    assert found(cast.actor(cast.ALICE), "uma") == [cast.UMA]


def test_the_number_of_questions_does_not_depend_on_how_many_are_found(three, django_assert_max_num_queries):
    viewer = member()
    with django_assert_max_num_queries(4):
        found(viewer)
