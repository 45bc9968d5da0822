"""Search over everything that somebody can see: companies, domains, addresses, aliases, people."""

from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar

import msgspec
from django.db.models import Value
from django.db.models.functions import StrIndex

from postroom.actions.action import reads
from postroom.core.address import fold
from postroom.core.roles import ROLES, Actor, Grant, Permission, Scope, Target, allows, granting
from postroom.core.search_text import words
from postroom.store import finding, reach
from postroom.store.finding import Around, Wanted
from postroom.store.models import DomainName

SHORTEST: Final = 2
LONGEST: Final = 254

T = TypeVar("T")


class DomainHit(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    alias: str
    """Under which it was found; empty: its own name."""
    status: str
    company: str


class MailboxHit(msgspec.Struct, frozen=True, kw_only=True):
    address: str
    alias: str
    """Under which it was found; empty: its own address."""
    name: str
    status: str
    type: str

    @property
    def local_part(self) -> str:
        return self.address.rpartition("@")[0]

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


class AliasHit(msgspec.Struct, frozen=True, kw_only=True):
    address: str
    domain: str
    local_part: str
    destination: str


class PersonHit(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    email: str
    name: str
    is_operator: bool
    is_active: bool


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """Of each kind so many as were asked for, those first that fit best."""

    companies: list[str] = []
    domains: list[DomainHit] = []
    mailboxes: list[MailboxHit] = []
    aliases: list[AliasHit] = []
    people: list[PersonHit] = []
    more: frozenset[str] = frozenset()
    """The kinds, by the names above, of which there are more than are told."""
    beginnings: bool = False
    """There is so much that names and addresses were found only by how they begin."""

    @property
    def is_empty(self) -> bool:
        return not (self.companies or self.domains or self.mailboxes or self.aliases or self.people)


@reads(
    Permission.COMPANY_SEE,
    Permission.DOMAIN_SEE,
    Permission.MAILBOXES_SEARCH,
    Permission.ALIAS_SEE,
    Permission.ACCESS_SEE,
    Permission.PERSON_CHANGE,
)
def everything(actor: Actor, q: str, limit: int = 10) -> Found:
    """Nothing for a text that is shorter than SHORTEST or longer than LONGEST. Seven statements at most."""
    text = fold(q).removeprefix("@")
    typed = words(text)
    if not SHORTEST <= len(text) <= LONGEST or not typed:
        return Found()
    wanted = Wanted(text=text, words=typed, limit=limit + 1, few=finding.is_small())
    around = _around(actor, Permission.MAILBOXES_SEARCH)
    hits: dict[str, list[Any]] = {
        "companies": _companies(actor, wanted),
        "domains": _domains(actor, wanted),
        "mailboxes": _mailboxes(wanted, around),
        "aliases": _aliases(wanted, _around(actor, Permission.ALIAS_SEE)),
        "people": _people(wanted, _around_people(actor)),
    }
    return Found(
        **{kind: found[:limit] for kind, found in hits.items()},
        more=frozenset(kind for kind, found in hits.items() if len(found) > limit),
        beginnings=not (wanted.few or around.are_few),
    )


def _around(actor: Actor, permission: Permission) -> Around:
    """Where the permission lets the actor look. Somebody may have thousands of domains: their roles are gone through
    once."""
    narrowing = actor.narrowing
    if narrowing is not None and narrowing.domains is not None:
        return Around(domains=frozenset(reach.domains(actor, permission).values_list("id", flat=True)))
    held = granting(actor, permission)
    within: dict[Scope, list[Grant]] = {scope: [] for scope in Scope}
    for grant in held:
        within[ROLES[grant.role].scope].append(grant)
    return Around(
        everywhere=bool(within[Scope.EVERYTHING]),
        companies=frozenset(g.company_id for g in within[Scope.COMPANY] if g.company_id),
        domains=frozenset(g.domain_id for g in within[Scope.DOMAIN] if g.domain_id),
        workgroups=frozenset(g.workgroup_id for g in within[Scope.WORKGROUP] if g.workgroup_id),
    )


def _around_people(actor: Actor) -> Around:
    """Everybody for those who look after people; else those who have a role where the actor sees roles."""
    everybody = allows(reach.keeping(actor, ()), Permission.PERSON_CHANGE, Target())
    return _around(actor, Permission.PERSON_CHANGE if everybody else Permission.ACCESS_SEE)


def _how(wanted: Wanted, around: Around) -> Wanted:
    return msgspec.structs.replace(wanted, few=wanted.few or around.are_few)


def _best(hits: Iterable[T], text: str, told: Callable[[T], str], limit: int) -> list[T]:
    """Each once; what is the text itself first, then what begins with it."""
    once = {told(hit): hit for hit in hits}
    order = sorted(once, key=lambda name: (name.partition(" ")[0] != text, not name.startswith(text), name))
    return [once[name] for name in order[:limit]]


def _companies(actor: Actor, wanted: Wanted) -> list[str]:
    far = reach.keeping(actor, ())
    found = reach.companies(far, Permission.COMPANY_SEE).filter(name__contains=wanted.text)
    first = found.order_by(StrIndex("name", Value(wanted.text)), "name")
    return list(first.values_list("name", flat=True)[: wanted.limit])


def _domains(actor: Actor, wanted: Wanted) -> list[DomainHit]:
    seen = reach.domains(actor, Permission.DOMAIN_SEE)
    found = DomainName.objects.filter(name__contains=wanted.text, domain__in=seen)
    first = found.order_by(StrIndex("name", Value(wanted.text)), "is_alias", "name")
    fields = ("name", "is_alias", "domain__name", "domain__status", "domain__company__name")
    once: dict[str, DomainHit] = {}
    for name, is_alias, own, status, company in first.values_list(*fields)[: wanted.limit]:
        hit = DomainHit(name=own, alias=name if is_alias else "", status=status, company=company)
        once.setdefault(own, hit)
    return list(once.values())


def _mailboxes(wanted: Wanted, around: Around) -> list[MailboxHit]:
    if around.is_nowhere:
        return []
    once: dict[int, MailboxHit] = {}
    for id, found, own, first, last, status, type in finding.mailboxes(_how(wanted, around), around):
        hit = MailboxHit(
            address=own, alias=found if found != own else "", name=f"{first} {last}".strip(), status=status, type=type
        )
        if id not in once or not hit.alias:
            once[id] = hit
    return _best(once.values(), wanted.text, lambda hit: f"{hit.alias or hit.address} {hit.address}", wanted.limit)


def _aliases(wanted: Wanted, around: Around) -> list[AliasHit]:
    if around.is_nowhere:
        return []
    hits = (
        AliasHit(address=f"{local_part}@{domain}", domain=domain, local_part=local_part, destination=destination)
        for _, domain, local_part, destination in finding.aliases(_how(wanted, around), around)
    )
    return _best(hits, wanted.text, lambda hit: f"{hit.address} {hit.destination}", wanted.limit)


def _people(wanted: Wanted, around: Around) -> list[PersonHit]:
    if around.is_nowhere:
        return []
    once: dict[int, PersonHit] = {}
    for id, email, name, is_operator, is_active in finding.people(_how(wanted, around), around):
        hit = PersonHit(id=id, email=email, name=name, is_operator=bool(is_operator), is_active=bool(is_active))
        once.setdefault(id, hit)
    return _best(once.values(), wanted.text, lambda hit: f"{hit.email} {hit.id}", wanted.limit)
