"""DMARC, MTA-STS, TLS-RPT: what receivers and senders of others are asked to do. All of it is advice."""

import re
from collections.abc import Sequence
from typing import Final

from postroom.core.dns import tag_lists
from postroom.core.dns.expectations import DMARC, Expectations
from postroom.core.dns.records import full_name
from postroom.core.dns.report import CheckResult, as_advice, failed, passed

_POLICIES: Final = ("none", "quarantine", "reject")
_STS_ID = re.compile(r"[A-Za-z0-9]{1,32}")
_MAILTO = re.compile(r"mailto:[^@\s,]+@[^@\s,!]+(![0-9]+[kmgt]?)?", re.IGNORECASE)
_HTTPS = re.compile(r"https://\S+", re.IGNORECASE)


def dmarc(texts: Sequence[str], expected: Expectations) -> CheckResult:
    records = _of_version(texts, "dmarc1")
    parameters = {"domain": expected.domain}
    if not records:
        return as_advice(failed("dmarc", "no_dmarc", parameters, record=expected.dmarc_record()))
    if len(records) > 1:
        more = {"name": full_name(DMARC, expected.domain), "count": str(len(records))}
        return as_advice(failed("dmarc", "many_dmarc", {**parameters, **more}, record=expected.dmarc_record()))
    mistake = _dmarc_mistake(records[0])
    if mistake:
        return as_advice(failed("dmarc", "bad_dmarc", {**parameters, "found": mistake}, record=expected.dmarc_record()))
    return as_advice(passed("dmarc"))


def is_dmarc(texts: Sequence[str]) -> bool:
    return bool(_of_version(texts, "dmarc1"))


def _dmarc_mistake(text: str) -> str:
    """The part of a record that RFC 7489 section 6.3 does not have; empty for a good one."""
    tags = tag_lists.parse(text)
    if tags is None:
        return text
    wrong = {
        "p": tags.get("p", "").lower() not in _POLICIES,
        "sp": "sp" in tags and tags["sp"].lower() not in _POLICIES,
        "pct": "pct" in tags and not (tags["pct"].isascii() and tags["pct"].isdecimal() and int(tags["pct"]) <= 100),
        "rua": "rua" in tags and not _are_addresses(tags["rua"]),
        "ruf": "ruf" in tags and not _are_addresses(tags["ruf"]),
    }
    return next((f"{name}={tags.get(name, '')}" for name, is_wrong in wrong.items() if is_wrong), "")


def _are_addresses(value: str) -> bool:
    return all(_MAILTO.fullmatch(part.strip()) or _HTTPS.fullmatch(part.strip()) for part in value.split(","))


def mta_sts(texts: Sequence[str], expected: Expectations) -> CheckResult:
    """Only the record: the policy is a web page of somebody else's server, which we do not ask."""
    records = _of_version(texts, "stsv1")
    parameters, record = {"domain": expected.domain}, expected.mta_sts_record()
    if not records:
        return as_advice(failed("mta_sts", "no_mta_sts", parameters, record=record))
    tags = tag_lists.parse(records[0])
    if len(records) > 1 or tags is None or not _STS_ID.fullmatch(tags.get("id", "")):
        found = " / ".join(records)
        return as_advice(failed("mta_sts", "bad_mta_sts", {**parameters, "found": found}, record=record))
    return as_advice(passed("mta_sts"))


def tls_rpt(texts: Sequence[str], expected: Expectations) -> CheckResult:
    records = _of_version(texts, "tlsrptv1")
    parameters, record = {"domain": expected.domain}, expected.tls_rpt_record()
    if not records:
        return as_advice(failed("tls_rpt", "no_tls_rpt", parameters, record=record))
    tags = tag_lists.parse(records[0])
    if len(records) > 1 or tags is None or not _are_addresses(tags.get("rua", "")):
        found = " / ".join(records)
        return as_advice(failed("tls_rpt", "bad_tls_rpt", {**parameters, "found": found}, record=record))
    return as_advice(passed("tls_rpt"))


def _of_version(texts: Sequence[str], version: str) -> list[str]:
    """Others at the same name, a wildcard's for example, are not meant."""
    return [text for text in texts if tag_lists.version(text) == version]
