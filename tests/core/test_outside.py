"""Which addresses somebody may have us connect to."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postroom.core.outside import may_connect, networks

INSIDE = [
    "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10", "0.0.0.0/8",
    "192.0.0.0/29", "224.0.0.0/4", "240.0.0.0/4", "198.18.0.0/15", "192.0.2.0/24",
]  # fmt: skip
INSIDE_6 = ["fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8", "2001:db8::/32"]
PUBLIC = ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "2a01:4f8::1"]


def anywhere(blocks):
    return st.sampled_from(blocks).flatmap(
        lambda block: st.ip_addresses(network=block)  # hypothesis takes the network as text
    )


@pytest.mark.parametrize("address", PUBLIC)
def test_the_internet_is_fine(address):
    assert may_connect(address, ())


@pytest.mark.parametrize("address", ["::", "::1", "168.63.129.16", "255.255.255.255", "fe80::1%lo", "x", "", "1.2.3"])
def test_odd_ones_are_not(address):
    assert not may_connect(address, ())


@given(anywhere(INSIDE + INSIDE_6))
def test_nothing_of_ours_is(address):
    assert not may_connect(str(address), ())


@given(anywhere(INSIDE), st.sampled_from(["::ffff:0:0", "64:ff9b::", "::", "::ffff:0:0:0"]))
def test_nor_wrapped_into_ipv6(address, prefix):
    wrapped = ipaddress.IPv6Address(int(ipaddress.IPv6Address(prefix)) | int(address))
    assert not may_connect(str(wrapped), ())


@given(anywhere(INSIDE))
def test_nor_tunnelled(address):
    six_to_four = ipaddress.IPv6Address((0x2002 << 112) | (int(address) << 80))
    assert not may_connect(str(six_to_four), ())


@given(anywhere(["10.1.0.0/16", "fd00::/8"]))
def test_what_the_operator_allows_is_fine(address):
    assert may_connect(str(address), networks(["10.1.0.0/16", "fd00::/8"]))


def test_what_the_operator_allows_is_no_more_than_that():
    assert not may_connect("10.2.0.1", networks(["10.1.0.0/16"]))


@given(st.text(max_size=60))
def test_any_text_gets_an_answer(text):
    assert may_connect(text, ()) in {True, False}
