"""Lists of domains (oma.md section 5.3, search_domains)."""

from collections.abc import Sequence
from typing import Any

import msgspec
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from postroom.actions.action import reads
from postroom.actions.pages import Page, PageRequest, wildcard
from postroom.core.errors import BadRequest, CompanyNotFound, OutOfReach
from postroom.core.roles import Actor, Permission
from postroom.store import reach, rows
from postroom.store.models import Address, Company, DomainName, Mailbox, Tombstone

KINDS = ("mailbox", "forward", "filter", "alias", "deleted")
_COUNTED = ("users", *(f"users/{kind}" for kind in KINDS))


class DomainLine(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    type: str
    """domain or alias."""
    target: str | None
    """The domain that an alias stands for."""
    restore_id: str | None = None
    deleted_at: int | None = None
    counts: dict[str, int]
    """Accounts by type, aliases, deleted accounts, total of the living."""


@reads(Permission.DOMAINS_SEARCH)
def search(
    actor: Actor,
    company_name: str | None,
    types: Sequence[str],
    match: str | None,
    page: PageRequest,
    *,
    deleted: bool,
) -> Page[DomainLine]:
    """Sorts by domain, type, users, users/<kind>; deleted ones by delete_time and id too. Raises BadRequest."""
    companies = _companies(actor, company_name)
    if unknown := set(types) - {"domain", "alias"}:
        raise BadRequest(hints={"criteria": f"type is domain or alias, not {', '.join(sorted(unknown))}"})
    return _deleted(companies, match, page) if deleted else _living(companies, types, match, page)


def _companies(actor: Actor, name: str | None) -> QuerySet[Company]:
    if name is None:
        mine = reach.companies(actor, Permission.DOMAINS_SEARCH)
        if not mine.exists():
            raise OutOfReach
        return mine
    row = rows.find_company(name)
    if row is None:
        raise CompanyNotFound
    reach.require(actor, Permission.DOMAINS_SEARCH, row.target)
    return Company.objects.filter(id=row.id)


def _number(of: QuerySet[Any], domain: str, **only: Any) -> Coalesce:
    counted = of.filter(domain_id=OuterRef(domain), **only).order_by().values("domain_id").annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n")), 0)


def _counted_sort(by: str | None, domain: str) -> Coalesce | None:
    """The number to sort by, for `users` and `users/<kind>`."""
    living, kind = Mailbox.objects.filter(deleted_at=None), (by or "").partition("/")[2]
    if by == "users":
        return _number(living, domain)
    if by == "users/alias":
        return _number(Address.objects.filter(is_alias=True), domain)
    if by == "users/deleted":
        return _number(Mailbox.objects.exclude(deleted_at=None), domain)
    return _number(living, domain, type=kind) if by in _COUNTED else None


def _sorted(found: QuerySet[Any], orders: dict[str, tuple[str, ...]], domain: str, page: PageRequest) -> QuerySet[Any]:
    number = _counted_sort(page.by, domain)
    if number is not None:
        found = found.annotate(sorted_by=number)
    return page.order(found, {**orders, **dict.fromkeys(_COUNTED, ("sorted_by", "name"))}, "domain")


def _cut(found: QuerySet[Any], page: PageRequest) -> list[Any]:
    return list(found[page.first :] if page.limit is None else found[page.first : page.first + page.limit])


def _living(
    companies: QuerySet[Company], types: Sequence[str], match: str | None, page: PageRequest
) -> Page[DomainLine]:
    names = DomainName.objects.filter(domain__company__in=companies)
    if len(set(types)) == 1:
        names = names.filter(is_alias=types[0] == "alias")
    if match:
        names = names.filter(wildcard("name", match))
    orders = {"domain": ("name",), "type": ("is_alias", "name"), "id": ("domain_id", "is_alias", "name")}
    total = names.count()
    listed = _cut(
        _sorted(names, orders, "domain_id", page).values_list("name", "is_alias", "domain_id", "domain__name"),
        page,
    )
    counts = counts_of([row[2] for row in listed])
    return Page(
        [
            DomainLine(
                name=name,
                type="alias" if is_alias else "domain",
                target=real if is_alias else None,
                counts=counts[id],
            )
            for name, is_alias, id, real, *_ in listed
        ],
        total,
    )


def _deleted(companies: QuerySet[Company], match: str | None, page: PageRequest) -> Page[DomainLine]:
    stones = Tombstone.objects.filter(kind="domain", company_id__in=companies.values("id"))
    if match:
        stones = stones.filter(wildcard("name", match))
    orders: dict[str, tuple[str, ...]] = {
        "domain": ("name", "restore_id"), "delete_time": ("deleted_at", "name"), "id": ("restore_id", "name"),
        "type": ("name", "restore_id"),
    }  # fmt: skip
    total = stones.count()
    listed = _cut(_sorted(stones, orders, "object_id", page), page)
    counts = counts_of([s.object_id for s in listed])
    return Page(
        [
            DomainLine(
                name=s.name, type="domain", target=None, restore_id=s.restore_id, deleted_at=s.deleted_at,
                counts=counts[s.object_id],
            )
            for s in listed
        ],
        total,
    )  # fmt: skip


def counts_of(ids: list[int]) -> dict[int, dict[str, int]]:
    counts = {id: dict.fromkeys((*KINDS, "total"), 0) for id in ids}
    members = Mailbox.objects.filter(domain__in=ids).annotate(gone=Q(deleted_at__isnull=False))
    for id, type, gone, number in members.values_list("domain_id", "type", "gone").annotate(n=Count("id")):
        counts[id]["deleted" if gone else type] += number
        counts[id]["total"] += 0 if gone else number
    aliases = Address.objects.filter(domain__in=ids, is_alias=True).values_list("domain_id")
    for id, number in aliases.annotate(n=Count("address")):
        counts[id]["alias"] = number
    return counts
