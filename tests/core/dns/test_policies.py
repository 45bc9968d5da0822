"""DMARC, MTA-STS, TLS-RPT, the proof of control and the names of services."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postroom.core.dns import names, policies, tag_lists
from postroom.core.dns.expectations import Expectations
from postroom.core.dns.report import Severity

EXPECTED = Expectations(
    domain="town.example",
    mx=("mx.acme.example",),
    spf="mx",
    cnames={"imap": "imap.acme.example"},
    hints={"autoconfig": "auto.acme.example"},
    ownership="a-token",
)
JUDGES = {"dmarc": policies.dmarc, "mta_sts": policies.mta_sts, "tls_rpt": policies.tls_rpt}


@pytest.mark.parametrize(
    ("test", "text", "code"),
    [
        ("dmarc", "v=DMARC1; p=none", ""),
        ("dmarc", "v=DMARC1;p=REJECT;sp=none;pct=50;rua=mailto:a@x.example!10m,https://x.example/r;adkim=s", ""),
        ("dmarc", "", "no_dmarc"),
        ("dmarc", "v=spf1 -all", "no_dmarc"),
        ("dmarc", "v=DMARC1", "bad_dmarc"),
        ("dmarc", "v=DMARC1; p=block", "bad_dmarc"),
        ("dmarc", "v=DMARC1; p=none; sp=x", "bad_dmarc"),
        ("dmarc", "v=DMARC1; p=none; pct=200", "bad_dmarc"),
        ("dmarc", "v=DMARC1; p=none; rua=a@x.example", "bad_dmarc"),
        ("dmarc", "v=DMARC1; p=none; p=reject", "bad_dmarc"),
        ("dmarc", "v=DMARC1 p=none", "no_dmarc"),
        ("mta_sts", "v=STSv1; id=20261121T1", ""),
        ("mta_sts", "v=STSv1;", "bad_mta_sts"),
        ("mta_sts", "v=STSv1; id=a-b", "bad_mta_sts"),
        ("mta_sts", "", "no_mta_sts"),
        ("tls_rpt", "v=TLSRPTv1; rua=mailto:a@x.example", ""),
        ("tls_rpt", "v=TLSRPTv1; rua=a@x.example", "bad_tls_rpt"),
        ("tls_rpt", "v=TLSRPTv1", "bad_tls_rpt"),
        ("tls_rpt", "", "no_tls_rpt"),
    ],
)
def test_policies_are_advice(test, text, code):
    result = JUDGES[test]([text] if text else [], EXPECTED)
    assert (result.code, result.severity) == (code, Severity.ADVICE)


@pytest.mark.parametrize(
    ("test", "text", "code"),
    [
        ("dmarc", "v=DMARC1; p=none", "many_dmarc"),
        ("mta_sts", "v=STSv1; id=1", "bad_mta_sts"),
        ("tls_rpt", "v=TLSRPTv1; rua=mailto:a@x.example", "bad_tls_rpt"),
    ],
)
def test_more_than_one_is_as_good_as_none(test, text, code):
    assert JUDGES[test]([text, text], EXPECTED).code == code


@given(st.lists(st.text(max_size=80), max_size=3))
def test_any_text_gets_a_verdict(texts):
    assert all(judge(texts, EXPECTED).severity is Severity.ADVICE for judge in JUDGES.values())


@pytest.mark.parametrize("record", ["dmarc_record", "mta_sts_record", "tls_rpt_record"])
def test_the_record_that_is_advised_is_a_good_one(record):
    test = record.removesuffix("_record")
    assert JUDGES[test]([getattr(EXPECTED, record)().value], EXPECTED).ok


@given(
    st.dictionaries(
        st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True), st.from_regex(r"[!-:<-~]{0,9}", fullmatch=True)
    )
)
def test_tags_are_read_as_they_were_written(tags):
    assert tag_lists.parse("; ".join(f"{name}={value}" for name, value in tags.items())) == tags


@pytest.mark.parametrize("text", ["a-token", ' "a-token" ', "“a-token”"])
def test_the_token_proves_control(text):
    assert names.ownership(["other", text], EXPECTED).ok


@pytest.mark.parametrize(("texts", "code"), [([], "no_ownership"), (["A-TOKEN", "x"], "wrong_ownership")])
def test_nothing_else_does(texts, code):
    result = names.ownership(texts, EXPECTED)
    assert (result.code, result.record.target, result.record.value) == (code, "_postroom", "a-token")


@pytest.mark.parametrize(
    ("chain", "addresses", "code"),
    [
        (["imap.acme.example."], [], ""),
        (["IMAP.Acme.Example."], [], ""),
        (["middle.example.", "imap.acme.example."], ["192.0.2.1"], ""),
        ([], [], "no_cname_imap"),
        (["imap.other.example."], [], "wrong_cname_imap"),
        ([], ["192.0.2.1"], "wrong_cname_imap"),
        (["imap.acme.example.town.example."], [], "cname_without_dot"),
    ],
)
def test_a_name_of_a_service(chain, addresses, code):
    result = names.cname("imap", chain, addresses, EXPECTED)
    assert (result.code, result.severity) == (code, Severity.REQUIRED)


def test_what_programs_ask_by_themselves_is_advice():
    assert names.cname("autoconfig", [], [], EXPECTED).severity is Severity.ADVICE
