"""Who has which role on a domain (people.md section 3.2; docs/decisions/012-people.md)."""

import pytest

from postroom.actions import accesses, domains
from postroom.core.errors import (
    AccessExists,
    BadRequest,
    DomainNotFound,
    LastOwner,
    NotFound,
    RoleTooHigh,
    RoleTooSmall,
)
from postroom.core.roles import OPERATOR, Actor, Narrowing, Permission
from postroom.store import history
from postroom.store.models import Access, Domain, History, Person, PersonEmail
from tests import cast

pytestmark = pytest.mark.usefixtures("people")

OTHER = "other.example"


@pytest.fixture
def second_domain():
    domains.change(OPERATOR, cast.origin(), OTHER, {"company": "acme"}, create_only=True)


def id_of(email):
    return Person.objects.get(email=email).pk


def access_of(email, domain=cast.ACME):
    return Access.objects.get(person__email=email, domain__name=domain).pk


def roles():
    found = Access.objects.filter(domain__name=cast.ACME).values_list("person__email", "role")
    return {email.partition("@")[0]: role for email, role in found}


def listed(asker, **options):
    views, _ = accesses.listed(cast.person_actor(asker), cast.ACME, **options)
    return [view.person.email for view in views]


def create(asker, email, role="viewer"):
    return accesses.create(cast.person_actor(asker), cast.origin(), cast.ACME, id_of(email), role)


def change(asker, email, role):
    return accesses.change(cast.person_actor(asker), cast.origin(), cast.ACME, access_of(email), role)


def remove(asker, email):
    accesses.remove(cast.person_actor(asker), cast.origin(), cast.ACME, access_of(email))


def newest():
    return History.objects.filter(kind="domain", name=cast.ACME).latest("id")


def acquaintance(email, name=""):
    """Somebody that Olga and Adam know from another domain."""
    if not Domain.objects.filter(name=OTHER).exists():
        domains.change(OPERATOR, cast.origin(), OTHER, {"company": "acme"}, create_only=True)
        cast.person(cast.OLGA, "owner", OTHER)
        cast.person(cast.ADAM, "viewer", OTHER)
    return cast.person(email, "viewer", OTHER, name=name)


# Seen


@pytest.mark.parametrize("asker", [cast.OLGA, cast.ADAM, cast.VERA])
def test_everybody_with_a_role_sees_who_else_has_one(asker):
    assert sorted(listed(asker)) == [cast.ADAM, cast.OLGA, cast.VERA]


def test_the_newest_comes_first():
    Access.objects.filter(person__email=cast.ADAM).update(created_at=10**15)
    assert listed(cast.OLGA)[0] == cast.ADAM


@pytest.mark.parametrize(
    ("ordering", "expected"),
    [
        ("email", [cast.ADAM, cast.OLGA, cast.VERA]),
        ("-email", [cast.VERA, cast.OLGA, cast.ADAM]),
        ("role", [cast.ADAM, cast.OLGA, cast.VERA]),
        ("-role", [cast.VERA, cast.OLGA, cast.ADAM]),
    ],
)
def test_in_the_order_that_is_asked_for(ordering, expected):
    assert listed(cast.OLGA, ordering=ordering) == expected


@pytest.mark.parametrize("ordering", ["password", "person__password", "--email", "-"])
def test_an_unknown_order_is_none(ordering):
    assert listed(cast.OLGA, ordering=ordering) == listed(cast.OLGA)


def test_pages_are_cut_and_the_whole_is_counted():
    views, total = accesses.listed(cast.person_actor(cast.OLGA), cast.ACME, ordering="email", first=1, limit=1)
    assert ([view.person.email for view in views], total) == ([cast.OLGA], 3)


@pytest.mark.parametrize("many", [1, 30])
def test_a_page_costs_the_same_however_many_are_on_it(django_assert_num_queries, many):
    for n in range(many):
        cast.person(f"p{n}@home.example", "viewer")
    actor = cast.person_actor(cast.OLGA)
    with django_assert_num_queries(2):  # and the domain, by a compiled query
        accesses.listed(actor, cast.ACME, limit=50)


def test_an_access_of_another_domain_is_not_found(second_domain):
    cast.person(cast.NORA, "viewer", OTHER)
    with pytest.raises(NotFound):
        accesses.show(cast.person_actor(cast.OLGA), cast.ACME, access_of(cast.NORA, OTHER))


