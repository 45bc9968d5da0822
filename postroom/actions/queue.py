"""The work to be done for mail platforms, and Postroom's own: what waits, what failed and why, try again now.

The rows themselves are the queue (docs/architecture.md, "the life of a change"): nothing can be lost or doubled here.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from django.db.models import Min, QuerySet

from postroom.actions.action import reads, writes
from postroom.core.address import fold
from postroom.core.errors import BadRequest, NotFound, WrongState
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission, Target
from postroom.store import due, history, outgoing, queued, reach
from postroom.store.models import Domain, Job, Mailbox, OutgoingMail

MOST: Final = queued.MOST
"""Of what there is more, so many are told to be there, or tried again at once."""

DOMAIN: Final = "domain"
MAILBOX: Final = "mailbox"
_MODELS: Final[Mapping[str, tuple[due.Reconciled, str, str]]] = {
    DOMAIN: (Domain, "name", "platform__name"),
    MAILBOX: (Mailbox, "address", "domain__platform__name"),
}


class QueueNumbers(msgspec.Struct, frozen=True, kw_only=True):
    """None of them is above MOST."""

    domains: int
    """Whose platform is still to be told, and has not refused them."""
    mailboxes: int
    failing: int
    """Domains and mailboxes whose platform did not take them when it was asked last."""
    jobs: int
    failing_jobs: int
    mails: int
    """Our own, on their way out."""
    held_mails: int
    """There is no server to send them."""
    oldest: int | None
    """Since when the domain or mailbox that has waited longest should have been told."""


class QueueQuery(msgspec.Struct, frozen=True, kw_only=True):
    kind: str
    """domain or mailbox."""
    q: str = ""
    """Part of the name."""
    failed: bool = False
    """Only what its platform did not take when it was asked last."""


class WaitingRow(msgspec.Struct, frozen=True, kw_only=True):
    kind: str
    """domain or mailbox."""
    id: int
    name: str
    platform: str
    deleted: bool
    """The platform is to forget it."""
    due_at: int
    attempts: int
    """Failures in a row."""
    failure: str
    at_work: bool


class WaitingJob(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    kind: str
    key: str
    """What it is about: mostly a number; empty for periodic ones."""
    due_at: int
    attempts: int
    failure: str
    progress: int
    at_work: bool


def _rows(model: due.Reconciled) -> QuerySet[Any, Any]:
    return model.objects.filter(due_at__isnull=False)


@reads(Permission.QUEUE_SEE)
def numbers(actor: Actor, origin: Origin) -> QueueNumbers:
    reach.require(actor, Permission.QUEUE_SEE, Target())
    now = history.milliseconds(origin)
    domains, mailboxes, jobs = _rows(Domain), _rows(Mailbox), Job.objects.filter(due_at__lte=now)
    mails = OutgoingMail.objects.filter(ended_at=None)
    oldest = [found.aggregate(at=Min("due_at"))["at"] for found in (domains, mailboxes)]
    return QueueNumbers(
        domains=queued.number(domains.filter(failure="")),
        mailboxes=queued.number(mailboxes.filter(failure="")),
        failing=sum(queued.number(found.exclude(failure="")) for found in (domains, mailboxes)),
        jobs=queued.number(jobs),
        failing_jobs=queued.number(Job.objects.exclude(failure="")),
        mails=queued.number(mails.filter(status=outgoing.DUE)),
        held_mails=queued.number(mails.filter(status=outgoing.HELD)),
        oldest=min((at for at in oldest if at is not None and at <= now), default=None),
    )


@reads(Permission.QUEUE_SEE)
def waiting(
    actor: Actor, origin: Origin, query: QueueQuery, *, first: int = 0, limit: int = 20
) -> tuple[list[WaitingRow], int]:
    """A page of domains or mailboxes, those first whose turn is next, and how many there are, MOST at most."""
    reach.require(actor, Permission.QUEUE_SEE, Target())
    model, name, platform = _model(query.kind)
    found = _rows(model)
    if query.failed:
        found = found.exclude(failure="")
    if query.q:
        found = found.filter(**{f"{name}__contains": fold(query.q)})
    now = history.milliseconds(origin)
    fields = ("id", name, platform, "deleted_at", "due_at", "attempts", "failure", "leased_until")
    rows = found.order_by("due_at", "id").values_list(*fields)[first : first + limit]
    return [_waiting_row(query.kind, row, now) for row in rows], queued.number(found)


def _waiting_row(kind: str, row: tuple[Any, ...], now: int) -> WaitingRow:
    id, name, platform, deleted_at, due_at, attempts, failure, leased_until = row
    return WaitingRow(
        kind=kind, id=id, name=name, platform=platform, deleted=deleted_at is not None, due_at=due_at,
        attempts=attempts, failure=failure, at_work=(leased_until or 0) > now,
    )  # fmt: skip


def _model(kind: str) -> tuple[due.Reconciled, str, str]:
    if kind not in _MODELS:
        raise BadRequest(hints={"kind": f"must be {' or '.join(_MODELS)}"})
    return _MODELS[kind]


@reads(Permission.QUEUE_SEE)
def jobs(
    actor: Actor, origin: Origin, *, failed: bool = False, first: int = 0, limit: int = 20
) -> tuple[list[WaitingJob], int]:
    """A page of all jobs, periodic ones too, those first whose turn is next, and how many there are, MOST at most."""
    reach.require(actor, Permission.QUEUE_SEE, Target())
    found = Job.objects.exclude(failure="") if failed else Job.objects.all()
    now = history.milliseconds(origin)
    page = [
        WaitingJob(
            id=job.pk, kind=job.kind, key=job.key, due_at=job.due_at, attempts=job.attempts, failure=job.failure,
            progress=job.progress, at_work=(job.leased_until or 0) > now,
        )
        for job in found.order_by("due_at", "id")[first : first + limit]
    ]  # fmt: skip
    return page, queued.number(found)


@writes(Permission.QUEUE_CHANGE)
def retry(actor: Actor, origin: Origin, kind: str, id: int) -> None:
    """Tell the platform of the domain or mailbox now, in place of later. Raises NotFound where nothing waits."""
    reach.require(actor, Permission.QUEUE_CHANGE, Target())
    model, _, _ = _model(kind)
    if not _rows(model).filter(id=id).exists():
        raise NotFound(f"there is nothing to do for the {kind} any more")
    due.hurry(model, id, history.milliseconds(origin))


@writes(Permission.QUEUE_CHANGE)
def retry_all(actor: Actor, origin: Origin, kind: str) -> int:
    """Try all domains or mailboxes again that have failed, MOST at once; how many these are."""
    reach.require(actor, Permission.QUEUE_CHANGE, Target())
    model, _, _ = _model(kind)
    now = history.milliseconds(origin)
    put_off = _rows(model).filter(due_at__gt=now).exclude(failure="").order_by("due_at")
    ids = list(put_off.values_list("id", flat=True)[:MOST])
    return due.hurry_all(model, ids, now)


@writes(Permission.QUEUE_CHANGE)
def retry_job(actor: Actor, origin: Origin, id: int) -> None:
    """Do it now, in place of later. Raises NotFound, WrongState while a worker is at it."""
    reach.require(actor, Permission.QUEUE_CHANGE, Target())
    now = history.milliseconds(origin)
    job = Job.objects.select_for_update().filter(id=id).first()
    if job is None:
        raise NotFound("this work is done")
    if (job.leased_until or 0) > now:
        raise WrongState("a worker is doing this right now")
    Job.objects.filter(id=id, due_at__gt=now).update(due_at=now)
