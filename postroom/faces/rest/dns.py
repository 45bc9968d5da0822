"""What DNS lacks and what to paste there: the last check explained, a link for whoever looks after DNS, a zone file."""

from datetime import datetime

from django.http import HttpResponse
from pydantic import BaseModel, Field

from postroom.actions import dns_pages, domain_checks
from postroom.actions.domain_checks import TestLine
from postroom.core.dns.records import DnsRecord
from postroom.core.lifecycle import DomainState
from postroom.core.roles import Permission
from postroom.faces.asked import base_of
from postroom.faces.rest.asked import Asked, language_of
from postroom.faces.rest.domains import ExpectedRecord
from postroom.faces.rest.gate import inside
from postroom.faces.rest.routes import Routes
from postroom.faces.rest.texts import moment_or_none

routes = Routes("dns")


class ServerAnswerBody(BaseModel):
    server: str = Field(description="Its name and address.")
    name: str
    type: str = Field(examples=["MX"])
    values: list[str]
    failure: str = Field(description="Why there are none, as a code; empty: it said so itself.")


class TestBody(BaseModel):
    name: str = Field(examples=["mx"])
    title: str = Field(description="What the test looks at, in your language.")
    ok: bool
    asked: bool = Field(description="false: the test could not be made, so nothing is known.")
    internal: bool
    severity: str
    code: str = Field(examples=["no_mx"])
    parameters: dict[str, str]
    problem: str = Field(description="In your language; empty when all is well.")
    fix: str = Field(description="What to do, in your language.")
    record: ExpectedRecord | None = Field(description="Exactly what to have in DNS.")
    answers: list[ServerAnswerBody]


class DnsBody(BaseModel):
    status: DomainState
    checked_at: datetime | None
    next_check_at: datetime | None
    failure: str = Field(description="Why the newest check could not be made, in your language; empty: it was made.")
    tests: list[TestBody]
    expected_config: list[ExpectedRecord]


class LinkBody(BaseModel):
    url: str = Field(description="Opens without signing in, for 30 days.")


def _record(record: DnsRecord) -> ExpectedRecord:
    return ExpectedRecord(target=record.target, type=record.type, value=record.value)


def _test(line: TestLine) -> TestBody:
    result = line.result
    return TestBody(
        name=result.name,
        title=line.title,
        ok=result.ok,
        asked=result.asked,
        internal=result.internal,
        severity=result.severity,
        code=result.code,
        parameters=result.parameters,
        problem=line.problem,
        fix=line.fix,
        record=_record(result.record) if result.record else None,
        answers=[
            ServerAnswerBody(server=a.server, name=a.name, type=a.type, values=list(a.values), failure=a.failure)
            for a in result.answers
        ],
    )


@routes.get("/{slug}/dns/", gate=inside(Permission.DOMAIN_SEE), answers={200: DnsBody}, name="getDns", tagged=True)
def show(request: Asked) -> object:
    """What the last check found, explained.

    In English or French, as `Accept-Language` says. `fetch/` checks anew.
    """
    view = domain_checks.show(request.auth, request.entered.domain, language_of(request))
    return DnsBody(
        status=DomainState(view.status),
        checked_at=moment_or_none(view.checked_at),
        next_check_at=moment_or_none(view.next_check_at),
        failure=view.failure,
        tests=[_test(line) for line in view.tests],
        expected_config=[_record(record) for record in view.expected_records],
    )


@routes.get("/{slug}/dns/link/", gate=inside(Permission.DOMAIN_SEE), answers={200: LinkBody}, name="getDnsLink")
def link(request: Asked) -> object:
    """A link to the same for whoever looks after the domain's DNS, without an account here."""
    url = dns_pages.link(request.auth, request.origin, request.entered.domain)
    return LinkBody(url=f"{base_of(request)}{url}" if url.startswith("/") else url)


@routes.get(
    "/{slug}/dns/zone/", gate=inside(Permission.DOMAIN_SEE), answers={200: str}, name="getZone", media="text/plain"
)
def zone(request: Asked) -> object:
    """The records that are wanted, as a zone file."""
    text = dns_pages.export(request.auth, request.entered.domain)
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{request.entered.domain}.zone"'
    return response
