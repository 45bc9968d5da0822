"""The questions about one domain: its own name servers are asked, so that a change is seen at once.

A domain's name servers are machines of strangers, named by strangers: they are asked only where the internet's
addresses, or the operator, allow it, and all of them together get so many seconds and no more.
"""

import time
from collections.abc import Iterator, Sequence
from typing import Final

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rdatatype
import msgspec

from postroom.core import outside
from postroom.core.dns.report import ServerAnswer
from postroom.drivers.dns import answers
from postroom.drivers.dns.answers import Found
from postroom.drivers.dns.exchange import Patience, Question, Reply, put
from postroom.drivers.dns.where import DnsSettings, resolvers

_SERVERS: Final = 4  # of a zone that are asked
_ADDRESSES: Final = 2  # of a server
_PATIENCE: Final = 2  # failures that are no accident
_SHARE: Final = 0.1  # of all the time for one try, so that there is enough for two with each server
_RESOLVERS_SHARE: Final = 0.25  # which may have to ask others
_SLOW: Final = ("dns_timeout", "dns_unreachable", "dns_bad_answer")
_DEPTH: Final = 3  # zones below zones


class Server(msgspec.Struct, frozen=True):
    name: str
    addresses: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.name} ({', '.join(self.addresses)})" if self.addresses else self.name


class Zone(msgspec.Struct, frozen=True, kw_only=True):
    name: str = ""
    servers: tuple[Server, ...] = ()
    problem: str = ""
    """A code of `zone_findings`; then there are no servers to ask."""
    about: str = ""
    """Which servers have the problem."""


