"""Is a zone signed, and can the signatures be verified? By the DS above it, its keys, and one signed answer."""

from typing import Final

import dns.dnssec
import dns.exception
import dns.message
import dns.name
import dns.rdata
import dns.rdatatype
import dns.rrset
from dns.rdtypes.ANY.DNSKEY import DNSKEY
from dns.rdtypes.ANY.DS import DS

from postroom.core.dns.report import CheckResult, failed, passed
from postroom.drivers.dns.examination import Examination

TEST: Final = "dnssec"
_READABLE: Final = frozenset({5, 7, 8, 10, 13, 14, 15, 16})  # algorithms that we can verify
_MOST: Final = 40  # comparisons of keys with signatures: strangers' zones can hold any number of both


def test(examination: Examination) -> CheckResult:
    zone = examination.zone.name
    name, above, keys = dns.name.from_text(zone), examination.resolve_raw(zone, "DS"), examination.raw(zone, "DNSKEY")
    parameters = {"domain": examination.domain, "servers": zone}
    if above is None or keys is None:
        return failed(TEST, "dns_timeout", parameters)
    delegated, own = _rrset(above, name, dns.rdatatype.DS), _rrset(keys, name, dns.rdatatype.DNSKEY)
    if delegated is None:
        return failed(TEST, "signed_without_ds" if own else "not_signed", parameters)
    if not any(isinstance(ds, DS) and ds.algorithm in _READABLE for ds in delegated):
        return passed(TEST)  # as far as anybody can tell who does not know the algorithm
    if own is None or not _is_delegated(name, delegated, own):
        tags = ", ".join(str(ds.key_tag) for ds in delegated if isinstance(ds, DS))
        return failed(TEST, "dnssec_without_key", {**parameters, "found": tags})
    soa = examination.raw(zone, "SOA")
    if soa is None:
        return failed(TEST, "dns_timeout", parameters)
    for message, type in ((keys, dns.rdatatype.DNSKEY), (soa, dns.rdatatype.SOA)):
        if not _is_signed(message, name, type, own):
            return failed(TEST, "broken_dnssec", {**parameters, "found": f"{zone} {type.name}"})
    return passed(TEST)


def _rrset(
    message: dns.message.Message,
    name: dns.name.Name,
    type: dns.rdatatype.RdataType,
    covers: dns.rdatatype.RdataType = dns.rdatatype.NONE,
) -> dns.rrset.RRset | None:
    return next(
        (r for r in message.answer if r.name == name and r.rdtype == type and r.covers == covers),
        None,
    )


def _is_delegated(zone: dns.name.Name, above: dns.rrset.RRset, keys: dns.rrset.RRset) -> bool:
    """Whether the zone above names one of the keys."""
    if len(above) * len(keys) > _MOST:
        return False
    return any(_names(zone, ds, key) for ds in above for key in keys)


def _names(zone: dns.name.Name, ds: dns.rdata.Rdata, key: dns.rdata.Rdata) -> bool:
    if not isinstance(ds, DS) or not isinstance(key, DNSKEY):
        return False
    try:
        return bool(dns.dnssec.make_ds(zone, key, ds.digest_type, validating=True) == ds)
    except (dns.exception.DNSException, ValueError):
        return False


def _is_signed(
    message: dns.message.Message, zone: dns.name.Name, type: dns.rdatatype.RdataType, keys: dns.rrset.RRset
) -> bool:
    signed, signatures = _rrset(message, zone, type), _rrset(message, zone, dns.rdatatype.RRSIG, type)
    if signed is None or signatures is None or len(signatures) * len(keys) > _MOST:
        return False
    try:
        dns.dnssec.validate(signed, signatures, {zone: keys})
    except (dns.exception.DNSException, ValueError):
        return False
    return True
