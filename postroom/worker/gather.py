"""What the mail servers know and Postroom shows: fetched every so often, and forgotten when it is old."""

import logging
from collections.abc import Callable, Iterator
from typing import Protocol, runtime_checkable

from postroom import drivers
from postroom.drivers.contract import DriverError
from postroom.store import jobs, sent, sign_ins
from postroom.store.models import Job, Platform
from postroom.worker.spreading import LEASE

log = logging.getLogger("postroom.worker")

SignIns = dict[str, dict[str, int]]


@runtime_checkable
class TellsSignIns(Protocol):
    """A driver that can say who has signed in."""

    def sign_ins(self, keep: Callable[[SignIns], None]) -> int:
        """Hands what is new to `keep` (login → service → milliseconds) and forgets it; how much there was."""


def gather_sign_ins(job: Job, now: Callable[[], int]) -> bool:
    """A platform that does not answer is asked again next time; the others are asked all the same."""
    for platform in _that_tell():
        try:
            platform.sign_ins(sign_ins.keep)
        except DriverError as failure:
            log.warning("sign-ins: %s", failure.reason)
        jobs.keep_progress(job, 0, now() + LEASE)
    return True


def _that_tell() -> Iterator[TellsSignIns]:
    for name, driver, settings in Platform.objects.order_by("id").values_list("name", "driver", "settings"):
        try:
            made = drivers.make(driver, settings)
        except DriverError as failure:
            log.warning("sign-ins of platform %s: %s", name, failure.reason)
            continue
        if isinstance(made, TellsSignIns):
            yield made


def forget_sent(job: Job, now: Callable[[], int]) -> bool:
    """Delete from `mail_sent` what counts no more, a quarter hour at a time."""
    while sent.forget_a_slot(now() / 1000) is not None:
        jobs.keep_progress(job, 0, now() + LEASE)
    return True
