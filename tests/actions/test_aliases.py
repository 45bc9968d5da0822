"""Aliases of People's kind: several destinations, wanted at once, on the platform when the worker has told it."""

import pytest

from postroom.actions import aliases, companies, domain_removal, domains, mailboxes
from postroom.core.aliases import MOST_REACHED
from postroom.core.errors import (
    AliasLimitReached,
    BadAttribute,
    DomainNotFound,
    IsAlias,
    NameTaken,
    NotFound,
    RoleTooSmall,
)
from postroom.core.roles import OPERATOR, Actor, Grant, Narrowing, Permission, Role
from postroom.store.models import Alias, Domain, History, Person, PersonEmail
from tests import cast


def somebody(role, domain=cast.ACME, **more):
    row = Domain.objects.get(name=domain)
    return Actor(name="olga@else.where", grants=(Grant(role, row.company_id, row.pk),), **more)


@pytest.fixture
def owner(acme):
    return somebody(Role.OWNER)


def add(actor, local_part, *destinations, domain=cast.ACME):
    return [aliases.create(actor, cast.origin(), domain, local_part, d).id for d in destinations]


def pairs(actor=OPERATOR, domain=cast.ACME, **more):
    return [(a.local_part, a.destination) for a in aliases.listed(actor, domain, **more)[0]]


def told():
    return [changes["own_aliases"] for changes in History.objects.order_by("id").values_list("changes", flat=True)
            if "own_aliases" in changes]  # fmt: skip


def test_an_alias_has_several_destinations(owner):
    add(owner, "info", cast.UMA, "joe@else.where")
    assert pairs() == [("info", "joe@else.where"), ("info", cast.UMA)]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("UMA@Acme.Example", "uma@acme.example"),
        ("joe@bücher.example", "joe@xn--bcher-kva.example"),
        ("nobody@devnull", "nobody@devnull"),
        ("x@LOCALHOST", "x@localhost"),
        ("o'hara+lists@else.where", "o'hara+lists@else.where"),
    ],
)
def test_a_destination_is_kept_in_its_canonical_form(owner, typed, kept):
    add(owner, "Info", typed)
    assert pairs() == [("info", kept)]


@pytest.mark.parametrize(
    ("local_part", "destination", "wrong"),
    [
        ("info", "joe", {"destination"}),
        ("info", "joe@nowhere", {"destination"}),
        ("info", "a b@devnull", {"destination"}),
        ("info", "", {"destination"}),
        ("in fo", "joe@else.where", {"local_part"}),
        ("", "", {"local_part", "destination"}),
        ("a" * 65, "joe@else.where", {"local_part"}),
        ("info+x", "joe@else.where", {"local_part"}),
        ("info", f"joe@{'x' * 60}.{'y' * 60}.{'z' * 60}.example", {"destination"}),
    ],
)
def test_what_can_be_no_alias_is_refused_and_nothing_kept(owner, local_part, destination, wrong):
    with pytest.raises(BadAttribute) as refused:
        add(owner, local_part, destination)
    assert set(refused.value.hints) == wrong
    assert pairs() == []


def test_the_same_pair_is_refused_the_second_time(owner):
    add(owner, "info", cast.UMA)
    with pytest.raises(NameTaken) as refused:
        add(owner, "INFO", "Uma@acme.example")
    assert refused.value.hints == {
        "non_field_errors": "The fields domain, local_part, destination must make a unique set."
    }


def test_an_alias_may_have_the_name_of_a_mailbox_and_lead_to_itself(owner):
    add(owner, "uma", cast.MAX, cast.UMA)
    assert pairs() == [("uma", cast.MAX), ("uma", cast.UMA)]


def test_a_list_is_found_by_part_of_either_side_and_comes_in_pages(owner):
    add(owner, "info", cast.UMA, cast.MAX)
    add(owner, "void", "x@devnull")
    assert pairs(q="DEV") == [("void", "x@devnull")]
    assert pairs(local_part="info") == [("info", cast.MAX), ("info", cast.UMA)]
    found, total = aliases.listed(owner, cast.ACME, first=1, limit=1)
    assert ([a.destination for a in found], total) == ([cast.UMA], 3)


