"""Copies of mail that are to be made: claimed like other due rows, kept up to date message by message."""

from typing import Final

from django.db import transaction
from django.db.models import F, Sum

from postroom.store.models import Copy, CopyFolder, CopyJob, CopyLine, CopySeen
from postroom.store.sql import claiming, execute

LINES_KEPT: Final = 1000
PURPOSE: Final = "passwords of other mail servers"
"""What the sealed secrets are for (core/sealing.py)."""

# Of two that read the same mailbox there the older goes first: the younger one begins where that one ended.
_DUE = (
    'SELECT c."id" FROM "store_copy" c '
    'WHERE c."due_at" <= %s AND (c."leased_until" IS NULL OR c."leased_until" < %s) '
    'AND NOT EXISTS (SELECT 1 FROM "store_copy" o '
    'WHERE o."mailbox_id" = c."mailbox_id" AND o."host" = c."host" AND o."login" = c."login" '
    'AND o."due_at" IS NOT NULL AND o."id" < c."id") ORDER BY c."due_at" LIMIT 1'
)
_CLAIM = 'UPDATE "store_copy" SET "leased_until" = %s WHERE "id" IN (SELECT "id" FROM due) RETURNING "id"'


class LostLease(Exception):
    """Another worker has the copy now, or it was removed: what we would write is out of date."""


def claim(now: int, lease: int) -> Copy | None:
    """The one that has waited longest, ours for `lease` milliseconds."""
    row = execute(claiming(_DUE, _CLAIM), (now, now, now + lease)).fetchone()
    return Copy.objects.select_related("job").get(pk=row[0]) if row else None


def _own(copy: Copy, **values: object) -> None:
    """Write, if the lease is still ours."""
    if not Copy.objects.filter(pk=copy.pk, leased_until=copy.leased_until).update(**values):
        raise LostLease
    for name, value in values.items():
        setattr(copy, name, value)


def begin(copy: Copy, now: int) -> None:
    _own(copy, state="running", started_at=copy.started_at or now)


def keep(
    copy: Copy, folder: CopyFolder, lease_until: int, seen: tuple[str, ...] = (), *, progress: bool = True
) -> None:
    """A message was dealt with: how far the folder is, in one transaction with the lease."""
    attempts = 0 if progress else copy.attempts
    with transaction.atomic():
        _own(copy, leased_until=lease_until, attempts=attempts)
        folder.save()
        CopySeen.objects.bulk_create([CopySeen(folder=folder, key=key) for key in seen], ignore_conflicts=True)


def give_back(copy: Copy, began: int, now: int) -> None:
    """There is more to do; others come first."""
    _own(copy, leased_until=None, due_at=now, attempts=0, failure="", worked=copy.worked + now - began)


def put_off(copy: Copy, reason: str, until: int) -> None:
    _own(copy, leased_until=None, due_at=until, attempts=copy.attempts + 1, failure=reason[:1000])


def end(copy: Copy, now: int, *, failure: str = "", worked: int = 0) -> None:
    """Done, or given up. The password of the other server is forgotten with it."""
    state = "failed" if failure else "done"
    _own(
        copy, state=state, failure=failure[:1000], secret="", due_at=None, leased_until=None, ended_at=now,
        worked=copy.worked + worked,
    )  # fmt: skip


def replace_failing(copy: Copy, now: int) -> None:
    """Older ones of the same that wait for another try would hold it up for days; it goes on where they are."""
    older = Copy.objects.filter(
        mailbox_id=copy.mailbox_id, host=copy.host, login=copy.login, id__lt=copy.pk,
        due_at__isnull=False, attempts__gt=0, leased_until=None,
    )  # fmt: skip
    older.update(state="failed", failure="A newer copy takes its place", secret="", due_at=None, ended_at=now)


def trace(copy: Copy, now: int, text: str) -> None:
    CopyLine.objects.create(copy=copy, at=now, text=text[:500])
    kept = CopyLine.objects.filter(copy=copy).order_by("-id")
    for oldest in kept.values_list("id", flat=True)[LINES_KEPT : LINES_KEPT + 1]:
        CopyLine.objects.filter(copy=copy, id__lte=oldest).delete()


def folders(copy: Copy) -> dict[str, CopyFolder]:
    return {folder.name: folder for folder in CopyFolder.objects.filter(copy=copy)}


def add_folder(copy: Copy, name: str, path: tuple[str, ...], delimiter: str) -> CopyFolder:
    """Going on where an earlier copy of the same mailbox into the same folder ended."""
    folder = CopyFolder(copy=copy, name=name, path=list(path), delimiter=delimiter)
    earlier = _earlier(folder)
    if earlier is not None:
        folder.validity, folder.last_key = earlier.validity, earlier.last_key
        folder.skipped = earlier.migrated + earlier.skipped
    with transaction.atomic():
        folder.save()
        if earlier is not None:
            keys = CopySeen.objects.filter(folder=earlier).values_list("key", flat=True)
            CopySeen.objects.bulk_create([CopySeen(folder=folder, key=key) for key in keys], batch_size=1000)
    return folder


def _earlier(folder: CopyFolder) -> CopyFolder | None:
    copy = folder.copy
    ended = CopyFolder.objects.filter(
        copy__mailbox_id=copy.mailbox_id, copy__host=copy.host, copy__login=copy.login, copy__id__lt=copy.pk,
        copy__method__in=[copy.method.rstrip("s"), copy.method.rstrip("s") + "s"], copy__due_at=None,
        name=folder.name, broken="",
    )  # fmt: skip
    return next((found for found in ended.order_by("-copy_id") if found.path == folder.path), None)


def seen_keys(folder: CopyFolder) -> set[str]:
    return set(CopySeen.objects.filter(folder=folder).values_list("key", flat=True))


def was_seen_anywhere(copy: Copy, key: str) -> bool:
    return CopySeen.objects.filter(folder__copy=copy, key=key).exists()


def forget_before(over: int) -> None:
    """Jobs that ended before that time; also those whose mailboxes are all gone."""
    old = CopyJob.objects.filter(created_at__lt=over)
    old.exclude(copies__due_at__isnull=False).exclude(copies__ended_at__gte=over).delete()


def bytes_and_milliseconds(job: CopyJob) -> tuple[int, int]:
    copied = CopyFolder.objects.filter(copy__job=job).aggregate(sum=Sum(F("bytes")))["sum"]
    worked = Copy.objects.filter(job=job).aggregate(sum=Sum("worked"))["sum"]
    return copied or 0, worked or 0
