"""Settings with where they come from, and what would hold without them."""

import pytest

from postroom.actions import domains, settings_view
from postroom.core.roles import OPERATOR
from postroom.store.models import Company
from tests import cast

pytestmark = pytest.mark.django_db


def of_uma(name):
    return settings_view.of_mailbox(cast.person_actor(cast.ADAM), cast.UMA)[name]


def of_acme(name):
    return settings_view.of_domain(cast.person_actor(cast.ADAM), cast.ACME)[name]


def set_company(**values):
    company = Company.objects.get(name="acme")
    company.settings |= values
    company.save()


def set_domain(**values):
    domains.change(OPERATOR, cast.origin(), cast.ACME, values)


def test_without_its_own_value_the_next_level_up_holds(people):
    set_company(spamlevel="Very High")
    set_domain(spamlevel="High")
    assert (of_acme("spamlevel").value, of_acme("spamlevel").inherited) == ("High", "Very High")


def test_what_is_not_set_is_what_is_inherited(people):
    set_company(spamlevel="Very High")
    assert (of_uma("spamlevel").value, of_uma("spamlevel").inherited) == ("Very High", "Very High")


def test_a_copied_value_would_be_copied_anew(people):
    set_domain(quota=700)
    assert (of_uma("quota").value, of_uma("quota").inherited) == (5120, 700)


def test_an_own_value_would_be_its_default(people):
    assert of_uma("autoresponder_option_interval").inherited == 24


def test_of_a_secret_nothing_is_told(people):
    assert (of_acme("dkim_key").value, of_acme("dkim_key").inherited) == (None, None)


def test_the_workgroup_of_a_mailbox_is_the_one_that_it_is_in(people):
    found = settings_view.of_mailbox(cast.person_actor(cast.ADAM), cast.WES)["workgroup"]
    assert (found.value, found.origin, found.inherited) == ("sales", "mailbox", "staff")
