"""A town whose DNS is as it should be, and the doctor who looks at it."""

import pytest

from postroom.core import dkim
from postroom.core.dns.expectations import Expectations
from postroom.core.dns.report import CheckReport
from postroom.drivers.dns import doctor, where
from tests.dns_server import World

TOWN = "town.example"
FIRST, SECOND = "127.0.0.11", "127.0.0.12"
KEY = dkim.record(dkim.new_key(2048))
RECORDS = (
    "@ MX 10 mx.acme.example.",
    '@ TXT "v=spf1 include:_spf.acme.example -all"',
    '@ TXT "google-site-verification=1"',
    '_postroom TXT "a-token"',
    f'pr1._domainkey TXT "{KEY}"',
    "imap CNAME imap.acme.example.",
    "smtp CNAME smtp.acme.example.",
    "autoconfig CNAME auto.acme.example.",
    '_dmarc TXT "v=DMARC1; p=reject"',
    '_mta-sts TXT "v=STSv1; id=1"',
    '_smtp._tls TXT "v=TLSRPTv1; rua=mailto:post@town.example"',
)
SERVERS = ("@ NS ns1", "@ NS ns2", f"ns1 A {FIRST}", f"ns2 A {SECOND}")
EXPECTED = Expectations(
    domain=TOWN, mx=("mx.acme.example",), spf="include:_spf.acme.example", ownership="a-token", selector="pr1", key=KEY,
    cnames={"imap": "imap.acme.example", "smtp": "smtp.acme.example"}, hints={"autoconfig": "auto.acme.example"},
)  # fmt: skip


@pytest.fixture
def world():
    with World() as world:
        world.zone(
            "acme.example",
            "mx A 127.0.0.9", "imap A 127.0.0.9", "smtp A 127.0.0.9", "auto A 127.0.0.9",
            '_spf TXT "v=spf1 ip4:192.0.2.0/24 -all"',
        )  # fmt: skip
        world.zone(TOWN, *SERVERS, *RECORDS)
        yield world


@pytest.fixture
def examine(world):
    """The report of the town, or of what else is expected; `more`: the platform's settings."""

    def examine(expected=EXPECTED, **more):
        settings = where.read({"dns": {**world.settings, "seconds": 5, **more}})
        return CheckReport(domain=expected.domain, tests=tuple(doctor.examine(expected, settings)))

    return examine


@pytest.fixture
def change(world):
    """Put other lines in the place of those that begin so."""

    def change(beginning, *lines):
        world.drop(TOWN, beginning)
        world.add(TOWN, *lines)

    return change
