"""What DNS lacks, for whoever looks after it: a page behind a signed link, without an account (docs/dns.md)."""

import re
import uuid
from typing import Final

import msgspec
from django.conf import settings as configuration

from postroom.actions.action import reads
from postroom.core import domain_news, signed_links
from postroom.core.address import shown_domain
from postroom.core.dns.explaining import explanation, nothing_said, title
from postroom.core.dns.records import DnsRecord, full_name, records_from, zone_file, zone_value
from postroom.core.dns.report import CheckResult, ServerAnswer, Severity, results_from
from postroom.core.errors import NotFound, OutOfReach
from postroom.core.languages import Language
from postroom.core.public_ids import Kind, number_of, public_id
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission
from postroom.store import history, reach, rows
from postroom.store.models import Domain

LIFETIME: Final = 30 * 86_400
"""Seconds that a link is good for."""
PATH: Final = "/dns/"
_TYPE: Final = "dns"
_TOKEN: Final = re.compile(r"([0-9a-f]{32})-([0-9]{1,12})-([0-9a-f]{32})")


class PasteRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A record as control panels ask for it: name, type, value each in its own field."""

    name: str
    type: str
    value: str
    zone_value: str
    """The same in a zone file: quoted, in several strings where it is long."""


class AnswerLine(msgspec.Struct, frozen=True):
    """Which server said what."""

    answer: ServerAnswer
    nothing: str
    """Why there are no values; empty where there are."""


class TestLine(msgspec.Struct, frozen=True, kw_only=True):
    title: str
    problem: str
    """Empty when ok."""
    fix: str
    record: PasteRecord | None
    answers: list[AnswerLine]
    result: CheckResult

    @property
    def is_advice(self) -> bool:
        return self.result.severity is Severity.ADVICE

    @property
    def is_open(self) -> bool:
        """Whether the test could not be made."""
        return not self.result.ok and not self.result.asked


class DnsPage(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    domain: str
    shown: str
    """The domain's name as people write it, which is another one for names with accents."""
    status: str
    checked_at: int | None
    """Milliseconds."""
    next_check_at: int | None
    """None: not by itself."""
    failure: str
    """Why the newest try to check could not be made; empty when it could."""
    tests: list[TestLine]
    records: list[PasteRecord]
    expires: int
    """Of the link, in seconds; 0: there is none."""

    @property
    def to_mend(self) -> list[TestLine]:
        """What the domain's owner has to change."""
        return [line for line in self._wrong if not line.is_open and not line.result.internal]

    @property
    def open(self) -> list[TestLine]:
        return [line for line in self._wrong if line.is_open]

    @property
    def ours(self) -> list[TestLine]:
        return [line for line in self._wrong if not line.is_open and line.result.internal]

    @property
    def _wrong(self) -> list[TestLine]:
        return [line for line in self.tests if not line.result.ok and not line.is_advice]

    @property
    def advice(self) -> list[TestLine]:
        return [line for line in self.tests if not line.result.ok and line.is_advice]

    @property
    def fine(self) -> list[TestLine]:
        return [line for line in self.tests if line.result.ok]


@reads(Permission.DOMAIN_SEE)
def link(actor: Actor, origin: Origin, domain: str) -> str:
    """The page's address; only its path where nobody has said where people reach this server."""
    row = reach.domain_for_person(actor, domain, Permission.DOMAIN_SEE)
    expires = history.milliseconds(origin) // 1000 + LIFETIME
    id = uuid.UUID(public_id(Kind.DOMAIN, row.id)).hex
    return f"{configuration.PUBLIC_URL}{PATH}{id}-{expires}-{_signature(id, expires)}"


@reads()
def page(origin: Origin, token: str, language: Language) -> DnsPage:
    """Raises OutOfReach for a wrong or old link, NotFound where the domain is gone."""
    row, expires = opened(origin, token)
    return _page(row, expires, language)


@reads(Permission.DOMAIN_SEE)
def show(actor: Actor, domain: str, language: Language) -> DnsPage:
    """The same for somebody who may see the domain anyway."""
    return _page(reach.domain_for_person(actor, domain, Permission.DOMAIN_SEE), 0, language)


def _page(row: rows.DomainRow, expires: int, language: Language) -> DnsPage:
    kept = Domain.objects.values("checked_at", "check_details", "check_failure", "expected_records").get(id=row.id)
    tests = [_line(test, row.name, language) for test in results_from(kept["check_details"])]
    return DnsPage(
        id=row.id,
        domain=row.name,
        shown=shown_domain(row.name),
        status=row.status,
        checked_at=kept["checked_at"],
        next_check_at=row.check_at,
        failure=domain_news.failure(kept["check_failure"], language),
        tests=tests,
        records=[_to_paste(record, row.name) for record in records_from(kept["expected_records"])],
        expires=expires,
    )


@reads()
def zone(origin: Origin, token: str) -> tuple[str, str]:
    """(domain, its zone file). Raises as `page`."""
    row, _ = opened(origin, token)
    return row.name, _zone_file(row.id, row.name)


@reads(Permission.DOMAIN_SEE)
def export(actor: Actor, domain: str) -> str:
    """The records that the domain's platform wants, as a zone file."""
    row = reach.domain_for_person(actor, domain, Permission.DOMAIN_SEE)
    return _zone_file(row.id, row.name)


def opened(origin: Origin, token: str) -> tuple[rows.DomainRow, int]:
    """(the domain that a link opens, until when in seconds). Raises as `page`."""
    parts = _TOKEN.fullmatch(token)
    if parts is None:
        raise OutOfReach
    id, expires, given = parts[1], int(parts[2]), parts[3]
    now = history.milliseconds(origin) // 1000
    number = number_of(Kind.DOMAIN, str(uuid.UUID(id)))
    if not signed_links.is_good(given, _signature(id, expires), expires, now) or number is None:
        raise OutOfReach
    row = rows.domain_by_id(number)
    if row is None or row.deleted_at is not None:
        raise NotFound
    return row, expires


def _signature(id: str, expires: int) -> str:
    return signed_links.token(configuration.SECRET_KEY, _TYPE, id, "", expires)


def _zone_file(id: int, domain: str) -> str:
    records = records_from(Domain.objects.values_list("expected_records", flat=True).get(id=id))
    about = [f"What {domain} needs for mail, beside what it has."]
    about += ["An SPF record (v=spf1) must be the only one: where there is one, put both into one."]
    return zone_file(domain, records, about)


def _line(test: CheckResult, domain: str, language: Language) -> TestLine:
    told = None if test.ok else explanation(test, language)
    return TestLine(
        title=title(test.name, language),
        problem=told.problem if told else "",
        fix=told.fix if told else "",
        record=_to_paste(test.record, domain) if test.record else None,
        answers=[AnswerLine(answer, nothing_said(answer, language)) for answer in test.answers],
        result=test,
    )


def _to_paste(record: DnsRecord, domain: str) -> PasteRecord:
    return PasteRecord(
        name=full_name(record.target, domain),
        type=record.type.upper(),
        value=record.value,
        zone_value=zone_value(record),
    )
