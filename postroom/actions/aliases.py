"""Aliases of People's kind: one address of a domain, several destinations (docs/decisions/017-aliases.md)."""

from collections.abc import Sequence

import msgspec
from django.db.models import Q

from postroom.actions.action import reads, writes
from postroom.core.address import fold, parse_account_part
from postroom.core.aliases import MOST_ALIASES, MOST_REACHED, parse_destination, written_line
from postroom.core.errors import AliasLimitReached, BadAttribute, BadValueError, NameTaken, NotFound, RoleTooSmall
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission, allows
from postroom.store import alias_routes, history, reach, rows
from postroom.store.models import Alias, Mailbox, PersonEmail
from postroom.store.rows import DomainRow


class AliasView(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    local_part: str
    destination: str
    created_at: int
    allow_to_send: bool = False
    """A mailbox that it leads to may send under its name."""


@reads(Permission.ALIAS_SEE)
def listed(
    actor: Actor, domain: str, *, q: str = "", local_part: str = "", first: int = 0, limit: int | None = 20
) -> tuple[list[AliasView], int]:
    """By local part, then destination. `q`: part of either; `local_part`: exactly that one."""
    row = reach.domain_for_person(actor, domain, Permission.ALIAS_SEE)
    found = Alias.objects.filter(domain_id=row.id)
    if local_part:
        found = found.filter(local_part=fold(local_part))
    if q:
        part = fold(q)
        found = found.filter(Q(local_part__contains=part) | Q(destination__contains=part))
    page = found.order_by("local_part", "destination")[first : None if limit is None else first + limit]
    return [_view(alias) for alias in page], found.count()


def _view(alias: Alias) -> AliasView:
    return AliasView(
        id=alias.pk,
        local_part=alias.local_part,
        destination=alias.destination,
        created_at=alias.created_at,
        allow_to_send=alias.allow_to_send,
    )


@writes(Permission.ALIAS_CHANGE)
def create(
    actor: Actor, origin: Origin, domain: str, local_part: str, destination: str, allow_to_send: bool = False
) -> AliasView:
    """In force at once, or as soon as its domain takes mail. Raises NameTaken for one that is there already."""
    row = reach.domain_for_person(actor, domain, Permission.ALIAS_CHANGE, lock=True)
    name, end = _parsed(local_part, destination)
    if _known(row, name, [end]):
        words = "The fields domain, local_part, destination must make a unique set."
        raise NameTaken(f"{name}@{row.name} leads to {end} already", hints={"non_field_errors": words})
    return _add(row, actor, origin, name, [(end, allow_to_send)])[0]


@writes(Permission.ALIAS_CHANGE)
def add(
    actor: Actor, origin: Origin, domain: str, local_part: str, destinations: Sequence[str], allow_to_send: bool = False
) -> list[AliasView]:
    """All of the destinations or none; each once.

    Raises BadAttribute with hints for `local_part` and `destinations`, NameTaken for one that it leads to already.
    """
    row = reach.domain_for_person(actor, domain, Permission.ALIAS_CHANGE, lock=True)
    name, ends = _all_parsed(local_part, destinations)
    if known := _known(row, name, ends):
        raise NameTaken(
            f"{name}@{row.name} leads to {', '.join(known)} already", hints={"destinations": ", ".join(known)}
        )
    return _add(row, actor, origin, name, [(end, allow_to_send) for end in ends])


def _all_parsed(local_part: str, destinations: Sequence[str]) -> tuple[str, list[str]]:
    ends: dict[str, None] = {}
    wrong, hints, name = [], {}, ""
    for destination in destinations or [""]:
        try:
            ends[parse_destination(destination)] = None
        except BadValueError as error:
            wrong.append(f"{destination} {error}".strip())
    try:
        name = parse_account_part(local_part)
    except BadValueError as error:
        hints["local_part"] = str(error)
    if wrong:
        hints["destinations"] = "; ".join(wrong)
    if hints:
        raise BadAttribute(hints=hints)
    return name, list(ends)


def _known(row: DomainRow, name: str, ends: Sequence[str]) -> list[str]:
    found = Alias.objects.filter(domain_id=row.id, local_part=name, destination__in=ends)
    return list(found.order_by("destination").values_list("destination", flat=True))


def _add(row: DomainRow, actor: Actor, origin: Origin, name: str, ends: Sequence[tuple[str, bool]]) -> list[AliasView]:
    """New ones, each with whether its mailbox may send as the alias."""
    _check_limits(row, name, len(ends))
    now = history.milliseconds(origin)
    made = Alias.objects.bulk_create(
        Alias(domain_id=row.id, local_part=name, destination=end, allow_to_send=may_send, created_at=now)
        for end, may_send in ends
    )
    if alias_routes.explored([(row.id, name)]).ends() > MOST_REACHED:
        words = f"{name}@{row.name} would lead to more than {MOST_REACHED} addresses"
        raise BadAttribute(hints={"destination": words})
    _changed(row, actor, origin, [], made)
    return [_view(alias) for alias in made]


def _parsed(local_part: str, destination: str) -> tuple[str, str]:
    hints = {}
    name = end = ""
    try:
        name = parse_account_part(local_part)
    except BadValueError as error:
        hints["local_part"] = str(error)
    try:
        end = parse_destination(destination)
    except BadValueError as error:
        hints["destination"] = str(error)
    if hints:
        raise BadAttribute(hints=hints)
    return name, end


def _check_limits(row: DomainRow, name: str, new: int) -> None:
    own = Alias.objects.filter(domain_id=row.id)
    if own.count() + new > MOST_ALIASES:
        raise AliasLimitReached(f"{row.name} has {MOST_ALIASES} aliases: no domain may have more")
    limit = row.settings.get("limit_aliases")
    if not isinstance(limit, int) or own.filter(local_part=name).exists():
        return
    present = alias_routes.count_names(row.id)
    if present >= limit:
        raise AliasLimitReached(f"{row.name} may have {limit} aliases and has {present}")


def _changed(row: DomainRow, actor: Actor, origin: Origin, before: Sequence[Alias], after: Sequence[Alias]) -> None:
    """`before` are those that go, `after` those that come: all of one name."""
    row.changed(history.milliseconds(origin))
    told = [[_told(row, alias) for alias in ends] or None for ends in (before, after)]
    history.note(row, actor.name, origin, "changed", {"own_aliases": told})
    rows.save(row)
    name = (*before, *after)[0].local_part
    rows.put_aliases(alias_routes.around(row.id, name, [alias.destination for alias in before]))


def _told(row: DomainRow, alias: Alias) -> str:
    address = f"{alias.local_part}@{row.name}"
    return written_line(address, alias.destination, allow_to_send=alias.allow_to_send)


@writes(Permission.ALIAS_CHANGE, Permission.ALIAS_SEE)
def remove(actor: Actor, origin: Origin, domain: str, id: int) -> None:
    """One destination. Whoever can see the domain may remove themselves (people.md section 2.6)."""
    row = reach.domain_for_person(actor, domain, Permission.ALIAS_SEE, lock=True)
    alias = Alias.objects.filter(domain_id=row.id, id=id).first()
    if not allows(actor, Permission.ALIAS_CHANGE, row.target) and not _leads_to(alias, actor, row):
        raise RoleTooSmall
    if alias is None:
        raise NotFound
    _remove(row, actor, origin, [alias])


@writes(Permission.ALIAS_CHANGE)
def remove_destination(actor: Actor, origin: Origin, domain: str, local_part: str, destination: str) -> None:
    """By what it says. Raises NotFound."""
    row = reach.domain_for_person(actor, domain, Permission.ALIAS_CHANGE, lock=True)
    found = list(Alias.objects.filter(domain_id=row.id, local_part=fold(local_part), destination=fold(destination)))
    if not found:
        raise NotFound
    _remove(row, actor, origin, found)


def _leads_to(alias: Alias | None, actor: Actor, row: DomainRow) -> bool:
    if alias is None or (actor.narrowing and not actor.narrowing.permits(Permission.ALIAS_CHANGE, row.target)):
        return False
    if PersonEmail.objects.filter(person_id=actor.person_id or 0, email=alias.destination).exists():
        return True
    return Mailbox.objects.filter(id=actor.mailbox_id or 0, address=alias.destination, deleted_at=None).exists()


@writes(Permission.ALIAS_CHANGE)
def remove_all(actor: Actor, origin: Origin, domain: str, local_part: str) -> None:
    """All destinations of one name. Raises NotFound where it has none."""
    row = reach.domain_for_person(actor, domain, Permission.ALIAS_CHANGE, lock=True)
    name = fold(local_part)
    found = list(Alias.objects.filter(domain_id=row.id, local_part=name).order_by("destination"))
    if not found:
        raise NotFound
    _remove(row, actor, origin, found)


def _remove(row: DomainRow, actor: Actor, origin: Origin, found: Sequence[Alias]) -> None:
    """The domain's row says what should be: the platform is told by the worker, until it has heard."""
    Alias.objects.filter(id__in=[alias.pk for alias in found]).delete()
    _changed(row, actor, origin, found, [])
