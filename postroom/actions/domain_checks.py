"""Is a domain as its platform needs it? Asked now or by the worker, written down, told (people.md section 4.1).

A check moves a domain along (core/lifecycle.py) unless an operator has switched it off, or its company is trusted:
then it is only shown. A check that could not be made changes nothing.
"""

import functools
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import msgspec
from django.conf import settings as configuration
from django.db.models import Exists, OuterRef

from postroom.actions import dns_pages, live
from postroom.actions.action import reads, writes
from postroom.core import check_times, domain_news
from postroom.core.address import PSEUDO, is_pseudo
from postroom.core.dns.explaining import explanation, title
from postroom.core.dns.records import DnsRecord, records_as_json, records_from
from postroom.core.dns.report import CheckReport, CheckResult, CheckState, report_as_json, results_from
from postroom.core.errors import NotOnPlatform, WrongState
from postroom.core.languages import Language, best
from postroom.core.letters.domain_status import DomainNews, domain_status
from postroom.core.lifecycle import DOMAIN_STEPS, DomainEvent, DomainState, MailboxState
from postroom.core.records import Origin
from postroom.core.roles import OPERATOR, Actor, Permission, Target
from postroom.store import brands, history, jobs, outgoing, reach, rows
from postroom.store.models import Domain, Mailbox, PersonEmail
from postroom.store.platform_records import domain_record
from postroom.store.rows import DomainRow
from postroom.store.sql import Compiled, Writer, json_value

WORKER = Actor(name="postroom")

_PENDING = MailboxState.PENDING.value

_asked = Compiled(
    lambda p: Domain.objects.filter(id=p.number(0)).values_list(
        "applied_generation", "ownership", *live.PLATFORM_OF_DOMAIN
    )
)
_kept = Compiled(
    lambda p: (
        Domain.objects.filter(id=p.number(0))
        .annotate(waits=Exists(Mailbox.objects.filter(domain=OuterRef("id"), deleted_at=None, status=_PENDING)))
        .values_list("told", "claimed_by__language", "checked_at", "waits", *rows.DOMAIN_AND_COMPANY)
    ),
    lock=('"store_domain"',),
)


@functools.cache
def _writer(fields: tuple[str, ...]) -> Writer:
    return Writer(Domain, fields, frozenset({"expected_records", "check_details", "told"}))


_EVENTS: Mapping[CheckState, DomainEvent] = {
    CheckState.OK: DomainEvent.CHECK_PASSED,
    CheckState.ACTION_REQUIRED: DomainEvent.CHECK_FAILED_OUTSIDE,
    CheckState.FAILED: DomainEvent.CHECK_FAILED_INSIDE,
}


class TestLine(msgspec.Struct, frozen=True, kw_only=True):
    """A test with its words in the reader's language."""

    title: str
    problem: str
    """Empty when ok."""
    fix: str
    result: CheckResult


