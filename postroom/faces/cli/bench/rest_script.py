"""What is asked of REST, and what the preparation hands on: requests with the SQL that Postroom sent for them."""

import random
from collections.abc import Iterator, Sequence
from typing import Any, Final
from urllib.parse import quote_plus

import msgspec

from postroom.faces.cli.bench.script import domain_name

LARGE: Final = domain_name(0)
"""Has all mailboxes."""
OWNER: Final = "olga@elsewhere.example"
"""Owner of LARGE alone."""
OWNER_OF_ALL: Final = "anna@elsewhere.example"
"""Owner of every domain."""
VALUE: Final = "########"
"""In a body: another text of the same length at every call (load.CHANGING)."""
RECORDED: Final = "zzzzzzz9"
"""What stood there when Postroom's statements were written down."""
CREATE: Final = "create a mailbox"
_VARIANTS: Final = 20
_PAGE: Final = 20
_FIRST_NAMES: Final = (
    "Adele Agathe Alain Albert Alice Amélie Anaïs André Anne Antoine Aurélie Benoît Bernard Brigitte Camille Carole "
    "Cécile Céline Chantal Charles Chloé Christian Claire Clément Colette Damien Daniel David Denis Didier Dominique "
    "Édith Élise Emma Éric Étienne Eva Fabien Fanny Félix Florence François Gabriel Gaëlle Georges Gérard Gilles Guy "
    "Hélène Henri Hugo Inès Irène Isabelle Jacques Jean Jeanne Joël Joseph Julie Karim Laure Léa Léon Liam Louis Luc "
    "Lucie Ludovic Manon Marc Marie Martin Mathilde Maxime Michel Mireille Nadia Nathan Nicole Noé Odile Olivier Paul "
    "Pauline Philippe Pierre Quentin Rachel Raphaël Régine Rémi Robert Rose Sacha Sarah Simon Sophie Théo Victor"
)
_BEGINNINGS: Final = "Bar Ber Cam Car Cha Del Du Fer Gar Gi La Le Ma Mar Mer Mon Pa Per Re Ri Ro Sa Tho Va Vi"
_ENDS: Final = "ad ain aud bert cel don el et ger ier in lin mont nard not on quet rand tel vier"


class Statement(msgspec.Struct, frozen=True):
    sql: str
    parameters: list[Any]
    """Of the request that was recorded."""
    made: list[int]
    """Which parameters name the row that an INSERT before has made."""
    returns: bool = False
    """The first INSERT of a mailbox: gives its id."""


class Exchange(msgspec.Struct, frozen=True):
    """A request, what Postroom asked its database for it, what it answered."""

    method: str
    path: str
    key: str
    """The API key."""
    body: str
    """Empty: none. May hold VALUE."""
    statements: list[Statement]
    answer: Any


class Prepared(msgspec.Struct, frozen=True):
    mailboxes: int
    domains: int
    exchanges: dict[str, list[Exchange]]
    """Call → requests of that kind."""


class Request(msgspec.Struct, frozen=True):
    path: str
    body: str = ""
    by: str = OWNER

    @property
    def method(self) -> str:
        return "POST" if self.body else "GET"


def name(number: int) -> tuple[str, str]:
    """First and last name of a mailbox; no two have the same, as no two in a domain may."""
    first, beginnings, ends = _FIRST_NAMES.split(), _BEGINNINGS.split(), _ENDS.split()
    family, which = divmod(number, len(first))
    end, beginning = divmod(family, len(beginnings))
    more, end = divmod(end, len(ends))
    return first[which], beginnings[beginning] + ends[end] + (f"-{more}" if more else "")


def address(number: int) -> str:
    return f"holder{number:06d}@{LARGE}"


def deep_page(mailboxes: int) -> int:
    """Near the last one: 2400 of 2500."""
    return max(1, mailboxes * 24 // (25 * _PAGE))


def requests(mailboxes: int, ids: Sequence[str]) -> Iterator[tuple[str, list[Request]]]:
    """Call → requests. `ids`: public ones of some mailboxes."""
    pick = random.Random("rest")  # noqa: S311 -- the same on every database
    domain = f"/api/v1.0/mail-domains/{LARGE.replace('.', '_')}/"
    people = [name(pick.randrange(mailboxes)) for _ in range(_VARIANTS)]
    page = deep_page(mailboxes)

    def listed(query: str = "") -> list[Request]:
        return [Request(f"{domain}mailboxes/{query}")]

    def searched(*queries: str) -> list[Request]:
        return [Request(f"{domain}mailboxes/?q={quote_plus(q)}") for q in queries]

    def looked_up(*queries: str) -> list[Request]:
        return [Request(f"/api/v1.0/directory/?q={quote_plus(q)}") for q in queries]

    yield "page 1", listed()
    yield f"page {page}", listed(f"?page={page}")
    for field in ("first_name", "last_name", "local_part", "secondary_email", "status", "-created_at"):
        yield f"by {field}", listed(f"?ordering={field}")
    yield f"by first_name, page {page}", listed(f"?ordering=first_name&page={page}")
    beginnings = [first[:3] for first, _ in people]
    strangers = [f"zzqx{n}" for n in range(_VARIANTS)]
    yield "q: beginning of a name", searched(*beginnings)
    yield "q: part of most", searched("e", "an", "holder", "ar")
    yield "q: two words", searched(*(f"{first[:4]} {last[:3]}" for first, last in people))
    yield "q: one person", searched(*(f"{first} {last}" for first, last in people))
    yield "q: nobody", searched(*strangers)
    yield "status=enabled", listed("?status=enabled")
    yield "status=disabled", listed("?status=disabled")
    yield "status=failed", listed("?status=failed")
    yield "one mailbox", [Request(f"{domain}mailboxes/{id}/") for id in ids]
    yield "directory: beginning of a name", looked_up(*beginnings)
    yield "directory: nobody", looked_up(*strangers)
    yield "domains", [Request("/api/v1.0/mail-domains/", by=OWNER_OF_ALL)]
    yield "domains by name", [Request("/api/v1.0/mail-domains/?ordering=name&page=2", by=OWNER_OF_ALL)]
    yield "domains, q", [Request(f"/api/v1.0/mail-domains/?q=0{n}", by=OWNER_OF_ALL) for n in range(_VARIANTS)]
    yield "one domain of many", [Request(domain, by=OWNER_OF_ALL)]
    body = {"first_name": "Nora", "last_name": f"Neu {VALUE}", "local_part": f"nora.{VALUE}",
            "secondary_email": "nora@elsewhere.example"}  # fmt: skip
    yield CREATE, [Request(f"{domain}mailboxes/", msgspec.json.encode(body).decode())]
