"""What there is to do for mail platforms, told: the rows that are due and why they are, without the rows themselves.

There may be as many as there are mailboxes, so they are counted up to MOST.
"""

from typing import Any, Final

import msgspec
from django.db.models import QuerySet

from postroom.store.due import Reconciled
from postroom.store.models import Domain, Mailbox

MOST: Final = 10_000


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    waiting: int = 0
    failing: int = 0
    oldest: int | None = None
    """Milliseconds: when it should have been told. None: all of them were put off."""
    reason: str = ""


NOTHING: Final = Waiting()

_MODELS: Final[tuple[Reconciled, ...]] = (Domain, Mailbox)


def number(found: QuerySet[Any, Any]) -> int:
    """MOST where there are more."""
    return found.order_by()[:MOST].count()


def by_platform(now: int) -> dict[int, Waiting]:
    """Those that have waited longest."""
    found: dict[int, Waiting] = {}
    attempts: dict[int, int] = {}
    for model, platform in ((Domain, "platform_id"), (Mailbox, "domain__platform_id")):
        due = model.objects.filter(due_at__isnull=False).order_by("due_at")
        for id, due_at, failure, tries in due.values_list(platform, "due_at", "failure", "attempts")[:MOST]:
            one = found.get(id, NOTHING)
            worst = bool(failure) and tries > attempts.get(id, 0)
            if worst:
                attempts[id] = tries
            found[id] = Waiting(
                waiting=one.waiting + (not failure),
                failing=one.failing + bool(failure),
                oldest=min(one.oldest or due_at, due_at) if due_at <= now else one.oldest,
                reason=failure if worst else one.reason,
            )
    return found