def test_one_destination_is_removed(owner):
    first, _ = add(owner, "info", cast.UMA, cast.MAX)
    aliases.remove(owner, cast.origin(), cast.ACME, first)
    assert pairs() == [("info", cast.MAX)]


def test_all_destinations_of_a_name_are_removed(owner):
    add(owner, "info", cast.UMA, cast.MAX)
    add(owner, "void", "x@devnull")
    aliases.remove_all(owner, cast.origin(), cast.ACME, "Info")
    assert pairs() == [("void", "x@devnull")]


def test_removing_what_is_not_there_says_so(owner):
    with pytest.raises(NotFound):
        aliases.remove(owner, cast.origin(), cast.ACME, 1)
    with pytest.raises(NotFound):
        aliases.remove_all(owner, cast.origin(), cast.ACME, "info")


def test_an_alias_of_another_domain_is_not_there(owner):
    domains.change(OPERATOR, cast.origin(), "acme.net", {"company": "acme"}, create_only=True)
    (id,) = add(OPERATOR, "info", cast.UMA, domain="acme.net")
    with pytest.raises(NotFound):
        aliases.remove(owner, cast.origin(), cast.ACME, id)
    assert pairs(domain="acme.net")


def test_the_history_of_the_domain_tells(owner):
    add(owner, "info", cast.UMA, cast.MAX)
    aliases.remove_all(owner, cast.origin(), cast.ACME, "info")
    line = "info@acme.example → {}".format
    assert told() == [
        [None, [line(cast.UMA)]],
        [None, [line(cast.MAX)]],
        [[line(cast.MAX), line(cast.UMA)], None],
    ]


# Who may


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MAIL])
def test_a_smaller_role_changes_nothing(owner, role):
    (id,) = add(owner, "info", cast.UMA)
    small = somebody(role)
    for act in (
        lambda: add(small, "info", cast.MAX),
        lambda: aliases.remove_all(small, cast.origin(), cast.ACME, "info"),
        lambda: aliases.remove(small, cast.origin(), cast.ACME, id),
        lambda: aliases.remove(small, cast.origin(), cast.ACME, 999),
    ):
        with pytest.raises(RoleTooSmall):
            act()
    assert pairs() == [("info", cast.UMA)]


def test_without_a_role_there_is_no_domain(other):
    charlie = cast.actor(cast.CHARLIE)
    for act in (
        lambda: aliases.listed(charlie, cast.ACME),
        lambda: add(charlie, "info", cast.MAX),
        lambda: aliases.remove(charlie, cast.origin(), cast.ACME, 1),
        lambda: aliases.remove_all(charlie, cast.origin(), cast.ACME, "info"),
    ):
        with pytest.raises(DomainNotFound):
            act()


@pytest.fixture
def olga(acme):
    """A viewer who has shown that mail to olga@else.where reaches her."""
    person = Person.objects.create(email="olga@else.where", created_at=1)
    PersonEmail.objects.create(person=person, email="olga@else.where", verified_at=1)
    return somebody(Role.VIEWER, person_id=person.pk)


def test_a_viewer_ends_an_alias_that_leads_to_them(owner, olga):
    (mine,) = add(owner, "info", "Olga@else.where")
    aliases.remove(olga, cast.origin(), cast.ACME, mine)
    assert pairs() == []


def test_a_holder_who_views_ends_an_alias_that_leads_to_their_mailbox(owner):
    (mine,) = add(owner, "info", cast.UMA)
    uma = somebody(Role.VIEWER, mailbox_id=cast.row(cast.UMA).pk)
    aliases.remove(uma, cast.origin(), cast.ACME, mine)
    assert pairs() == []


def test_a_key_that_may_not_change_aliases_does_not_end_them_either(owner, olga):
    (mine,) = add(owner, "info", "olga@else.where")
    key = Narrowing(permissions=frozenset({Permission.ALIAS_SEE}))
    with pytest.raises(RoleTooSmall):
        aliases.remove(somebody(Role.VIEWER, person_id=olga.person_id, narrowing=key), cast.origin(), cast.ACME, mine)


def test_an_alias_name_of_the_domain_is_told(owner):
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"aliases": ["acme.net"]})
    with pytest.raises(IsAlias):
        add(owner, "info", cast.UMA, domain="acme.net")


