"""What every driver of a remote platform must do, seen through the driver alone: against the stand-in, and against our
own dimail in FAKE mode, a process of its own over HTTP."""

import json
import urllib.request

import pytest

from postroom.core.plan import PutDomain, PutMailbox, RemoveDomain, RemoveMailbox
from postroom.core.records import AliasRecord
from postroom.drivers import make
from postroom.drivers.contract import Inventory, NoMailbox, PermanentFailure, RemoteMailbox
from postroom.drivers.dimail import access, filling
from tests import fake_dimail
from tests.drivers.dimail.standin import PASSWORD, USER
from tests.drivers.test_contract import (
    TestChecks,  # noqa: F401 -- what the suite of all drivers asks of checks
    test_a_closed_driver_can_be_closed_again,  # noqa: F401
    test_abilities_can_be_stored_beside_the_platform,  # noqa: F401
)

UMA, MAX = "uma@acme.com", "max@acme.com"
NOBODY_TO_ASK = {"resolver": "127.0.0.1:9", "authoritative": False, "seconds": 0.2}


@pytest.fixture(scope="module")
def process(tmp_path_factory):
    with fake_dimail.running(tmp_path_factory.mktemp("remote")) as (_, url):
        yield url


def control(url, command, **arguments):
    """A command to FAKE mode."""
    urllib.request.urlopen(f"{url}/control/{command}", data=json.dumps(arguments).encode(), timeout=20).close()


@pytest.fixture(params=["stand-in", pytest.param("FAKE mode", marks=pytest.mark.processes)])
def driver(request, settings_of):
    """An empty dimail with our account, which may remove domains."""
    settings = {**settings_of, "dns": NOBODY_TO_ASK}
    if request.param == "FAKE mode":
        settings["url"] = request.getfixturevalue("process")
        control(settings["url"], "reset")
        control(settings["url"], "seed", users=[{"name": USER, "password": PASSWORD, "is_admin": True}])
    made = make("dimail", settings)
    yield made
    made.close()


@pytest.fixture
def uma(mailbox):
    return lambda address=UMA, **more: mailbox(address, **{"first_name": "Uma", "last_name": "Moreau", **more})


@pytest.fixture
def acme(driver, domain, uma):
    driver.apply(PutDomain(domain()))
    driver.apply(PutMailbox(uma()))
    return driver


def shown(driver):
    return {one.address: one for one in driver.inventory("acme.com").mailboxes}


def test_an_empty_one_knows_nothing(driver):
    assert not driver.knows("acme.com")
    assert driver.inventory("acme.com") is None


def test_a_new_domain_is_empty(driver, domain):
    driver.apply(PutDomain(domain()))
    assert driver.knows("acme.com")
    assert driver.inventory("acme.com") == Inventory(mailboxes=(), aliases=())


def test_what_is_put_twice_is_there_once(acme, domain, uma):
    acme.apply(PutDomain(domain()))
    acme.apply(PutMailbox(uma()))
    assert list(shown(acme)) == [UMA]


def test_a_mailbox_shows_its_names(acme):
    assert shown(acme)[UMA] == RemoteMailbox(address=UMA, first_name="Uma", last_name="Moreau")


def test_its_names_change(acme, uma):
    acme.apply(PutMailbox(uma(last_name="Petit"), was=UMA))
    assert shown(acme)[UMA].last_name == "Petit"


def test_it_goes_off_and_on(acme, uma):
    for active in (False, False, True, True):
        acme.apply(PutMailbox(uma(active=active), was=UMA))
        assert shown(acme)[UMA].active is active
    assert shown(acme)[UMA].last_name == "Moreau"


def test_one_may_begin_switched_off(acme, uma):
    acme.apply(PutMailbox(uma(MAX, last_name="Petit", active=False)))
    assert not shown(acme)[MAX].active


def test_two_without_a_holder_do_not_get_in_each_others_way(acme, mailbox):
    for address in ("info@acme.com", "press@acme.com"):
        acme.apply(PutMailbox(mailbox(address)))
    assert len(shown(acme)) == 3


def test_a_namesake_is_refused(acme, uma):
    with pytest.raises(PermanentFailure):
        acme.apply(PutMailbox(uma(MAX)))
    assert list(shown(acme)) == [UMA]


def test_a_mailbox_in_an_unknown_domain_is_refused(acme, uma):
    with pytest.raises(PermanentFailure):
        acme.apply(PutMailbox(uma("uma@nowhere.example")))


def test_a_new_address_is_refused_and_the_mailbox_stays(acme, uma):
    with pytest.raises(PermanentFailure):
        acme.apply(PutMailbox(uma("ursula@acme.com"), was=UMA))
    assert list(shown(acme)) == [UMA]


def test_what_is_removed_twice_is_gone(acme):
    for change in (RemoveMailbox(UMA), RemoveMailbox(UMA), RemoveDomain("acme.com"), RemoveDomain("acme.com")):
        acme.apply(change)
    assert not acme.knows("acme.com")


def test_a_domain_with_mailboxes_is_not_removed(acme):
    with pytest.raises(PermanentFailure):
        acme.apply(RemoveDomain("acme.com"))
    assert list(shown(acme)) == [UMA]


def test_aliases_come_and_go_with_their_domain(acme, domain):
    own = (
        AliasRecord(local_part="info", destinations=(MAX, UMA)),
        AliasRecord(local_part="void", destinations=("devnull@devnull",)),
    )
    pairs = (("info@acme.com", MAX), ("info@acme.com", UMA), ("void@acme.com", "devnull@devnull"))
    for _ in range(2):
        acme.apply(PutDomain(domain(own_aliases=own)))
        assert acme.inventory("acme.com").aliases == pairs
    for _ in range(2):
        acme.apply(PutDomain(domain(own_aliases=own[1:]), withdraw=pairs[:1]))
        assert acme.inventory("acme.com").aliases == pairs[1:]


def test_a_login_code_and_a_new_password_are_other_ones_each_time(acme, domain):
    acme.check_domain(domain())
    codes = {acme.login_code(UMA, seconds=600, uses=2).url for _ in range(2)}
    assert len(codes) == 2
    assert acme.new_password(UMA)


def test_nobody_gets_in_where_there_is_no_mailbox(acme):
    with pytest.raises(NoMailbox):
        acme.login_code(MAX, seconds=600, uses=2)
    with pytest.raises(NoMailbox):
        acme.new_password(MAX)


class TestAccounts:
    def test_ours_is_made_once(self, driver, settings_of):
        settings = access.read({**settings_of, "url": driver._client.access.url})
        assert not filling.make_account(settings)

    def test_one_that_somebody_else_filled_takes_no_account_of_ours(self, driver, settings_of, tmp_path):
        other = tmp_path / "other"
        other.write_text("another-password")
        other.chmod(0o600)
        settings = {**settings_of, "url": driver._client.access.url, "user": "stranger", "password_file": str(other)}
        with pytest.raises(PermanentFailure, match="not empty"):
            filling.make_account(access.read(settings))


def test_a_dimail_that_is_no_pretended_one_is_not_emptied(settings_of, there):
    with pytest.raises(PermanentFailure, match="not in FAKE mode"):
        filling.empty(access.read(settings_of))
