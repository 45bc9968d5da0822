"""Records of DNS as Postroom wants them, and as they are pasted or written into a zone file (RFC 1035 section 5.1)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

_STRING: Final = 255  # octets of one string of a TXT record


class DnsRecord(msgspec.Struct, frozen=True, kw_only=True):
    target: str
    """Relative to the domain, empty: the domain itself; with a dot at its end a name of its own."""
    type: str
    """mx, txt, cname: lower case."""
    value: str
    """Names end with a dot. The text of a TXT record is in one piece and without quotes, however long it is."""


def full_name(target: str, domain: str) -> str:
    """Without a dot at its end."""
    if target.endswith("."):
        return target.removesuffix(".")
    return f"{target}.{domain}" if target else domain


def zone_value(record: DnsRecord) -> str:
    """As it stands in a zone file: texts are quoted, long ones are several strings."""
    if record.type != "txt":
        return record.value
    octets = record.value.encode()
    strings = [octets[at : at + _STRING] for at in range(0, len(octets), _STRING)] or [b""]
    return " ".join(f'"{"".join(map(_escaped, string))}"' for string in strings)


def _escaped(octet: int) -> str:
    if octet in b'"\\':
        return f"\\{chr(octet)}"
    return chr(octet) if 0x20 <= octet < 0x7F else f"\\{octet:03d}"


def zone_line(record: DnsRecord, domain: str) -> str:
    return f"{full_name(record.target, domain)}. IN {record.type.upper()} {zone_value(record)}"


def zone_file(domain: str, records: Iterable[DnsRecord], comments: Sequence[str] = ()) -> str:
    """What a name server can load or include. Records of other zones stand at its end, as comments."""
    lines, elsewhere = [f"; {line}" for line in comments], []
    lines.append(f"$ORIGIN {domain}.")
    for record in records:
        if record.target.endswith("."):
            elsewhere.append(f"; {zone_line(record, domain)}")
        else:
            lines.append(f"{record.target or '@'}\t3600\tIN\t{record.type.upper()}\t{zone_value(record)}")
    if elsewhere:
        lines += ["; These belong into other zones:", *elsewhere]
    return "\n".join(lines) + "\n"


def records_as_json(records: Iterable[DnsRecord]) -> list[dict[str, str]]:
    built: list[dict[str, str]] = msgspec.to_builtins(list(records))
    return built


def records_from(stored: Sequence[Mapping[str, Any]]) -> list[DnsRecord]:
    return msgspec.convert(stored, list[DnsRecord])