@pytest.mark.parametrize(
    ("asker", "of", "choices"),
    [
        (cast.VERA, cast.VERA, []),
        (cast.ADAM, cast.VERA, ["administrator"]),
        (cast.ADAM, cast.OLGA, []),
        (cast.OLGA, cast.ADAM, ["owner", "viewer"]),
        (cast.OLGA, cast.OLGA, ["administrator", "viewer"]),
    ],
)
def test_an_access_says_what_the_asker_may_make_of_it(asker, of, choices):
    assert accesses.show(cast.person_actor(asker), cast.ACME, access_of(of)).can_set_role_to == choices


def test_an_api_key_that_may_not_change_accesses_is_told_no_choices():
    narrow = Narrowing(permissions=frozenset({Permission.ACCESS_SEE}))
    actor = narrowed(cast.OLGA, narrow)
    assert accesses.show(actor, cast.ACME, access_of(cast.VERA)).can_set_role_to == []


def narrowed(email, narrowing):
    actor = cast.person_actor(email)
    return Actor(name=actor.name, grants=actor.grants, person_id=actor.person_id, narrowing=narrowing)


# Given


def test_an_owner_gives_a_role():
    acquaintance("new@home.example")
    create(cast.OLGA, "new@home.example", "owner")
    assert roles()["new"] == "owner"


def test_giving_is_written_down():
    acquaintance("new@home.example")
    create(cast.OLGA, "new@home.example")
    assert newest().changes == {"role of new@home.example": [None, "viewer"]}
    assert newest().actor == cast.OLGA


def test_the_domain_s_history_stays_whole():
    acquaintance("new@home.example")
    create(cast.OLGA, "new@home.example")
    change(cast.OLGA, "new@home.example", "owner")
    remove(cast.OLGA, "new@home.example")
    assert list(history.broken_chains("domain")) == []


def test_an_administrator_makes_no_owner():
    acquaintance("new@home.example")
    with pytest.raises(RoleTooHigh, match="Only owners"):
        create(cast.ADAM, "new@home.example", "owner")


def test_nobody_gets_a_second_role():
    with pytest.raises(AccessExists):
        create(cast.OLGA, cast.VERA, "owner")


@pytest.mark.parametrize("role", ["", None, "operator", "company", 3])
def test_an_unknown_role_is_refused(role):
    acquaintance("new@home.example")
    with pytest.raises(BadRequest) as refusal:
        create(cast.OLGA, "new@home.example", role)
    assert refusal.value.hints.keys() == {"role"}


@pytest.mark.parametrize("asker", [cast.OLGA, cast.ADAM])
def test_who_is_no_acquaintance_is_told_like_who_is_nobody(asker):
    """Made-up ids must not tell who there is."""
    refusals = []
    for id in (id_of(cast.NORA), 10**9, None):
        with pytest.raises(BadRequest) as refusal:
            accesses.create(cast.person_actor(asker), cast.origin(), cast.ACME, id, "viewer")
        refusals.append(refusal.value.hints)
    assert refusals == [refusals[0]] * 3


def test_the_operator_gives_a_role_to_anybody():
    accesses.create(OPERATOR, cast.origin(), cast.ACME, id_of(cast.NORA), "owner")
    assert roles()["nora"] == "owner"


def test_a_company_s_administrator_gives_roles_in_its_domains():
    acquaintance("new@home.example")
    accesses.create(cast.actor(cast.ALICE), cast.origin(), cast.ACME, id_of("new@home.example"), "owner")
    assert roles()["new"] == "owner"


# Changed


@pytest.mark.parametrize(
    ("asker", "of", "role"),
    [
        (cast.ADAM, cast.VERA, "administrator"),
        (cast.ADAM, cast.ADAM, "viewer"),
        (cast.OLGA, cast.ADAM, "owner"),
        (cast.OLGA, cast.VERA, "owner"),
    ],
)
def test_roles_are_changed_within_one_s_own(asker, of, role):
    change(asker, of, role)
    assert roles()[of.partition("@")[0]] == role


def test_a_change_is_written_down():
    change(cast.OLGA, cast.ADAM, "owner")
    assert newest().changes == {f"role of {cast.ADAM}": ["administrator", "owner"]}


def test_no_change_is_not_written_down():
    before = newest().pk
    change(cast.OLGA, cast.ADAM, "administrator")
    assert newest().pk == before


