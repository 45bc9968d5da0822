"""May the platform send mail of a domain? Its SPF record read, weighed and mended (RFC 7208). No look-up is made here:
the caller brings a function that finds the texts of a name."""

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, TypeAlias

import msgspec

LIMIT: Final = 10
"""Look-ups that the evaluation of one record may take (section 4.6.4)."""
_ENOUGH: Final = 25  # look-ups after which nobody counts on

Fetch: TypeAlias = Callable[[str], Sequence[str] | None]
"""The texts of the TXT records of a name; None: it could not be asked."""

_VERSION = re.compile(r"v=spf1( |\Z)", re.IGNORECASE)
_TERM = re.compile(r"(?P<qualifier>[-+~?]?)(?P<name>[A-Za-z][A-Za-z0-9_.-]*)(?:(?P<mark>[:=/])(?P<rest>[!-~]*))?")
_DOMAIN_SPEC = re.compile(r"(?:%\{[^}]*\}|%[%_-]|[!-$&-.0-~])+")
_DUAL_CIDR = re.compile(r"(?P<spec>.*?)(?P<v4>/\d{1,2})?(?P<v6>//\d{1,3})?")
_LOOKS_UP = ("include", "a", "mx", "ptr", "exists")
_PLAIN = ("all", "ip4", "ip6")
_MODIFIERS = ("redirect", "exp")


class Term(msgspec.Struct, frozen=True):
    text: str
    """As it was written."""
    qualifier: str
    """+ - ~ ? of a mechanism; empty: a modifier."""
    name: str
    """Lower case."""
    value: str = ""
    """The domain or the network; a and mx without one mean the domain that the record is of."""

    def at(self, domain: str) -> str:
        """What it says, in one form of writing: to compare with others'. `domain`: whose record it stands in."""
        value = self.value.lower().removesuffix(".")
        if not value and self.name in ("a", "mx", "ptr"):
            value = domain
        elif value.startswith("/"):
            value = f"{domain}{value}"
        return f"{self.name}:{value}" if value else self.name


class Spf(msgspec.Struct, frozen=True):
    terms: tuple[Term, ...]
    mistakes: tuple[str, ...] = ()
    """Parts that no receiver understands; one of them makes the whole record void."""

    @property
    def before_all(self) -> Iterator[Term]:
        """The mechanisms that are ever looked at (section 5.1), then the redirect where it counts."""
        for term in self.terms:
            if term.qualifier and term.name == "all":
                return
            if term.qualifier:
                yield term
        yield from (term for term in self.terms if term.name == "redirect")

    @property
    def all(self) -> str:
        """The qualifier of the first `all`; empty where there is none."""
        return next((term.qualifier for term in self.terms if term.name == "all"), "")


def records(texts: Iterable[str]) -> list[str]:
    """Those of a name's texts that are SPF records (section 4.5)."""
    return [text for text in texts if _VERSION.match(text)]


def parse(text: str) -> Spf:
    """Of one of `records`. Whatever it holds, it is sorted into terms and mistakes."""
    terms: list[Term] = []
    mistakes: list[str] = []
    modifiers: set[str] = set()
    for part in text[len("v=spf1") :].split(" "):
        if not part:
            continue
        term = _term(part)
        if term is None or term.name in modifiers:
            mistakes.append(part)
            continue
        terms.append(term)
        modifiers |= {term.name} & set(_MODIFIERS)
    return Spf(tuple(terms), tuple(mistakes))


def _term(part: str) -> Term | None:
    match = _TERM.fullmatch(part)
    if match is None:
        return None
    qualifier, name, mark, rest = match["qualifier"], match["name"].lower(), match["mark"], match["rest"] or ""
    if mark == "=":
        known = name not in _MODIFIERS or _DOMAIN_SPEC.fullmatch(rest)
        return Term(part, "", name, rest) if not qualifier and known else None
    value = f"/{rest}" if mark == "/" else rest
    good = _is_mechanism(name, value, given=bool(mark))
    return Term(part, qualifier or "+", name, value) if good else None


def _is_mechanism(name: str, value: str, *, given: bool) -> bool:
    if name == "all":
        return not given
    if name in ("ip4", "ip6"):
        return _is_network(value, 4 if name == "ip4" else 6)
    if name in ("include", "exists"):
        return bool(_DOMAIN_SPEC.fullmatch(value))
    if name == "ptr":
        return not given or bool(_DOMAIN_SPEC.fullmatch(value))
    return name in ("a", "mx") and (not given or _is_host_and_networks(value))


def _is_network(value: str, version: int) -> bool:
    try:
        return ipaddress.ip_network(value, strict=False).version == version and "%" not in value
    except ValueError:
        return False