# How many


def test_limit_aliases_counts_names_of_both_kinds(owner):
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"aliases": ["sales"]})
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"limit_aliases": 2})
    add(owner, "info", cast.UMA, cast.MAX)
    with pytest.raises(AliasLimitReached):
        add(owner, "more", cast.UMA)
    add(owner, "info", cast.WES)
    with pytest.raises(AliasLimitReached):
        mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"aliases": ["sales", "shop"]})


def test_an_alias_that_would_reach_too_many_is_refused(owner):
    row = Domain.objects.get(name=cast.ACME)
    Alias.objects.bulk_create(
        Alias(domain=row, local_part="many", destination=f"u{n}@else.where", created_at=1) for n in range(MOST_REACHED)
    )
    add(owner, "all", "many@acme.example")
    for name in ("many", "all"):
        with pytest.raises(BadAttribute) as refused:
            add(owner, name, "one@too.many")
        assert set(refused.value.hints) == {"destination"}
    assert ("all", "one@too.many") not in pairs(q="one@")


def test_a_circle_is_no_error(owner):
    add(owner, "a", "b@acme.example")
    add(owner, "b", "a@acme.example", "c@acme.example")
    add(owner, "c", "c@acme.example")
    assert len(pairs()) == 4


# Which domains


def test_an_alias_of_a_domain_that_waits_is_kept(acme):
    companies.create(OPERATOR, cast.origin(), "untrusted", trusted=False, catchall_allowed=False)
    domains.change(OPERATOR, cast.origin(), "new.example", {"company": "untrusted"}, create_only=True)
    assert Domain.objects.get(name="new.example").status == "pending"
    add(somebody(Role.OWNER, "new.example"), "info", cast.UMA, domain="new.example")
    assert pairs(domain="new.example") == [("info", cast.UMA)]


def test_aliases_come_back_with_their_domain(acme):
    domains.change(OPERATOR, cast.origin(), "acme.net", {"company": "acme"}, create_only=True)
    add(OPERATOR, "info", cast.UMA, domain="acme.net")
    domain_removal.delete(OPERATOR, cast.origin(), "acme.net")
    with pytest.raises(DomainNotFound):
        pairs(domain="acme.net")
    from postroom.store.models import Tombstone

    stone = Tombstone.objects.get(name="acme.net")
    domain_removal.restore(OPERATOR, cast.origin(), "acme.net", stone.restore_id, "acme.org")
    assert pairs(domain="acme.org") == [("info", cast.UMA)]


def test_several_destinations_are_added_at_once_and_told_once(owner):
    made = aliases.add(owner, cast.origin(), cast.ACME, "Info", ["Joe@else.where", cast.UMA, "joe@else.where"])
    assert [one.destination for one in made] == ["joe@else.where", cast.UMA]
    assert len(told()) == 1


@pytest.mark.parametrize(
    ("local_part", "destinations", "wrong"),
    [
        ("info", ["joe@else.where", "ann", "bob@"], {"destinations"}),
        ("in fo", ["joe@else.where"], {"local_part"}),
        ("info", [], {"destinations"}),
    ],
)
def test_with_one_bad_destination_none_is_added(owner, local_part, destinations, wrong):
    with pytest.raises(BadAttribute) as refused:
        aliases.add(owner, cast.origin(), cast.ACME, local_part, destinations)
    assert (set(refused.value.hints), pairs()) == (wrong, [])


def test_with_one_that_is_there_already_none_is_added(owner):
    add(owner, "info", cast.UMA)
    with pytest.raises(NameTaken) as refused:
        aliases.add(owner, cast.origin(), cast.ACME, "info", ["joe@else.where", cast.UMA])
    assert (refused.value.hints, pairs()) == ({"destinations": cast.UMA}, [("info", cast.UMA)])


def test_too_many_at_once_are_none(owner, monkeypatch):
    monkeypatch.setattr(aliases, "MOST_ALIASES", 1)
    with pytest.raises(AliasLimitReached):
        aliases.add(owner, cast.origin(), cast.ACME, "info", ["joe@else.where", cast.UMA])
    assert pairs() == []
