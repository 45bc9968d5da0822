"""Brands of a company: how its mails and pages are dressed, and who wears them (oma.md section 5.8)."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from django.db.models import Count, QuerySet
from django.db.models.fields.json import KeyTextTransform

from postroom.actions.action import reads, writes
from postroom.actions.pages import Page, PageRequest, wildcard
from postroom.core import brand
from postroom.core.address import parse_address
from postroom.core.brand import Look
from postroom.core.catalogue.attribute import BadValueError
from postroom.core.errors import BadRequest, BrandInUse, CompanyNotFound, NameTaken, NotFound, OutOfReach
from postroom.core.letters.password_reset import password_reset
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission
from postroom.store import brands, history, outgoing, reach, rows
from postroom.store.models import Brand, Company, Domain, Mailbox

TYPES = ("domain", "user")


class BrandLine(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    name: str
    domains: int
    """That name it themselves: those that inherit it from their company are not counted."""
    mailboxes: int


class Member(msgspec.Struct, frozen=True, kw_only=True):
    type: str
    """domain or user."""
    name: str


class BrandView(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    look: Look


@reads(Permission.BRAND_SEE)
def search(actor: Actor, company_name: str | None, match: str | None, page: PageRequest) -> Page[BrandLine]:
    found = Brand.objects.filter(company__in=_companies(actor, company_name))
    if match:
        found = found.filter(wildcard("folded_name", match))
    orders = {"brand": ("folded_name", "id"), "id": ("id",)}
    cut, total = page.cut(found, orders, "brand")
    domains = _wearers(Domain.objects.filter(deleted_at=None), "company_id", cut)
    mailboxes = _wearers(Mailbox.objects.filter(deleted_at=None), "domain__company_id", cut)
    lines = [
        BrandLine(
            id=b.pk,
            name=b.name,
            domains=domains.get((b.company_id, b.folded_name), 0),
            mailboxes=mailboxes.get((b.company_id, b.folded_name), 0),
        )
        for b in cut
    ]
    return Page(lines, total)


def _wearers(living: QuerySet[Any], company: str, of: Sequence[Brand]) -> dict[tuple[int, str], int]:
    """(company, folded brand) → how many: one statement for all of them."""
    ours = living.filter(**{f"{company}__in": {b.company_id for b in of}}).exclude(settings__brand=None)
    named = ours.annotate(worn=KeyTextTransform("brand", "settings")).order_by()
    counted = named.values_list(company, "worn").annotate(n=Count("id"))
    return {(company_id, str(worn).lower()): number for company_id, worn, number in counted}


@reads(Permission.BRAND_SEE)
def search_members(
    actor: Actor, company_name: str | None, name: str, types: Sequence[str], page: PageRequest
) -> Page[Member]:
    """Domains, then accounts, each by name. Raises NotFound for a brand that none of the companies has."""
    if unknown := set(types) - set(TYPES):
        raise BadRequest(hints={"criteria": f"type is domain or user, not {', '.join(sorted(unknown))}"})
    companies = _companies(actor, company_name)
    worn = Brand.objects.filter(company__in=companies, folded_name=name.strip().lower())
    if not worn.exists():
        raise NotFound
    names = [b.name for b in worn]
    owners = [b.company_id for b in worn]
    domains = Domain.objects.filter(deleted_at=None, company_id__in=owners, settings__brand__in=names)
    mailboxes = Mailbox.objects.filter(deleted_at=None, domain__company_id__in=owners, settings__brand__in=names)
    lists = {
        "domain": domains.order_by("name").values_list("name", flat=True),
        "user": mailboxes.order_by("address").values_list("address", flat=True),
    }
    return _one_after_the_other({type: found for type, found in lists.items() if not types or type in types}, page)


def _one_after_the_other(lists: Mapping[str, QuerySet[Any, str]], page: PageRequest) -> Page[Member]:
    """The page of the lists put together."""
    members: list[Member] = []
    before = 0
    for type, found in lists.items():
        number = found.count()
        first = max(page.first - before, 0)
        last = number if page.limit is None else min(number, page.first + page.limit - before)
        if first < last:
            members += [Member(type=type, name=name) for name in found[first:last]]
        before += number
    return Page(members, before)


def _companies(actor: Actor, name: str | None) -> QuerySet[Company]:
    if name is None:
        mine = reach.companies(actor, Permission.BRAND_SEE)
        if not mine.exists():
            raise OutOfReach
        return mine
    row = rows.find_company(name.strip().lower())
    if row is None:
        raise CompanyNotFound
    reach.require(actor, Permission.BRAND_SEE, row.target)
    return Company.objects.filter(id=row.id)


@reads(Permission.BRAND_SEE)
def show(actor: Actor, company_name: str, name: str) -> BrandView:
    company = reach.company(actor, company_name, Permission.BRAND_SEE)
    found = _found(company, name)
    return BrandView(name=found.name, look=brand.loaded(found.look))


@writes(Permission.BRAND_CHANGE)
def create(actor: Actor, origin: Origin, company_name: str, name: str, look: Mapping[str, str]) -> None:
    """Raises NameTaken, and BadAttribute with a hint for each mistake in the look."""
    company = reach.company(actor, company_name, Permission.BRAND_CHANGE, lock=True)
    name = name.strip()
    if not 1 <= len(name) <= 128 or not name.isprintable():
        raise BadRequest(hints={"brand": "must be 1 to 128 printable characters"})
    if Brand.objects.filter(company_id=company.id, folded_name=name.lower()).exists():
        raise NameTaken
    stored = brand.stored(brand.changed(brand.PLAIN, look))
    now = history.milliseconds(origin)
    Brand.objects.create(company_id=company.id, name=name, folded_name=name.lower(), look=stored, created_at=now)
    history.note(company, actor.name, origin, "changed", {"brands": [None, {"name": name, **stored}]})
    rows.save(company)


@writes(Permission.BRAND_CHANGE)
def change(actor: Actor, origin: Origin, company_name: str, name: str, look: Mapping[str, str]) -> None:
    """What is not named stays; an empty text clears."""
    company = reach.company(actor, company_name, Permission.BRAND_CHANGE, lock=True)
    found = _found(company, name)
    before, found.look = found.look, brand.stored(brand.changed(brand.loaded(found.look), look))
    if before == found.look:
        return
    found.save(update_fields=["look"])
    told = [{"name": found.name, **before}, {"name": found.name, **found.look}]
    history.note(company, actor.name, origin, "changed", {"brands": told})
    rows.save(company)


@writes(Permission.BRAND_CHANGE)
def remove(actor: Actor, origin: Origin, company_name: str, name: str) -> None:
    """Raises BrandInUse while the company, a domain or an account names it. Deleted ones may return and count too."""
    company = reach.company(actor, company_name, Permission.BRAND_CHANGE, lock=True)
    found = _found(company, name)
    domains = Domain.objects.filter(company_id=company.id, settings__brand=found.name)
    mailboxes = Mailbox.objects.filter(domain__company_id=company.id, settings__brand=found.name)
    if company.settings.get("brand") == found.name or domains.exists() or mailboxes.exists():
        raise BrandInUse(f"take {found.name} from the company, the domains and the accounts that name it first")
    found.delete()
    history.note(company, actor.name, origin, "changed", {"brands": [found.name, None]})
    rows.save(company)


def _found(company: rows.CompanyRow, name: str) -> Brand:
    """By name, in any case, or by id."""
    brands_of = Brand.objects.filter(company_id=company.id)
    found = brands_of.filter(folded_name=name.strip().lower()).first()
    if found is None and name.isascii() and name.isdecimal() and len(name) < 18:
        found = brands_of.filter(id=int(name)).first()
    if found is None:
        raise NotFound
    return found


@writes(Permission.BRAND_CHANGE)
def send_test(actor: Actor, origin: Origin, company_name: str | None, name: str, recipient: str) -> None:
    """The letter that goes to those who have forgotten their password, with a link that leads nowhere.

    A brand is named with its company; by its id alone too. Raises NotFound.
    """
    try:
        address = str(parse_address(recipient))
    except BadValueError as error:
        raise BadRequest(hints={"test_email_rcpt": str(error)}) from None
    company = _company_of(actor, company_name, name)
    look = brand.loaded(_found(company, name).look)
    made = password_reset(look, brands.language(company.settings), "https://postroom.invalid/this-is-a-test")
    mail = brands.dressed(address, "password_reset_test", look, made)
    outgoing.put([mail], history.milliseconds(origin))


def _company_of(actor: Actor, company_name: str | None, name: str) -> rows.CompanyRow:
    if company_name is not None:
        return reach.company(actor, company_name, Permission.BRAND_CHANGE)
    mine = reach.companies(actor, Permission.BRAND_CHANGE)
    if not mine.exists():
        raise OutOfReach
    own = Brand.objects.filter(company__in=mine)
    of_name = own.filter(folded_name=name.strip().lower())
    by_id = own.filter(id=int(name)) if name.isascii() and name.isdecimal() and len(name) < 18 else own.none()
    found = list((of_name or by_id).select_related("company")[:2])
    if len(found) > 1:
        raise BadRequest(hints={"company": f"is required: several companies have a brand {name}"})
    if not found:
        raise NotFound
    return reach.company(actor, found[0].company.name, Permission.BRAND_CHANGE)
