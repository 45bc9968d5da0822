"""Kinds that are about mail: addresses, servers, headers, folders, filters."""

import re
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from postroom.core import address
from postroom.core.catalogue import reading
from postroom.core.catalogue.attribute import BadValueError, NotGiven, Value
from postroom.core.catalogue.kinds import ListOf, Plain

_WILDCARD = re.compile(r"[A-Za-z0-9!@#$%&'\"*+/=?^_`{|}~.-]{1,128}")
_COMPANY_ID = re.compile(r"[0-9]{1,18}")
_NONE = (False, "false", "")
"""Sent for "none" where the vendor's documentation takes the attribute for a flag."""


def AddressList(most: int) -> ListOf:  # noqa: N802 -- reads like the other kinds
    return ListOf(most, "addresses", lambda text: str(address.parse_address(text)))


def AliasList(most: int) -> ListOf:  # noqa: N802
    """Names of accounts; the local part alone means one in the account's own domain."""
    return ListOf(most, "addresses, or parts before the @", _account_or_part)


def DomainNameList(most: int) -> ListOf:  # noqa: N802
    return ListOf(most, "domain names", address.parse_domain)


def WildcardList(most: int) -> ListOf:  # noqa: N802
    """Senders: * is any run of characters, + is exactly one."""
    return ListOf(most, "addresses, in which * and + are wildcards", _wildcard)


def CompanyIdList(most: int) -> ListOf:  # noqa: N802
    return ListOf(most, "ids of companies", _company_id)


def _account_or_part(text: str) -> str:
    return str(address.parse_account(text)) if "@" in text else address.parse_account_part(text)


def _wildcard(text: str) -> str:
    if not _WILDCARD.fullmatch(text):
        raise BadValueError(
            "must be 1 to 128 letters A–Z without accents, digits and marks that an address can have, * and +"
        )
    return text.lower()


def _company_id(text: str) -> str:
    if not _COMPANY_ID.fullmatch(text):
        raise BadValueError("must be the id of a company, a number")
    return text.lstrip("0") or "0"


@dataclass(frozen=True)
class OneAddress(Plain):
    name = "address"

    @property
    def bounds(self) -> str:
        return "an address such as joe@example.com"

    def parse_given(self, raw: object) -> Value | NotGiven:
        if raw is False or raw == "false":
            return None
        text = reading.line(raw)
        return str(address.parse_address(text)) if text else None


@dataclass(frozen=True)
class AddressOrLocalPart(Plain):
    """A mailbox of the domain. False clears it: some clients take it for a flag."""

    name = "mailbox"

    @property
    def bounds(self) -> str:
        return "the address of a mailbox in the domain, or the part before the @; false clears it"

    def parse_given(self, raw: object) -> Value | NotGiven:
        if raw is True:
            raise BadValueError(f"must be {self.bounds}")
        return None if raw in _NONE else _account_or_part(reading.line(raw))


@dataclass(frozen=True)
class HostPort(Plain):
    name = "mail server"

    @property
    def bounds(self) -> str:
        return "a host name or network address, with :port behind it if need be ([…] around IPv6)"

    def parse_given(self, raw: object) -> Value | NotGiven:
        text = reading.line(raw).lower()
        if not text:
            return None
        host, port = _split_port(text)
        return _host(host) + port


def _split_port(text: str) -> tuple[str, str]:
    if text.startswith("["):
        host, bracket, rest = text.partition("]")
        host += bracket
    elif text.count(":") > 1:
        raise BadValueError("must have brackets around an IPv6 address, such as [2001:db8::1]:25")
    else:
        host, colon, port = text.partition(":")
        rest = colon + port
    if not rest:
        return host, ""
    number = rest[1:]
    if rest[0] != ":" or not re.fullmatch(r"[0-9]{1,5}", number) or not 1 <= int(number) <= 65535:
        raise BadValueError("must have a port from 1 to 65535 behind the colon")
    return host, f":{int(number)}"


def _host(text: str) -> str:
    bracketed = text.startswith("[") and text.endswith("]")
    try:
        found = ip_address(text[1:-1] if bracketed else text)
    except ValueError:
        if text.startswith("["):
            raise BadValueError("must have a valid IPv6 address between the brackets") from None
        return address.parse_domain(text)
    if isinstance(found, IPv6Address) and found.scope_id:
        raise BadValueError("must have an IPv6 address without % and an interface behind it")
    if isinstance(found, IPv6Address) != bracketed:
        raise BadValueError("must have brackets around an IPv6 address, and around nothing else")
    return f"[{found}]" if bracketed else str(found)


@dataclass(frozen=True)
class SpamHeader(Plain):
    longest: int

    name = "header"

    @property
    def bounds(self) -> str:
        return (
            f"a header of at most {self.longest} characters that begins with a capital letter, "
            'such as "X-Spam: Spam detected"'
        )

    def parse_given(self, raw: object) -> Value | NotGiven:
        text = reading.line(raw)
        if not text:
            return None
        found = re.fullmatch(r"([A-Z][!-9;-~]*):\s*(\S.*)", text)
        header = f"{found[1]}: {found[2]}" if found else ""
        if not 0 < len(header) <= self.longest:
            raise BadValueError(f"must be {self.bounds}")
        return header


@dataclass(frozen=True)
class Folder(Plain):
    longest: int

    name = "folder"

    @property
    def bounds(self) -> str:
        return f'the path of a folder, at most {self.longest} characters, with "/" between its parts'

    def parse_given(self, raw: object) -> Value | NotGiven:
        text = reading.line(raw)
        if not text:
            return None
        parts = text.split("/")
        if len(text) > self.longest or any(part.strip() in ("", ".", "..") for part in parts):
            raise BadValueError(f"must be {self.bounds}")
        if re.search(r"[*%\\]", text):
            raise BadValueError(r"must be the path of a folder without * % and \ in it")
        return text


@dataclass(frozen=True)
class Selector(Plain):
    """A DKIM selector: the part of the DNS name before `._domainkey` (RFC 6376 section 3.1)."""

    longest: int = 128

    name = "DNS label"

    @property
    def bounds(self) -> str:
        return f"at most {self.longest} letters, digits, hyphens and underscores, with single dots between parts"

    def parse_given(self, raw: object) -> Value | NotGiven:
        text = reading.line(raw).lower()
        if not text:
            return None
        label = r"[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?"
        if len(text) > self.longest or not re.fullmatch(rf"{label}(?:\.{label})*", text):
            raise BadValueError(f"must be {self.bounds}")
        return text


@dataclass(frozen=True)
class SieveText(Plain):
    """Whether it is a valid script the mail servers say."""

    longest: int

    name = "Sieve script"

    @property
    def bounds(self) -> str:
        return f"a Sieve script of at most {self.longest} characters"

    def parse_given(self, raw: object) -> Value | NotGiven:
        text = reading.text(raw)
        if len(text) > self.longest:
            raise BadValueError(f"must be {self.bounds}")
        return text if text.strip() else None
