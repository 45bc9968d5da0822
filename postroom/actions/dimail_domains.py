"""Domains as dimail's clients see them (specs/dimail.md 3.1, 4.4): made in dimail's company, served once a check finds
nothing wrong. No proof of control is asked beside those tests: the accounts are the operator's to give."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec
from django.conf import settings as configuration
from django.db.models import Q, QuerySet

from postroom.actions import dimail_accounts, dimail_allows, dimail_contexts, domain_checks, domain_ending, live
from postroom.actions.action import reads, writes
from postroom.actions.dimail_accounts import FEATURES, Caller
from postroom.actions.domain_making import insert
from postroom.actions.lane import Aside
from postroom.core import dkim
from postroom.core.address import is_pseudo, parse_domain
from postroom.core.dns.records import DnsRecord
from postroom.core.dns.report import CheckResult, results_from
from postroom.core.errors import (
    BadRequest,
    BadValueError,
    DomainNotFound,
    NameTaken,
    OutOfReach,
    StillControlled,
    WrongState,
)
from postroom.core.lifecycle import DomainState
from postroom.core.records import DomainRecord, Origin
from postroom.core.roles import Permission, Target, allows
from postroom.store import history, jobs, reach, rows
from postroom.store.models import Address, AdminRole, Context, DimailAccount, DimailDomain, Domain
from postroom.store.platform_records import domain_record, record_to_look_at
from postroom.store.rows import DomainRow
from postroom.store.sql import Compiled, json_value

DELIVERIES: Final = ("virtual", "relay", "alias")
NAMES: Final = ("webmail_domain", "mailbox_domain", "imap_domain", "smtp_domain", "imap_domains", "smtp_domains")
"""Shown as they were given; what the mail servers are called in truth, the platform knows."""
SELECTOR: Final = "dimail"
_SERVICES: Final = {"webmail": "service_webmail", "mailbox": "service_imap4"}
"""What is switched off for a domain without the feature; then no name for it is asked for in DNS either."""


class DomainWish(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    features: Sequence[str]
    context_name: str | None
    """Of the directory that it shares; needed with `webmail`."""
    delivery: str = "virtual"
    transport: str | None = None
    names: Mapping[str, Any] = {}


class DomainChange(msgspec.Struct, frozen=True, kw_only=True):
    """What stays as it is, is None; a transport that stays is UNSET."""

    features: Sequence[str] | None = None
    context_name: str | None = None
    delivery: str | None = None
    transport: str | msgspec.UnsetType | None = msgspec.UNSET
    names: Mapping[str, Any] = {}


class DomainView(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    status: str
    features: Sequence[str]
    context_name: str | None
    """None without `webmail`."""
    delivery: str
    transport: str | None
    names: Mapping[str, Any]
    results: list[CheckResult]
    """Of the last check; empty: there was none."""


_FIELDS = (
    "name", "status", "context__name", "dimail__delivery", "dimail__transport", "dimail__features", "dimail__names",
    "check_details",
)  # fmt: skip
_one = Compiled(lambda p: Domain.objects.filter(id=p.number(0)).values_list(*_FIELDS))
_everything = Compiled(
    lambda p: Domain.objects.filter(id=p.number(0)).values_list(
        *rows.DOMAIN_AND_COMPANY, *_FIELDS[2:], "applied_generation", "ownership", *live.PLATFORM_OF_DOMAIN
    )
)


def _views(found: QuerySet[Domain]) -> list[DomainView]:
    return [_view(row[:-1], results_from(row[-1])) for row in found.values_list(*_FIELDS)]


def _view(row: Sequence[Any], results: list[CheckResult]) -> DomainView:
    name, status, context, delivery, transport, features, names = row
    known = FEATURES if features is None else tuple(features)
    return DomainView(
        name=name, status=status, features=known, context_name=context if "webmail" in known else None,
        delivery=delivery or DELIVERIES[0], transport=transport, names=names or {}, results=results,
    )  # fmt: skip


@reads(Permission.DOMAIN_SEE)
def listed(caller: Caller) -> list[DomainView]:
    """By name: those of dimail's company for an administrator, and those that the account was allowed."""
    seen = Q(allows__account_id=caller.account.id)
    if caller.account.is_admin:
        seen |= Q(company_id=caller.account.company_id)
    return _views(Domain.objects.filter(seen, deleted_at=None).distinct().order_by("name"))


@reads(Permission.DOMAIN_SEE)
def show(caller: Caller) -> DomainView:
    """The domain that the caller stands to. Raises DomainNotFound, OutOfReach."""
    return _show(_row(caller, Permission.DOMAIN_SEE).id)


