"""What was counted: lists of days, files of accounts, sums over time (oma.md section 5.6)."""

import time
from collections.abc import Iterator
from datetime import date
from typing import Final

import msgspec
from django.conf import settings

from postroom.actions.action import reads
from postroom.core import periods, signed_links
from postroom.core.errors import BadRequest, NotFound, OutOfReach
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission
from postroom.core.signed_links import Link
from postroom.store import arrived, counting, history, reach, rows, sent, statistics
from postroom.store.models import Company, MailUsage
from postroom.store.statistics import Scope

COMPANY, DOMAIN, USER = "company", "domain", "user"
SNAPSHOT: Final = "snapshot"
SERVICES, LOGINS = counting.SERVICES, counting.LOGINS


class PeriodCounts(msgspec.Struct, frozen=True, kw_only=True):
    first: date
    last: date
    counts: dict[str, int]
    """By the names of store/counting.py."""


@reads(Permission.SNAPSHOTS_SEE)
def listed(actor: Actor, origin: Origin) -> dict[str, list[str]]:
    """Kind of period → the names of those that there are lists of accounts for."""
    domains = reach.domains(actor, Permission.SNAPSHOTS_SEE)
    if not domains.exists() and not reach.companies(actor, Permission.SNAPSHOTS_SEE).exists():
        raise OutOfReach
    days, now = statistics.days_listed(domains), periods.today(history.milliseconds(origin))
    found: dict[str, list[str]] = {}
    for kind in periods.KINDS:
        oldest = periods.since(kind, now)
        around = sorted({periods.around(kind, day) for day in days if day >= oldest})
        found[kind] = [periods.name(kind, period) for period in around]
    return found


@reads(Permission.COMPANY_STATISTICS_SEE, Permission.DOMAIN_STATISTICS_SEE)
def link(actor: Actor, origin: Origin, type: str, name: str, when: str) -> Link:
    """To the list of accounts as it was at the end of a period. Raises NotFound where there is none.

    That of today can always be had: the real server answers so too.
    """
    period = periods.parse(when)
    if period is None:
        raise BadRequest(hints={"date": "must be a date of stats_list: YYYY-MM, YYYYMMDD or YYYYMMDD-YYYYMMDD"})
    scope, name = _scope(actor, type, name)
    now = history.milliseconds(origin)
    if periods.today(now) not in period and statistics.last_day_listed(scope, period) is None:
        raise NotFound("nothing was counted then; stats_list names what there is")
    id, expires = f"{name}:{type}:{when}", now // 1000 + signed_links.LIFETIME
    token = signed_links.token(settings.SECRET_KEY, SNAPSHOT, id, actor.name, expires)
    return Link(type=SNAPSHOT, id=id, user=actor.name, expires=expires, token=token)


@reads()
def file(link: Link) -> Iterator[str]:
    """The lines of the file that a link stands for, a domain at a time. Raises OutOfReach for a wrong or old link,
    NotFound where there is nothing."""
    expected = signed_links.token(settings.SECRET_KEY, SNAPSHOT, link.id, link.user, link.expires)
    if not signed_links.is_good(link.token, expected, link.expires, int(time.time())):
        raise OutOfReach
    made = (link.expires - signed_links.LIFETIME) * 1000  # a link of today's opens after midnight too
    name, type, when = link.id.rsplit(":", 2)
    scope, period = _scope_of(type, name), periods.parse(when)
    if scope is None or period is None:
        raise NotFound
    day = statistics.last_day_listed(scope, period)
    if day is None and periods.today(made) not in period:
        raise NotFound
    return _lines(scope, day)


def _lines(scope: Scope, day: date | None) -> Iterator[str]:
    """None: as things are now."""
    yield counting.HEADING
    if day is not None:
        yield from statistics.lists(scope, day)
    else:
        yield from (lines for _, lines in counting.account_lines(scope.company_id, scope.domain_id))


def _scope(actor: Actor, type: str, name: str) -> tuple[Scope, str]:
    """What may be seen by this name, and the name as it is written."""
    if type == DOMAIN:
        domain = reach.domain(actor, name, Permission.DOMAIN_STATISTICS_SEE)
        return Scope(domain.company_id, domain.id), domain.name
    if type == COMPANY:
        company = reach.company(actor, name, Permission.COMPANY_STATISTICS_SEE)
        return Scope(company.id), company.name
    raise BadRequest(hints={"type": "must be company or domain"})


def _scope_of(type: str, name: str) -> Scope | None:
    """Of a link that was signed: reach was looked at then."""
    if type == COMPANY:
        company = rows.find_company(name)
        return Scope(company.id) if company else None
    found = rows.find_domain(name)
    return Scope(found[1].company_id, found[1].id) if found else None


@reads(Permission.COMPANY_STATISTICS_SEE, Permission.DOMAIN_STATISTICS_SEE, Permission.MAILBOX_SEE)
def summary(actor: Actor, origin: Origin, type: str | None, name: str | None, kind: str) -> list[PeriodCounts]:
    """Oldest first; periods of which nothing is known are left out. Without a type or name: the actor's company."""
    if kind not in periods.KINDS:
        raise BadRequest(hints={"by": f"must be one of {', '.join(periods.KINDS)}"})
    if type not in {None, COMPANY, DOMAIN, USER}:
        raise BadRequest(hints={"type": f"must be {COMPANY}, {DOMAIN} or {USER}"})
    now = history.milliseconds(origin)
    if type == USER:
        return [_of_account(actor, name, kind, now)]
    if type is None or (type == COMPANY and name is None):
        type, name = COMPANY, name or _own_company(actor)
    if name is None:
        raise BadRequest(hints={"object": "is required"})
    scope, _ = _scope(actor, type, name)
    found = statistics.summary(scope, kind, periods.today(now))
    return [PeriodCounts(first=p.first, last=p.last, counts=counts) for p, counts in found]


def _own_company(actor: Actor) -> str:
    """Raises OutOfReach for somebody who is of no company."""
    name = Company.objects.filter(id=actor.company_id or 0).values_list("name", flat=True).first()
    if name is None:
        raise OutOfReach
    return name


def _of_account(actor: Actor, name: str | None, kind: str, now: int) -> PeriodCounts:
    """Only the present: what accounts did on earlier days is kept for their domain, not for each of them."""
    if name is None:
        raise BadRequest(hints={"object": "is required"})
    row = reach.mailbox(actor, name, Permission.MAILBOX_SEE)
    today = periods.today(now)
    begin = periods.milliseconds(today)
    used = MailUsage.objects.filter(mailbox_id=row.id).values_list("bytes", "messages").first() or (0, 0)
    counts = dict.fromkeys((*counting.STATE, *counting.FLOW), 0)
    counts |= {"stored_bytes": used[0], "stored_items": used[1], **arrived.of_mailbox(row.id, today)}
    counts |= sent.of_day(row.id, begin)
    counts |= {f"with_{s}": int(row.settings.get(f"service_{s}") == "enabled") for s in SERVICES}
    counts |= {f"logins_{s}": int(row.last_sign_ins.get(s, 0) >= begin) for s in LOGINS}
    period = periods.around(kind, today)
    return PeriodCounts(first=period.first, last=period.last, counts=counts)
