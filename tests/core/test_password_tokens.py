import math
import re

import pytest

from postroom.core.passwords import policy, tokens


def test_a_token_is_32_hexadecimal_digits():
    assert re.fullmatch(r"[0-9a-f]{32}", tokens.new_token())


@pytest.mark.parametrize("make", [tokens.new_token, tokens.new_app_password])
def test_no_secret_comes_twice(make):
    assert len({make() for _ in range(1000)}) == 1000


def test_the_hash_of_a_token_is_sha256_in_hexadecimal():
    # From FIPS 180-2.
    assert tokens.hash_token("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_an_app_password_is_four_groups_of_letters_that_nobody_mixes_up():
    assert re.fullmatch(r"[a-km-np-z2-9]{4}(-[a-km-np-z2-9]{4}){3}", tokens.new_app_password())


def test_an_app_password_has_80_bits():
    assert math.log2(len(set(tokens._LETTERS))) * tokens._GROUPS * tokens._GROUP_LENGTH >= 80


def test_an_app_password_is_made_of_allowed_characters():
    policy.check_plain(tokens.new_app_password(), account="joe@acme.com", old_hashes=[], required_level="strong")
