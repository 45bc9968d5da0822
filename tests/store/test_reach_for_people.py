"""The order of answers for people (people.md section 1), where every action finds its domain or mailbox."""

import pytest

from postroom.actions import domains, mailboxes
from postroom.core.errors import DomainNotFound, IsAlias, NotFound, RoleTooSmall
from postroom.core.roles import OPERATOR, Actor, Grant, Narrowing, Permission, Role
from postroom.store import reach, rows
from tests import cast

pytestmark = pytest.mark.usefixtures("people")


def holder(*grants, narrowing=None):
    """Uma, who has nothing but her mailbox, and `grants`."""
    row = rows.find_mailbox(cast.UMA)[1]
    own = Grant(Role.SELF, row.domain.company_id, row.domain_id, row.workgroup_id, row.id)
    return Actor(name=cast.UMA, grants=(own, *grants), narrowing=narrowing)


def domain(actor, name=cast.ACME, permission=Permission.DOMAIN_SEE):
    return reach.domain_for_person(actor, name, permission).name


def mailbox(actor, address=cast.UMA, permission=Permission.MAILBOX_CHANGE):
    return reach.mailbox_for_person(actor, address, permission).address


@pytest.mark.parametrize("name", [cast.ACME, "ACME.Example", " acme.example"])
def test_a_domain_is_found_however_its_name_is_written(name):
    assert domain(cast.person_actor(cast.VERA), name) == cast.ACME


@pytest.mark.parametrize("name", ["nowhere.example", "", "\0", "\ud800", "x" * 1000, "é" * 2000])
def test_what_is_no_domain_is_unknown_even_to_the_operator(name):
    with pytest.raises(DomainNotFound):
        domain(OPERATOR, name)


def test_a_holder_has_no_role_on_the_domain():
    with pytest.raises(DomainNotFound):
        domain(holder())


def test_another_name_of_the_domain_says_so_to_those_with_a_role_only():
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"aliases": ["acme.test"]})
    with pytest.raises(IsAlias):
        domain(cast.person_actor(cast.VERA), "acme.test")
    with pytest.raises(DomainNotFound):
        domain(cast.person_actor(cast.NORA), "acme.test")


def test_a_holder_s_own_mailbox_is_open():
    assert mailbox(holder()) == cast.UMA


def test_a_holder_sees_that_not_all_of_it_is_open():
    with pytest.raises(RoleTooSmall):
        mailbox(holder(), permission=Permission.MAILBOX_DELETE)


def test_a_holder_does_not_see_the_neighbours():
    for address in (cast.WES, "nobody@acme.example"):
        with pytest.raises(DomainNotFound):
            mailbox(holder(), address)


def test_a_viewer_who_is_a_holder_changes_their_own_only():
    row = rows.find_mailbox(cast.UMA)[1]
    both = holder(Grant(Role.VIEWER, row.domain.company_id, row.domain_id))
    assert mailbox(both) == cast.UMA
    with pytest.raises(RoleTooSmall):
        mailbox(both, cast.WES)


@pytest.mark.parametrize("address", ["nobody@acme.example", "@acme.example"])
def test_too_small_a_role_is_told_before_that_the_mailbox_is_unknown(address):
    with pytest.raises(RoleTooSmall):
        mailbox(cast.person_actor(cast.VERA), address)
    with pytest.raises(NotFound) as refusal:
        mailbox(cast.person_actor(cast.ADAM), address)
    assert not isinstance(refusal.value, DomainNotFound)


def test_another_address_of_a_mailbox_says_so():
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"aliases": ["u@acme.example"]})
    with pytest.raises(IsAlias):
        mailbox(cast.person_actor(cast.ADAM), "u@acme.example")


def test_a_key_for_other_domains_hides_even_one_s_own_mailbox():
    with pytest.raises(DomainNotFound):
        mailbox(holder(narrowing=Narrowing(domains=frozenset({10**9}))))


def test_a_key_for_other_actions_says_that_it_is_too_small():
    narrowing = Narrowing(permissions=frozenset({Permission.MAILBOX_SEE}))
    assert mailbox(holder(narrowing=narrowing), permission=Permission.MAILBOX_SEE) == cast.UMA
    with pytest.raises(RoleTooSmall):
        mailbox(holder(narrowing=narrowing))


def test_somebody_may_have_thousands_of_domains(acme):
    mine = rows.find_domain(cast.ACME)[1].id
    grants = tuple(Grant(Role.VIEWER, None, mine + n) for n in range(3000))
    found = reach.domains(Actor(name="anna", grants=grants), Permission.DOMAIN_SEE)
    assert cast.ACME in found.values_list("name", flat=True)


def test_what_is_kept_of_an_actor_is_what_counts_on_those_domains(acme):
    mine = rows.find_domain(cast.ACME)[1].id
    here, company = Grant(Role.VIEWER, None, mine), Grant(Role.COMPANY, 7)
    actor = Actor(name="anna", grants=(here, Grant(Role.OWNER, None, mine + 1), company))
    assert reach.keeping(actor, [mine]).grants == (here, company)