def _show(id: int) -> DomainView:
    row = _one.row(id)
    if row is None:
        raise DomainNotFound  # removed for good a moment ago
    return _shown(row)


def _shown(row: Sequence[Any]) -> DomainView:
    *plain, features, names, results = row
    return _view((*plain, _json(features), _json(names)), results_from(json_value(results)))


class _Known(NamedTuple):
    """The domain that the caller stands to."""

    row: DomainRow
    view: DomainView
    is_applied: bool
    """Its platform has heard of it."""
    ownership: str
    """What its owner must show in DNS."""
    platform: Sequence[str]
    record: DomainRecord
    """To look at."""


def _known(caller: Caller, permission: Permission) -> _Known:
    found = _everything.row(caller.domain.id) if caller.domain else None
    if found is None:
        raise DomainNotFound
    *values, applied, ownership, driver, settings = found
    end = len(rows.DOMAIN_AND_COMPANY)
    row = _permitted(caller, rows.domain_of(tuple(values[:end])), permission)
    context_name, *rest = values[end:]
    view = _shown((row.name, row.status, context_name, *rest))
    return _Known(row, view, applied > 0, ownership, (driver, settings), record_to_look_at(row, context_name))


def _json(text: str | None) -> Any:
    return None if text is None else json_value(text)


def _row(caller: Caller, permission: Permission, *, lock: bool = False) -> DomainRow:
    return _permitted(caller, rows.domain_by_id(caller.domain.id, lock=lock) if caller.domain else None, permission)


def _permitted(caller: Caller, row: DomainRow | None, permission: Permission) -> DomainRow:
    if row is None or row.deleted_at is not None:
        raise DomainNotFound
    reach.require(caller.actor, permission, row.target)
    return row


@reads(Permission.DOMAIN_CREATE)
def create(caller: Caller, origin: Origin, wish: DomainWish) -> DomainView:
    """Whoever is no administrator is allowed on what it has made. Raises OutOfReach, BadRequest, and NameTaken for a
    name that is here or belongs to another context."""
    if not caller.account.has("new_domain"):
        raise OutOfReach
    try:
        name = parse_domain(wish.name)
        if is_pseudo(name):
            raise BadValueError("must be a domain of the public DNS; .adm is kept for administrators")
    except BadValueError as error:
        raise BadRequest(hints={"name": str(error)}) from None
    if rows.find_domain(name) is not None:
        raise NameTaken("Domain already exists")
    with Aside():
        key = dkim.new_key()  # takes a tenth of a second
    return _create(caller, origin, msgspec.structs.replace(wish, name=name), key)


@writes(Permission.DOMAIN_CREATE)
def _create(caller: Caller, origin: Origin, wish: DomainWish, key: str) -> DomainView:
    company = rows.find_company(dimail_accounts.company(origin).name, lock=True)
    assert company is not None
    if rows.find_domain(wish.name) is not None:
        raise NameTaken("Domain already exists")
    now = history.milliseconds(origin)
    context = _context(caller, company, wish.name, wish.context_name, now) if "webmail" in wish.features else None
    row = insert(company, wish.name, now, proved=company.trusted, context=context)
    row.settings = {**row.settings, "dkim_selector": SELECTOR, "dkim_key": key, **_services(wish.features)}
    features = [feature for feature in FEATURES if feature in wish.features]
    DimailDomain.objects.create(
        domain_id=row.id, features=features, delivery=wish.delivery, transport=wish.transport, names=dict(wish.names)
    )
    told = {"name": row.name, "company": company.name, "features": features, "delivery": wish.delivery}
    history.note(row, caller.actor.name, origin, "created", {field: [None, value] for field, value in told.items()})
    rows.save(row)
    if caller.account.id and not caller.account.is_admin:
        _allow_maker(caller, origin, row)
    return _show(row.id)


def _context(caller: Caller, company: rows.CompanyRow, domain: str, wanted: str | None, now: int) -> Context | None:
    if wanted is None:
        return None
    account = None if caller.account.is_admin else caller.account.id
    return dimail_contexts.joined(company, domain, wanted, now, account)


def _services(features: Sequence[str]) -> dict[str, str]:
    return {name: "enabled" if feature in features else "disabled" for feature, name in _SERVICES.items()}


def _allow_maker(caller: Caller, origin: Origin, row: DomainRow) -> None:
    maker = DimailAccount.objects.select_for_update().filter(id=caller.account.id).first()
    if maker is None:
        raise OutOfReach  # removed a moment ago
    dimail_allows.give(caller.actor.name, origin, maker, row)


