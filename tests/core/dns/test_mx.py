"""Does mail arrive here? The MX records that people publish."""

import pytest

from postroom.core.dns import mx
from postroom.core.dns.expectations import Expectations
from postroom.core.dns.report import Severity

ONE = Expectations(domain="town.example", mx=("mx.acme.example",), spf="mx")
TWO = Expectations(domain="town.example", mx=("mx1.acme.example", "mx2.acme.example"), spf="mx")


def judged(*values, expected=ONE, **more):
    return mx.judge(expected, mx.Found(records=mx.parse(values), **more))


@pytest.mark.parametrize("value", ["10 mx.acme.example.", "0 MX.Acme.Example.", "65535 mx.acme.example"])
def test_our_own_alone_is_right_however_it_is_written(value):
    assert judged(value).ok


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ([], "no_mx"),
        (["0 ."], "null_mx"),
        (["10 mx.other.example."], "wrong_mx"),
        (["10 mx.acme.example.town.example."], "mx_without_dot"),
        (["10 mx.acme.example.", "5 mx.other.example."], "foreign_mx_first"),
        (["10 mx.acme.example.", "10 mx.other.example."], "foreign_mx_first"),
        (["10 mx.acme.example.", "0 ."], "foreign_mx_first"),
    ],
)
def test_mail_goes_elsewhere(values, code):
    result = judged(*values)
    assert (result.code, result.severity) == (code, Severity.REQUIRED)
    assert result.record.value == "10 mx.acme.example."


def test_what_was_found_is_told_best_first():
    assert judged("20 b.example.", "10 a.example.").parameters["found"] == "10 a.example., 20 b.example."


def test_a_foreign_server_behind_ours_is_a_warning():
    result = judged("10 mx.acme.example.", "20 mx.other.example.")
    assert (result.code, result.severity) == ("extra_mx", Severity.ADVICE)


def test_a_name_that_is_only_an_alias_of_ours():
    assert judged("10 mail.town.example.", ours_by_cname=frozenset({"mail.town.example"})).code == "mx_is_cname"


@pytest.mark.parametrize(("values", "code"), [([], "mx_behind_cname"), (["10 mx.acme.example."], "")])
def test_a_domain_that_is_an_alias_has_the_mx_of_what_it_stands_for(values, code):
    assert judged(*values, alias_of="www.example").code == code


def test_all_of_several():
    assert judged("10 mx1.acme.example.", "20 mx2.acme.example.", expected=TWO).ok


def test_one_of_several_is_enough_but_not_all():
    result = judged("10 mx2.acme.example.", expected=TWO)
    assert (result.code, result.severity, result.record.value) == (
        "missing_mx", Severity.ADVICE, "10 mx1.acme.example.",
    )  # fmt: skip
