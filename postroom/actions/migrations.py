"""Mail copied from other people's servers, which OMA calls migration (oma.md section 5.7). The worker does it."""

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

import msgspec
from django.conf import settings
from django.db.models import QuerySet

from postroom.actions.action import reads, writes
from postroom.core import signed_links
from postroom.core.errors import BadRequest, JobExists, NotFound, OutOfReach, TryAgain, UserNotFound
from postroom.core.records import Origin
from postroom.core.roles import GRANTS, Actor, Permission, allows
from postroom.core.sealing import seal
from postroom.core.signed_links import Link
from postroom.store import copying, history, reach, rows
from postroom.store.models import Copy, CopyFolder, CopyJob, CopyLine

TRACE: Final = "migrationtrace"
_MOST_USERS = 1000


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """A mailbox elsewhere, and the account here to fill from it. Checked for form by who made it."""

    local: str
    method: str
    host: str
    port: int
    login: str
    password: str
    skip: list[str] = []
    translate: dict[str, str] = {}

    def __repr__(self) -> str:
        """Without the password."""
        return f"Wish({self.local}, {self.method}, {self.host}:{self.port}, {self.login})"


class FolderState(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    delimiter: str
    next_key: str
    remote_count: int
    migrated: int
    skipped: int
    failed: int
    retried_once: int
    retried_twice: int
    bytes: int
    broken: str


class CopyState(msgspec.Struct, frozen=True, kw_only=True):
    address: str
    state: str
    """waiting, running, done or failed."""
    failure: str
    method: str
    host: str
    port: int
    login: str
    folders: list[FolderState]


class JobState(msgspec.Struct, frozen=True, kw_only=True):
    bytes_per_second: float
    copies: list[CopyState]


@writes(Permission.MIGRATION_CHANGE)
def add(actor: Actor, origin: Origin, name: str | None, wishes: Sequence[Wish]) -> str:
    """The job's name. Raises JobExists, UserNotFound, OutOfReach, BadRequest; all or nothing."""
    _check_list(wishes)
    now = history.milliseconds(origin)
    jobs = CopyJob.objects.filter(requester_id=actor.mailbox_id or 0)
    # Everybody's mailboxes in one order, so that two requests do not hold each other up.
    found = {w.local: _mailbox(actor, w.local) for w in sorted(wishes, key=lambda w: w.local)}
    if name is None:
        name = _free_name(jobs, now)
    elif jobs.filter(name=name).exists():
        raise JobExists(f"there is a job {name}; status and trace tell how it went")
    job = CopyJob.objects.create(
        name=name, requester_id=actor.mailbox_id or 0, requester=actor.name, created_at=now
    )  # fmt: skip
    for wish in wishes:
        row = found[wish.local]
        copy = Copy.objects.create(
            job=job, mailbox_id=row.id, address=row.address, method=wish.method, host=wish.host, port=wish.port,
            login=wish.login, secret=seal(wish.password, settings.SECRET_KEY, copying.PURPOSE), skip=wish.skip,
            translate=wish.translate, state="waiting", due_at=now,
        )  # fmt: skip
        copying.replace_failing(copy, now)
        told = {"job": name, "from": f"{wish.login} on {wish.host}:{wish.port}", "method": wish.method}
        history.note(row, actor.name, origin, "migration added", {"migration": [None, told]})
        rows.save(row)
    return name


def _check_list(wishes: Sequence[Wish]) -> None:
    if not wishes:
        raise BadRequest(hints={"users": "is required: at least one user"})
    if len(wishes) > _MOST_USERS:
        raise BadRequest(hints={"users": f"are more than {_MOST_USERS}; make several jobs of them"})
    twice = {w.local for w in wishes if sum(other.local == w.local for other in wishes) > 1}
    if twice:
        raise BadRequest(hints={"users": f"{min(twice)} is there twice; use a job for each mailbox to copy from"})


def _mailbox(actor: Actor, address: str) -> rows.MailboxRow:
    try:
        row = reach.mailbox(actor, address, Permission.MIGRATION_CHANGE, lock=True)
    except NotFound:
        raise UserNotFound(address[:254]) from None
    if row.type != "mailbox":
        raise BadRequest(hints={"local": f"{row.address} is a {row.type} account and keeps no mail"})
    return row


def _free_name(jobs: QuerySet[CopyJob], now: int) -> str:
    """Milliseconds since 1970, as the vendor's jobs are named."""
    while jobs.filter(name=str(now)).exists():
        now += 1
    return str(now)


@reads(Permission.MIGRATION_CHANGE)
def jobs(actor: Actor) -> list[tuple[str, int]]:
    """(name, time) of the asker's own jobs."""
    _require_role(actor)
    own = CopyJob.objects.filter(requester_id=actor.mailbox_id or 0)
    return list(own.order_by("created_at", "id").values_list("name", "created_at"))


def _require_role(actor: Actor) -> None:
    """Those who may copy nobody's mail have no jobs; they are told so."""
    if not any(grant.role in GRANTS[Permission.MIGRATION_CHANGE] for grant in actor.grants):
        raise OutOfReach


def _job(actor: Actor, name: str) -> CopyJob:
    _require_role(actor)
    job = CopyJob.objects.filter(requester_id=actor.mailbox_id or 0, name=name).first()
    if job is None:
        raise NotFound
    return job


@reads(Permission.MIGRATION_CHANGE)
def status(actor: Actor, name: str) -> JobState:
    """How far each mailbox is; of those that are still within the asker's reach."""
    job = _job(actor, name)
    copied, worked = copying.bytes_and_milliseconds(job)
    copies = job.copies.order_by("id").prefetch_related("folders")
    return JobState(
        bytes_per_second=copied * 1000 / worked if worked else 0.0,
        copies=[_told(copy) for copy in copies if _within_reach(actor, copy)],
    )


def _within_reach(actor: Actor, copy: Copy) -> bool:
    row = rows.mailbox_by_id(copy.mailbox_id)
    return row is not None and allows(actor, Permission.MIGRATION_CHANGE, row.target)


def _told(copy: Copy) -> CopyState:
    folders = sorted(copy.folders.all(), key=lambda folder: folder.pk)
    return CopyState(
        address=copy.address, state=copy.state, failure=copy.failure, method=copy.method, host=copy.host,
        port=copy.port, login=copy.login, folders=[_folder(folder, copy) for folder in folders],
    )  # fmt: skip


def _folder(folder: CopyFolder, copy: Copy) -> FolderState:
    if copy.method.startswith("imap"):
        next_key = str(int(folder.last_key or 0) + 1)
    else:
        next_key = str(folder.migrated + folder.skipped + folder.failed + 1)
    return FolderState(
        name=folder.name, delimiter=folder.delimiter, next_key=next_key, remote_count=folder.remote_count,
        migrated=folder.migrated, skipped=folder.skipped, failed=folder.failed, retried_once=folder.retried_once,
        retried_twice=folder.retried_twice, bytes=folder.bytes, broken=folder.broken,
    )  # fmt: skip


@reads(Permission.MIGRATION_CHANGE)
def trace_link(actor: Actor, origin: Origin, name: str, address: str) -> Link:
    """To what happened while a user's mail was copied. Raises NotFound, TryAgain where it has not begun."""
    copy = _copy(actor, name, address)
    if not CopyLine.objects.filter(copy=copy).exists():
        raise TryAgain("the migration of this user has not started")
    id, expires = f"{address}:{name}", history.milliseconds(origin) // 1000 + signed_links.LIFETIME
    token = signed_links.token(settings.SECRET_KEY, TRACE, id, actor.name, expires)
    return Link(type=TRACE, id=id, user=actor.name, expires=expires, token=token)


def _copy(actor: Actor, name: str, address: str) -> Copy:
    copy = _job(actor, name).copies.filter(address=address).first()
    if copy is None:
        raise NotFound
    if not _within_reach(actor, copy):
        raise OutOfReach
    return copy


@reads()
def trace(link: Link) -> Iterator[str]:
    """The lines of the file. Raises OutOfReach for a wrong or old link, NotFound where the job is gone."""
    expected = signed_links.token(settings.SECRET_KEY, TRACE, link.id, link.user, link.expires)
    if not signed_links.is_good(link.token, expected, link.expires, int(time.time())):
        raise OutOfReach
    address, _, name = link.id.partition(":")
    copy = Copy.objects.filter(job__requester=link.user, job__name=name, address=address).order_by("-id").first()
    if copy is None:
        raise NotFound
    lines = CopyLine.objects.filter(copy=copy).order_by("id").values_list("at", "text")
    return (f"{_when(at)} {text}\n" for at, text in lines)


def _when(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
