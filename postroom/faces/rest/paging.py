"""Pages by number, as People's (people.md section 1): 20 a page, absolute links to the next and the one before."""

from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

from django.http import HttpRequest
from ninja import Schema
from pydantic import BaseModel, Field

from postroom.faces.asked import base_of
from postroom.faces.rest.errors import BAD_PAGE, RestError

PAGE_SIZE = 20
_LARGEST = 1_000_000_000
T = TypeVar("T")
V = TypeVar("V")


class Page(BaseModel, Generic[T]):
    count: int = Field(description="How many there are on all pages.", examples=[1])
    next: str | None = Field(description="Where the next page is; null on the last one.", examples=[None])
    previous: str | None = Field(description="Where the page before is; null on the first one.", examples=[None])
    results: list[T]


class Paged(Schema):
    """What every list takes."""

    page: Annotated[str, Field(description="The number of the page, from 1; also `last`.", examples=["1"])] = "1"

    def listed(
        self, request: HttpRequest, found: Callable[[int, int], tuple[Sequence[V], int]], show: Callable[[V], T]
    ) -> dict[str, object]:
        """`found(first, limit)` gives the lines and how many there are in all."""
        number = self._number()
        items, total = found((max(number, 1) - 1) * PAGE_SIZE, PAGE_SIZE)
        last = max(1, -(-total // PAGE_SIZE))
        if number == 0:  # the last one, whose number nobody knows before the total
            number = last
            if last > 1:
                items, total = found((last - 1) * PAGE_SIZE, PAGE_SIZE)
        if number > last:
            raise RestError(404, {"detail": BAD_PAGE})
        return {
            "count": total,
            "next": _link(request, number + 1) if number < last else None,
            "previous": _link(request, number - 1) if number > 1 else None,
            "results": [show(item) for item in items],
        }

    def _number(self) -> int:
        """0: the last one. Raises RestError."""
        if self.page == "last":
            return 0
        if not (self.page.isascii() and self.page.isdecimal()) or not 1 <= int(self.page[:12]) <= _LARGEST:
            raise RestError(404, {"detail": BAD_PAGE})
        return int(self.page[:12])


def _link(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    if number == 1:
        del query["page"]
    rest = query.urlencode()
    return f"{base_of(request)}{request.path}{'?' if rest else ''}{rest}"
