"""One-time codes as RFC 6238 has them (appendix B, SHA-1, the last six digits), each of which opens once."""

import base64

import pytest

from postroom.core import totp

RFC = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(("now", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")])
def test_the_codes_are_those_of_the_rfc(now, code):
    assert totp.step_of(RFC, code, now, 0) == now // totp.SECONDS


def test_blanks_between_the_digits_do_no_harm():
    assert totp.step_of(RFC, "287 082", 59, 0) == 1


@pytest.mark.parametrize("late", [-30, 30])
def test_a_clock_may_be_half_a_minute_off(late):
    assert totp.step_of(RFC, "081804", 1111111109 + late, 0) is not None


@pytest.mark.parametrize("late", [-61, 61])
def test_and_no_more_than_that(late):
    assert totp.step_of(RFC, "081804", 1111111109 + late, 0) is None


def test_a_code_that_opened_opens_no_more():
    assert totp.step_of(RFC, "081804", 1111111109, 1111111109 // totp.SECONDS) is None


@pytest.mark.parametrize("code", ["", "28708", "2870821", "28708x", "２８７０８２"])
def test_what_is_no_code_opens_nothing(code):
    assert totp.step_of(RFC, code, 59, 0) is None


def test_every_secret_is_another():
    assert len({totp.new_secret() for _ in range(50)}) == 50


def test_the_picture_names_the_account():
    assert "uma%40acme.example" in totp.uri(RFC, "uma@acme.example", "Postroom")