class Examination:
    """Of one domain, by one thread."""

    def __init__(self, domain: str, settings: DnsSettings) -> None:
        self.domain = domain
        self.settings = settings
        self._resolvers = resolvers(settings)
        deadline = time.monotonic() + settings.seconds
        self._patience = Patience(settings.seconds * _SHARE, deadline)
        self._resolvers_patience = Patience(settings.seconds * _RESOLVERS_SHARE, deadline)
        self._failures: dict[str, list[str]] = {}
        self.heard: set[str] = set()
        """Servers that gave an answer."""
        self._zones: dict[str, Zone] = {}
        self.differing: tuple[Found, ...] = ()
        """The first question to which servers gave different answers, and what they said."""

    @property
    def zone(self) -> Zone:
        return self._zone_of(self.domain)

    @property
    def failing(self) -> list[str]:
        """Servers that failed more than once."""
        return [server for server, codes in self._failures.items() if len(codes) >= _PATIENCE]

    def ask(self, name: str, type: str, *, all: bool = False) -> list[Found]:
        """What the servers in charge of a name say, CNAMEs followed; `all`: every one of them, not only the first that
        answers. At least one entry; where nobody answers they are failures."""
        question = _question(name, type)
        if question is None:
            return [_no_such_name(name, type)]
        if not self.settings.authoritative:
            return [self.resolve(name, type)]
        found = [self._to_the_end(one, type) for one in self._ask(question, self._zone_of(name), all=all)]
        if len({(one.values, one.chain) for one in found if not one.failure}) > 1 and not self.differing:
            self.differing = tuple(found)
        return found

    def _to_the_end(self, one: Found, type: str) -> Found:
        """Where a CNAME leads out of the zone others are asked, as everybody else would ask them."""
        if not one.chain or one.values or one.failure or type == "CNAME":
            return one
        if len(one.chain) > answers.HOPS:
            return msgspec.structs.replace(one, failure="dns_loop")
        rest = self.resolve(one.chain[-1], type)
        said = msgspec.structs.replace(one.said, values=(*one.said.values, *rest.said.values))
        return Found(
            said=said, values=rest.values, chain=(*one.chain, *rest.chain), failure=rest.failure, zone=rest.zone
        )

    def resolve(self, name: str, type: str) -> Found:
        """What a resolver says."""
        question = _question(name, type, recursive=True)
        if question is None:
            return _no_such_name(name, type)
        given: list[Found] = []
        for address, port in self._resolvers * 2:
            one = answers.found(f"resolver {address}", question, put(question, address, port, self._resolvers_patience))
            if not one.failure:
                return one
            given.append(one)
        return given[0]

    def raw(self, name: str, type: str) -> dns.message.Message | None:
        """The message of the first server in charge that answers, with signatures."""
        question = _question(name, type)
        if question is None:
            return None
        question = msgspec.structs.replace(question, with_signatures=True)
        for server in self._zone_of(name).servers:
            _, reply = self._put(server, question)
            if reply.message is not None:
                return reply.message
        return None

    def resolve_raw(self, name: str, type: str) -> dns.message.Message | None:
        question = _question(name, type, recursive=True)
        if question is None:
            return None
        replies = (put(question, address, port, self._resolvers_patience) for address, port in self._resolvers * 2)
        return next((reply.message for reply in replies if reply.message is not None), None)

    def _ask(self, question: Question, zone: Zone, *, all: bool, depth: int = 0) -> list[Found]:
        if zone.problem or depth > _DEPTH:
            return [answers.failed(zone.about or zone.name, question, zone.problem or "dns_loop")]
        for _ in range(2):
            found = list(self._round(question, zone, all=all, depth=depth))
            if any(not one.failure for one in found):
                return found
        return found

    def _round(self, question: Question, zone: Zone, *, all: bool, depth: int) -> Iterator[Found]:
        """Each server once."""
        apex = dns.name.from_text(zone.name)
        for server in zone.servers:
            spoke, reply = self._put(server, question)
            below = reply.message and answers.referral(reply.message, question, apex)
            if below:
                plain = below.to_text(omit_final_dot=True).lower()
                yield from self._ask(question, self._delegated(plain), all=all, depth=depth + 1)
                return
            if reply.message is not None and not reply.message.flags & dns.flags.AA:
                reply = self._failed(spoke, "dns_lame")
            one = answers.found(spoke, question, reply)
            self.heard |= set() if one.failure else {spoke}
            yield one
            if not all and not one.failure:
                return

    def _put(self, server: Server, question: Question) -> tuple[str, Reply]:
        """(name and address that was asked last, what it said)"""
        reply, spoke = Reply(None, "dns_unreachable"), server.name
        for address in server.addresses:
            spoke = f"{server.name} ({address})"
            slow = [code for code in self._failures.get(spoke, ()) if code in _SLOW]
            if len(slow) >= _PATIENCE:
                reply = Reply(None, slow[-1])
                continue
            reply = put(question, address, self.settings.authoritative_port, self._patience)
            if reply.message is not None:
                break
            self._failed(spoke, reply.failure)
        return spoke, reply

    def _failed(self, spoke: str, code: str) -> Reply:
        if code != "dns_no_time":  # that is our impatience
            self._failures.setdefault(spoke, []).append(code)
        return Reply(None, code)

    # --- Who is in charge --------------------------------------------------------------------------------------------

    def _zone_of(self, name: str) -> Zone:
        """The zone with name servers that is nearest above a name."""
        if name.endswith(f".{self.domain}"):
            name = self.domain  # its servers refer to others where those know more
        if name not in self._zones:
            self._zones[name] = self._climb(name)
        return self._zones[name]

    def _climb(self, name: str) -> Zone:
        labels = name.split(".")
        nearest = ""
        for skipped in range(len(labels) - 1):
            candidate = ".".join(labels[skipped:])
            if nearest and len(nearest) < len(candidate):
                continue  # a resolver has told where the zone begins
            found = self.resolve(candidate, "NS")
            if found.failure:
                return Zone(name=name, problem=found.failure, about=found.said.server)
            if found.values and not found.chain:
                return self._served(candidate, found.values)
            nearest = found.zone if candidate.endswith(f".{found.zone}") else ""
        return Zone(name=name, problem="must_exist")

    def _delegated(self, name: str) -> Zone:
        found = self.resolve(name, "NS")
        if found.failure or not found.values:
            return Zone(name=name, problem=found.failure or "dns_lame", about=name)
        return self._served(name, found.values)

    def _served(self, name: str, hosts: Sequence[str]) -> Zone:
        servers, hidden, unknown = [], [], ""
        for host in hosts[:_SERVERS]:
            addresses, failure = self._addresses(host)
            unknown = unknown or failure
            public = [one for one in addresses if outside.may_connect(one, self.settings.networks)]
            hidden += [] if public else addresses
            if public:
                servers.append(Server(host.removesuffix("."), tuple(public[:_ADDRESSES])))
        if servers:
            return Zone(name=name, servers=tuple(servers))
        about = ", ".join(host.removesuffix(".") for host in hosts[:_SERVERS])
        problem = unknown or ("servers_not_public" if hidden else "servers_without_address")
        return Zone(name=name, problem=problem, about=about)

    def _addresses(self, host: str) -> tuple[list[str], str]:
        """Of both kinds, and why they could not be found."""
        four, six = self.resolve(host, "A"), self.resolve(host, "AAAA")
        failure = "" if four.values or six.values else four.failure or six.failure
        return [*four.values, *six.values], failure


def _question(name: str, type: str, *, recursive: bool = False) -> Question | None:
    """None: no name that can be asked, for it is too long."""
    try:
        asked = dns.name.from_text(f"{name.removesuffix('.')}.")
    except (dns.exception.DNSException, ValueError):
        return None
    return Question(asked, dns.rdatatype.from_text(type), recursive)


def _no_such_name(name: str, type: str) -> Found:
    """What cannot be asked is nowhere."""
    return Found(said=ServerAnswer(server="", name=name, type=type, failure="no_name"))
