"""Work that is not a row's own, enqueued in the caller's transaction (docs/decisions/003-one-queue.md)."""

from django.db.models import F, Q

from postroom.store.models import Job
from postroom.store.sql import execute

# One row a (kind, key): asking twice is asking once. The progress starts anew, since there is new news to spread.
# A run under way notices by the changed due_at, so that must change even within one millisecond.
_ENQUEUE = (
    'INSERT INTO "store_job" ("kind", "key", "due_at", "attempts", "failure", "progress") '
    "VALUES (%s, %s, %s, 0, %s, 0) "
    'ON CONFLICT ("kind", "key") DO UPDATE SET "progress" = 0, "due_at" = '
    'CASE WHEN excluded."due_at" = "store_job"."due_at" THEN excluded."due_at" + 1 ELSE excluded."due_at" END'
)


def enqueue(kind: str, key: str, due_at: int) -> None:
    execute(_ENQUEUE, (kind, key, due_at, ""))


def claim(now: int, lease: int) -> Job | None:
    """The job that has waited longest, held for `lease` milliseconds. A killed worker's job comes back after that."""
    free = Q(due_at__lte=now) & (Q(leased_until=None) | Q(leased_until__lt=now))
    for job in Job.objects.filter(free).order_by("due_at")[:5]:
        if Job.objects.filter(free, pk=job.pk).update(leased_until=now + lease):
            return Job.objects.get(pk=job.pk)
    return None


def finish(job: Job, *, again_at: int | None = None) -> None:
    """Done; periodic jobs say when again. A job that was asked for anew meanwhile stays."""
    claimed = Job.objects.filter(pk=job.pk, due_at=job.due_at)
    if again_at is not None:
        claimed.update(due_at=again_at, leased_until=None, attempts=0, failure="", progress=0)
    else:
        claimed.delete()
    Job.objects.filter(pk=job.pk).update(leased_until=None)


def keep_progress(job: Job, progress: int, lease_until: int) -> bool:
    """False when the job was asked for anew: its progress was set back and this run should stop."""
    return bool(Job.objects.filter(pk=job.pk, due_at=job.due_at).update(progress=progress, leased_until=lease_until))


def pause(job: Job, progress: int, until: int) -> bool:
    """Go on with the rest later, so that other jobs have their turn. False when it was asked for anew."""
    paused = bool(Job.objects.filter(pk=job.pk, due_at=job.due_at).update(progress=progress, due_at=until))
    if paused:
        job.progress, job.due_at = progress, until
    return paused


def fail(job: Job, reason: str, again_at: int) -> None:
    """Try again at `again_at`, or at once if it was asked for anew meanwhile."""
    Job.objects.filter(pk=job.pk, due_at=job.due_at).update(due_at=again_at)
    Job.objects.filter(pk=job.pk).update(leased_until=None, attempts=F("attempts") + 1, failure=reason[:1000])