def _is_host_and_networks(value: str) -> bool:
    """domain/24//64: each part can be left out, not all of them."""
    match = _DUAL_CIDR.fullmatch(value)
    if not value or match is None:
        return False
    spec, v4, v6 = match["spec"], match["v4"], match["v6"]
    lengths_fit = int((v4 or "/0")[1:]) <= 32 and int((v6 or "//0")[2:]) <= 128
    return lengths_fit and bool(not spec or _DOMAIN_SPEC.fullmatch(spec))


class Weighed(msgspec.Struct, kw_only=True):
    """What a record leads to, with all that it includes."""

    lookups: int = 0
    allows_us: bool = False
    costs: dict[str, int] = {}
    """Term of the record → look-ups that it takes."""
    broken: str = ""
    """A name that is included and has no good SPF record."""
    loop: str = ""
    """A name by which the record includes itself."""
    by: str = ""
    """The name that the record itself includes, and that leads to the broken one or to the loop."""
    unasked: bool = False
    """Not all that it includes could be asked."""


def weigh(record: Spf, domain: str, ours: frozenset[str], fetch: Fetch) -> Weighed:
    """`ours`: the mechanisms that stand for the platform's servers, in the form of `Term.at`."""
    found = Weighed()
    for term in record.before_all:
        before = found.lookups
        _follow(term, domain, (domain,), _Walk(found, ours, fetch))
        if found.lookups > before:
            found.costs[term.text] = found.lookups - before
    return found


class _Walk(msgspec.Struct, frozen=True):
    found: Weighed
    ours: frozenset[str]
    fetch: Fetch
    inside_ours: bool = False
    """What is wrong there is ours to mend."""


def _follow(term: Term, domain: str, path: tuple[str, ...], walk: _Walk) -> None:
    found = walk.found
    is_ours = term.at(domain) in walk.ours
    if not is_ours and term.qualifier in ("-", "~", "?"):
        walk = msgspec.structs.replace(walk, ours=frozenset())  # nothing in there is allowed by it
    found.allows_us |= is_ours and term.qualifier == "+"
    if term.name in _LOOKS_UP or term.name == "redirect":
        found.lookups += 1
    if term.name in ("include", "redirect") and found.lookups <= _ENOUGH:
        _enter(term, path, msgspec.structs.replace(walk, inside_ours=walk.inside_ours or is_ours))


def _enter(term: Term, path: tuple[str, ...], walk: _Walk) -> None:
    name, found = term.value.lower().removesuffix("."), walk.found
    by = path[1] if len(path) > 1 else name
    if "%" in name:
        return  # depends on the message
    if name in path:
        found.loop, found.by = found.loop or name, found.by or by
        return
    texts = walk.fetch(name)
    if texts is None:
        found.unasked = True
        return
    inside = [parse(text) for text in records(texts)]
    if len(inside) == 1 and not inside[0].mistakes:
        for inner in inside[0].before_all:
            _follow(inner, name, (*path, name), walk)
    elif not walk.inside_ours:
        found.broken, found.by = found.broken or name, found.by or by


def merged(texts: Sequence[str], ours: str, without: Sequence[str] = ()) -> str:
    """One good record that allows what all of `texts` allow, and the platform. `without`: names that it no longer
    includes."""
    parsed = [parse(text) for text in texts]
    us = parse(f"v=spf1 {ours}").terms[0].at("")
    kept: dict[str, str] = {}
    for term in (term for spf in parsed for term in spf.terms):
        gone = term.name in ("include", "redirect") and term.value.lower().removesuffix(".") in without
        if gone or term.name == "all" or term.at("") == us:
            continue
        text = _as_include(term) if len(parsed) > 1 else term.text
        kept.setdefault(text.lower(), text)
    modifiers = [text for text in kept.values() if not _is_ordered(text)]
    mechanisms = [text for text in kept.values() if _is_ordered(text)]
    return " ".join(["v=spf1", ours, *mechanisms, *_ending(parsed, modifiers), *_once(modifiers)])


def _as_include(term: Term) -> str:
    """Of several redirects none could stay one."""
    return f"include:{term.value}" if term.name == "redirect" else term.text


def _is_ordered(text: str) -> bool:
    term = _term(text)
    return term is not None and bool(term.qualifier)


def _once(modifiers: Sequence[str]) -> list[str]:
    by_name: dict[str, str] = {}
    for text in modifiers:
        by_name.setdefault(text.partition("=")[0].lower(), text)
    return list(by_name.values())


def _ending(parsed: Sequence[Spf], modifiers: Sequence[str]) -> list[str]:
    """The mildest of the endings, so that nobody's mail is refused who had none refused before; never +all."""
    if any(text.lower().startswith("redirect=") for text in modifiers):
        return []
    mildness = {"?": 0, "~": 1, "-": 2}
    endings = [mildness.get(spf.all or "?", 1) for spf in parsed] or [2]
    return [("?all", "~all", "-all")[min(endings)]]
