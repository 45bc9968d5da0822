"""The settings that say where to ask."""

import pytest

from postroom.drivers.contract import PermanentFailure
from postroom.drivers.dns import where


@pytest.mark.parametrize(
    ("resolver", "address"),
    [
        ("127.0.0.1", ("127.0.0.1", 53)),
        ("127.0.0.1:5353", ("127.0.0.1", 5353)),
        ("::1", ("::1", 53)),
        ("[::1]:5353", ("::1", 5353)),
    ],
)
def test_a_resolver(resolver, address):
    assert where.resolvers(where.read({"dns": {"resolver": resolver}})) == [address]


def test_nothing_said():
    settings = where.read({})
    assert (settings.authoritative, settings.authoritative_port, settings.seconds) == (True, 53, 10.0)


def test_a_private_stack_is_its_own_world():
    settings = where.read({}, private=("127.0.0.1", 5353))
    assert (settings.fixed_resolver, settings.authoritative) == (("127.0.0.1", 5353), False)


@pytest.mark.parametrize(
    "settings",
    [
        "x",
        {"resolver": "ns.example"},
        {"resolver": "127.0.0.1:0"},
        {"resolver": "127.0.0.1:x"},
        {"resolver": 7},
        {"port": 53},
        {"authoritative_port": 0},
        {"allowed_networks": ["10.0.0.0/99"]},
        {"seconds": 60},
        {"seconds": 0},
        {"mx": ["mx acme"]},
        {"mx": ["MX.acme.example"]},
        {"mx": ["mx.acme.example."]},
        {"cnames": {"pop": "pop.acme.example"}},
        {"autoconfig": {"imap": "imap.acme.example"}},
        {"spf": "include:"},
        {"spf": "-all"},
        {"spf": "a mx"},
        {"spf": "redirect=x.example"},
    ],
)
def test_nonsense_is_a_permanent_failure(settings):
    with pytest.raises(PermanentFailure, match="dns"):
        where.read({"dns": settings})