@pytest.mark.parametrize("role", ["viewer", "administrator", "owner"])
def test_an_administrator_does_not_touch_owners(role):
    cast.person(cast.NORA, "owner")
    with pytest.raises(RoleTooHigh, match="not allowed to modify"):
        change(cast.ADAM, cast.OLGA, role)


def test_an_administrator_is_told_what_would_be_allowed():
    with pytest.raises(RoleTooHigh, match="only allowed to set role to administrator"):
        change(cast.ADAM, cast.VERA, "owner")


def test_nobody_makes_themself_an_owner():
    with pytest.raises(RoleTooHigh):
        change(cast.ADAM, cast.ADAM, "owner")


def test_the_last_owner_stays_one():
    with pytest.raises(LastOwner) as refusal:
        change(cast.OLGA, cast.OLGA, "viewer")
    assert "role" in refusal.value.hints
    assert roles()["olga"] == "owner"


def test_one_of_two_owners_may_step_down():
    cast.person(cast.NORA, "owner")
    change(cast.OLGA, cast.OLGA, "viewer")
    assert roles()["olga"] == "viewer"


def test_an_owner_who_cannot_sign_in_does_not_count():
    cast.person(cast.NORA, "owner")
    Person.objects.filter(email=cast.NORA).update(is_active=False)
    with pytest.raises(LastOwner):
        change(cast.OLGA, cast.OLGA, "viewer")


def test_the_last_owner_is_protected_from_the_operator_too():
    with pytest.raises(LastOwner):
        accesses.remove(OPERATOR, cast.origin(), cast.ACME, access_of(cast.OLGA))


# Taken


@pytest.mark.parametrize("asker", [cast.OLGA, cast.ADAM])
@pytest.mark.parametrize("of", [cast.ADAM, cast.VERA])
def test_roles_are_taken_within_one_s_own(asker, of):
    remove(asker, of)
    assert of.partition("@")[0] not in roles()


def test_taking_is_written_down():
    remove(cast.OLGA, cast.VERA)
    assert newest().changes == {f"role of {cast.VERA}": ["viewer", None]}


def test_an_administrator_removes_no_owner():
    cast.person(cast.NORA, "owner")
    with pytest.raises(RoleTooHigh):
        remove(cast.ADAM, cast.OLGA)


def test_the_last_owner_cannot_go():
    with pytest.raises(LastOwner, match="Cannot delete the last owner"):
        remove(cast.OLGA, cast.OLGA)


def test_an_owner_removes_another_one():
    cast.person(cast.NORA, "owner")
    remove(cast.OLGA, cast.NORA)
    assert "nora" not in roles()


@pytest.mark.parametrize("who", [cast.VERA, cast.ADAM])
def test_everybody_may_leave(who):
    remove(who, who)
    assert who.partition("@")[0] not in roles()


def test_a_viewer_removes_nobody_else():
    with pytest.raises(RoleTooSmall):
        remove(cast.VERA, cast.ADAM)


def test_a_viewer_does_not_learn_whether_an_access_exists():
    with pytest.raises(RoleTooSmall):
        accesses.remove(cast.person_actor(cast.VERA), cast.origin(), cast.ACME, 10**9)


def test_an_api_key_that_only_reads_does_not_leave_for_its_owner():
    actor = narrowed(cast.VERA, Narrowing(permissions=frozenset({Permission.ACCESS_SEE})))
    with pytest.raises(RoleTooSmall):
        accesses.remove(actor, cast.origin(), cast.ACME, access_of(cast.VERA))


def test_a_role_that_was_taken_a_moment_ago_gives_nothing():
    """Adam's request was under way when Olga removed him."""
    adam, vera = cast.person_actor(cast.ADAM), access_of(cast.VERA)
    remove(cast.OLGA, cast.ADAM)
    with pytest.raises(RoleTooSmall):
        accesses.change(adam, cast.origin(), cast.ACME, vera, "administrator")


def test_a_role_that_was_lowered_a_moment_ago_counts_as_it_is_now():
    cast.person(cast.NORA, "owner")
    nora, adam = cast.person_actor(cast.NORA), access_of(cast.ADAM)
    change(cast.OLGA, cast.NORA, "administrator")
    with pytest.raises(RoleTooHigh):
        accesses.change(nora, cast.origin(), cast.ACME, adam, "owner")


# The order of answers


