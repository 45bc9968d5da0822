"""Work that is no single row's: changes that many rows feel, and what is done every so often."""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db.models import F, QuerySet

from postroom.core.lifecycle import MailboxState
from postroom.store import jobs
from postroom.store.models import Context, Domain, Job, Mailbox, SignInAttempt, Token, Tombstone
from postroom.worker import drift
from postroom.worker.reconcile import wait_after

log = logging.getLogger("postroom.worker")

LEASE = 300_000
_BATCH = 1000
_MINUTE, _DAY = 60_000, 86_400_000


def _spread(job: Job, mailboxes: QuerySet[Mailbox], now: Callable[[], int]) -> bool:
    """Mark mailboxes due, a batch at a time; False when the job was asked for anew and must begin again."""
    settled = mailboxes.filter(deleted_at=None).exclude(status=MailboxState.PENDING)
    while True:
        ids = list(settled.filter(id__gt=job.progress).order_by("id").values_list("id", flat=True)[:_BATCH])
        if not ids:
            return True
        Mailbox.objects.filter(id__in=ids).update(generation=F("generation") + 1, due_at=now())
        job.progress = ids[-1]
        if not jobs.keep_progress(job, job.progress, now() + LEASE):
            return False


def spread_domain(job: Job, now: Callable[[], int]) -> bool:
    return _spread(job, Mailbox.objects.filter(domain_id=int(job.key)), now)


def spread_company(job: Job, now: Callable[[], int]) -> bool:
    if job.progress == 0:
        living = Domain.objects.filter(company_id=int(job.key), deleted_at=None)
        living.update(generation=F("generation") + 1, due_at=now())
    return _spread(job, Mailbox.objects.filter(domain__company_id=int(job.key)), now)


def purge(job: Job, now: Callable[[], int]) -> bool:
    """Remove what can no longer be restored or used. History stays."""
    over = now() - settings.RESTORE_DAYS * _DAY
    for ids in _deleted_before(over, "mailbox"):
        Mailbox.objects.filter(id__in=ids, deleted_at__isnull=False, due_at=None).delete()
        _forget(Mailbox, "mailbox", ids)
    for ids in _deleted_before(over, "domain"):
        # Mailboxes that are still due keep their domain: the platform has not removed them yet.
        gone = Domain.objects.filter(id__in=ids, deleted_at__isnull=False, due_at=None, mailboxes=None)
        contexts = list(gone.values_list("context_id", flat=True))
        gone.delete()
        Context.objects.filter(id__in=contexts, domains=None).delete()
        _forget(Domain, "domain", ids)
    Token.objects.filter(expires_at__lt=now()).delete()
    SignInAttempt.objects.filter(last_at__lt=now() - _DAY).delete()
    return True


def _deleted_before(over: int, kind: str) -> Iterator[list[int]]:
    """Batches of ids."""
    last = 0
    while True:
        stones = Tombstone.objects.filter(kind=kind, deleted_at__lt=over, id__gt=last).order_by("id")
        batch = list(stones.values_list("id", "object_id")[:_BATCH])
        if not batch:
            return
        yield [object_id for _, object_id in batch]
        last = batch[-1][0]


def _forget(model: type[Mailbox] | type[Domain], kind: str, ids: list[int]) -> None:
    """Those of them that are gone need no tombstone."""
    present = set(model.objects.filter(id__in=ids).values_list("id", flat=True))
    Tombstone.objects.filter(kind=kind, object_id__in=set(ids) - present).delete()


def compare(job: Job, now: Callable[[], int]) -> bool:
    """The nightly pass: what hands have changed on the platforms is mended, and told in the log."""
    for line in drift.mend(now()):
        log.warning("drift: %s", line)
    return True


@dataclass(frozen=True, slots=True)
class Kind:
    run: Callable[[Job, Callable[[], int]], bool]
    every: int | None = None
    """Milliseconds; None: when asked for."""


KINDS: Mapping[str, Kind] = {
    "spread_domain": Kind(spread_domain),
    "spread_company": Kind(spread_company),
    "purge": Kind(purge, every=60 * _MINUTE),
    "compare": Kind(compare, every=_DAY),
}


def ensure_periodic(now: int) -> None:
    for name, kind in KINDS.items():
        if kind.every is not None:
            Job.objects.get_or_create(kind=name, key="", defaults={"due_at": now + kind.every})


def run_one(now: Callable[[], int]) -> bool:
    """Run the job that is due longest; whether there was one."""
    job = jobs.claim(now(), LEASE)
    if job is None:
        return False
    try:
        kind = KINDS[job.kind]
        finished = kind.run(job, now)
    except Exception as error:
        log.exception("job %s %s", job.kind, job.key)
        jobs.fail(job, f"{type(error).__name__}: {error}", now() + wait_after(job.attempts, 10))
        return True
    if finished:
        jobs.finish(job, again_at=now() + kind.every if kind.every else None)
    else:
        Job.objects.filter(pk=job.pk).update(leased_until=None)
    return True
