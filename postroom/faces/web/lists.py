"""Lists: which part is wanted, in which order, and the links to the other parts. Nothing typed is an error."""

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

import msgspec
from django.http import HttpRequest

SIZE: Final = 20
_LONGEST_SEARCH: Final = 200
_LAST_PAGE: Final = 1_000_000
_AROUND: Final = 2
"""So many numbers to either side of the page that is shown."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a list, as the address asks for it."""

    q: str
    ordering: str
    """One of the list's orders, with - in front the other way; empty: the list's own."""
    page: int
    """From 1."""
    size: int
    path: str
    query: Mapping[str, Sequence[str]]
    """All of the address's, for links that keep the rest."""

    @property
    def first(self) -> int:
        return (self.page - 1) * self.size

    @property
    def limit(self) -> int:
        return self.size

    @property
    def by(self) -> str:
        return self.ordering.removeprefix("-")

    @property
    def descending(self) -> bool:
        return self.ordering.startswith("-")

    def link(self, **values: str | int) -> str:
        """This list with other values; empty ones are left out."""
        merged = {**self.query, **{name: [str(value)] for name, value in values.items()}}
        written = {name: [one for one in many if one] for name, many in merged.items()}
        query = urlencode({name: many for name, many in written.items() if many}, doseq=True)
        return f"{self.path}?{query}" if query else self.path

    @property
    def rest(self) -> list[tuple[str, str]]:
        """What a search keeps of the address: all but what was looked for, and the page."""
        return [(name, value) for name, many in self.query.items() if name not in {"q", "page"} for value in many]

    def sorted_by(self, order: str) -> str:
        """The link of a column's head: sorts by it, and the other way where it does so already."""
        flipped = self.by == order and not self.descending
        return self.link(ordering=f"-{order}" if flipped else order, page="")

    def sort_state(self, order: str) -> str:
        """For aria-sort."""
        if self.by != order:
            return "none"
        return "descending" if self.descending else "ascending"

    def column(self, order: str) -> "Column":
        return Column(self.sorted_by(order), self.sort_state(order))

    @property
    def columns(self) -> "Columns":
        """For templates: `wanted.columns.name.href`."""
        return Columns(self)


class Column(msgspec.Struct, frozen=True):
    href: str
    state: str


class Columns:
    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted

    def __getitem__(self, order: str) -> Column:
        return self._wanted.column(order)


class Pages(msgspec.Struct, frozen=True, kw_only=True):
    """What `web/pager.html` shows."""

    total: int
    first: int
    """Of the lines that are shown, counted from 1; 0: none is."""
    last: int
    previous: str
    next: str
    numbers: Sequence[tuple[int, str]]
    """(number, link); the number 0 is a gap, an empty link the page that is shown."""

    @property
    def is_needed(self) -> bool:
        return bool(self.previous or self.next)


def wanted(request: HttpRequest, *, orders: Sequence[str] = (), size: int = SIZE, default: str = "") -> Wanted:
    """`orders`: what the list can be sorted by; what is none of them counts as not said."""
    ordering = request.GET.get("ordering", "")
    return Wanted(
        q=" ".join(request.GET.get("q", "").replace("\0", "").split())[:_LONGEST_SEARCH],
        ordering=ordering if ordering.removeprefix("-") in orders else default,
        page=_number(request.GET.get("page", "")),
        size=size,
        path=request.path,
        query={name: list(values) for name, values in request.GET.lists()},
    )


def _number(written: str) -> int:
    if not (written.isascii() and written.isdecimal()):
        return 1
    return min(max(int(written[:9]), 1), _LAST_PAGE)


def pages(wanted: Wanted, total: int) -> Pages:
    last_page = max(1, -(-total // wanted.size))
    here = wanted.page
    first = wanted.first + 1 if wanted.first < total else 0
    return Pages(
        total=total,
        first=first,
        last=min(wanted.first + wanted.size, total) if first else 0,
        previous=_link(wanted, min(here - 1, last_page)) if here > 1 else "",
        next=_link(wanted, here + 1) if here < last_page else "",
        numbers=[(number, "" if number in {0, here} else _link(wanted, number)) for number in _shown(here, last_page)],
    )


def _link(wanted: Wanted, number: int) -> str:
    return wanted.link(page="" if number == 1 else number)


def _shown(here: int, last: int) -> list[int]:
    """The first, the last and those around; 0 where some are left out."""
    near = {1, last, *range(max(1, here - _AROUND), min(last, here + _AROUND) + 1)}
    found: list[int] = []
    for number in sorted(near):
        if found and number > found[-1] + 1:
            found.append(0)
        found.append(number)
    return found
