"""Pages of lists: where they begin, how they are sorted."""

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

import msgspec
from django.db.models import F, QuerySet

from postroom.core.errors import BadRequest
from postroom.store.like import like

T = TypeVar("T")

wildcard = like


class Page(msgspec.Struct, Generic[T], frozen=True):
    items: list[T]
    total: int
    """How many match, whatever the page."""


class PageRequest(msgspec.Struct, frozen=True):
    first: int = 0
    limit: int | None = None
    """None: everything, as known clients rely on."""
    by: str | None = None
    descending: bool = False

    def cut(
        self, found: QuerySet[Any, Any], orders: Mapping[str, tuple[str, ...]], default: str
    ) -> tuple[list[Any], int]:
        """The page and the total. Ties are broken by what stands later in the order. Raises BadRequest."""
        total = found.count()
        ordered = self.order(found, orders, default)
        return list(
            ordered[self.first :] if self.limit is None else ordered[self.first : self.first + self.limit]
        ), total

    def order(
        self, found: QuerySet[Any, Any], orders: Mapping[str, tuple[str, ...]], default: str
    ) -> QuerySet[Any, Any]:
        by = self.by or default
        if by not in orders:
            raise BadRequest(hints={"sort": f"by must be one of {', '.join(sorted(orders))}"})
        first, *ties = orders[by]
        leading = F(first).desc(nulls_last=True) if self.descending else F(first).asc(nulls_first=True)
        return found.order_by(leading, *ties)
