"""Mailboxes as the people of a domain make, see and change them (people.md sections 2.4, 3.3, 4.2)."""

import pytest

from postroom.actions import domain_switch, domains, mailboxes, person_mailboxes
from postroom.actions.person_mailboxes import PersonalChange, PersonalData, Selection, Welcome
from postroom.core.errors import (
    BadRequest,
    DomainDisabled,
    DomainNotFound,
    NamesakeExists,
    NameTaken,
    NotFound,
    NotSettable,
    RoleTooSmall,
    UserLimitReached,
)
from postroom.core.roles import OPERATOR
from postroom.store.models import AdminRole, Company, Domain, History, Mailbox
from tests import cast

ANN = "ann@acme.example"


@pytest.fixture
def people(acme):
    cast.people()


def data(local_part="ann", first_name="Ann", last_name="Miller", secondary_email="ann@home.example"):
    return PersonalData(
        local_part=local_part, first_name=first_name, last_name=last_name, secondary_email=secondary_email
    )


def create(actor=OPERATOR, domain=cast.ACME, **values):
    return person_mailboxes.create(actor, cast.origin(), domain, data(**values))


def update(address=ANN, actor=OPERATOR, **values):
    return person_mailboxes.update(actor, cast.origin(), address, PersonalChange(**values))


def listed(**wanted):
    page = {name: wanted.pop(name) for name in ("first", "limit") if name in wanted}
    found, total = person_mailboxes.listed(OPERATOR, cast.ACME, Selection(**wanted), **page)
    return [line.local_part for line in found], total


def history(address=ANN):
    return History.objects.filter(kind="mailbox", name=address).order_by("id").last()


def test_who_made_it_sees_what_was_made(acme):
    made = create()
    assert (made.address, made.first_name, made.last_name) == (ANN, "Ann", "Miller")
    assert (made.secondary_email, made.status, made.welcome) == ("ann@home.example", "enabled", Welcome.WAITING)


def test_the_platform_learns_the_whole_name(acme):
    create()
    assert cast.row(ANN).settings["name"] == "Ann Miller"


def test_an_address_is_folded(acme):
    assert create(local_part="ANN").address == ANN


@pytest.mark.parametrize("role", ["ADAM", "OLGA"])
def test_administrators_and_owners_make_mailboxes(people, role):
    assert create(cast.person_actor(getattr(cast, role))).address == ANN


@pytest.mark.parametrize(("who", "refusal"), [("VERA", RoleTooSmall), ("NORA", DomainNotFound)])
def test_nobody_else_does(people, who, refusal):
    with pytest.raises(refusal):
        create(cast.person_actor(getattr(cast, who)))
    assert not Mailbox.objects.filter(address=ANN).exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("local_part", ""), ("local_part", "a b"), ("local_part", "ännchen"), ("local_part", ".ann"),
        ("local_part", "x" * 65), ("local_part", "ann@acme.example"), ("first_name", ""), ("first_name", "  "),
        ("last_name", "x" * 201), ("last_name", "a\nb"), ("secondary_email", "nonsense"),
        ("secondary_email", "ann@home.example, ben@home.example"), ("secondary_email", "ann@home"),
    ],
)  # fmt: skip
def test_bad_values_are_told_by_field_and_nothing_is_made(acme, field, value):
    before = Mailbox.objects.count()
    with pytest.raises(BadRequest) as refused:
        create(**{field: value})
    assert refused.value.hints.keys() == {field}
    assert Mailbox.objects.count() == before


@pytest.mark.parametrize("taken", ["uma", "UMA", "sales"])
def test_a_taken_address_is_told(acme, taken):
    mailboxes.change(OPERATOR, cast.origin(), cast.DORA, {"aliases": ["sales"]})
    with pytest.raises(NameTaken) as refused:
        create(local_part=taken)
    assert refused.value.hints == {"__all__": "Mailbox with this Local_part and Domain already exists."}


def test_two_of_a_domain_cannot_have_one_name(acme):
    create()
    with pytest.raises(NameTaken) as refused:
        create(local_part="anna", first_name="ANN", last_name="miller")
    assert refused.value.hints == {"__all__": "Mailbox with this First name, Last name and Domain already exists."}


