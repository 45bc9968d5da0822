"""Domains that people add themselves (people.md section 3.1, defects 11 and 15; docs/decisions/013-claims.md)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as configuration

from postroom.actions import accesses, companies, domain_claims, domain_removal, domain_switch, domains, persons
from postroom.core.errors import (
    BadRequest,
    ClaimedByAnother,
    ClaimLimitReached,
    DomainNotFound,
    NameTaken,
    OutOfReach,
    PostroomError,
    RoleTooSmall,
    WrongState,
)
from postroom.core.roles import OPERATOR, Actor, Narrowing, Permission
from postroom.store import history
from postroom.store.models import Access, Address, Company, Domain, History, Job, OutgoingMail, Person, Tombstone
from tests import cast

pytestmark = pytest.mark.usefixtures("people")

NEW = "town.example"
SUPPORT = "support@town.example"
START = datetime(2026, 11, 21, 12, tzinfo=UTC)
HELD = timedelta(seconds=configuration.CLAIM_SECONDS)
SECOND = timedelta(seconds=1)


def claim(name=NEW, asker=cast.NORA, at=START, support=SUPPORT):
    return domain_claims.claim(cast.person_actor(asker), cast.origin(at), name, support)


def row(name=NEW):
    return Domain.objects.get(name=name, deleted_at=None)


def owner(name=NEW):
    return Access.objects.filter(domain=row(name), role="owner").values_list("person__email", flat=True).first()


def proved(name=NEW):
    Domain.objects.filter(name=name).update(proved_at=1, gives_way_at=None, status="enabled")


def mailbox(address):
    cast.mailbox(address)
    return Address.objects.get(address=address)


# Made


def test_whoever_adds_a_domain_owns_it():
    claim()
    assert owner() == cast.NORA


def test_a_new_domain_waits_for_proof_and_is_checked_at_once():
    claim()
    made, now = row(), int(START.timestamp() * 1000)
    assert (made.status, made.proved_at, made.check_at, made.due_at) == ("pending", None, now, now)


def test_each_domain_has_its_own_text_to_show_in_dns():
    """Defect 15: control is proved by what only this claim knows."""
    claim()
    claim("other.example")
    assert len(row().ownership) == len(row("other.example").ownership) == 32
    assert row().ownership != row("other.example").ownership


def test_a_new_domain_says_whom_to_tell():
    claim(support="Help@Town.example")
    assert row().support_email == "help@town.example"


def test_a_new_domain_is_in_a_context_of_its_own():
    claim()
    assert row().context.domains.count() == 1


def test_people_s_domains_are_in_a_company_that_proves_nothing_elsewhere():
    claim()
    assert (row().company.name, row().company.trusted) == (configuration.PEOPLE_COMPANY, False)


def test_the_company_is_made_once():
    claim()
    claim("other.example")
    assert Company.objects.filter(name=configuration.PEOPLE_COMPANY).count() == 1


def test_a_trusted_company_takes_no_claims(settings):
    settings.PEOPLE_COMPANY = "acme"
    with pytest.raises(PostroomError, match="POSTROOM_PEOPLE_COMPANY"):
        claim()
    assert not Domain.objects.filter(name=NEW).exists()


def test_a_claim_is_written_down_without_what_dns_must_show():
    claim()
    told = list(History.objects.filter(kind="domain", name=NEW).order_by("id").values_list("verb", "changes"))
    assert [verb for verb, _ in told] == ["created", "access given"]
    assert row().ownership not in str(told)
    assert list(history.broken_chains("domain")) == list(history.broken_chains("company")) == []


def test_the_owner_may_at_once_look_after_it():
    claim()
    assert accesses.listed(cast.person_actor(cast.NORA), NEW)[1] == 1


def test_the_operator_s_claim_has_no_owner():
    domain_claims.claim(OPERATOR, cast.origin(), NEW, SUPPORT)
    assert owner() is None


# Names


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Town.EXAMPLE", "town.example"),
        (" town.example. ", "town.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("XN--BCHER-KVA.example", "xn--bcher-kva.example"),
        ("a-b.example", "a-b.example"),
    ],
)
def test_names_are_kept_as_they_are_in_dns(written, name):
    assert claim(written) == name
    assert row(name).name == name


@pytest.mark.parametrize(
    "name",
    ["", "   ", None, 7, "not a domain", "town", "com", "-a.example", "a..example", "192.0.2.1", "a_b.example",
     "x" * 64 + ".example", ("x" * 60 + ".") * 3 + "example", "joe@town.example", "https://town.example", "\0.example"],
)  # fmt: skip
def test_what_is_no_domain_name_is_refused(name):
    """Defect 11: People took "not a domain"."""
    with pytest.raises(BadRequest) as refusal:
        claim(name)
    assert refusal.value.hints.keys() == {"name"}


def test_names_that_no_dns_can_prove_are_refused():
    """Those count as proved: they are for the administrators of companies."""
    with pytest.raises(BadRequest):
        claim("nora.adm")


@pytest.mark.parametrize("support", [None, "", 3, "support", "support@", "a b@town.example"])
def test_what_is_no_support_address_is_refused(support):
    with pytest.raises(BadRequest) as refusal:
        claim(support=support)
    assert refusal.value.hints.keys() == {"support_email"}


def test_every_mistake_is_told_at_once():
    with pytest.raises(BadRequest) as refusal:
        claim("town", support="support")
    assert refusal.value.hints.keys() == {"name", "support_email"}


def test_names_that_people_gave_one_slug_are_two_domains():
    """Defect 11."""
    claim("a.bc.example")
    claim("ab.c.example")
    assert owner("a.bc.example") == owner("ab.c.example")


@pytest.mark.parametrize("name", [cast.ACME, "ACME.example.", "acme.test"])
def test_a_domain_of_a_company_or_an_alias_of_one_is_taken(name):
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"aliases": ["acme.test"]})
    with pytest.raises(NameTaken) as refusal:
        claim(name)
    assert not isinstance(refusal.value, ClaimedByAnother)


def test_a_pending_domain_of_a_company_never_gives_way():
    companies.create(OPERATOR, cast.origin(), "careful")
    domains.change(OPERATOR, cast.origin(START), NEW, {"company": "careful"}, create_only=True)
    with pytest.raises(NameTaken):
        claim(at=START + 10 * HELD)


# Who may


def test_without_being_a_person_nobody_claims():
    with pytest.raises(OutOfReach):
        domain_claims.claim(Actor(name="nobody"), cast.origin(), NEW, SUPPORT)


@pytest.mark.parametrize("who", [cast.DORA, cast.ALICE])
def test_administrators_of_oma_claim_nothing(who):
    with pytest.raises(OutOfReach):
        domain_claims.claim(cast.actor(who), cast.origin(), NEW, SUPPORT)


@pytest.mark.parametrize(
    "narrowing", [Narrowing(permissions=frozenset({Permission.DOMAIN_SEE})), Narrowing(domains=frozenset({1}))]
)
def test_an_api_key_for_other_things_claims_nothing(narrowing):
    actor = Actor(name=cast.NORA, person_id=Person.objects.get(email=cast.NORA).pk, narrowing=narrowing)
    with pytest.raises(RoleTooSmall):
        domain_claims.claim(actor, cast.origin(), NEW, SUPPORT)


def test_an_api_key_made_for_it_claims():
    narrowing = Narrowing(permissions=frozenset({Permission.DOMAIN_CLAIM}))
    actor = Actor(name=cast.NORA, person_id=Person.objects.get(email=cast.NORA).pk, narrowing=narrowing)
    assert domain_claims.claim(actor, cast.origin(), NEW, SUPPORT) == NEW


def test_somebody_who_was_disabled_a_moment_ago_claims_nothing():
    nora = cast.person_actor(cast.NORA)
    Person.objects.filter(email=cast.NORA).update(is_active=False)
    with pytest.raises(OutOfReach):
        domain_claims.claim(nora, cast.origin(), NEW, SUPPORT)


def test_names_are_not_hoarded(settings):
    settings.CLAIMS_AT_ONCE = 2
    claim("one.example")
    claim("two.example")
    with pytest.raises(ClaimLimitReached):
        claim()


def test_proved_domains_do_not_count(settings):
    settings.CLAIMS_AT_ONCE = 1
    claim("one.example")
    proved("one.example")
    assert claim() == NEW


def test_claims_of_others_do_not_count(settings):
    settings.CLAIMS_AT_ONCE = 1
    claim("one.example", asker=cast.VERA)
    assert claim() == NEW


def test_adding_and_deleting_is_no_way_around(settings):
    settings.CLAIMS_AT_ONCE = 1
    claim("one.example")
    domain_claims.abandon(cast.person_actor(cast.NORA), cast.origin(START), "one.example")
    with pytest.raises(ClaimLimitReached):
        claim()
    assert claim(at=START + timedelta(days=2)) == NEW


# The same name twice


def test_one_s_own_claim_is_here_already():
    claim()
    with pytest.raises(NameTaken) as refusal:
        claim(at=START + 2 * HELD)
    assert not isinstance(refusal.value, ClaimedByAnother)


def test_another_s_young_claim_holds_and_says_until_when():
    claim()
    with pytest.raises(ClaimedByAnother) as refusal:
        claim(asker=cast.VERA, at=START + HELD - SECOND)
    assert "2026-11-28 12:00 UTC" in refusal.value.hints["name"]


def test_an_old_claim_that_nobody_proved_gives_way():
    """Defect 15: nobody holds a name for ever by being the first to type it."""
    claim()
    claim(asker=cast.VERA, at=START + HELD)
    assert owner() == cast.VERA


def test_the_new_claim_has_a_proof_and_a_week_of_its_own():
    claim()
    old = row().ownership
    claim(asker=cast.VERA, at=START + HELD)
    assert row().ownership != old
    assert row().gives_way_at == int((START + 2 * HELD).timestamp() * 1000)


def test_the_first_claimant_has_no_role_on_the_new_one():
    claim()
    claim(asker=cast.VERA, at=START + HELD)
    with pytest.raises(DomainNotFound):
        accesses.listed(cast.person_actor(cast.NORA), NEW)


def test_a_proved_domain_never_gives_way():
    claim()
    proved()
    with pytest.raises(NameTaken):
        claim(asker=cast.VERA, at=START + 100 * HELD)


@pytest.mark.parametrize("again", ["switched off and on", "deleted and restored"])
def test_a_domain_that_once_worked_does_not_give_way_while_it_proves_itself_anew(again):
    claim()
    proved()
    if again == "switched off and on":
        domain_switch.disable(OPERATOR, cast.origin(), NEW)
        domain_switch.enable(OPERATOR, cast.origin(), NEW)
    else:
        domain_removal.delete(cast.person_actor(cast.NORA), cast.origin(), NEW)
        stone = Tombstone.objects.get(name=NEW)
        domain_removal.restore(cast.person_actor(cast.NORA), cast.origin(), NEW, stone.restore_id, NEW)
    assert row().status == "pending"
    with pytest.raises(NameTaken):
        claim(asker=cast.VERA, at=START + 100 * HELD)


def test_what_the_operator_has_switched_off_is_free_for_nobody():
    claim()
    domain_switch.disable(OPERATOR, cast.origin(), NEW)
    with pytest.raises(NameTaken):
        claim(asker=cast.VERA, at=START + HELD)


@pytest.mark.parametrize(
    ("language", "subject"), [("en", f"{NEW} is no longer yours here"), ("fr", f"{NEW} n’est plus à vous ici")]
)
def test_whoever_lost_a_name_is_told(language, subject):
    Person.objects.filter(email=cast.NORA).update(language=language)
    claim()
    claim(asker=cast.VERA, at=START + HELD, support="vera@town.example")
    told = OutgoingMail.objects.filter(purpose="claim_ended")
    assert list(told.values_list("recipient", "subject")) == [(SUPPORT, subject)]
    assert cast.VERA not in told[0].text


def test_that_a_claim_ended_is_written_down_and_not_who_came():
    claim()
    old = row().pk
    claim(asker=cast.VERA, at=START + HELD)
    ended = History.objects.filter(kind="domain", object_id=old).latest("id")
    assert (ended.verb, ended.actor) == ("claim ended", "postroom")


def test_addresses_of_an_ended_claim_are_free_at_once():
    claim()
    mailbox(f"joe@{NEW}")
    claim(asker=cast.VERA, at=START + HELD)
    assert mailbox(f"joe@{NEW}").domain_id == row().pk


def test_the_worker_is_asked_to_end_the_mailboxes_that_waited():
    claim()
    old = row().pk
    claim(asker=cast.VERA, at=START + HELD)
    assert Job.objects.filter(kind="end_mailboxes", key=str(old)).exists()


def test_a_claim_that_is_refused_leaves_the_old_one_alone(settings):
    settings.CLAIMS_AT_ONCE = 1
    claim()
    claim("other.example", asker=cast.VERA)
    with pytest.raises(ClaimLimitReached):
        claim(asker=cast.VERA, at=START + HELD)
    assert owner() == cast.NORA


# Given up


def abandon(asker=cast.NORA, name=NEW):
    domain_claims.abandon(cast.person_actor(asker), cast.origin(), name)


def test_an_owner_gives_up_a_claim_with_all_that_waits_in_it():
    claim()
    mailbox(f"joe@{NEW}")
    abandon()
    assert claim(asker=cast.VERA) == NEW


def test_nobody_is_written_to_about_what_they_did_themselves():
    claim()
    abandon()
    assert not OutgoingMail.objects.exists()


def test_a_proved_domain_is_not_given_up_like_that():
    claim()
    proved()
    with pytest.raises(WrongState):
        abandon()


def test_a_domain_of_a_company_is_not_given_up_like_that():
    with pytest.raises(WrongState):
        abandon(cast.OLGA, cast.ACME)


def test_only_an_owner_gives_up():
    claim()
    cast.person(cast.ADAM, "administrator", NEW)
    with pytest.raises(RoleTooSmall):
        abandon(cast.ADAM)


def test_what_the_operator_has_switched_off_is_not_deleted_by_its_owner():
    """It would come back as one that only has to prove itself."""
    claim()
    proved()
    domain_switch.disable(OPERATOR, cast.origin(), NEW)
    with pytest.raises(WrongState):
        domain_removal.delete(cast.person_actor(cast.NORA), cast.origin(), NEW)
    assert row().status == "disabled"


# Restored


@pytest.mark.parametrize("name", ["victim.example", "nora.adm"])
def test_a_claim_comes_back_under_its_own_name_only(name):
    """Else a deleted domain would become a claim of any name, and one that never gives way."""
    claim()
    proved()
    nora = cast.person_actor(cast.NORA)
    domain_removal.delete(nora, cast.origin(), NEW)
    stone = Tombstone.objects.get(name=NEW)
    with pytest.raises(BadRequest) as refusal:
        domain_removal.restore(nora, cast.origin(), NEW, stone.restore_id, name)
    assert refusal.value.hints.keys() == {"new_name"}


def test_the_operator_brings_it_back_under_any_name():
    claim()
    domain_removal.delete(OPERATOR, cast.origin(), NEW)
    stone = Tombstone.objects.get(name=NEW)
    domain_removal.restore(OPERATOR, cast.origin(), NEW, stone.restore_id, "new.example")
    assert row("new.example").status == "pending"


def test_an_owner_does_not_take_further_names_as_aliases():
    """They would need no proof."""
    claim()
    proved()
    with pytest.raises(PostroomError):
        domains.change(
            persons.actor(Person.objects.get(email=cast.NORA).pk), cast.origin(), NEW, {"aliases": ["v.example"]}
        )
    assert row().aliases == []