CALLS = {
    "listed": lambda actor, domain, id: accesses.listed(actor, domain),
    "show": accesses.show,
    "create": lambda actor, domain, id: accesses.create(actor, cast.origin(), domain, 10**9, "nonsense"),
    "change": lambda actor, domain, id: accesses.change(actor, cast.origin(), domain, id, "nonsense"),
    "remove": lambda actor, domain, id: accesses.remove(actor, cast.origin(), domain, id),
    "candidates": lambda actor, domain, id: accesses.candidates(actor, domain),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("domain", [cast.ACME, "nowhere.example", "", "\0"])
def test_without_a_role_every_domain_is_unknown(call, domain):
    with pytest.raises(DomainNotFound):
        call(cast.person_actor(cast.NORA), domain, access_of(cast.VERA))


@pytest.mark.parametrize("name", ["create", "change", "remove", "candidates"])
def test_too_small_a_role_is_told_before_what_is_wrong_with_the_request(name):
    with pytest.raises(RoleTooSmall):
        CALLS[name](cast.person_actor(cast.VERA), cast.ACME, 10**9)


@pytest.mark.parametrize("name", ["show", "change", "remove"])
def test_an_unknown_access_is_told_before_what_is_wrong_with_the_request(name):
    with pytest.raises(NotFound) as refusal:
        CALLS[name](cast.person_actor(cast.OLGA), cast.ACME, 10**9)
    assert not isinstance(refusal.value, DomainNotFound)


def test_a_key_for_other_domains_sees_none():
    actor = narrowed(cast.OLGA, Narrowing(domains=frozenset({10**9})))
    with pytest.raises(DomainNotFound):
        accesses.listed(actor, cast.ACME)


# Candidates


def found(asker, q="", **options):
    return [person.email for person in accesses.candidates(cast.person_actor(asker), cast.ACME, q, **options)]


def test_candidates_are_acquaintances_without_access_the_newest_first():
    acquaintance("one@home.example")
    acquaintance("two@home.example")
    assert found(cast.OLGA) == ["two@home.example", "one@home.example"]


@pytest.mark.parametrize("q", ["zoe", "ZOÉ", "mull", "home.example", "muller zoé"])
def test_candidates_are_found_by_part_of_name_or_address_however_written(q):
    acquaintance("z@home.example", "Zoé Müller")
    acquaintance("max@elsewhere.example", "Max")
    assert found(cast.OLGA, q) == ["z@home.example"]


def test_strangers_are_no_candidates():
    assert found(cast.OLGA, "nora") == []


def test_those_who_cannot_sign_in_are_no_candidates():
    acquaintance("one@home.example")
    Person.objects.filter(email="one@home.example").update(is_active=False)
    assert found(cast.OLGA) == []


def test_whoever_has_an_address_in_the_domain_is_a_candidate():
    cast.person("joe@acme.example")
    assert found(cast.OLGA) == ["joe@acme.example"]


def test_a_domain_that_nobody_has_proved_shows_no_people():
    """Else whoever adds a domain would learn who has addresses there."""
    cast.person("joe@acme.example")
    Domain.objects.filter(name=cast.ACME).update(proved_at=None)
    assert found(cast.OLGA) == []


def test_only_verified_addresses_count():
    joe = cast.person("joe@acme.example")
    PersonEmail.objects.filter(person=joe).delete()
    assert found(cast.OLGA) == []


def test_candidates_are_as_many_as_asked_for():
    for n in range(3):
        acquaintance(f"p{n}@home.example")
    assert len(found(cast.OLGA, "home", limit=2)) == len(found(cast.OLGA, limit=2)) == 2


def test_the_operator_finds_everybody():
    assert [p.email for p in accesses.candidates(OPERATOR, cast.ACME)] == [cast.NORA]


# People whom one knows


def known(asker, q="", **page):
    people, total = accesses.known(cast.person_actor(asker), q, **page)
    return [person.email for person in people], total


def test_whoever_has_a_role_beside_one_is_known():
    assert sorted(known(cast.VERA)[0]) == [cast.ADAM, cast.OLGA, cast.VERA]


def test_without_a_role_nobody_is_known():
    assert known(cast.NORA) == ([], 0)


def test_known_people_are_found_and_counted_in_pages():
    assert known(cast.OLGA, "HOME example", first=1, limit=1) == ([cast.ADAM], 3)


def test_a_key_for_one_domain_knows_its_people_only():
    acquaintance("one@home.example")
    only = Narrowing(domains=frozenset({Domain.objects.get(name=OTHER).pk}))
    people, total = accesses.known(narrowed(cast.OLGA, only))
    assert ("one@home.example" in {p.email for p in people}, total) == (True, 3)
