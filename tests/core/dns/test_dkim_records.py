"""The key at the selector, as people paste it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postroom.core import dkim
from postroom.core.dns import dkim_records
from postroom.core.dns.expectations import Expectations, signing_of
from postroom.core.dns.report import Severity

KEY = dkim.record(dkim.new_key(1024))
P = KEY.partition("p=")[2]
OTHER = dkim.record(dkim.new_key(1024))
EXPECTED = Expectations(domain="town.example", mx=("mx.acme.example",), spf="mx", selector="pr1", key=KEY)


def judged(*texts, **more):
    return dkim_records.judge(texts, EXPECTED, **more)


@pytest.mark.parametrize(
    "text",
    [
        KEY,
        f"p={P}",
        f"v=DKIM1;p={P};",
        f"  V=DKIM1 ;  K=RSA ; p = {P[:70]} {P[70:]} ; n=a note",
        f"v=DKIM1\\; k=rsa\\; p={P}",
        f"v=DKIM1; h=sha1:sha256; s=email; t=s; p={P}",
        f"v=DKIM1; s=*; p={P}",
    ],
)
def test_the_right_key_however_it_is_written(text):
    assert judged(text).ok


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        ([], "no_dkim"),
        (["v=spf1 -all"], "no_dkim"),
        (["v=DKIM1; k=rsa; p="], "revoked_dkim"),
        (["v=DKIM1; k=rsa"], "revoked_dkim"),
        ([OTHER], "wrong_dkim"),
        ([KEY[:-20]], "wrong_dkim"),
        (["v=DKIM1; p=not base64!"], "wrong_dkim"),
        ([KEY, OTHER], "many_dkim"),
        ([f"v=DKIM2; p={P}"], "unsuitable_dkim"),
        ([f"v=DKIM1; k=ed25519; p={P}"], "unsuitable_dkim"),
        ([f"v=DKIM1; h=sha1; p={P}"], "unsuitable_dkim"),
        ([f"v=DKIM1; s=other; p={P}"], "unsuitable_dkim"),
    ],
)
def test_receivers_cannot_verify(texts, code):
    result = judged(*texts)
    assert (result.code, result.severity) == (code, Severity.REQUIRED)
    assert (result.record.target, result.record.value) == ("pr1._domainkey", KEY)


def test_another_key_is_shown_by_its_beginning():
    assert judged(OTHER).parameters["found"] == OTHER.partition("p=")[2][:24]


def test_a_key_that_is_only_tried_is_a_warning():
    result = judged(f"v=DKIM1; t=y; p={P}")
    assert (result.code, result.severity) == ("dkim_testing", Severity.ADVICE)


def test_a_key_at_another_name_is_told_where_it_is():
    assert judged(misplaced="default._domainkey.town.example").parameters["found"] == "default._domainkey.town.example"


@pytest.mark.parametrize(("texts", "found"), [([KEY], True), ([OTHER], False), ([], False), (["x"], False)])
def test_it_is_recognised_anywhere(texts, found):
    assert dkim_records.holds(texts, EXPECTED) is found


@given(st.text(max_size=200))
def test_any_text_gets_a_verdict(text):
    assert not judged(text).ok


def test_a_domain_without_a_key_is_not_signed():
    assert signing_of({"dkim_selector": "pr1"}) == ("", "")
