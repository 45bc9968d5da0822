"""Names of domains and addresses in their one canonical form: lower-case ASCII (oma.md section 4)."""

import re
from dataclasses import dataclass

import idna

from postroom.core.errors import BadValueError

SHORTEST_DOMAIN = 3
LONGEST_DOMAIN = 160
LONGEST_LABEL = 63
LONGEST_LOCAL_PART = 64
PSEUDO = ".adm"
"""How the names of domains end that are for administrators only."""

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?=.{{{SHORTEST_DOMAIN},{LONGEST_DOMAIN}}}\Z)(?:{_LABEL}\.)+(?!\d+\Z){_LABEL}")
_ACCOUNT = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_DOT_ATOM = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_QUOTED = re.compile(r'"((?:[ !#-\[\]-~]|\\[ -~])+)"')
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_LONGEST_TYPED = 1000
"""More than anybody types: the Unicode rules are not tried on it, for they take long."""


@dataclass(frozen=True, slots=True)
class Address:
    local_part: str
    domain: str

    def __str__(self) -> str:
        return f"{self.local_part}@{self.domain}"


def parse_domain(text: str) -> str:
    """The canonical name; what is typed in Unicode becomes punycode. Raises BadValueError."""
    name = text.strip().lower().removesuffix(".")
    if _DOMAIN.fullmatch(name):
        return name
    if not name.isascii():
        name = _punycode(name)
        if _DOMAIN.fullmatch(name):
            return name
    raise BadValueError(_why_no_domain(name))


def shown_domain(name: str) -> str:
    """A canonical name as people write it, with its accents. Never raises: what is no such name stays as it is."""
    if "xn--" not in name:
        return name
    try:
        return idna.decode(name)
    except (ValueError, IndexError):
        return name


def is_pseudo(domain: str) -> bool:
    """Such a domain is in no DNS: nothing could prove it, and there is nothing to check."""
    return domain.endswith(PSEUDO)


def parse_account(text: str) -> Address:
    """An address that an account or an alias of one can have. Raises BadValueError."""
    local_part, domain = _halves(text)
    return Address(parse_account_part(local_part), parse_domain(domain))


def parse_account_part(text: str) -> str:
    """The part before the @ of an account's name. Raises BadValueError."""
    local_part = text.strip().lower()
    _check_length(local_part)
    if _ACCOUNT.fullmatch(local_part):
        return local_part
    if local_part.startswith(".") or local_part.endswith(".") or ".." in local_part:
        raise BadValueError("must have single dots, and only between other characters, before the @")
    raise BadValueError("must consist of letters A–Z without accents, digits, - _ and . before the @")


def parse_address(text: str) -> Address:
    """Any address mail can be sent to; the local part may be quoted (RFC 5321). Raises BadValueError."""
    local_part, domain = _halves(text)
    _check_length(local_part)
    quoted = _QUOTED.fullmatch(local_part)
    if quoted and _DOT_ATOM.fullmatch(quoted[1]):
        local_part = quoted[1]  # the quotes said nothing
    elif not quoted and not _DOT_ATOM.fullmatch(local_part):
        raise BadValueError(
            "must be one address such as joe@example.com, without a name, blanks or accents before the @"
        )
    return Address(local_part, parse_domain(domain))


def fold(text: str) -> str:
    """The form to look a name or address up by. Never raises: what is no name is simply not found."""
    folded = text.strip().lower()
    if folded.isascii():
        return folded.replace("\0", "\ufffd")
    local_part, at, domain = folded.rpartition("@")
    try:
        return local_part + at + parse_domain(domain) if local_part.isascii() else _storable(folded)
    except BadValueError:
        return _storable(folded)


def _storable(text: str) -> str:
    # Databases refuse these even in a question.
    return _UNSTORABLE.sub("\ufffd", text)


def _halves(text: str) -> tuple[str, str]:
    local_part, at, domain = text.strip().lower().rpartition("@")
    if not at:
        raise BadValueError("must be a full address such as joe@example.com")
    return local_part, domain


def _check_length(local_part: str) -> None:
    if not local_part:
        raise BadValueError("must have something before the @")
    if len(local_part) > LONGEST_LOCAL_PART:
        raise BadValueError(f"must have at most {LONGEST_LOCAL_PART} characters before the @")


def _punycode(name: str) -> str:
    if len(name) > _LONGEST_TYPED:
        raise BadValueError(f"must have at most {LONGEST_DOMAIN} characters")
    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except (
        ValueError,
        IndexError,
    ):  # idna's own errors are ValueErrors; IndexError: broken right-to-left text
        raise BadValueError("must be a domain name; it holds characters that no domain name can have") from None


def _why_no_domain(name: str) -> str:
    labels = name.split(".")
    if not SHORTEST_DOMAIN <= len(name) <= LONGEST_DOMAIN:
        return f"must be a domain name of {SHORTEST_DOMAIN} to {LONGEST_DOMAIN} characters"
    if len(labels) == 1:
        return "must be a domain name of two or more parts, such as example.com"
    if "" in labels:
        return "must be a domain name with single dots, and only between its parts"
    if max(map(len, labels)) > LONGEST_LABEL:
        return f"must be a domain name with at most {LONGEST_LABEL} characters between two dots"
    if re.search(r"[^a-z0-9.-]", name):
        return "must be a domain name: letters, digits, hyphens and dots"
    if labels[-1].isdigit():
        return "must be a domain name, not a network address: the last part cannot be a number"
    return "must be a domain name whose parts begin and end with a letter or digit"
