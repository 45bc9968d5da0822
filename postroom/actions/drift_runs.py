"""Comparing all mail platforms with what should be: asked for, and how it went. The worker does it every day anyway."""

from typing import Final

import msgspec

from postroom.actions.action import reads, writes
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission, Target
from postroom.store import history, jobs, reach
from postroom.store.models import DriftRun, Job

JOB: Final = "compare"
"""The worker's kind of job; there is one of it."""


class DriftView(msgspec.Struct, frozen=True, kw_only=True):
    started_at: int
    ended_at: int | None
    """None: it is under way, or its worker was killed."""
    found: int
    """Differences: what was missing or different is put right, what nobody knows is only told."""
    lines: list[str]
    """The first of them, in sentences."""
    failure: str
    """Why it did not come to its end."""


class NextDrift(msgspec.Struct, frozen=True, kw_only=True):
    at: int | None
    """When it is compared next; None: no worker has ever run."""
    at_work: bool
    failure: str


@reads(Permission.QUEUE_SEE)
def newest(actor: Actor, limit: int = 10) -> list[DriftView]:
    reach.require(actor, Permission.QUEUE_SEE, Target())
    return [
        DriftView(
            started_at=run.started_at,
            ended_at=run.ended_at,
            found=run.found,
            lines=run.lines,
            failure=run.failure,
        )
        for run in DriftRun.objects.order_by("-id")[:limit]
    ]


@reads(Permission.QUEUE_SEE)
def next_one(actor: Actor, origin: Origin) -> NextDrift:
    reach.require(actor, Permission.QUEUE_SEE, Target())
    job = Job.objects.filter(kind=JOB, key="").first()
    if job is None:
        return NextDrift(at=None, at_work=False, failure="")
    return NextDrift(at=job.due_at, at_work=(job.leased_until or 0) > history.milliseconds(origin), failure=job.failure)


@writes(Permission.QUEUE_CHANGE)
def begin(actor: Actor, origin: Origin) -> None:
    """As soon as a worker has time. Asked for while it is under way, it begins anew afterwards."""
    reach.require(actor, Permission.QUEUE_CHANGE, Target())
    jobs.enqueue(JOB, "", history.milliseconds(origin))
