"""Domains (specs/dimail.md 3.1, 4.4, 5, 6)."""

from enum import StrEnum
from typing import Any, Final, Literal

import msgspec
from pydantic import BaseModel

from postroom.actions import dimail_domains
from postroom.actions.dimail_domains import DomainChange, DomainView, DomainWish
from postroom.core.lifecycle import DomainState
from postroom.faces.dimail import domain_tests
from postroom.faces.dimail.domain_tests import SpecLine, TestResult
from postroom.faces.dimail.errors import DENIED, NO_DOMAIN, Refusal
from postroom.faces.dimail.fields import ContextName, DomainName, Host, Hosts
from postroom.faces.dimail.guards import shown
from postroom.faces.dimail.route import Call, Guard, Route


class Feature(StrEnum):
    webmail = "webmail"
    mailbox = "mailbox"
    alias = "alias"


class Delivery(StrEnum):
    virtual = "virtual"
    relay = "relay"
    alias = "alias"


class Names(BaseModel):
    webmail_domain: Host | None = None
    mailbox_domain: Host | None = None
    imap_domain: Host | None = None
    smtp_domain: Host | None = None
    imap_domains: Hosts | None = None
    smtp_domains: Hosts | None = None

    @property
    def given(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in dimail_domains.NAMES if name in self.model_fields_set}


class NewDomain(Names):
    name: DomainName
    features: list[Feature]
    context_name: ContextName | None
    delivery: Delivery = Delivery.virtual
    transport: Host | None = None


class DomainPatch(Names):
    features: list[Feature] | None = None
    context_name: ContextName | None = None
    delivery: Delivery | None = None
    transport: Host | None = None


State = Literal["new", "ok", "broken"]
"""new: never checked."""


class DomainAnswer(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    state: State
    valid: bool
    active: bool
    delivery: str
    features: list[str]
    context_name: str | None
    webmail: None = None
    webmail_domain: str | None
    mailbox_domain: str | None
    imap_domain: str | None
    smtp_domain: str | None
    imap_domains: list[str] | None
    smtp_domains: list[str] | None
    transport: str | None
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


def _answer(view: DomainView, call: Call) -> DomainAnswer:
    state: State = "new"
    tests = domain_tests.unchecked()
    if view.results:
        tests = domain_tests.told(view.results, view.name, call.language)
        state = "ok" if all(test.ok for test in tests.values()) else "broken"
    rest: dict[str, Any] = {name: view.names.get(name) for name in dimail_domains.NAMES}
    return DomainAnswer(
        name=view.name,
        state=state,
        valid=state == "ok",
        active=view.status != DomainState.DISABLED,
        delivery=view.delivery,
        features=list(view.features),
        context_name=view.context_name,
        transport=view.transport,
        **{**rest, **tests},
    )


def listed(call: Call) -> list[DomainAnswer]:
    """The domains of dimail's company, and those that the account was allowed."""
    return [_answer(view, call) for view in dimail_domains.listed(call.caller)]


def create(call: Call) -> DomainAnswer:
    """Makes a domain. It serves mail once a check finds nothing wrong."""
    sent: NewDomain = call.body
    if Feature.webmail in sent.features and not sent.context_name:
        raise Refusal(409, _NO_CONTEXT)
    _check_delivery(sent.delivery)
    wish = DomainWish(
        name=sent.name,
        features=sent.features,
        context_name=sent.context_name,
        delivery=sent.delivery,
        transport=sent.transport,
        names=sent.given,
    )
    return _answer(dimail_domains.create(call.caller, call.origin, wish), call)


_NO_CONTEXT: Final = "OX context name is mandatory for mailbox feature"


def _check_delivery(delivery: Delivery | None) -> None:
    if delivery is Delivery.relay and not dimail_domains.relays():
        told = "relay is not offered: these mail servers hand no whole domain on to another host"
        raise Refusal(422, [{"type": "value_error", "loc": ["body", "delivery"], "msg": told, "input": "relay"}])


def show(call: Call) -> DomainAnswer:
    """A domain, with what the last check found."""
    shown(call)
    return _answer(dimail_domains.show(call.caller), call)


def change(call: Call) -> DomainAnswer:
    """Changes what is said of a domain."""
    sent: DomainPatch = call.body
    _require(call)
    given = sent.model_fields_set
    _check_delivery(sent.delivery)
    view = dimail_domains.show(call.caller)
    features = view.features if sent.features is None else sent.features
    context = sent.context_name if "context_name" in given else view.context_name
    if Feature.webmail in features and not context:
        raise Refusal(409, _NO_CONTEXT)
    wish = DomainChange(
        features=sent.features,
        context_name=context,
        delivery=sent.delivery,
        transport=sent.transport if "transport" in given else msgspec.UNSET,
        names=sent.given,
    )
    return _answer(dimail_domains.change(call.caller, call.origin, wish), call)


def delete(call: Call) -> None:
    """Removes a domain with its mailboxes and aliases."""
    _require(call)
    dimail_domains.remove(call.caller, call.origin)


def _require(call: Call) -> None:
    """Of an administrator: the domain is there, and of dimail's company."""
    if call.domain is None:
        raise Refusal(404, NO_DOMAIN)
    if not call.caller.manages:
        raise Refusal(403, DENIED)


def check(call: Call) -> DomainAnswer:
    """Asks DNS and the mail servers now."""
    shown(call)
    return _answer(dimail_domains.check(call.caller, call.origin), call)


def fix(call: Call) -> DomainAnswer:
    """Has the mail servers mend what is their own affair, and asks again."""
    shown(call)
    return _answer(dimail_domains.check(call.caller, call.origin, repair=True), call)


def spec(call: Call) -> list[SpecLine]:
    """The records that DNS should have."""
    shown(call)
    view, records = dimail_domains.wanted_dns(call.caller)
    return domain_tests.spec(records, view.features)


_ALL, _ONE = "/domains", "/domains/{domain}"
_ASKING = (404, 422)  # the platform may refuse
ROUTES = (
    Route("GET", _ALL, Guard.ADMIN, listed, answer=list[DomainAnswer], section="4.4"),
    Route("POST", _ALL, Guard.NEW_DOMAIN, create, DomainAnswer, NewDomain, 201, fails=(409,), section="4.4"),
    Route("GET", _ONE, Guard.BEARER, show, answer=DomainAnswer, fails=(401, 404), section="4.4"),
    Route("PATCH", _ONE, Guard.ADMIN, change, DomainAnswer, DomainPatch, fails=(404, 409), section="4.4"),
    Route("DELETE", _ONE, Guard.ADMIN, delete, status=204, fails=(404, 422), section="4.4"),
    Route("GET", f"{_ONE}/check", Guard.USER, check, answer=DomainAnswer, fails=_ASKING, section="4.4, 5"),
    Route("GET", f"{_ONE}/fix", Guard.USER, fix, answer=DomainAnswer, fails=_ASKING, section="4.4, 5.5"),
    Route("GET", f"{_ONE}/spec", Guard.USER, spec, answer=list[SpecLine], fails=_ASKING, section="4.4, 6"),
)
