"""What webmail is told about an account at its first sign-in."""

import pytest
from django.conf import settings
from django.db import connection

from postroom.actions import aliases, domains, mailboxes, setup, webmail
from postroom.core.roles import OPERATOR
from postroom.store.models import MailRoute
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme():
    setup.add_platform(cast.origin(), "here", "mailstack", {})
    cast.acme()


def change(address, **attributes):
    mailboxes.change(OPERATOR, cast.origin(), address, attributes)


def change_domain(**attributes):
    domains.change(OPERATOR, cast.origin(), cast.ACME, attributes)


def addresses(login=cast.UMA):
    return webmail.preset(login).addresses


def test_a_new_account_begins_with_what_its_domain_says(acme):
    change_domain(language="de", timezone="Europe/Berlin")
    cast.mailbox("new@acme.example")
    told = webmail.preset("new@acme.example")
    assert (told.name, told.language, told.timezone) == ("", "de", "Europe/Berlin")


def test_what_is_unset_has_a_default(acme):
    change(cast.UMA, language=None, timezone=None)
    told = webmail.preset(cast.UMA)
    assert (told.language, told.timezone) == ("en", "UTC")


def test_one_s_own_address_comes_first(acme):
    change(cast.UMA, aliases=["accounts", "sales"])
    assert addresses() == [cast.UMA, "accounts@acme.example", "sales@acme.example"]


@pytest.mark.parametrize(("allowed", "more"), [(False, []), (True, ["uma@acme.test", "sales@acme.test"])])
def test_addresses_in_alias_domains_are_told_where_they_may_be_used(acme, allowed, more):
    change_domain(aliases=["acme.test"], wm_domainalias=allowed)
    change(cast.UMA, aliases=["sales"])
    assert addresses() == [cast.UMA, "sales@acme.example", *more]


def test_an_address_that_a_colleague_has_is_not_told(acme):
    change_domain(aliases=["acme.test"], wm_domainalias=True)
    change(cast.MAX, aliases=["uma@acme.test"])
    assert addresses() == [cast.UMA]


def test_an_alias_in_an_alias_domain_is_told_once(acme):
    change_domain(aliases=["acme.test"], wm_domainalias=True)
    change(cast.UMA, aliases=["uma@acme.test"])
    assert addresses() == [cast.UMA, "uma@acme.test"]


def test_an_alias_of_the_domain_is_told_to_whom_it_allows_to_send(acme):
    for name, allow in (("info", True), ("abuse", False), ("uma", True)):
        aliases.create(OPERATOR, cast.origin(), cast.ACME, name, cast.UMA, allow_to_send=allow)
    assert addresses() == [cast.UMA, "info@acme.example"]


@pytest.mark.parametrize("login", ["sales@acme.example", "uma@mirror.example", "sales@mirror.example"])
def test_who_signs_in_by_another_name_is_told_the_same(acme, login):
    change(cast.UMA, language="fr", aliases=["sales@acme.example"])
    change_domain(aliases=["mirror.example"])
    assert webmail.preset(login) == webmail.preset(cast.UMA)


def test_there_is_an_end_to_them(acme):
    change_domain(aliases=[f"acme{n}.test" for n in range(50)], wm_domainalias=True)
    change(cast.UMA, aliases=[f"name{n}" for n in range(50)])
    assert len(addresses()) == webmail.MOST_ADDRESSES
    assert MailRoute.objects.filter(login=cast.UMA).count() == 51


@pytest.mark.skipif(not settings.IS_SQLITE, reason="counted on SQLite")
@pytest.mark.parametrize(("names", "cost"), [([], 4), (["acme.test"], 5)])
def test_it_costs_a_few_statements(acme, names, cost):
    change_domain(aliases=names, wm_domainalias=True)
    seen = []
    connection.connection.set_trace_callback(seen.append)
    try:
        webmail.preset(cast.UMA)
    finally:
        connection.connection.set_trace_callback(None)
    assert len(seen) == cost


def test_of_an_account_that_nobody_can_sign_in_to_nothing_is_told(acme):
    change(cast.UMA, type="forward", forward_recipients=["x@y.example"])
    assert webmail.preset(cast.UMA) is None
    change_domain(disabled=True)
    assert webmail.preset(cast.MAX) is None
