"""What the operator asks of the whole of it."""

import pytest

from postroom import checks
from postroom.actions import companies, oversight
from postroom.core.roles import OPERATOR
from tests import cast

pytestmark = pytest.mark.usefixtures("acme")


@pytest.mark.parametrize("trusted", [True, False])
def test_a_company_of_people_s_domains_must_not_be_trusted(settings, trusted):
    companies.create(OPERATOR, cast.origin(), settings.PEOPLE_COMPANY, trusted=trusted)
    assert oversight.trusts_people() is trusted
    assert ("P009" in {problem.id for problem in checks.problems()}) is trusted


def test_before_anybody_has_added_a_domain_all_is_well():
    assert "P009" not in {problem.id for problem in checks.problems()}
