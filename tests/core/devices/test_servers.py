"""What mail programs connect to."""

import pytest

from postroom.core.devices.servers import in_use, usual

USUAL = usual(incoming="imap.acme.example", outgoing="smtp.acme.example")
SERVICES = [("service_imap4", "imap"), ("service_pop3", "pop3"), ("service_smtprelay", "smtp")]


@pytest.mark.parametrize(("service", "name"), SERVICES)
@pytest.mark.parametrize("state", ["disabled", "suspended"])
def test_a_service_that_is_off_has_no_server(service, name, state):
    assert getattr(in_use(USUAL, {service: state}), name) is None


@pytest.mark.parametrize("settings", [{}, {"service_imap4": "enabled"}])
def test_one_that_is_on_has(settings):
    assert in_use(USUAL, settings) == USUAL


def test_an_unknown_host_is_no_server():
    assert usual(incoming="", outgoing="").imap is None
