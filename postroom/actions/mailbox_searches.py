"""Lists of accounts and their aliases (oma.md section 5.5, search_users)."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from django.db.models import BigIntegerField, Case, CharField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Greatest

from postroom.actions.action import reads
from postroom.actions.pages import Page, PageRequest, wildcard
from postroom.core import inheritance
from postroom.core.errors import BadRequest
from postroom.core.lifecycle import MailboxState
from postroom.core.roles import Actor, Permission
from postroom.store import reach
from postroom.store import sent as sent_mail
from postroom.store.counting import LOGINS
from postroom.store.models import Address, Mailbox, MailUsage, Tombstone
from postroom.store.rows import DomainRow
from postroom.store.sql import Compiled, json_value

STATUSES = ("active", "deleted", "suspended", "smtplimit", "quota")
TYPES = ("mailbox", "filter", "forward", "alias")


class Criteria(msgspec.Struct, frozen=True, kw_only=True):
    domain: str
    workgroup: str | None = None
    types: Sequence[str] = ()
    match: str | None = None
    deleted: bool = False
    statuses: Sequence[str] = ()


class MailboxLine(msgspec.Struct, frozen=True, kw_only=True):
    address: str
    type: str
    workgroup: str
    status: str
    alias_target: str | None
    forward_recipients: list[str]
    sent: int
    """Recipients in the last 24 hours."""
    sent_limit: int
    last_sign_in: int | None
    created_at: int
    restore_id: str | None = None
    deleted_at: int | None = None


_FIELDS = (
    "address", "is_alias", "mailbox__address", "mailbox__type", "mailbox__status", "mailbox__workgroup__name",
    "mailbox__settings", "mailbox__last_sign_ins", "mailbox__created_at", "mailbox__usage__full",
    "mailbox_id",
)  # fmt: skip
_ORDERS: dict[str, tuple[str, ...]] = {
    "user": ("address",),
    "createtime": ("mailbox__created_at", "address"),
    "id": ("mailbox_id", "is_alias", "address"),
    "lastlogin": ("last_sign_in", "address"),
    "status": ("shown_status", "address"),
    "target": ("is_alias", "mailbox__address", "address"),
    "type": ("is_alias", "mailbox__type", "address"),
    "workgroup": ("mailbox__workgroup__folded_name", "address"),
}


@reads(Permission.MAILBOXES_SEARCH)
def search(actor: Actor, criteria: Criteria, page: PageRequest) -> Page[MailboxLine]:
    """Sorts by what search_users names. Raises BadRequest for unknown types, statuses or orders."""
    domain = reach.domain_to_search(actor, criteria.domain)
    _check(criteria)
    groups = reach.workgroups(actor, Permission.MAILBOXES_SEARCH, domain)
    group_ids = None if groups is None else [g.pk for g in groups]
    statuses = set(criteria.statuses)
    if criteria.deleted or statuses == {"deleted"}:
        return _deleted(domain, criteria, group_ids, page)
    if "deleted" in statuses:
        return _with_deleted(domain, criteria, group_ids, page)
    narrowed = criteria.workgroup or criteria.types or criteria.match or criteria.statuses
    if not narrowed and group_ids is None and page.by in {None, "user"}:
        return _all(domain, page)
    found = _matching(domain, criteria, group_ids)
    total = found.count()
    if total == 0 or page.limit == 0:
        page.order(found, _ORDERS, "user")  # an unknown order is an error on an empty list too
        return Page([], total)
    ordered = page.order(_sortable(found, domain, page.by), _ORDERS, "user").values_list(*_FIELDS)
    cut = ordered[page.first :] if page.limit is None else ordered[page.first : page.first + page.limit]
    return Page(_lines(list(cut), domain), total)


def _sortable(found: QuerySet[Address], domain: DomainRow, by: str | None) -> QuerySet[Address]:
    if by == "lastlogin":
        return found.annotate(last_sign_in=_last_sign_in("mailbox__last_sign_ins"))
    if by == "status":
        words = [When(_has_status(domain, {w}), then=Value(w)) for w in ("suspended", "quota", "smtplimit")]
        return found.annotate(shown_status=Case(*words, default=Value("active")))
    return found


def _last_sign_in(path: str) -> Greatest:
    """By whichever service; 0: never."""
    return Greatest(*(Coalesce(Cast(KeyTextTransform(s, path), BigIntegerField()), 0) for s in LOGINS))


def _all_addresses(order: str) -> Compiled:
    return Compiled(
        lambda p: Address.objects.filter(domain_id=p.number(0)).order_by(order).values_list(*_FIELDS), paged=True
    )


_forwards, _backwards = _all_addresses("address"), _all_addresses("-address")
_EVERYTHING = 2**62


def _all(domain: DomainRow, page: PageRequest) -> Page[MailboxLine]:
    """The list that programs ask for most: everybody, by name."""
    limit = _EVERYTHING if page.limit is None else page.limit
    found = (_backwards if page.descending else _forwards).rows(domain.id, limit, page.first)
    is_last_page = len(found) < limit and (found or page.first == 0)
    total = page.first + len(found) if is_last_page else Address.objects.filter(domain_id=domain.id).count()
    return Page(_lines(found, domain), total)


def _check(criteria: Criteria) -> None:
    hints = {}
    if unknown := set(criteria.types) - set(TYPES):
        hints["criteria"] = f"type is one of {', '.join(TYPES)}, not {', '.join(sorted(unknown))}"
    if unknown := set(criteria.statuses) - set(STATUSES):
        hints["criteria"] = f"status is one of {', '.join(STATUSES)}, not {', '.join(sorted(unknown))}"
    if hints:
        raise BadRequest(hints=hints)


def _matching(domain: DomainRow, criteria: Criteria, group_ids: list[int] | None) -> QuerySet[Address]:
    found = Address.objects.filter(domain_id=domain.id)
    if group_ids is not None:
        found = found.filter(mailbox__workgroup__in=group_ids)
    if criteria.workgroup:
        found = found.filter(mailbox__workgroup__folded_name=criteria.workgroup.lower())
    if criteria.types:
        accounts = Q(is_alias=False, mailbox__type__in=[t for t in criteria.types if t != "alias"])
        found = found.filter(accounts | Q(is_alias=True) if "alias" in criteria.types else accounts)
    if criteria.match:
        at_domain = criteria.match if "@" in criteria.match else f"{criteria.match}@{domain.name}"
        found = found.filter(Q(wildcard("address", at_domain)) | Q(wildcard("address", criteria.match)))
    statuses = set(criteria.statuses) - {"deleted"}
    return found.filter(_has_status(domain, statuses)) if criteria.statuses else found


def _has_status(domain: DomainRow, statuses: set[str]) -> Q:
    """One of those named. Each account has exactly one status: the first of oma.md section 7.4 that fits."""
    nothing = Q(pk__in=[])
    if not domain.serves:
        return ~nothing if "suspended" in statuses else nothing
    well = Q(mailbox__status=MailboxState.ENABLED) & ~_cut_off()
    full = Q(mailbox__in=MailUsage.objects.filter(full=True, mailbox__domain_id=domain.id).values("mailbox_id"))
    found = ~well if "suspended" in statuses else nothing
    if "quota" in statuses:
        found |= well & full
    if {"active", "smtplimit"} <= statuses:
        return found | (well & ~full)
    at_limit = Q(mailbox__in=sent_mail.at_their_limit(domain.id, _inherited_limit(domain), time.time()))
    if "smtplimit" in statuses:
        found |= well & ~full & at_limit
    return found | (well & ~full & ~at_limit) if "active" in statuses else found


def _cut_off() -> Q:
    """Neither receives nor sends. By way of ids: NOT over an absent JSON key is neither true nor false in SQL."""
    both = Mailbox.objects.filter(settings__service_smtpin="suspended", settings__service_smtprelay="suspended")
    return Q(mailbox__in=both)


def _status(settings: dict[str, Any], state: str, serves: bool, full: bool) -> str:
    cut_off = settings.get("service_smtpin") == "suspended" == settings.get("service_smtprelay")
    if not serves or state != MailboxState.ENABLED or cut_off:
        return "suspended"
    return "quota" if full else "active"


class _InDomain(msgspec.Struct, frozen=True):
    """What all lines of a list share."""

    serves: bool
    sent_limit: int
    sent: dict[int, int]


def _lines(found: Sequence[Any], domain: DomainRow) -> list[MailboxLine]:
    """One query for what all of them have sent."""
    sent = sent_mail.sent_of_each([row[-1] for row in found], time.time())
    shared = _InDomain(domain.serves, _inherited_limit(domain), sent)
    return [_line(row, shared) for row in found]


def _inherited_limit(domain: DomainRow) -> int:
    limit = inheritance.value("smtp_sent_limit", domain.settings, domain.company.settings)
    return limit if isinstance(limit, int) else 0


def _line(row: Any, shared: _InDomain) -> MailboxLine:
    address, is_alias, target, type, state, workgroup, settings, sign_ins, created_at, full, id = row
    settings = settings if isinstance(settings, dict) else json_value(settings)
    sign_ins = sign_ins if isinstance(sign_ins, dict) else json_value(sign_ins)
    status = _status(settings, state, shared.serves, bool(full))
    sent, limit = shared.sent.get(id, 0), settings.get("smtp_sent_limit", shared.sent_limit)
    return MailboxLine(
        address=address,
        type="alias" if is_alias else type,
        workgroup=workgroup,
        status="smtplimit" if status == "active" and sent > 0 and sent >= limit else status,
        alias_target=target if is_alias else None,
        forward_recipients=settings.get("forward_recipients") or [],
        sent=sent,
        sent_limit=limit,
        last_sign_in=max(sign_ins.values(), default=None),
        created_at=created_at,
    )


_DELETED_ORDERS: dict[str, tuple[str, ...]] = {
    "user": ("address", "deleted_at"), "delete_time": ("deleted_at", "address"), "id": ("id",),
    "createtime": ("created_at", "address"), "type": ("type", "address"), "status": ("address", "id"),
    "workgroup": ("workgroup__folded_name", "address"), "target": ("address", "id"),
    "lastlogin": ("last_sign_in", "address"),
}  # fmt: skip


def _deleted(
    domain: DomainRow, criteria: Criteria, group_ids: list[int] | None, page: PageRequest
) -> Page[MailboxLine]:
    listed, total = page.cut(_gone(domain, criteria, group_ids), _DELETED_ORDERS, "user")
    return Page(_deleted_lines(listed, domain), total)


def _gone(domain: DomainRow, criteria: Criteria, group_ids: list[int] | None) -> QuerySet[Mailbox]:
    gone = Mailbox.objects.filter(domain_id=domain.id).exclude(deleted_at=None)
    if group_ids is not None:
        gone = gone.filter(workgroup__in=group_ids)
    if criteria.workgroup:
        gone = gone.filter(workgroup__folded_name=criteria.workgroup.lower())
    if criteria.types:
        gone = gone.filter(type__in=criteria.types)
    if criteria.match:
        at_domain = criteria.match if "@" in criteria.match else f"{criteria.match}@{domain.name}"
        gone = gone.filter(Q(wildcard("address", at_domain)) | Q(wildcard("address", criteria.match)))
    stones = Tombstone.objects.filter(kind="mailbox", domain_id=domain.id, object_id=OuterRef("pk"))
    gone = gone.annotate(
        restore_id=Subquery(stones.values("restore_id")[:1]), last_sign_in=_last_sign_in("last_sign_ins")
    )
    return gone.select_related("workgroup")


def _deleted_lines(listed: Sequence[Any], domain: DomainRow) -> list[MailboxLine]:
    limit = _inherited_limit(domain)
    return [
        MailboxLine(
            address=m.address, type=m.type, workgroup=m.workgroup.name, status="deleted", alias_target=None,
            forward_recipients=m.settings.get("forward_recipients") or [],
            sent=0, sent_limit=m.settings.get("smtp_sent_limit", limit),
            last_sign_in=max(m.last_sign_ins.values(), default=None), created_at=m.created_at,
            restore_id=m.restore_id, deleted_at=m.deleted_at,
        )
        for m in listed
    ]  # fmt: skip


_LEADS: Mapping[str, tuple[Any, Any]] = {
    "user": (F("address"), F("address")),
    "createtime": (F("mailbox__created_at"), F("created_at")),
    "delete_time": (Value(0), F("deleted_at")),
    "id": (F("mailbox_id"), F("id")),
    "lastlogin": (F("last_sign_in"), F("last_sign_in")),
    "status": (F("shown_status"), Value("deleted")),
    "target": (Case(When(is_alias=True, then=F("mailbox__address")), default=Value("")), Value("")),
    "type": (Case(When(is_alias=True, then=Value("z")), default=F("mailbox__type")), F("type")),  # aliases come last
    "workgroup": (F("mailbox__workgroup__folded_name"), F("workgroup__folded_name")),
}
"""By what a list of both is sorted, of the living and of the deleted; then by address."""


def _with_deleted(
    domain: DomainRow, criteria: Criteria, group_ids: list[int] | None, page: PageRequest
) -> Page[MailboxLine]:
    """They are in another table: the database puts both together, sorts them and cuts out the page."""
    by = page.by or "user"
    if by not in _LEADS:
        raise BadRequest(hints={"sort": f"by must be one of {', '.join(sorted(_LEADS))}"})
    leads = _LEADS[by]
    living = _sortable(_matching(domain, criteria, group_ids), domain, by).annotate(
        lead=leads[0], deleted=Value(0, BigIntegerField()), restore_id=Value(None, CharField())
    )
    gone = _gone(domain, criteria, group_ids).annotate(
        lead=leads[1], not_alias=Value(False), target=F("address"), not_full=Value(False)
    )
    both = living.values_list(*_FIELDS, "restore_id", "deleted", "lead").union(
        gone.values_list(*_GONE_FIELDS, "restore_id", "deleted_at", "lead"), all=True
    )
    total = both.count()
    ordered = both.order_by("-lead" if page.descending else "lead", "address", "deleted")
    cut = ordered[page.first :] if page.limit is None else ordered[page.first : page.first + page.limit]
    return Page(_mixed_lines(list(cut), domain), total)


_GONE_FIELDS = (
    "address", "not_alias", "target", "type", "status", "workgroup__name", "settings", "last_sign_ins", "created_at",
    "not_full", "id",
)  # fmt: skip


def _mixed_lines(found: Sequence[Any], domain: DomainRow) -> list[MailboxLine]:
    lines = _lines([row[: len(_FIELDS)] for row in found], domain)
    return [
        msgspec.structs.replace(line, status="deleted", sent=0, restore_id=restore_id, deleted_at=deleted_at)
        if deleted_at
        else line
        for line, (*_, restore_id, deleted_at, _lead) in zip(lines, found, strict=True)
    ]
