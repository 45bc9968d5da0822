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


def examine(driver: Driver, record: DomainRecord, ownership: str, *, repair: bool, insist: bool = False) -> Examined:
    """Three calls of the driver at most. Raises TemporaryFailure, PermanentFailure: then nothing is known.

    `repair`: where nothing else is wrong; with `insist` also while the owner has something to mend.
    """
    report = driver.check_domain(record, ownership)
    if repair and _is_ours_to_mend(report, insist=insist):
        try:
            report = driver.fix_domain(record, ownership)
        except DriverError as failure:
            log.warning("repair of %s: %s", record.name, failure.reason)
    return Examined(report=report, wanted=tuple(driver.wanted_dns(record, ownership)))


def _is_ours_to_mend(report: CheckReport, *, insist: bool) -> bool:
    known = [test for test in report.failed_required if test.asked]
    return any(test.internal for test in known) and (insist or all(test.internal for test in known))