class DomainCheckView(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    status: str
    serves: bool
    """Whether mail flows."""
    support_email: str
    checked_at: int | None
    """When it was last found out; None: never yet."""
    next_check_at: int | None
    """None: not by itself."""
    failure: str
    """Why the newest try to find out failed; empty when it did not."""
    tests: list[TestLine]
    expected_records: list[DnsRecord]


@reads(Permission.DOMAIN_SEE)
def show(actor: Actor, name: str, language: Language = Language.ENGLISH) -> DomainCheckView:
    """What the last check found."""
    row = reach.domain_for_person(actor, name, Permission.DOMAIN_SEE)
    kept = Domain.objects.values("checked_at", "check_details", "check_failure", "expected_records").get(id=row.id)
    return DomainCheckView(
        name=row.name,
        status=row.status,
        serves=row.serves,
        support_email=row.support_email,
        checked_at=kept["checked_at"],
        next_check_at=row.check_at,
        failure=domain_news.failure(kept["check_failure"], language),
        tests=[_line(test, language) for test in results_from(kept["check_details"])],
        expected_records=records_from(kept["expected_records"]),
    )


def _line(test: CheckResult, language: Language) -> TestLine:
    told = None if test.ok else explanation(test, language)
    return TestLine(
        title=title(test.name, language),
        problem=told.problem if told else "",
        fix=told.fix if told else "",
        result=test,
    )


@reads(Permission.DOMAIN_CHECK)
def check_now(actor: Actor, origin: Origin, name: str, language: Language = Language.ENGLISH) -> DomainCheckView:
    """Ask the platform and DNS, and wait for the answer (people.md section 3.1, fetch).

    Raises PlatformAway, PlatformRefused, NotOnPlatform: then nothing has changed. WrongState for what is in no DNS.
    """
    row = reach.domain_for_person(actor, name, Permission.DOMAIN_CHECK)
    if is_pseudo(row.name):
        raise WrongState(f"{row.name} is in no DNS; there is nothing to check")
    applied, ownership, *platform = _asked.row(row.id) or (0, "")
    if not applied:
        raise NotOnPlatform(f"the mail platform has not heard of {row.name} yet; try again in a moment")
    repair = row.status != DomainState.DISABLED
    found = live.examined(platform, domain_record(row), ownership, repair=repair)
    record(actor, origin, row.id, found.report, found.wanted)
    return show(actor, name, language)


@writes(Permission.DOMAIN_SWITCH)
def check_all(actor: Actor, origin: Origin) -> int:
    """Have the worker look at every domain that is not switched off, beginning now; how many these are."""
    reach.require(actor, Permission.DOMAIN_SWITCH, Target())
    checked = Domain.objects.filter(deleted_at=None, status__in=[*check_times.WAITING, DomainState.ENABLED])
    return checked.exclude(name__endswith=PSEUDO).update(check_at=history.milliseconds(origin))


@writes(Permission.DOMAIN_CHECK)
def record(
    actor: Actor, origin: Origin, id: int, report: CheckReport, wanted: Sequence[DnsRecord], claimed: int | None = None
) -> str:
    """Write down what a check found, and all that follows from it; the domain's status then, empty where it is gone.

    `claimed`: the end of the worker's lease.
    """
    kept = _kept.row(id)
    if kept is None:
        return ""
    (told, language, checked_at, waits), row = kept[:4], rows.domain_of(kept[4:])
    if row.deleted_at is not None:
        return ""
    now, before, served = history.milliseconds(origin), row.status, row.serves
    values: dict[str, Any] = {"expected_records": records_as_json(wanted)}
    if report.state is CheckState.UNKNOWN:
        values |= _could_not_ask(row, domain_news.unanswered(report.tests), now)
        if checked_at is None:
            values["check_details"] = report_as_json(report)  # better than nothing; else what is known is kept
    else:
        _move(actor, origin, row, report, now)
        values |= {"check_details": report_as_json(report), "checked_at": now, "check_failure": ""}
        values["check_at"] = check_times.regular(row.status, row.id, now)
        values["told"] = _tell(actor, origin, row, report, _Told(json_value(told), language))
    if _was_asked_anew(row, claimed):
        values.pop("check_at")
    _writer(tuple(values)).write(SimpleNamespace(id=id, **values))
    if row.serves != served:
        jobs.enqueue("spread_domain", str(id), now)  # those that are on the platform already: on or off with it
    # Also on a domain that was enabled already: whoever was overlooked must not wait for ever. And `waits` is from
    # before the lock: whoever came while it was waited for is not among them.
    if row.status == DomainState.ENABLED and (waits or before != row.status):
        jobs.enqueue("release_waiting", str(id), now)
    return row.status


@writes(Permission.DOMAIN_CHECK)
def record_failure(origin: Origin, id: int, why: str, claimed: int) -> None:
    """The worker could not find out. `why`: one of core/domain_news.py."""
    row = rows.domain_by_id(id, lock=True)
    if row is not None and not _was_asked_anew(row, claimed):
        Domain.objects.filter(id=id).update(**_could_not_ask(row, why, history.milliseconds(origin)))


def _could_not_ask(row: DomainRow, why: str, now: int) -> dict[str, Any]:
    again = bool(Domain.objects.values_list("check_failure", flat=True).get(id=row.id))
    return {"check_failure": why, "check_at": check_times.after_failure(row.status, row.id, now, again=again)}


def _was_asked_anew(row: DomainRow, claimed: int | None) -> bool:
    """Somebody wants another check, of what has changed since the worker began this one."""
    return claimed is not None and row.check_at != claimed


def _move(actor: Actor, origin: Origin, row: DomainRow, report: CheckReport, now: int) -> None:
    before, row.status = row.status, _status_after(row, report)
    if row.status == before:
        return
    if row.status == DomainState.ENABLED:
        row.proved_at, row.gives_way_at = row.proved_at or now, None
    row.changed(now)
    wrong = [f"{test.name}: {test.code}" for test in report.failed_required]
    history.note(
        row,
        actor.name,
        origin,
        "checked",
        {"status": [before, row.status], **({"wrong": [None, wrong]} if wrong else {})},
    )
    rows.save(row)


def _status_after(row: DomainRow, report: CheckReport) -> str:
    event = DomainEvent.TRUST if row.company.trusted else _EVENTS[report.state]
    return DOMAIN_STEPS.get((DomainState(row.status), event), row.status)


class _Told(msgspec.Struct, frozen=True):
    """What the support address knows already, and the language of whoever claimed the domain."""

    news: list[Any]
    language: str | None


def _tell(actor: Actor, origin: Origin, row: DomainRow, report: CheckReport, before: _Told) -> list[Any]:
    """What the support address knows now."""
    now = history.milliseconds(origin)
    told, language = before.news, before.language
    meaning = domain_news.meaning(row.status, report.tests)
    if row.company.trusted or not domain_news.is_news(told, meaning, now):
        return list(told)
    if row.support_email and not _is_of(actor, row.support_email):
        chain = (row.settings, row.company.settings)
        look = brands.look(row.company_id, *chain)
        letter = domain_status(
            look, best(language) if language else brands.language(*chain), _news(row, report, origin)
        )
        outgoing.put([brands.dressed(row.support_email, "domain_status", look, letter)], now)
    return domain_news.remembered(told, meaning, now)


def _is_of(actor: Actor, email: str) -> bool:
    """Whoever presses the button sees the result; everybody else is written to."""
    if actor.name.lower() == email.lower():
        return True
    return (
        actor.person_id is not None and PersonEmail.objects.filter(person=actor.person_id, email=email.lower()).exists()
    )


def _news(row: DomainRow, report: CheckReport, origin: Origin) -> DomainNews:
    url = configuration.PUBLIC_URL
    return DomainNews(
        domain=row.name,
        status=row.status,
        served=row.serves,
        to_mend=domain_news.to_mend(report.tests),
        domain_url=f"{url}/domains/{row.name}/" if url else "",
        dns_url=dns_pages.link(OPERATOR, origin, row.name) if url else "",
    )
