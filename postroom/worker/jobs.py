"""Work that is no single row's: changes that many rows feel, and what is done every so often."""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.contrib.sessions.models import Session

from postroom.actions import idempotency, oidc_grants
from postroom.store import copying, drift_runs, jobs, links, request_counts
from postroom.store.models import AddressProof, Context, Domain, Job, Mailbox, SignInAttempt, Token, Tombstone
from postroom.worker import (
    bulletins,
    drift,
    ended_claims,
    gather,
    outgoing,
    remote_sync,
    spreading,
    statistics,
    stored_mail,
    table_readers,
    usage,
    waiting_mailboxes,
)
from postroom.worker.reconcile import wait_after

log = logging.getLogger("postroom.worker")

LEASE = spreading.LEASE
_BATCH = 1000
_MINUTE, _DAY = 60_000, 86_400_000
_COPIES_KEPT = 90 * _DAY  # jobs that copied mail: how they went, and where another one would go on


def purge(job: Job, now: Callable[[], int]) -> bool:
    """Remove what can no longer be restored or used. History stays."""
    over = now() - settings.RESTORE_DAYS * _DAY
    for ids in _deleted_before(over, "mailbox"):
        over_for_good = Mailbox.objects.filter(id__in=ids, deleted_at__isnull=False, due_at=None)
        table_readers.erase_mail(over_for_good)
        over_for_good.delete()
        _forget(Mailbox, "mailbox", ids)
    for ids in _deleted_before(over, "domain"):
        # Mailboxes that are still due keep their domain: the platform has not removed them yet.
        gone = Domain.objects.filter(id__in=ids, deleted_at__isnull=False, due_at=None, mailboxes=None)
        contexts = list(gone.values_list("context_id", flat=True))
        gone.delete()
        Context.objects.filter(id__in=contexts, domains=None).delete()
        _forget(Domain, "domain", ids)
    Token.objects.filter(expires_at__lt=now()).delete()
    links.forget_before(now())
    AddressProof.objects.filter(expires_at__lt=now()).delete()
    oidc_grants.forget_old(now())
    SignInAttempt.objects.filter(last_at__lt=now() - _DAY).delete()
    Session.objects.filter(expire_date__lt=datetime.fromtimestamp(now() / 1000, UTC)).delete()
    outgoing.forget_old(now())
    idempotency.forget_before(now() - idempotency.KEPT)
    request_counts.forget_before(now() - _DAY)
    copying.forget_before(now() - _COPIES_KEPT)
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
    """The nightly pass, or asked for: what hands have changed on the platforms is mended, and told in the log."""
    for line in drift_runs.noted(drift.mend(now()), now):
        log.warning("drift: %s", line)
    return True


@dataclass(frozen=True, slots=True)
class Kind:
    run: Callable[[Job, Callable[[], int]], bool]
    every: int | None = None
    """Milliseconds; None: when asked for."""
    at_once: bool = False
    """The first time comes when the worker first starts."""


KINDS: Mapping[str, Kind] = {
    "spread_domain": Kind(spreading.spread_domain),
    "spread_company": Kind(spreading.spread_company),
    "project_company": Kind(spreading.project_company),
    "post_bulletin": Kind(bulletins.post),
    "welcome": Kind(bulletins.welcome),
    "end_mailboxes": Kind(ended_claims.end_mailboxes),
    "count_day": Kind(statistics.count_day),
    "statistics": Kind(statistics.tick, every=15 * _MINUTE, at_once=True),
    "gather_usage": Kind(usage.gather_usage, every=15 * _MINUTE),
    "platform_usage": Kind(usage.platform_usage),
    "sync_remotes": Kind(remote_sync.gather, every=60 * _MINUTE),
    "sync_platform": Kind(remote_sync.sync_platform),
    "put_sieve": Kind(stored_mail.put_sieve),
    "reindex": Kind(stored_mail.reindex),
    "release_waiting": Kind(waiting_mailboxes.release),
    "owed_to_mailboxes": Kind(waiting_mailboxes.look_after, every=_MINUTE),
    "purge": Kind(purge, every=60 * _MINUTE),
    "compare": Kind(compare, every=_DAY),
    "gather_sign_ins": Kind(gather.gather_sign_ins, every=_MINUTE),
    "forget_sent": Kind(gather.forget_sent, every=60 * _MINUTE),
}


def ensure_periodic(now: int) -> None:
    for name, kind in KINDS.items():
        if kind.every is not None:
            first = now if kind.at_once else now + kind.every
            Job.objects.get_or_create(kind=name, key="", defaults={"due_at": first})


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
