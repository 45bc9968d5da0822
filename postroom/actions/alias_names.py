"""Aliases of People's kind by name: each with all its destinations (docs/decisions/017-aliases.md)."""

from typing import Final

import msgspec
from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from postroom.actions.action import reads
from postroom.core.address import fold
from postroom.core.roles import Actor, Permission
from postroom.store import reach
from postroom.store.models import Alias

_SHOWN: Final = 3


class AliasName(msgspec.Struct, frozen=True, kw_only=True):
    local_part: str
    destinations: list[str]
    """The first few."""
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.destinations)


class Lead(msgspec.Struct, frozen=True, kw_only=True):
    """That an alias leads to some mailbox."""

    local_part: str
    destination: str
    allow_to_send: bool


@reads(Permission.ALIAS_SEE)
def listed(
    actor: Actor, domain: str, *, q: str = "", descending: bool = False, first: int = 0, limit: int = 20
) -> tuple[list[AliasName], int]:
    """A page by name, and how many names there are. `q`: part of the name or of a destination."""
    row = reach.domain_for_person(actor, domain, Permission.ALIAS_SEE)
    of_domain = Alias.objects.filter(domain_id=row.id)
    names = _matching(of_domain, q).values("local_part").distinct()
    order = "-local_part" if descending else "local_part"
    here = of_domain.filter(local_part__in=names.order_by(order)[first : first + limit])
    page = _grouped(here, order)
    total = first + len(page) if 0 < len(page) < limit else names.count()
    return page, total


def _matching(aliases: QuerySet[Alias], q: str) -> QuerySet[Alias]:
    part = fold(q)
    return aliases.filter(Q(local_part__contains=part) | Q(destination__contains=part)) if part else aliases


def _grouped(aliases: QuerySet[Alias], order: str) -> list[AliasName]:
    """In one statement; an alias of hundreds is cut there."""
    numbered = aliases.annotate(
        number=Window(RowNumber(), partition_by=F("local_part"), order_by="destination"),
        total=Window(Count("id"), partition_by=F("local_part")),
    )
    cut = numbered.filter(number__lte=_SHOWN).order_by(order, "destination")
    found: dict[str, tuple[list[str], int]] = {}
    for name, destination, total in cut.values_list("local_part", "destination", "total"):
        found.setdefault(name, ([], total))[0].append(destination)
    return [AliasName(local_part=name, destinations=ends, total=total) for name, (ends, total) in found.items()]


@reads(Permission.ALIAS_SEE)
def leading_to(actor: Actor, address: str, *, limit: int = 50) -> list[Lead]:
    """The aliases of an address's own domain that name it, by name."""
    row = reach.domain_for_person(actor, address.rpartition("@")[2], Permission.ALIAS_SEE)
    found = Alias.objects.filter(domain_id=row.id, destination=fold(address)).order_by("local_part")[:limit]
    return [Lead(local_part=a.local_part, destination=a.destination, allow_to_send=a.allow_to_send) for a in found]
