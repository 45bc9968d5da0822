"""What these servers want to see in the DNS of a domain."""

import pytest

from postroom.core.records import DomainRecord
from postroom.drivers.dns.where import DnsSettings
from postroom.drivers.mailstack.domain_tests import expectations

CNAMES = {"imap": "imap.acme.example", "smtp": "smtp.acme.example", "webmail": "webmail.acme.example"}


@pytest.mark.parametrize(("service", "labels"), [("enabled", 3), ("disabled", 2)])
def test_without_webmail_no_name_leads_there(service, labels):
    record = DomainRecord(key=1, name="town.example", active=True, settings={"service_webmail": service})
    assert len(expectations("mx.acme.example", DnsSettings(cnames=CNAMES), record, "").cnames) == labels
