"""One question to one name server, and what came of it. Nothing is raised for what strangers' servers do."""

import time
from typing import Final

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdatatype
import msgspec

_PAYLOAD: Final = 1232  # octets that pass everywhere in one piece
_OLD = (dns.rcode.FORMERR, dns.rcode.NOTIMP, dns.rcode.BADVERS)
_FAILURES: Final = {dns.rcode.SERVFAIL: "dns_servfail", dns.rcode.REFUSED: "dns_refused"}
_GOOD = (dns.rcode.NOERROR, dns.rcode.NXDOMAIN)


class Question(msgspec.Struct, frozen=True):
    name: dns.name.Name
    type: dns.rdatatype.RdataType
    recursive: bool = False
    with_signatures: bool = False


class Reply(msgspec.Struct, frozen=True):
    message: dns.message.Message | None
    failure: str = ""
    """A code of `zone_findings`; empty: there is a message, and it says NOERROR or NXDOMAIN."""


class Patience(msgspec.Struct, frozen=True):
    seconds: float
    """For one try."""
    deadline: float
    """Of the monotonic clock: no try begins after it or goes on beyond it."""


def put(question: Question, address: str, port: int, patience: Patience) -> Reply:
    """Ends soon, whatever the server does."""
    reply = _put(question, address, port, patience, edns=True)
    if reply.message is not None and reply.message.rcode() in _OLD:
        reply = _put(question, address, port, patience, edns=False)
    if reply.message is None or reply.message.rcode() in _GOOD:
        return reply
    return Reply(None, _FAILURES.get(reply.message.rcode(), "dns_bad_answer"))


def _put(question: Question, address: str, port: int, patience: Patience, *, edns: bool) -> Reply:
    seconds = min(patience.seconds, patience.deadline - time.monotonic())
    if seconds <= 0:
        return Reply(None, "dns_no_time")
    query = _query(question, edns=edns)
    try:
        message, _ = dns.query.udp_with_fallback(query, address, timeout=seconds, port=port, ignore_unexpected=True)
    except dns.exception.Timeout:
        return Reply(None, "dns_timeout")
    except OSError:
        return Reply(None, "dns_unreachable")
    except (dns.exception.DNSException, EOFError, ValueError):
        return Reply(None, "dns_bad_answer")
    return Reply(message)


def _query(question: Question, *, edns: bool) -> dns.message.QueryMessage:
    query = dns.message.make_query(
        question.name,
        question.type,
        use_edns=0 if edns else False,
        want_dnssec=question.with_signatures and edns,
        payload=_PAYLOAD,
    )
    if question.recursive:
        # Whether signatures are right is a test of its own; it must not keep the others from seeing anything.
        query.flags |= dns.flags.CD
    else:
        query.flags &= ~dns.flags.RD
    return query
