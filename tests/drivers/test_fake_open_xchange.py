"""The directory behind the simulated platform's webmail."""

import msgspec
import pytest

from postroom.core.plan import PutDomain, PutMailbox, RemoveDomain, RemoveMailbox
from postroom.core.records import DomainRecord, MailboxRecord
from postroom.drivers.fake import FakePlatform

TOWN = DomainRecord(
    key=1, name="town.example", active=True, settings={"service_webmail": "enabled"}, context_key=7, context_name="town"
)
UMA = MailboxRecord(
    key=11, address="uma@town.example", type="mailbox", active=True, first_name="Uma", last_name="Iversen", settings={}
)


@pytest.fixture
def platform():
    platform = FakePlatform()
    yield platform
    platform.close()


def put(platform, record, **other):
    record = msgspec.structs.replace(record, **other)
    platform.apply(PutDomain(record) if isinstance(record, DomainRecord) else PutMailbox(record))


def contexts(platform, domain=""):
    return platform.command("state", {"domain": domain})["open_xchange"]


def emails(platform):
    return [account["email"] for context in contexts(platform) for account in context["accounts"]]


def test_a_domain_has_a_context_and_a_mailbox_an_account_there(platform):
    put(platform, TOWN)
    put(platform, UMA)
    account = {
        "id": 1, "email": UMA.address, "display_name": "Uma Iversen", "given_name": "Uma", "sur_name": "Iversen",
    }  # fmt: skip
    assert contexts(platform) == [{"id": 7, "name": "town", "domains": [TOWN.name], "accounts": [account]}]


def test_what_is_put_twice_is_there_once(platform):
    for record in (TOWN, UMA, UMA, TOWN):
        put(platform, record)
    assert emails(platform) == [UMA.address]


@pytest.mark.parametrize(
    "other",
    [
        {"active": False},
        {"type": "forward"},
        {"settings": {"service_webmail": "disabled"}},
        {"first_name": "", "last_name": ""},
    ],
    ids=["switched off", "forward", "without webmail", "nobody's"],
)
def test_a_mailbox_that_cannot_use_it_has_no_account(platform, other):
    put(platform, TOWN)
    put(platform, UMA)
    put(platform, UMA, **other)
    assert emails(platform) == []


def test_an_account_that_comes_back_is_another_one(platform):
    put(platform, TOWN)
    for active in (True, False, True):
        put(platform, UMA, active=active)
    assert contexts(platform)[0]["accounts"][0]["id"] == 2


def test_a_name_of_its_own_is_displayed(platform):
    put(platform, TOWN)
    put(platform, UMA, settings={"name": "The Mayor"})
    assert contexts(platform)[0]["accounts"][0]["display_name"] == "The Mayor"


def test_a_domain_takes_its_accounts_to_another_context(platform):
    put(platform, TOWN)
    put(platform, UMA)
    put(platform, TOWN, context_key=8, context_name="region")
    (context,) = contexts(platform)
    assert (context["id"], [account["email"] for account in context["accounts"]]) == (8, [UMA.address])


def test_a_domain_that_loses_webmail_loses_its_accounts(platform):
    put(platform, TOWN)
    put(platform, UMA)
    put(platform, TOWN, settings={"service_webmail": "disabled"})
    assert (contexts(platform), emails(platform)) == ([], [])


def test_a_domain_with_another_name_keeps_its_accounts(platform):
    put(platform, TOWN)
    put(platform, UMA)
    put(platform, TOWN, name="city.example")
    assert emails(platform) == ["uma@city.example"]


def test_domains_of_a_context_are_shown_together(platform):
    put(platform, TOWN)
    put(platform, TOWN, key=2, name="east.example")
    put(platform, TOWN, key=3, name="far.example", context_key=8, context_name="far")
    assert [context["domains"] for context in contexts(platform, "east.example")] == [["east.example", "town.example"]]


def test_what_is_removed_leaves_nothing(platform):
    put(platform, TOWN)
    put(platform, UMA)
    platform.apply(RemoveMailbox(UMA.address, UMA.key))
    assert emails(platform) == []
    platform.apply(RemoveDomain(TOWN.name, TOWN.key))
    assert contexts(platform) == []
