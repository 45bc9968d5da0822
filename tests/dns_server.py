"""A little DNS on loopback: a resolver that knows every zone, and name servers that each know their own.

    with World() as world:
        world.zone("town.example", "@ NS ns1", "ns1 A 127.0.0.11", "@ MX 10 mx.acme.example.")
        world.fail("127.0.0.11", "timeout")

The resolver listens at 127.0.0.1, the name servers at the addresses of 127.0.0.0/8 that the zones give them, all on
`world.port`, by UDP and TCP. A name server answers for the zones whose NS records lead to it and sends others away
(REFUSED); below a zone it knows how to refer. Zones can be changed at any time.

As a process of its own, which prints its port and ends when its standard input does:

    python -m tests.dns_server < zones.json        {"town.example": ["@ NS ns1", …], …}
"""

import json
import random
import socket
import struct
import sys
import threading
import time
from contextlib import suppress

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.node
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import dns.zone

RESOLVER = "127.0.0.1"
FAILURES = (
    "timeout", "servfail", "refused", "lame", "garbage", "truncated", "not_authoritative", "no_edns", "lie", "slow"
)  # fmt: skip
_UDP_SIZE = 512
_HOPS = 9


class World:
    def __init__(self, port=0):
        self.zones: dict[dns.name.Name, dns.zone.Zone] = {}
        self.texts: dict[str, tuple[str, ...]] = {}
        self.failures: dict[str, str] = {}
        self.overrides: dict[tuple[str, dns.name.Name], dns.zone.Zone] = {}
        self._addresses: dict[int, list[str]] = {}
        self.asked: list[tuple[str, str, str]] = []
        """(address, name, type) of every question."""
        self._listening: dict[str, list[socket.socket]] = {}
        self.slowness = 0.1
        """Seconds that those take who are told to be slow."""
        self._closed = False
        self.port = port or _free_port()
        self._listen(RESOLVER)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    @property
    def settings(self):
        """For a platform's settings: whom to ask."""
        return {
            "resolver": f"{RESOLVER}:{self.port}",
            "authoritative_port": self.port,
            "allowed_networks": ["127.0.0.0/8"],
        }

    def zone(self, origin, *lines):
        """Make a zone, or make it anew. Without an SOA or NS among the lines there are usual ones, at 127.0.0.2."""
        self.texts[origin] = lines
        zone = _zone(origin, lines)
        self.zones[zone.origin] = zone
        self._addresses.clear()
        for address in self._addresses_of(zone):
            self._listen(address)

    def add(self, origin, *lines):
        self.zone(origin, *self.texts[origin], *lines)

    def drop(self, origin, *beginnings):
        """Leave out the lines that begin so."""
        self.zone(origin, *(line for line in self.texts[origin] if not line.startswith(beginnings)))

    def without(self, origin):
        """As if nobody had ever registered it."""
        del self.zones[dns.name.from_text(origin)], self.texts[origin]

    def at(self, address, origin, *lines):
        """What one name server alone says of a zone: a secondary with an old copy."""
        zone = _zone(origin, lines)
        self.overrides[address, zone.origin] = zone

    def fail(self, address, how):
        """One of FAILURES; empty: answer again."""
        assert how in ("", *FAILURES)
        self.failures[address] = how

    def close(self):
        self._closed = True
        for sockets in self._listening.values():
            for one in sockets:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
                one.close()

    # --- Network ---------------------------------------------------------------------------------------------------

    def _listen(self, address):
        if address in self._listening or not address.startswith("127."):
            return
        self._listening[address] = _sockets(address, self.port)
        udp, tcp = self._listening[address]
        for work, one in ((self._serve_udp, udp), (self._serve_tcp, tcp)):
            threading.Thread(target=work, args=(address, one), daemon=True).start()

    def _serve_udp(self, address, listener):
        while not self._closed:
            try:
                wire, client = listener.recvfrom(65535)
            except OSError:
                return
            reply = self._reply(address, wire, by_udp=True)
            if reply:
                with suppress(OSError):
                    listener.sendto(reply, client)

    def _serve_tcp(self, address, listener):
        while not self._closed:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection, suppress(OSError, struct.error):
                connection.settimeout(2)
                (length,) = struct.unpack("!H", connection.recv(2))
                reply = self._reply(address, connection.recv(length), by_udp=False)
                if reply:
                    connection.sendall(struct.pack("!H", len(reply)) + reply)

    def _reply(self, address, wire, *, by_udp):
        """None: no answer."""
        try:
            query = dns.message.from_wire(wire)
        except dns.exception.DNSException:
            return None
        how = self.failures.get(address, "")
        question = query.question[0]
        self.asked.append((address, question.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(question.rdtype)))
        if how == "timeout":
            return None
        if how == "garbage":
            return wire[:2] + b"\x81\x80 this is no DNS"
        if how == "slow":
            time.sleep(self.slowness)
        response = dns.message.make_response(query, recursion_available=address == RESOLVER)
        if query.ednsflags & dns.flags.DO:
            response.want_dnssec()
        self._fill(response, address, how)
        return self._on_the_wire(response, query, by_udp=by_udp, truncate=how == "truncated")

    def _on_the_wire(self, response, query, *, by_udp, truncate):
        size = (query.payload or _UDP_SIZE) if by_udp else 65535
        if not truncate or not by_udp:
            with suppress(dns.exception.TooBig):
                return response.to_wire(max_size=size)
        short = dns.message.make_response(query)
        short.flags |= dns.flags.TC
        return short.to_wire()

    # --- Answers ---------------------------------------------------------------------------------------------------

    def _fill(self, response, address, how):
        question = response.question[0]
        codes = {"servfail": dns.rcode.SERVFAIL, "refused": dns.rcode.REFUSED}
        if how in codes or (how == "no_edns" and response.edns >= 0):
            response.use_edns(False)
            response.set_rcode(codes.get(how, dns.rcode.FORMERR))
        elif how == "lame":  # an upward referral
            response.authority.append(dns.rrset.from_text(".", 3600, "IN", "NS", "a.root-servers.net."))
        elif how == "lie":
            response.question[0].name = dns.name.from_text("something.else.example")
        elif address == RESOLVER:
            self._resolve(response, question.name, question.rdtype)
        else:
            self._speak(response, address, question.name, question.rdtype)
            if how == "not_authoritative":
                response.flags &= ~dns.flags.AA

    def _resolve(self, response, name, rdtype):
        for _ in range(_HOPS):
            zone = self._nearest(name, above=rdtype == dns.rdatatype.DS)
            if zone is None:
                response.set_rcode(dns.rcode.NXDOMAIN)
                return
            if any(
                self.failures.get(address) in ("servfail", "refused", "lame") for address in self._addresses_of(zone)
            ):
                response.set_rcode(dns.rcode.SERVFAIL)
                return
            name = self._from_zone(response, zone, name, rdtype)
            if name is None:
                return
        response.set_rcode(dns.rcode.SERVFAIL)  # CNAMEs without end

    def _speak(self, response, address, name, rdtype):
        zone = self._nearest(name, at=address)
        if zone is None:
            response.set_rcode(dns.rcode.REFUSED)
            return
        cut = self._cut(zone, name)
        if cut is not None:
            node = zone.find_node(cut)
            rdataset = node.find_rdataset(dns.rdataclass.IN, dns.rdatatype.NS)
            response.authority.append(dns.rrset.from_rdata_list(cut, rdataset.ttl, rdataset))
            return
        response.flags |= dns.flags.AA
        for _ in range(_HOPS):
            if name is None or not name.is_subdomain(zone.origin):
                return
            name = self._from_zone(response, zone, name, rdtype)

    def _nearest(self, name, *, above=False, at=""):
        """The zone that a name is in; `above`: not the one that it begins; `at`: among those of one address."""
        while name != dns.name.root:
            if (at, name) in self.overrides:
                return self.overrides[at, name]
            zone = self.zones.get(name)
            if zone and not above and (not at or at in self._addresses_of(zone)):
                return zone
            name, above = name.parent(), False
        return None

    def _cut(self, zone, name):
        """Where in the zone another begins that the name is in."""
        while name != zone.origin:
            node = zone.get_node(name)
            if node and node.get_rdataset(dns.rdataclass.IN, dns.rdatatype.NS):
                return name
            name = name.parent()
        return None

    def _from_zone(self, response, zone, name, rdtype):
        """Adds what the zone has; the name that its CNAME leads to, or None."""
        node = zone.get_node(name) or self._wildcard(zone, name)
        if node is None:
            beneath = any(other.is_subdomain(name) for other in zone.nodes)
            if not beneath and not response.answer:
                response.set_rcode(dns.rcode.NXDOMAIN)
            self._add_soa(response, zone)
            return None
        for wanted in (rdtype, dns.rdatatype.CNAME):
            rdataset = node.get_rdataset(dns.rdataclass.IN, wanted)
            if rdataset:
                response.answer.append(dns.rrset.from_rdata_list(name, rdataset.ttl, rdataset))
                self._add_signature(response, node, name, wanted)
                return rdataset[0].target if wanted == dns.rdatatype.CNAME != rdtype else None
        self._add_soa(response, zone)
        return None

    def _add_signature(self, response, node, name, rdtype):
        signature = node.get_rdataset(dns.rdataclass.IN, dns.rdatatype.RRSIG, rdtype)
        if signature and response.ednsflags & dns.flags.DO:
            response.answer.append(dns.rrset.from_rdata_list(name, signature.ttl, signature))

    def _wildcard(self, zone, name):
        while name != zone.origin:
            parent = name.parent()
            if zone.get_node(name) or any(other.is_subdomain(name) for other in zone.nodes):
                return None
            found = zone.get_node(dns.name.Name((b"*", *parent.labels)))
            if found:
                return found
            name = parent
        return None

    def _add_soa(self, response, zone):
        rdataset = zone.find_rdataset(zone.origin, dns.rdatatype.SOA)
        response.authority.append(dns.rrset.from_rdata_list(zone.origin, rdataset.ttl, rdataset))

    def _addresses_of(self, zone):
        """Kept until a zone changes."""
        if id(zone) not in self._addresses:
            self._addresses[id(zone)] = self._found_addresses(zone)
        return self._addresses[id(zone)]

    def _found_addresses(self, zone):
        found = zone.get_rdataset(zone.origin, dns.rdatatype.NS)
        addresses = []
        for host in [rdata.target for rdata in found] if found else []:
            home = zone if host.is_subdomain(zone.origin) else self._nearest(host)
            rdataset = home and home.get_rdataset(host, dns.rdatatype.A)
            addresses += [rdata.address for rdata in rdataset] if rdataset else []
        return addresses


