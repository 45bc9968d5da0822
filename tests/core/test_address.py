"""Names of domains and addresses: what is taken, what it becomes, what is refused and why."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from postroom.core.address import fold, parse_account, parse_account_part, parse_address, parse_domain
from postroom.core.catalogue.attribute import BadValueError

ANY_TEXT = st.text(st.characters(exclude_categories=[]))
"""Also halves of surrogate pairs."""


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("example.com", "example.com"),
        ("  Example.COM\n", "example.com"),
        ("example.com.", "example.com"),
        ("acme.adm", "acme.adm"),
        ("a.b", "a.b"),
        ("x--y.example", "x--y.example"),
        ("1.example2", "1.example2"),
        ("münchen.de", "xn--mnchen-3ya.de"),
        ("MÜNCHEN.de", "xn--mnchen-3ya.de"),
        ("xn--mnchen-3ya.de", "xn--mnchen-3ya.de"),
        ("例え。jp", "xn--r8jz45g.jp"),
        ("a" * 63 + ".com", "a" * 63 + ".com"),
        (".".join(["a" * 31] * 5), ".".join(["a" * 31] * 5)),
    ],
)
def test_a_domain_name_has_one_form(typed, canonical):
    assert parse_domain(typed) == canonical


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("", "3 to 160"),
        ("ab", "3 to 160"),
        ("a" * 157 + ".com", "3 to 160"),
        ("ü" * 2000 + ".de", "at most 160"),
        ("localhost", "two or more parts"),
        ("example..com", "single dots"),
        (".example.com", "single dots"),
        ("a" * 64 + ".com", "at most 63"),
        ("exa mple.com", "letters, digits, hyphens"),
        ("joe@example.com", "letters, digits, hyphens"),
        ("under_score.com", "letters, digits, hyphens"),
        ("example.com\0", "letters, digits, hyphens"),
        ("192.0.2.1", "network address"),
        ("-example.com", "begin and end"),
        ("example-.com", "begin and end"),
        ("\ud800.example", "characters that no domain name"),
        ("a\u200b☃\u0300.\u0300", "characters that no domain name"),
    ],
)
def test_what_is_no_domain_name_is_refused_with_the_reason(typed, hint):
    with pytest.raises(BadValueError, match=hint):
        parse_domain(typed)


@given(ANY_TEXT)
def test_a_parsed_domain_name_parses_to_itself(text):
    try:
        name = parse_domain(text)
    except BadValueError:
        return
    assert parse_domain(name) == name


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("joe@example.com", "joe@example.com"),
        (" Joe.Doe-1_x@Example.Com ", "joe.doe-1_x@example.com"),
        ("_joe@example.com", "_joe@example.com"),
        ("-joe@example.com", "-joe@example.com"),
        ("1@example.com", "1@example.com"),
        ("joe@bücher.example", "joe@xn--bcher-kva.example"),
        ("a" * 64 + "@example.com", "a" * 64 + "@example.com"),
    ],
)
def test_an_account_has_one_form(typed, canonical):
    assert str(parse_account(typed)) == canonical


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("joe", "full address"),
        ("", "full address"),
        ("@example.com", "something before the @"),
        ("a" * 65 + "@example.com", "at most 64"),
        (".joe@example.com", "single dots"),
        ("joe.@example.com", "single dots"),
        ("joe..doe@example.com", "single dots"),
        ("joe+tag@example.com", "letters A–Z"),
        ("joë@example.com", "letters A–Z"),
        ("joe doe@example.com", "letters A–Z"),
        ("joe@doe@example.com", "letters A–Z"),
        ('"joe"@example.com', "letters A–Z"),
        ("joe@example", "two or more parts"),
        ("joe@", "3 to 160"),
    ],
)
def test_what_cannot_be_an_account_is_refused_with_the_reason(typed, hint):
    with pytest.raises(BadValueError, match=hint):
        parse_account(typed)


def test_the_part_before_the_at_sign_is_checked_alone():
    assert parse_account_part(" Joe ") == "joe"


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("joe+tag@example.com", "joe+tag@example.com"),
        ("o'neil!#$%&*/=?^_`{|}~-@example.com", "o'neil!#$%&*/=?^_`{|}~-@example.com"),
        ('"Joe Doe"@example.com', '"joe doe"@example.com'),
        ('"joe@home"@example.com', '"joe@home"@example.com'),
        (r'"a\"b"@example.com', r'"a\"b"@example.com'),
        ('"joe"@example.com', "joe@example.com"),
    ],
)
def test_an_address_may_have_marks_and_quotes(typed, canonical):
    assert str(parse_address(typed)) == canonical


@pytest.mark.parametrize(
    "typed",
    [
        "joe..doe@example.com",
        ".joe@example.com",
        "Joe <joe@example.com>",
        "joe@example.com, ann@example.com",
        '""@example.com',
        '"a"b"@example.com',
        '"a\\"@example.com',
        "joe@[192.0.2.1]",
        "jöe@example.com",
        "joe\n@example.com",
        "joe\0@example.com",
        "@example.com",
        "example.com",
    ],
)
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(BadValueError, match="must "):
        parse_address(typed)


@given(ANY_TEXT)
@example('"\\ud800"@example.com')
@example("\ud800@example.com")
def test_wild_text_is_an_address_or_refused(text):
    for parse in (parse_account, parse_address):
        try:
            found = parse(text)
        except BadValueError:
            continue
        assert parse(str(found)) == found


def test_every_account_is_an_address():
    assert parse_address("joe.doe@example.com") == parse_account("JOE.doe@example.com")


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        (" Joe@Example.COM ", "joe@example.com"),
        ("nonsense", "nonsense"),
        ("MÜNCHEN.de", "xn--mnchen-3ya.de"),
        ("Joe@münchen.de", "joe@xn--mnchen-3ya.de"),
        ("jöe@example.com", "jöe@example.com"),
        ("a\0b", "a\ufffdb"),
        ("ä\0\ud800", "ä\ufffd\ufffd"),
    ],
)
def test_names_are_looked_up_folded(text, folded):
    assert fold(text) == folded


@given(ANY_TEXT)
def test_folding_never_raises_and_gives_what_a_database_takes(text):
    assert "\0" not in fold(text).encode("utf-8").decode("utf-8")


@given(ANY_TEXT)
def test_what_parses_is_found_by_its_folded_form(text):
    try:
        name = str(parse_account(text))
    except BadValueError:
        return
    assert fold(name) == name
