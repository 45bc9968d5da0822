"""What is read out of the messages of name servers: only text, cleaned of what databases and pages refuse."""

from collections.abc import Sequence
from typing import Final

import dns.flags
import dns.message
import dns.name
import dns.rdata
import dns.rdatatype
import dns.rrset
import msgspec
from dns.rdtypes.ANY.TXT import TXT

from postroom.core.dns.report import ServerAnswer
from postroom.drivers.dns.exchange import Question, Reply

HOPS: Final = 8


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What one server said to one question."""

    said: ServerAnswer
    values: tuple[str, ...] = ()
    """Of MX `10 mx.acme.example.`, of TXT the joined text, of others the name or address; sorted."""
    chain: tuple[str, ...] = ()
    """Where CNAMEs led from the name that was asked, with a dot at the end."""
    failure: str = ""
    """A code of `zone_findings`: nothing is known."""
    zone: str = ""
    """Where there are no values: the zone that says so, as far as it was told."""


def first_good(found: Sequence[Found]) -> Found:
    """What the first server said that gave an answer; where none did, how the first one failed."""
    return next((one for one in found if not one.failure), found[0])


def found(server: str, question: Question, reply: Reply) -> Found:
    said = ServerAnswer(server=server, name=_plain(question.name), type=question.type.name)
    if reply.message is None:
        return Found(said=msgspec.structs.replace(said, failure=reply.failure), failure=reply.failure)
    chain, values = _follow(reply.message, question)
    failure = "" if values or chain or reply.message.rcode() == 0 else "no_name"
    shown = tuple(f"CNAME {name}" for name in chain) + values
    said = msgspec.structs.replace(said, values=shown, failure=failure)
    return Found(said=said, values=values, chain=chain, zone=_zone(reply.message))


def failed(server: str, question: Question, code: str) -> Found:
    return found(server, question, Reply(None, code))


def _follow(message: dns.message.Message, question: Question) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(the names that CNAMEs lead to, the values at the end of them), within one message."""
    chain: list[str] = []
    name = question.name
    while len(chain) <= HOPS:
        values = _rrset(message, name, question.type)
        if values is not None:
            return tuple(chain), _texts(values)
        alias = _rrset(message, name, dns.rdatatype.CNAME)
        if alias is None or not len(alias):
            break
        name = alias[0].target
        chain.append(name.to_text().lower())
    return tuple(chain), ()


def _rrset(message: dns.message.Message, name: dns.name.Name, type: dns.rdatatype.RdataType) -> dns.rrset.RRset | None:
    return next((rrset for rrset in message.answer if rrset.name == name and rrset.rdtype == type), None)


def _texts(rrset: dns.rrset.RRset) -> tuple[str, ...]:
    return tuple(sorted(_text(rdata) for rdata in rrset))


def _text(rdata: dns.rdata.Rdata) -> str:
    if isinstance(rdata, TXT):
        return printable(b"".join(rdata.strings))
    return rdata.to_text().lower()


def printable(octets: bytes) -> str:
    """Without control characters, which neither databases nor pages like to hold."""
    text = octets.decode("utf-8", "replace")
    return "".join(char if char.isprintable() else "\ufffd" for char in text)


def _zone(message: dns.message.Message) -> str:
    return next((_plain(rrset.name) for rrset in message.authority if rrset.rdtype == dns.rdatatype.SOA), "")


def referral(message: dns.message.Message, question: Question, zone: dns.name.Name) -> dns.name.Name | None:
    """The zone below `zone` that the server says knows more; None: it speaks for itself."""
    if message.answer or message.flags & dns.flags.AA:
        return None
    below = (
        rrset.name
        for rrset in message.authority
        if rrset.rdtype == dns.rdatatype.NS and rrset.name != zone and rrset.name.is_subdomain(zone)
    )
    return next((name for name in below if question.name.is_subdomain(name)), None)


def _plain(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True).lower()
