"""What our own mail servers read of a domain whose DNS is not as it should be."""

import pytest

from postroom.actions import domains, setup
from postroom.core.lifecycle import DomainState
from postroom.core.roles import OPERATOR
from postroom.store import rows
from postroom.store.models import Domain, MailDomain
from tests import cast

NOT_YET = "450 4.2.1 acme.example is not in service yet"
OFF = "550 5.2.1 acme.example is switched off"


@pytest.fixture
def here(db):
    setup.add_platform(cast.origin(), "here", "mailstack", {})
    cast.company("acme", cast.ALICE)
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"company": "acme"}, create_only=True)


def read(status, *, proved):
    Domain.objects.filter(name=cast.ACME).update(status=status, proved_at=1 if proved else None)
    row = rows.find_domain(cast.ACME)[1]
    rows.save(row)
    return MailDomain.objects.values_list("action", "active").get(name=cast.ACME)


@pytest.mark.parametrize("status", [DomainState.PENDING, DomainState.ACTION_REQUIRED, DomainState.FAILED])
def test_before_control_is_proved_mail_is_put_off(here, status):
    assert read(status, proved=False) == (NOT_YET, False)


@pytest.mark.parametrize("status", [DomainState.ACTION_REQUIRED, DomainState.FAILED])
def test_once_it_was_proved_mail_flows_on(here, status):
    assert read(status, proved=True) == ("", True)


def test_an_enabled_domain_takes_mail(here):
    assert read(DomainState.ENABLED, proved=True) == ("", True)


def test_a_disabled_one_refuses_it(here):
    assert read(DomainState.DISABLED, proved=True) == (OFF, False)


def test_one_that_its_administrator_switched_off_refuses_it_whatever_its_state(here):
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"disabled": True})
    assert read(DomainState.ACTION_REQUIRED, proved=True) == (OFF, False)