def test_nor_in_another_case_of_letters_with_accents(acme):
    create(first_name="Zoé", last_name="Çelik")
    with pytest.raises(NamesakeExists):
        create(local_part="zoe", first_name="ZOÉ", last_name="ÇELIK")


@pytest.mark.parametrize("name", [("Zoe", "Çelik"), ("Zoé Çelik", "Zoé"), ("Zoé", "Çelikov")])
def test_other_names_are_no_namesakes(acme, name):
    create(first_name="Zoé", last_name="Çelik")
    assert create(local_part="zoe", first_name=name[0], last_name=name[1]).last_name == name[1]


def test_a_full_domain_takes_no_more(acme):
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"limit_users": 4})
    with pytest.raises(UserLimitReached):
        create()


@pytest.fixture
def off(acme):
    domain_switch.disable(OPERATOR, cast.origin(), cast.ACME)


WORDS = "You can't create or update a mailbox for a disabled domain."


def test_in_a_disabled_domain_nothing_is_made(off):
    with pytest.raises(DomainDisabled) as refused:
        create()
    assert str(refused.value) == WORDS


def test_in_a_disabled_domain_nothing_is_changed(off):
    with pytest.raises(DomainDisabled) as refused:
        update(cast.UMA, first_name="Una", last_name="Urban")
    assert str(refused.value) == WORDS


def test_a_domain_that_its_company_switched_off_counts_as_disabled(acme):
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"disabled": True})
    with pytest.raises(DomainDisabled):
        create()


@pytest.mark.parametrize("status", ["pending", "failed", "action_required"])
def test_in_a_domain_that_is_not_enabled_yet_it_waits(acme, status):
    Domain.objects.filter(name=cast.ACME).update(status=status)
    assert create().status == "pending"
    assert cast.row(ANN).due_at is None


# Changes


@pytest.fixture
def ann(acme):
    return create()


def test_a_new_name_is_told_to_the_platform(ann):
    before = cast.row(ANN).generation
    update(last_name="Baker")
    row = cast.row(ANN)
    assert (row.settings["name"], row.generation, row.due_at is not None) == ("Ann Baker", before + 1, True)


def test_what_is_not_named_stays(ann):
    changed = update(last_name="Baker")
    assert (changed.first_name, changed.secondary_email) == ("Ann", "ann@home.example")


def test_a_new_secondary_address_is_not_the_platforms_business(ann):
    before = cast.row(ANN).generation
    assert update(secondary_email="ann@new.example").secondary_email == "ann@new.example"
    assert cast.row(ANN).generation == before


def test_an_empty_secondary_address_takes_it_away(ann):
    assert update(secondary_email="").secondary_email == ""


def test_a_change_is_in_the_history(ann):
    update(last_name="Baker", secondary_email="ann@new.example")
    assert history().changes == {
        "last_name": ["Miller", "Baker"],
        "name": ["Ann Miller", "Ann Baker"],
        "secondary_email": ["ann@home.example", "ann@new.example"],
    }


def test_a_change_of_nothing_is_none(ann):
    before = History.objects.count()
    update(first_name="Ann", last_name="Miller", secondary_email="ann@home.example")
    assert History.objects.count() == before


@pytest.mark.parametrize(
    ("values", "field"), [({"first_name": " "}, "first_name"), ({"secondary_email": "x"}, "secondary_email")]
)
def test_a_bad_change_changes_nothing(ann, values, field):
    with pytest.raises(BadRequest) as refused:
        update(last_name="Baker", **values) if field == "first_name" else update(**values)
    assert refused.value.hints.keys() == {field}
    assert cast.row(ANN).last_name == "Miller"


def test_somebody_elses_name_cannot_be_taken(ann):
    create(local_part="ben", first_name="Ben")
    with pytest.raises(NameTaken):
        update("ben@acme.example", first_name="ann")


def test_a_name_said_as_a_whole_is_parted_at_its_last_blank(acme):
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"name": "Uma van der Berg"})
    seen = person_mailboxes.show(OPERATOR, cast.UMA)
    assert (seen.first_name, seen.last_name) == ("Uma van der", "Berg")


def test_a_name_said_as_a_whole_later_is_the_one_that_holds(ann):
    mailboxes.change(OPERATOR, cast.origin(), ANN, {"name": "Anna Maria Stone"})
    seen = person_mailboxes.show(OPERATOR, ANN)
    assert (seen.first_name, seen.last_name) == ("Anna Maria", "Stone")
    assert "first_name" in history().changes


