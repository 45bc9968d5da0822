"""Who calls the dimail face is one row, whatever else is there or not."""

import pytest

from postroom.actions import dimail_accounts, dimail_allows
from postroom.actions.dimail_accounts import OPERATORS, AccountWish
from postroom.store import dimail_callers
from postroom.store.models import Company, DimailAccount, DimailDomain, Domain, DomainName
from tests import cast

REGIE = "la_regie"


@pytest.fixture
def regie(people):
    dimail_accounts.add(OPERATORS, cast.origin(), AccountWish(name=REGIE, password="x", perms=["new_domain"]))


def found(name=REGIE, domain=cast.ACME, company="acme"):
    return dimail_callers.find(name, domain, company)


def test_the_account_comes_as_it_is_kept(regie):
    kept = DimailAccount.objects.get(name=REGIE)
    row = found()
    assert (row[0], row[1], row[4], row[10], row[11]) == (
        kept.pk, REGIE, '["new_domain"]', kept.password_hash, kept.tokens_from,
    )  # fmt: skip


def test_the_company_and_the_domain_come_with_it(regie):
    domain, company = Domain.objects.get(name=cast.ACME), Company.objects.get(name="acme")
    DimailDomain.objects.create(domain=domain, features=["alias"])
    assert found()[5:9] == (company.pk, domain.pk, company.pk, '["alias"]')


def test_whether_it_was_allowed_on_the_domain(regie):
    assert not found()[9]
    dimail_allows.add(OPERATORS, cast.origin(), REGIE, cast.ACME)
    assert found()[9]


@pytest.mark.parametrize("domain", ["", "nowhere.example", "acme.alias.example"])
def test_without_such_a_domain(regie, domain):
    DomainName.objects.create(name="acme.alias.example", domain=Domain.objects.get(name=cast.ACME), is_alias=True)
    assert found(domain=domain)[6:10] == (None, None, None, 0)


def test_without_such_a_company(regie):
    assert found(company="nobody")[5] is None


def test_without_such_an_account(regie):
    assert found("nobody") is None