@writes(Permission.DOMAIN_CHANGE)
def change(caller: Caller, origin: Origin, wish: DomainChange) -> DomainView:
    """For administrators of dimail's company. Mailboxes that are there keep their own services.

    Raises DomainNotFound, OutOfReach, NameTaken.
    """
    company = rows.find_company(dimail_accounts.company(origin).name, lock=True)
    row = _row(caller, Permission.DIMAIL_ACCOUNT_CHANGE, lock=True)
    assert company is not None
    now, before, left = history.milliseconds(origin), _show(row.id), row.context_id
    after = _changed(before, wish)
    if after.context_name != before.context_name:
        joins = _context(caller, company, row.name, after.context_name, now)
        row.context_id = joins.pk if joins else left
    told = {
        field: [getattr(before, field), getattr(after, field)]
        for field in _CHANGING
        if getattr(before, field) != getattr(after, field)
    }
    if told:
        values: dict[str, Any] = {"features": list(after.features), "names": dict(after.names)}
        values |= {"delivery": after.delivery, "transport": after.transport}
        DimailDomain.objects.update_or_create(domain_id=row.id, defaults=values)
        row.settings = {**row.settings, **_services(after.features)}
        row.changed(now)
        history.note(row, caller.actor.name, origin, "changed", told)
        rows.save(row)
        Context.objects.filter(id=left, domains=None, mappings=None).delete()
    return _show(row.id)


_CHANGING: Final = ("features", "context_name", "delivery", "transport", "names")


def _changed(view: DomainView, wish: DomainChange) -> DomainView:
    features = view.features
    if wish.features is not None:
        features = tuple(feature for feature in FEATURES if feature in wish.features)
    return DomainView(
        name=view.name,
        status=view.status,
        features=features,
        context_name=wish.context_name or view.context_name if "webmail" in features else None,
        delivery=wish.delivery or view.delivery,
        transport=view.transport if wish.transport is msgspec.UNSET else wish.transport,
        names={**view.names, **wish.names},
        results=view.results,
    )


@writes(Permission.DOMAIN_DELETE)
def remove(caller: Caller, origin: Origin) -> None:
    """With its mailboxes and aliases, which stop working at once; the worker takes them from the platform. It can be
    restored as any domain. Raises DomainNotFound, OutOfReach, WrongState, StillControlled."""
    row = _row(caller, Permission.DOMAIN_DELETE, lock=True)
    if row.status == DomainState.DISABLED and not allows(caller.actor, Permission.DOMAIN_SWITCH, Target()):
        raise WrongState(f"{row.name} was switched off by the operator; ask there")
    outside = AdminRole.objects.filter(domain_id=row.id).exclude(mailbox__domain_id=row.id)
    controllers = sorted(set(outside.values_list("mailbox__address", flat=True)[:10]))
    if controllers:
        raise StillControlled(f"take the roles over {row.name} from {', '.join(controllers)} first")
    Address.objects.filter(domain_id=row.id).delete()
    domain_ending.end(caller.actor.name, origin, row, "deleted")
    jobs.enqueue("end_mailboxes", str(row.id), history.milliseconds(origin))


@reads(Permission.DOMAIN_CHECK)
def check(caller: Caller, origin: Origin, *, repair: bool = False) -> DomainView:
    """Ask the platform and DNS now, and write down what they say. `repair`: have the platform mend first what is its
    own affair. Of a domain that the platform has not heard of yet: what was known before.

    Raises DomainNotFound, OutOfReach, PlatformAway, PlatformRefused.
    """
    row, view, is_applied, ownership, platform, record = _known(caller, Permission.DOMAIN_CHECK)
    if not is_applied or is_pseudo(row.name):
        return view
    mends = repair and row.status != DomainState.DISABLED
    record = domain_record(row) if mends else record
    found = live.examined(platform, record, ownership, repair=mends, insist=True)
    status = domain_checks.record(caller.actor, origin, row.id, found.report, found.wanted)
    if not status:
        raise DomainNotFound  # removed a moment ago
    # Also what could not be asked is told, though it is not kept where more is known.
    return msgspec.structs.replace(view, status=status, results=list(found.report.tests))


@reads(Permission.DOMAIN_SEE)
def wanted_dns(caller: Caller) -> tuple[DomainView, list[DnsRecord]]:
    """What the domain's platform wants in DNS. Raises DomainNotFound, OutOfReach, PlatformAway, PlatformRefused."""
    _, view, _, ownership, platform, record = _known(caller, Permission.DOMAIN_SEE)
    return view, live.wanted_dns(platform, record, ownership)


def relays() -> bool:
    """Whether a domain may be made whose mail goes on to another host. Our own servers do not do that; FAKE only shows
    it."""
    return configuration.DIMAIL_FAKE
