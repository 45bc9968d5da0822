"""What the plain handlers take and give: dimail's shapes (specs/dimail.md 3, 5) as FastAPI has them."""

from typing import Any

from pydantic import BaseModel

from postroom.core.dns.report import CheckReport
from postroom.faces.cli.bench.dimail_tables import Domain

TESTS = ("domain_exist", "mx", "cname_imap", "cname_smtp", "cname_webmail", "spf", "dkim", "postfix", "ox", "cert",
          "webmail_ok")  # fmt: skip


class Names(BaseModel):
    givenName: str  # noqa: N815 -- dimail's
    surName: str  # noqa: N815
    displayName: str  # noqa: N815


class NewMailbox(BaseModel):
    email: str
    password: str
    uuid: str


class TestError(BaseModel):
    code: str
    detail: str


class TestResult(BaseModel):
    ok: bool
    internal: bool
    errors: list[TestError]


class CheckedDomain(BaseModel):
    name: str
    state: str
    valid: bool
    active: bool
    delivery: str
    features: list[str]
    context_name: str | None
    webmail: None = None
    webmail_domain: str | None = None
    mailbox_domain: str | None = None
    imap_domain: str | None = None
    smtp_domain: str | None = None
    imap_domains: list[str] | None = None
    smtp_domains: list[str] | None = None
    transport: str | None = None
    mx_name: str = "internal"
    public_alias: bool = False
    public_alias_rules: list[str] = []
    domain_exist: TestResult
    mx: TestResult
    cname_imap: TestResult
    cname_smtp: TestResult
    cname_webmail: TestResult
    spf: TestResult
    dkim: TestResult
    postfix: TestResult
    ox: TestResult
    cert: TestResult
    webmail_ok: TestResult


def told(row: Domain, report: CheckReport) -> CheckedDomain:
    failed = {test.name: test for test in report.failed_required}
    internal = {test.name: test.internal for test in report.tests}
    tests: dict[str, Any] = {
        name: TestResult(
            ok=name not in failed,
            internal=internal[name],
            errors=[TestError(code=failed[name].code, detail=failed[name].detail)] if name in failed else [],
        )
        for name in TESTS
    }
    is_right = not any(name in failed for name in TESTS)
    return CheckedDomain(
        name=row.name, state="ok" if is_right else "broken", valid=is_right, active=row.status != "disabled",
        delivery=row.facts.delivery, features=row.facts.features, context_name=row.context.name,
        transport=row.facts.transport, **row.facts.names, **tests,
    )  # fmt: skip
