"""Is a domain as these servers need it? Its DNS by the doctor, and what Postfix and Rspamd know of it."""

from typing import Final

from redis import Redis, RedisError

from postroom.core.dns.expectations import Expectations, in_use, signing_of
from postroom.core.dns.report import CheckReport, CheckResult, failed, passed
from postroom.core.records import DomainRecord
from postroom.drivers.contract import TemporaryFailure
from postroom.drivers.dns import doctor
from postroom.drivers.dns.where import DnsSettings
from postroom.drivers.mailstack import audit, keys

_SECONDS: Final = 4.0  # for Postfix; DNS and Redis have their own


def expectations(hostname: str, settings: DnsSettings, record: DomainRecord, ownership: str) -> Expectations:
    host = hostname.rstrip(".").lower()
    selector, key = signing_of(record.settings)
    return Expectations(
        domain=record.name, aliases=record.aliases, ownership=ownership, selector=selector, key=key,
        mx=tuple(settings.mx) or (host,), spf=settings.spf or f"a:{host}",
        cnames=in_use(settings.cnames, record.settings), hints=settings.autoconfig,
    )  # fmt: skip


def check(facts: audit.Facts, redis: Redis, settings: DnsSettings, record: DomainRecord, ownership: str) -> CheckReport:
    expected = expectations(facts.hostname, settings, record, ownership)
    found = doctor.examine(expected, settings)
    return CheckReport(domain=record.name, tests=(*found, _postfix(facts, record), _signing(redis, record)))


def _postfix(facts: audit.Facts, record: DomainRecord) -> CheckResult:
    parameters = {"domain": record.name}
    try:
        known = audit.takes_mail(facts, [record.name], seconds=_SECONDS)
    except TemporaryFailure:
        return failed("postfix", "platform_silent", parameters, internal=True)
    if record.name in known:
        return passed("postfix", internal=True)
    return failed("postfix", "no_domain", parameters, internal=True)


def _signing(redis: Redis, record: DomainRecord) -> CheckResult:
    parameters = {"domain": record.name}
    try:
        is_right = not any(audit.signing(redis, record))
    except RedisError:
        return failed("signing", "platform_silent", parameters, internal=True)
    return passed("signing", internal=True) if is_right else failed("signing", "wrong_key", parameters, internal=True)


def repair(redis: Redis, record: DomainRecord) -> None:
    """Postfix reads the tables that we write ourselves: there is nothing that could be told to it."""
    keys.put_domain(redis, record)
