"""Signed zones, broken ones, and those that nobody signed."""

from datetime import UTC, datetime, timedelta

import dns.dnssec
import dns.name
import dns.rdataclass
import dns.rdataset
import dns.rdatatype
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519

from tests.drivers.dns.conftest import TOWN

NAME = dns.name.from_text(TOWN)
pytestmark = pytest.mark.allow_hosts(["127.0.0.0/8"])


@pytest.fixture
def verdict(examine):
    return lambda: next(test.code for test in examine().tests if test.name == "dnssec")


@pytest.fixture
def sign(world):
    """Signs the town's zone; the text of the DS record for the zone above."""

    def sign(*, until=timedelta(days=1), key=None):
        key = key or ed25519.Ed25519PrivateKey.generate()
        dnskey = dns.dnssec.make_dnskey(key.public_key(), "ED25519", flags=257)
        now = datetime.now(UTC)
        zone = world.zones[NAME]
        dns.dnssec.sign_zone(
            zone,
            keys=[(key, dnskey)],
            inception=now - timedelta(days=9),
            expiration=now + until,
            dnskey_ttl=60,
        )
        return dns.dnssec.make_ds(NAME, dnskey, "SHA256").to_text()

    return sign


@pytest.fixture
def tell_above(world):
    return lambda ds: world.zone("example", f"town DS {ds}")


def test_nobody_signed_it(verdict):
    assert verdict() == "not_signed"


def test_it_is_signed(verdict, sign, tell_above):
    tell_above(sign())
    assert verdict() == ""


def test_the_zone_above_does_not_know(verdict, sign):
    sign()
    assert verdict() == "signed_without_ds"


def test_the_zone_above_knows_another_key(verdict, sign, tell_above):
    other = sign()
    sign()
    tell_above(other.replace(other[-4:], "0000"))
    assert verdict() == "dnssec_without_key"


def test_the_signatures_were_lost(verdict, sign, tell_above, world):
    tell_above(sign())
    world.zone(TOWN, *world.texts[TOWN])
    assert verdict() == "dnssec_without_key"


def test_the_signatures_are_too_old(verdict, sign, tell_above):
    tell_above(sign(until=-timedelta(days=1)))
    assert verdict() == "broken_dnssec"


def test_a_record_was_changed_after_it_was_signed(verdict, sign, tell_above, world):
    tell_above(sign())
    node = world.zones[NAME].find_node(NAME)
    changed = node.find_rdataset(dns.rdataclass.IN, dns.rdatatype.SOA)
    soa = changed[0].replace(serial=2)
    node.replace_rdataset(dns.rdataset.from_rdata(changed.ttl, soa))
    assert verdict() == "broken_dnssec"


def test_an_algorithm_that_we_cannot_verify_is_not_called_broken(verdict, sign, tell_above):
    _, _, digest_type, digest = sign().split()
    tell_above(f"4711 253 {digest_type} {digest}")
    assert verdict() == ""


def test_broken_signatures_do_not_make_a_domain_fail(examine, sign, tell_above):
    tell_above(sign(until=-timedelta(days=1)))
    assert not examine().failed_required
