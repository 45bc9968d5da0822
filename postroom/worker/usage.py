"""How much mail each mailbox holds, asked of the platforms a page at a time."""

import logging
import time
from collections.abc import Callable, Iterable
from typing import Any

from postroom.actions.settings_change import quota_in_force
from postroom.drivers import contract
from postroom.store import jobs, models, usage
from postroom.store.models import Job, Mailbox, Platform
from postroom.worker.reconcile import driver_of
from postroom.worker.spreading import LEASE

log = logging.getLogger("postroom.worker")

_AT_A_TIME = 2.0  # seconds; then other work has its turn


def gather_usage(job: Job, now: Callable[[], int]) -> bool:
    ask_all(now())
    return True


def ask_all(now: int) -> None:
    """One job for each platform, so that none waits for another. A pass that is still under way goes on."""
    for id in Platform.objects.order_by("id").values_list("id", flat=True):
        Job.objects.get_or_create(kind="platform_usage", key=str(id), defaults={"due_at": now})


def platform_usage(job: Job, now: Callable[[], int]) -> bool:
    """When the platform does not answer, what it said last stays until the next pass."""
    began = time.monotonic()
    platform_id = int(job.key)
    while page := _page(platform_id, job.progress):
        try:
            _gather(platform_id, page, now())
        except contract.DriverError as failure:
            log.warning("usage: %s", failure.reason)
            return True
        job.progress = page[-1][0]
        if not jobs.keep_progress(job, job.progress, now() + LEASE):
            return False
        if time.monotonic() - began > _AT_A_TIME:
            # Behind everything else that is due; the next run goes on from here.
            Job.objects.filter(pk=job.pk, due_at=job.due_at).update(due_at=now())
            return False
    return True


def _page(platform_id: int, after: int) -> list[Any]:
    """(id, address, type, its settings, its domain's settings). Those that only forward hold no mail."""
    there = Mailbox.objects.filter(id__gt=after, deleted_at=None, domain__platform_id=platform_id)
    found = there.exclude(applied_name="").exclude(type="forward").order_by("id")
    return list(found.values_list("id", "address", "type", "settings", "domain__settings")[: contract.USAGE_PAGE])


def _gather(platform_id: int, page: list[Any], now: int) -> None:
    mail = driver_of(platform_id).stored_mail
    if mail is not None:
        usage.keep(_rows(page, mail.usage([address for _, address, *_ in page]), now))


def _rows(page: Iterable[Any], told: dict[str, contract.MailUsage], now: int) -> list[models.MailUsage]:
    return [
        models.MailUsage(
            mailbox_id=id,
            bytes=told[address].bytes,
            messages=told[address].messages,
            full=0 < quota_in_force(type, own, of_domain) <= told[address].bytes,
            at=now,
        )
        for id, address, type, own, of_domain in page
        if address in told
    ]
