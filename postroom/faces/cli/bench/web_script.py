"""Which pages are asked for, and what the preparation hands on."""

import random
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import quote_plus

import msgspec

from postroom.faces.cli.bench import rest_script
from postroom.faces.cli.bench.script import domain_name

LARGE: Final = domain_name(0)
"""Has a tenth of all mailboxes; the others share the rest alike."""
OPERATOR: Final = "otto@elsewhere.example"
OWNER: Final = "anna@elsewhere.example"
"""Owner of every domain."""
SPREAD: Final = 10
"""Every so many mailboxes there is an alias that leads to one."""
_VARIANTS: Final = 20
_PAGE: Final = 20
_ORDERS: Final = (
    ("newest first", "-created_at"),
    ("most mailboxes first", "-count_mailboxes"),
    ("by status", "status"),
    ("by company", "company"),
)
_TABS: Final = (
    ("DNS", "dns"),
    ("people", "people"),
    ("settings", "settings"),
    ("history", "history"),
    ("aliases", "aliases"),
)


class Request(msgspec.Struct, frozen=True):
    path: str
    by: str = OPERATOR


class Asked(msgspec.Struct, frozen=True):
    """A page as Postroom answered it before anything was measured."""

    path: str
    by: str
    bytes: int
    statements: int
    """Of SQL, without BEGIN and COMMIT."""


class Prepared(msgspec.Struct, frozen=True):
    domains: int
    mailboxes: int
    cookies: dict[str, str]
    """Who asks → the header."""
    asked: dict[str, list[Asked]]
    """Page → requests of that kind."""


def split(mailboxes: int) -> tuple[int, int]:
    """How many are in the large domain, and in all others."""
    large = mailboxes // 10
    return large, mailboxes - large


def domain_of(number: int, domains: int, mailboxes: int) -> int:
    """Of the mailbox with that number."""
    large, _ = split(mailboxes)
    return 0 if number < large or domains == 1 else 1 + (number - large) % (domains - 1)


def address(number: int, domains: int, mailboxes: int) -> str:
    first, last = rest_script.name(number)
    return f"{_plain(first)}.{_plain(last)}.{number:06d}@{domain_name(domain_of(number, domains, mailboxes))}"


def _plain(name: str) -> str:
    return name.lower().encode("ascii", "replace").decode().replace("?", "e")


def outside(number: int) -> str:
    """Where the alias with that number leads besides a mailbox."""
    return f"partner{number:06d}@elsewhere.example"


def requests(domains: int, mailboxes: int) -> Iterator[tuple[str, list[Request]]]:
    """Page → requests."""
    pick = random.Random("web")  # noqa: S311 -- the same on every database
    some = [pick.randrange(mailboxes) for _ in range(_VARIANTS)]
    names = [domain_name(pick.randrange(1, domains)) for _ in range(_VARIANTS)]
    yield from _lists(domains, names)
    yield from _domain_pages(names, [rest_script.name(number) for number in some])
    yield "mailbox page", _at(*(_mailbox(number, domains, mailboxes) for number in some))
    yield from _searches(some, names, [address(number, domains, mailboxes) for number in some])
    yield "statistics", _at("/statistics/")


def _at(*paths: str, by: str = OPERATOR) -> list[Request]:
    return [Request(path, by) for path in paths]


def _lists(domains: int, names: Sequence[str]) -> Iterator[tuple[str, list[Request]]]:
    yield "domain list", _at("/domains/")
    yield "domain list, last page", _at(f"/domains/?page={max(1, domains // _PAGE)}")
    yield "domain list, one status", _at("/domains/?status=action_required")
    yield "domain list, search", _at(*(f"/domains/?q={name[5:9]}" for name in names))
    yield "domain list of an owner", _at("/domains/", by=OWNER)
    for title, order in _ORDERS:
        yield f"domain list, {title}", _at(f"/domains/?ordering={order}")
        yield f"domain list of an owner, {title}", _at(f"/domains/?ordering={order}", by=OWNER)


def _domain_pages(names: Sequence[str], people: Sequence[tuple[str, str]]) -> Iterator[tuple[str, list[Request]]]:
    yield "domain page", _at(*(f"/domains/{name}/" for name in names))
    yield "domain page of an owner", _at(*(f"/domains/{name}/" for name in names), by=OWNER)
    yield "large domain page", _at(f"/domains/{LARGE}/")
    yield "large domain page, search", _at(*(f"/domains/{LARGE}/?q={quote_plus(first)}" for first, _ in people))
    for title, tab in _TABS:
        yield f"{title} tab", _at(*(f"/domains/{name}/{tab}/" for name in names))


def _searches(
    some: Sequence[int], names: Sequence[str], addresses: Sequence[str]
) -> Iterator[tuple[str, list[Request]]]:
    people = [rest_script.name(number) for number in some]

    def searched(*words: str, by: str = OPERATOR) -> list[Request]:
        return _at(*(f"/search/?q={quote_plus(word)}" for word in words), by=by)

    yield "search: address", searched(*addresses)
    yield "search: part of an address", searched(*(part[:5] for part in addresses))
    yield "search: person", searched(*(f"{first} {family}" for first, family in people))
    yield "search: first name", searched(*(first for first, _ in people))
    yield "search: alias target", searched(*(outside(number - number % SPREAD) for number in some))
    yield "search: domain", searched(*names)
    yield "search: nobody", searched(*(f"zzqx{number}" for number in range(_VARIANTS)))
    yield "search of an owner", searched(*(family for _, family in people), by=OWNER)


def _mailbox(number: int, domains: int, mailboxes: int) -> str:
    local_part, _, domain = address(number, domains, mailboxes).partition("@")
    return f"/domains/{domain}/mailboxes/{local_part}/"
