"""Domains of dimail: made, removed, tested; and what they want in DNS."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from postroom.core.dns.findings import UNASKED
from postroom.core.dns.records import DnsRecord
from postroom.core.dns.report import CheckReport, CheckResult, failed
from postroom.core.records import DomainRecord
from postroom.drivers.contract import CALL_LIMIT, LeftThere, PermanentFailure
from postroom.drivers.dimail import mailboxes
from postroom.drivers.dimail.standing import is_there, require
from postroom.drivers.dimail.wire import Guard, NoRight, Reply, Request, Talk

FEATURES: Final = ("webmail", "mailbox", "alias")
_INTERNAL: Final = frozenset({"postfix", "ox", "ox_cluster", "cert", "webmail_ok"})
_UNCHECKED: Final = UNASKED | {"no_test"}
_PREFERENCE: Final = 10


class _Error(msgspec.Struct, frozen=True):
    code: str = ""
    detail: str = ""


class _Test(msgspec.Struct, frozen=True):
    ok: bool
    internal: bool | None = None
    errors: tuple[_Error, ...] = ()


class _Spec(msgspec.Struct, frozen=True):
    target: str
    type: str
    value: str


def put(talk: Talk, record: DomainRecord, was: str | None) -> None:
    """What is in a domain's settings is dimail's own affair: there is nothing to change once it is there."""
    if record.aliases:
        names = ", ".join(record.aliases)
        raise PermanentFailure(f"dimail knows no other names of a domain; {record.name} has {names}")
    if is_there(talk, record.name):
        return
    if was and was != record.name and is_there(talk, was):
        raise PermanentFailure(f"dimail cannot give {was} the new name {record.name}")
    _create(talk, record.name, record.context_name or record.name)


def _create(talk: Talk, name: str, context: str) -> None:
    body = {"name": name, "features": FEATURES, "context_name": context, "delivery": "virtual"}
    reply = talk.ask(Request(method="POST", path=("domains", ""), body=body, guard=Guard.BASIC))
    if reply.status in (200, 201):
        require(reply, name)
    elif reply.status == 500:
        raise reply.failure()
    elif reply.status != 409 or not is_there(talk, name):
        raise reply.refusal()


def remove(talk: Talk, name: str) -> None:
    if not is_there(talk, name):
        return
    if mailboxes.listed(talk, name):
        raise PermanentFailure(f"{name} still has mailboxes on dimail")
    try:
        reply = talk.ask(Request(method="DELETE", path=("domains", name), guard=Guard.BASIC))
    except NoRight:
        raise _for_others(name) from None
    if reply.status in (405, 501):
        raise _for_others(name)
    reply.require_removed()


def _for_others(name: str) -> LeftThere:
    """An account needs more than to have made a domain to remove it there, and some versions do not remove any."""
    return LeftThere(f"{name} is empty there; whoever runs this dimail has to remove it")


def check(talk: Talk, name: str) -> CheckReport | None:
    """None where dimail does not know the domain."""
    return _report(talk, name, ("check",))


def fix(talk: Talk, name: str) -> CheckReport | None:
    return _report(talk, name, ("fix", ""))


def _report(talk: Talk, name: str, verb: tuple[str, ...]) -> CheckReport | None:
    path = ("domains", name, *verb)
    reply = talk.ask(Request(method="GET", path=path, guard=Guard.BASIC, patience=CALL_LIMIT))
    if reply.status == 404:
        return None
    if reply.status != 200:
        raise reply.refusal()
    require(reply, name)
    tests = tuple(_results(reply))
    if not tests:
        raise reply.unreadable()  # it must not pass for a domain that is in order
    return CheckReport(domain=name, tests=tests)


def _results(reply: Reply) -> Iterator[CheckResult]:
    """Whatever tests there are, also those that dimail gets tomorrow."""
    for name, value in reply.read(dict[str, Any]).items():
        if isinstance(value, dict) and "ok" in value:
            yield _result(reply, name, value)


def _result(reply: Reply, name: str, value: Mapping[str, Any]) -> CheckResult:
    try:
        test = msgspec.convert(value, _Test, strict=False)
    except msgspec.ValidationError:
        raise reply.unreadable() from None
    internal = name in _INTERNAL if test.internal is None else test.internal
    if test.ok:
        return CheckResult(name=name, ok=True, internal=internal)
    code = next((error.code for error in test.errors if error.code), f"wrong_{name}")
    told = " ".join(error.detail for error in test.errors if error.detail)
    return CheckResult(
        name=name, ok=False, internal=internal, code=code, asked=code not in _UNCHECKED,
        detail=told or f"dimail says that the test {name} failed, and no more",
    )  # fmt: skip


def missing(name: str) -> CheckReport:
    return CheckReport(domain=name, tests=(failed("postfix", "no_domain", {"domain": name}, internal=True),))


def wanted(talk: Talk, name: str) -> list[DnsRecord]:
    """Empty where dimail does not know the domain yet."""
    reply = talk.ask(Request(method="GET", path=("domains", name, "spec", ""), guard=Guard.BASIC))
    if reply.status == 404:
        return []
    if reply.status != 200:
        raise reply.refusal()
    return [_record(spec) for spec in reply.read(list[_Spec])]


def _record(spec: _Spec) -> DnsRecord:
    kind, value = spec.type.lower(), spec.value.strip()
    if kind in ("mx", "cname") and not value.endswith("."):
        value = f"{value}."
    if kind == "mx" and " " not in value:
        value = f"{_PREFERENCE} {value}"
    return DnsRecord(target=spec.target, type=kind, value=value)
