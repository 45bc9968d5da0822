"""Names are asked for in DNS only for what is switched on."""

import pytest

from postroom.core.dns.expectations import in_use

CNAMES = {"imap": "imap.acme.example", "smtp": "smtp.acme.example", "webmail": "webmail.acme.example"}


@pytest.mark.parametrize(
    ("settings", "labels"),
    [
        ({}, ["imap", "smtp", "webmail"]),
        ({"service_webmail": "enabled", "service_imap4": "suspended"}, ["imap", "smtp", "webmail"]),
        ({"service_webmail": "disabled"}, ["imap", "smtp"]),
        ({"service_webmail": "disabled", "service_imap4": "disabled"}, ["smtp"]),
    ],
)
def test_what_is_off_needs_no_name(settings, labels):
    assert list(in_use(CNAMES, settings)) == labels
