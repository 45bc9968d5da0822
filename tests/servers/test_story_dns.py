"""Checks of a domain on real mail servers: what DNS must show, and what the servers themselves must know."""

import pytest

from postroom.actions import domain_keys
from postroom.core.dns.records import zone_value
from postroom.core.dns.report import CheckState
from postroom.core.records import DomainRecord
from postroom.core.roles import OPERATOR
from postroom.drivers import make
from postroom.store import rows
from postroom.store.models import Domain
from postroom.store.platform_records import domain_record
from tests import cast
from tests.servers.hosting import soon
from tests.servers.test_story_drift import redis as redis_of
from tests.servers.test_story_recipients import tell_the_resolver


@pytest.fixture
def driver(host):
    return make("mailstack", {"dir": str(host.stack.dir)})


@pytest.fixture
def signing(host):
    """The test's domain, which has a key that the servers know by now."""
    domain_keys.make(OPERATOR, cast.origin(), host.domain)
    soon(lambda: Domain.objects.filter(name=host.domain, due_at=None).exists())
    return domain_record(rows.find_domain(host.domain)[1])


def codes(report):
    return {test.name: test.code for test in report.failed_required}


def test_01_without_records_everything_is_missing(driver, signing):
    report = driver.check_domain(signing, "a-token")
    assert codes(report) == {"ownership": "no_ownership", "mx": "no_mx", "spf": "no_spf", "dkim": "no_dkim"}


def test_02_with_the_records_that_are_wanted_nothing_is(host, driver, signing):
    for record in driver.wanted_dns(signing, "a-token"):
        name = f"{record.target}.{host.domain}" if record.target else host.domain
        tell_the_resolver(host.stack, f"{name}. {record.type.upper()} {zone_value(record)}")
    report = driver.check_domain(signing, "a-token")
    assert {test.name for test in report.failed} == {"mta_sts"}
    assert report.state is CheckState.OK


def test_03_a_domain_that_postfix_does_not_know_is_ours_to_mend(driver, signing):
    stranger = DomainRecord(key=10**9, name="stranger.test", active=True, settings={})
    result = next(test for test in driver.check_domain(stranger).tests if test.name == "postfix")
    assert (result.code, result.internal) == ("no_domain", True)


def test_04_a_key_that_the_servers_have_lost_is_put_back(host, driver, signing):
    redis_of(host).hdel("DKIM_SELECTORS", signing.name)
    assert codes(driver.check_domain(signing))["signing"] == "wrong_key"
    assert "signing" not in codes(driver.fix_domain(signing))


def test_05_servers_that_do_not_answer_say_nothing_about_the_domain(host, driver, signing):
    with host.stack.without("redis"):
        result = next(test for test in driver.check_domain(signing).tests if test.name == "signing")
    assert (result.code, result.asked) == ("platform_silent", False)
