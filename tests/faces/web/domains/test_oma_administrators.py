"""Administrators of OMA's kind sign in with their mailboxes, and find what their roles let them."""

import re

import pytest

from postroom.actions import person_signin
from tests import cast
from tests.faces.web.domains.conftest import Browser

TABS = ["dns/", "people/", "settings/", "history/", "usage/"]


def browser(address):
    passed = person_signin.holder_by_password(cast.origin(), address, cast.PASSWORD)
    return Browser(address, proof=passed.proof)


@pytest.mark.parametrize("who", [cast.ALICE, cast.DORA, cast.MAX])
def test_every_tab_that_is_shown_opens(acme, who):
    them = browser(who)
    page = them.get("dns/").text
    shown = [tab for tab in TABS if f'href="/domains/{cast.ACME}/{tab}"' in page]
    assert len(shown) >= 4
    assert {tab: them.get(tab).status_code for tab in shown} == dict.fromkeys(shown, 200)


def test_a_domains_administrator_is_not_shown_the_people(acme):
    dora = browser(cast.DORA)
    assert not re.search(rf'href="/domains/{cast.ACME}/people/"', dora.get("dns/").text)
    assert dora.get("people/").status_code == 403


def test_a_companys_administrator_sees_its_domains(acme, other):
    assert cast.ACME in browser(cast.ALICE).text("/domains/")
    assert cast.ACME not in browser(cast.CHARLIE).text("/domains/")


def test_a_mail_administrator_changes_no_settings(acme):
    them = browser(cast.MAX)
    assert them.post("settings/", group="spam", spamlevel="High").status_code == 403