def _free_port():
    """Not one of those that clients' sockets get: they could have it at another of our addresses."""
    while True:
        port = random.randint(12_000, 19_999)
        with suppress(OSError):
            for one in _sockets(RESOLVER, port):
                one.close()
            return port


def _sockets(address, port):
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * 1024 * 1024)
        tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        udp.bind((address, port))
        tcp.bind((address, port))
        tcp.listen(64)
    except OSError:
        udp.close()
        tcp.close()
        raise
    return [udp, tcp]


def _zone(origin, lines):
    """Lines without a time to live, `@ MX 10 mx`; long texts may be one string."""
    lines = list(lines)
    if not any(" NS " in line for line in lines if line.startswith("@ ")):
        lines = ["@ NS ns1", "ns1 A 127.0.0.2", *lines]
    if not any(" SOA " in line for line in lines):
        lines = ["@ SOA ns1 hostmaster 1 3600 600 86400 60", *lines]
    text = "\n".join(_long_texts_split(line) for line in ["$TTL 60", *lines])
    return dns.zone.from_text(text, origin=origin, relativize=False, check_origin=False)


def _long_texts_split(line):
    name, _, rest = line.partition(" TXT ")
    if len(rest) < 255 or rest.count('"') != 2:
        return line
    text = rest.strip('"')
    return f"{name} TXT " + " ".join(f'"{text[at : at + 200]}"' for at in range(0, len(text), 200))


def main():
    world = World()
    for origin, lines in json.loads(sys.stdin.readline()).items():
        world.zone(origin, *lines)
    print(json.dumps(world.settings), flush=True)  # noqa: T201
    sys.stdin.read()


if __name__ == "__main__":
    main()
