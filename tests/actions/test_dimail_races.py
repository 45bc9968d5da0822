"""Programs that make accounts and domains at the same moment, in threads of their own."""

import pytest

from postroom.actions import dimail_accounts, dimail_allows, dimail_domains, setup
from postroom.actions.dimail_accounts import OPERATORS, AccountWish
from postroom.actions.dimail_domains import DomainWish
from postroom.core import dkim
from postroom.core.errors import ExistsAlready, NameTaken, OutOfReach
from postroom.store import history
from postroom.store.models import Company, Context, DimailAccount, DimailAllow, Domain
from tests import cast
from tests.threads import MARK, at_once, shared_database

pytestmark = MARK

CROWD = 4
TOWN = "town.example"


@pytest.fixture
def shared(tmp_path, monkeypatch):
    key = dkim.new_key(1024)
    monkeypatch.setattr(dkim, "new_key", lambda: key)
    with shared_database(tmp_path):
        setup.add_platform(cast.origin(), "fake", "fake", {"path": ":memory:"})
        yield


def refusals(results) -> list[type]:
    return [type(result) for result in results if isinstance(result, Exception)]


def account(name: str, *perms: str) -> AccountWish:
    return AccountWish(name=name, password="x", is_admin=not perms, perms=perms)


def town(name: str, context: str = TOWN) -> DomainWish:
    return DomainWish(name=name, features=("webmail",), context_name=context)


def test_one_of_a_crowd_makes_the_first_account(shared):
    callers = [dimail_accounts.first(cast.origin()) for _ in range(CROWD)]

    def make(number: int):
        return lambda: dimail_accounts.add(callers[number], cast.origin(), account(f"first{number}"))

    assert refusals(at_once(*map(make, range(CROWD)))) == [OutOfReach] * (CROWD - 1)
    assert DimailAccount.objects.count() == 1


def test_an_account_is_made_once(shared):
    def make():
        return dimail_accounts.add(OPERATORS, cast.origin(), account("people", "new_domain"))

    assert refusals(at_once(*[make] * CROWD)) == [ExistsAlready] * (CROWD - 1)
    assert (DimailAccount.objects.count(), Company.objects.count()) == (1, 1)


def test_a_domain_is_made_once(shared):
    def make():
        return dimail_domains.create(OPERATORS, cast.origin(), town(TOWN))

    assert refusals(at_once(*[make] * CROWD)) == [NameTaken] * (CROWD - 1)
    assert (Domain.objects.count(), Context.objects.count()) == (1, 1)


def test_domains_that_are_made_at_once_share_their_context(shared):
    def make(number: int):
        return lambda: dimail_domains.create(OPERATORS, cast.origin(), town(f"t{number}.example", "towns"))

    assert refusals(at_once(*map(make, range(CROWD)))) == []
    assert (Domain.objects.count(), Context.objects.count()) == (CROWD, 1)


def test_a_domain_is_allowed_once(shared):
    dimail_accounts.add(OPERATORS, cast.origin(), account("people", "new_domain"))
    dimail_domains.create(OPERATORS, cast.origin(), town(TOWN))

    def allow():
        return dimail_allows.add(OPERATORS, cast.origin(), "people", TOWN)

    assert refusals(at_once(*[allow] * CROWD)) == [ExistsAlready] * (CROWD - 1)
    assert (DimailAllow.objects.count(), list(history.broken_chains("account"))) == (1, [])


def test_an_account_that_is_removed_meanwhile_leaves_no_domain_behind_that_it_manages(shared):
    dimail_accounts.add(OPERATORS, cast.origin(), account("people", "new_domain"))
    caller = dimail_accounts.by_name("people", None)
    results = at_once(
        lambda: dimail_domains.create(caller, cast.origin(), town(TOWN)),
        lambda: dimail_accounts.remove(OPERATORS, cast.origin(), "people"),
    )
    assert set(refusals(results)) <= {OutOfReach}
    assert (DimailAccount.objects.count(), DimailAllow.objects.count()) == (0, 0)