def test_other_changes_leave_the_names_alone(ann):
    mailboxes.change(OPERATOR, cast.origin(), ANN, {"quota": 77})
    assert cast.row(ANN).last_name == "Miller"


def test_one_half_of_a_whole_name_can_be_changed(acme):
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"name": "Uma Berg"})
    assert update(cast.UMA, last_name="Hill").first_name == "Uma"
    assert cast.row(cast.UMA).settings["name"] == "Uma Hill"


@pytest.mark.parametrize(("who", "refusal"), [("VERA", RoleTooSmall), ("NORA", DomainNotFound)])
def test_who_may_only_look_changes_nothing(people, who, refusal):
    with pytest.raises(refusal):
        update(cast.UMA, cast.person_actor(getattr(cast, who)), secondary_email="x@home.example")


def test_the_secondary_address_of_a_company_administrator_is_not_a_domain_administrators_to_set(people):
    """Whoever sets it and has a link sent is in."""
    company = Company.objects.get(name="acme")
    AdminRole.objects.create(mailbox=cast.row(cast.UMA), role="company", company=company, created_at=1)
    with pytest.raises(NotSettable):
        update(cast.UMA, cast.person_actor(cast.OLGA), secondary_email="olga@home.example")


def test_the_secondary_address_of_an_owner_is_not_an_administrators_to_set(people):
    holder = cast.person("uma@home.example", "owner")
    holder.mailbox = cast.row(cast.UMA)
    holder.save()
    with pytest.raises(NotSettable):
        update(cast.UMA, cast.person_actor(cast.ADAM), secondary_email="adam@home.example")
    assert update(cast.UMA, cast.person_actor(cast.OLGA), secondary_email="uma@home.example")


# Lists


def test_the_newest_come_first(ann):
    assert listed(limit=1) == (["ann"], 5)


def test_pages_follow_each_other(ann):
    assert listed(ordering="local_part", first=1, limit=2) == (["dora", "max"], 5)


@pytest.mark.parametrize(
    ("ordering", "first"),
    [("local_part", "ann"), ("-local_part", "wes"), ("first_name", "ann"), ("-last_name", "ann"), ("-id", "ann")],
)
def test_lists_are_sorted_by_a_field(ann, ordering, first):
    assert listed(ordering=ordering)[0][0] == first


@pytest.mark.parametrize("ordering", ["nonsense", "-", "password", "domain__company__name"])
def test_an_unknown_order_is_the_usual_one(ann, ordering):
    assert listed(ordering=ordering) == listed()


@pytest.mark.parametrize("q", ["ann", "MILLER", "mill ann", "nn@acme"])
def test_people_are_found_by_part_of_a_name_or_address(ann, q):
    assert listed(q=q) == (["ann"], 1)


def test_names_said_as_a_whole_are_found_too(acme):
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"name": "Ursula Berg"})
    assert listed(q="berg") == (["uma"], 1)


@pytest.mark.parametrize("q", ["%", "_", "nobody", "ann nobody"])
def test_what_is_nowhere_is_not_found(ann, q):
    assert listed(q=q) == ([], 0)


def test_lists_are_narrowed_by_state(ann):
    Mailbox.objects.filter(address=ANN).update(status="failed")
    assert listed(status="failed") == (["ann"], 1)


@pytest.mark.parametrize("q", ["", "a"])
def test_a_page_takes_the_same_number_of_queries_whatever_its_length(ann, django_assert_num_queries, q):
    with django_assert_num_queries(2):
        listed(q=q, limit=1)
    with django_assert_num_queries(2):
        listed(q=q, limit=5)


@pytest.mark.parametrize("who", ["VERA", "ADAM", "OLGA"])
def test_everybody_with_a_role_sees_the_mailboxes(people, who):
    assert person_mailboxes.listed(cast.person_actor(getattr(cast, who)), cast.ACME)[1] == 4


def test_without_a_role_there_is_no_such_domain(people):
    with pytest.raises(DomainNotFound):
        person_mailboxes.listed(cast.person_actor(cast.NORA), cast.ACME)


def test_a_mailbox_that_is_not_there_is_not_found(people):
    with pytest.raises(NotFound):
        person_mailboxes.show(cast.person_actor(cast.OLGA), "nobody@acme.example")
