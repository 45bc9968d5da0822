import re

import pytest

from postroom.core import dkim

KEY = dkim.new_key(1024)


def test_a_new_key_can_sign():
    assert dkim.problem(KEY) == ""


@pytest.mark.parametrize("bits", [512, 8192])
def test_a_length_that_receivers_do_not_verify_is_refused(bits):
    with pytest.raises(ValueError, match="1024 to 4096"):
        dkim.new_key(bits)


@pytest.mark.parametrize("text", ["", "hello", KEY[:200], KEY.replace("PRIVATE", "PUBLIC")])
def test_what_is_no_key_is_a_problem(text):
    assert "must be a private key" in dkim.problem(text)


def test_the_record_holds_the_public_key():
    assert re.fullmatch(r"v=DKIM1; k=rsa; p=[A-Za-z0-9+/]{216}", dkim.record(KEY))


def test_a_zone_line_has_no_string_that_is_too_long():
    strings = re.findall(r'"([^"]*)"', dkim.zone_line("acme.example", "s1", dkim.new_key(2048)))
    assert max(map(len, strings)) <= 255 and len(strings) == 2
