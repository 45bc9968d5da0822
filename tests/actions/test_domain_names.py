"""A further name of a domain is only taken from those who answer for it: nothing else proves it."""

import pytest

from postroom.actions import domains
from postroom.core.errors import NotSettable
from postroom.core.roles import OPERATOR
from postroom.store.models import Domain, DomainName
from tests import cast

TOWN = "town.example"


@pytest.fixture
def town(acme):
    """Of a company whose domains have to prove themselves."""
    cast.company("town", "mayor@town.adm", trusted=False)
    domains.change(OPERATOR, cast.origin(), TOWN, {"company": "town"}, create_only=True)


def change(actor, domain, *names):
    domains.change(actor, cast.origin(), domain, {"aliases": list(names)})


def test_a_trusted_company_adds_names(town):
    change(cast.actor(cast.ALICE), cast.ACME, "acme.net")
    assert Domain.objects.get(name=cast.ACME).aliases == ["acme.net"]


def test_a_company_that_has_to_prove_its_domains_does_not(town):
    with pytest.raises(NotSettable) as refused:
        change(cast.actor("mayor@town.adm"), TOWN, "gmail.example")
    assert refused.value.hints.keys() == {"aliases"}
    assert not DomainName.objects.filter(name="gmail.example").exists()


def test_the_operator_does_it_for_them_and_they_may_give_it_up(town):
    change(OPERATOR, TOWN, "city.example", "village.example")
    change(cast.actor("mayor@town.adm"), TOWN, "village.example")
    assert Domain.objects.get(name=TOWN).aliases == ["village.example"]
