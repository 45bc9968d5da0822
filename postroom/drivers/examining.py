"""One look at a domain: what its platform says, once it has repaired what is its own affair."""

import logging

import msgspec

from postroom.core.dns.records import DnsRecord
from postroom.core.dns.report import CheckReport
from postroom.core.records import DomainRecord
from postroom.drivers.contract import Driver, DriverError

log = logging.getLogger("postroom.drivers")


class Examined(msgspec.Struct, frozen=True, kw_only=True):
    report: CheckReport
    wanted: tuple[DnsRecord, ...]
    """What should be in DNS."""


def examine(driver: Driver, record: DomainRecord, ownership: str, *, repair: bool) -> Examined:
    """Three calls of the driver at most. Raises TemporaryFailure, PermanentFailure: then nothing is known."""
    report = driver.check_domain(record, ownership)
    if repair and _is_ours_to_mend(report):
        try:
            report = driver.fix_domain(record, ownership)
        except DriverError as failure:
            log.warning("repair of %s: %s", record.name, failure.reason)
    return Examined(report=report, wanted=tuple(driver.wanted_dns(record, ownership)))


def _is_ours_to_mend(report: CheckReport) -> bool:
    known = [test for test in report.failed_required if test.asked]
    return bool(known) and all(test.internal for test in known)
