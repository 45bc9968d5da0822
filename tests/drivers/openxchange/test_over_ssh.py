"""A domain's life in an Open-Xchange that is really reached by SSH."""

import pytest

from postroom.core.plan import PutDomain, RemoveDomain, RemoveMailbox
from postroom.drivers.contract import PermanentFailure, TemporaryFailure
from tests.drivers.conftest import a_domain
from tests.drivers.openxchange.conftest import MAX, UMA, put
from tests.drivers.openxchange.host import CONTEXT_PASSWORD, MASTER_PASSWORD, Ox
from tests.drivers.openxchange.test_shell import NASTY

pytestmark = pytest.mark.processes


@pytest.fixture
def ox(ox_host, tmp_path):
    return Ox(ox_host.ssh, tmp_path / "ox")


def test_a_domain_and_its_mailboxes_come_are_renamed_and_go(driver):
    put(driver, aliases=("info@acme.com",))
    put(driver, MAX, key=12)
    driver.apply(PutDomain(a_domain("acme.eu", aliases=("acme.net",)), was="acme.com"))
    put(driver, "ursula@acme.eu", was="uma@acme.eu")

    assert [(found.key, found.aliases) for found in driver.domains()] == [(1, ("acme.net",))]
    assert [found.address for found in driver.observe_mailboxes("acme.eu")] == ["max@acme.eu", "ursula@acme.eu"]

    for address in ("max@acme.eu", "ursula@acme.eu"):
        driver.apply(RemoveMailbox(address))
    driver.apply(RemoveDomain("acme.eu"))
    assert driver.domains() == []


def test_any_text_of_a_name_arrives(driver):
    name = "".join(text for text in NASTY if "\r" not in text)
    wanted = put(driver, first_name="-rf", last_name="'; touch x; '", settings={"name": name})

    assert driver.observe_mailbox(UMA) == wanted


def test_two_of_one_name_are_told_apart(ox, driver):
    put(driver, first_name="Uma", last_name="Ux")
    put(driver, MAX, key=12, first_name="Uma", last_name="Ux")

    assert ox.users()[MAX]["displayname"] == f"Uma Ux ({MAX})"


def test_all_goes_through_one_sign_in(ox_host, driver):
    before = ox_host.sign_ins()
    for key in range(11, 14):
        put(driver, f"u{key}@acme.com", key=key)

    assert ox_host.sign_ins() == before


def test_refusals_and_failures_are_told_apart(ox, driver):
    ox.fail("createuser", exit=103, message="No such access combination")
    with pytest.raises(PermanentFailure, match="No such access"):
        put(driver)
    ox.fail("createuser", exit=106, message="the database is away", done=True)
    with pytest.raises(TemporaryFailure, match="is away"):
        put(driver)
    put(driver)

    assert list(ox.users()) == [UMA]


def test_no_password_is_in_a_command(ox, driver):
    put(driver)

    said = str(ox.calls())
    assert MASTER_PASSWORD not in said and CONTEXT_PASSWORD not in said


def test_a_domain_that_was_lost_is_found_missing_and_mended(driver):
    lost = a_domain("lost.example", key=5)

    assert "ox" in {test.name for test in driver.check_domain(lost).failed}
    assert "ox" not in {test.name for test in driver.fix_domain(lost).failed}
