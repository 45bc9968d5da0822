"""The rows that a platform must be told about: claimed, then done or put off (store/models/reconciled.py)."""

from django.db.models import F

from postroom.core.lifecycle import MailboxState
from postroom.store.models import Domain, Mailbox
from postroom.store.sql import claiming, execute

_DUE = (
    'SELECT "id" FROM "{table}" WHERE "due_at" <= %s AND ("leased_until" IS NULL OR "leased_until" < %s) '
    'ORDER BY "due_at" LIMIT %s'
)
_CLAIM = 'UPDATE "{table}" SET "leased_until" = %s WHERE "id" IN (SELECT "id" FROM due) RETURNING "due_at", "id"'
# A change that came while we were at it keeps its own due_at: then there is more to do. Where that is gone another
# worker, to whom our lease fell, was quicker; but our old state may have reached the platform last: look again.
_DONE = (
    'UPDATE "{table}" SET "applied_generation" = %s, "applied_name" = %s, "attempts" = 0, "failure" = %s, '
    '"leased_until" = NULL, "due_at" = CASE WHEN "generation" = %s THEN NULL ELSE coalesce("due_at", 0) END '
    'WHERE "id" = %s'
)
_PUT_OFF = (
    'UPDATE "{table}" SET "attempts" = "attempts" + 1, "failure" = %s, "leased_until" = NULL, '
    '"due_at" = CASE WHEN "generation" = %s THEN CAST(%s AS BIGINT) ELSE coalesce("due_at", 0) END WHERE "id" = %s'
)

WAITING = (MailboxState.PENDING, MailboxState.DISABLED)
"""A mailbox of such a state that its platform never had is not the platform's business yet."""

Reconciled = type[Domain] | type[Mailbox]


def _on(statement: str, model: Reconciled) -> str:
    return statement.format(table=model._meta.db_table)


def claim(model: Reconciled, now: int, lease: int, limit: int) -> list[int]:
    """Ids of due rows, ours for `lease` milliseconds, those first that have waited longest."""
    statement = _on(claiming(_DUE, _CLAIM), model)
    return [id for _, id in sorted(execute(statement, (now, now, limit, now + lease)).fetchall())]


def give_back(model: Reconciled, ids: list[int]) -> None:
    """Claimed and not begun: free for everybody."""
    model.objects.filter(id__in=ids).update(leased_until=None)


def done(model: Reconciled, id: int, generation: int, applied_name: str) -> None:
    execute(_on(_DONE, model), (generation, applied_name, "", generation, id))


def put_off(model: Reconciled, id: int, generation: int, reason: str, until: int) -> None:
    """Try again at `until`, or at once if the wanted state has changed meanwhile."""
    execute(_on(_PUT_OFF, model), (reason[:1000], generation, until, id))


def wake_mailboxes(domain_id: int, now: int) -> None:
    """Their domain has just reached the platform: they need not wait as long as they were put off."""
    Mailbox.objects.filter(domain_id=domain_id, applied_name="", due_at__gt=now).update(due_at=now)


def mark(model: Reconciled, ids: list[int], now: int) -> None:
    """Have the platform told again."""
    model.objects.filter(id__in=ids, due_at=None).update(due_at=now)


def renew(model: Reconciled, id: int, now: int) -> None:
    """What the platform should have has changed by another row's change: tell it, also if that is just being done."""
    model.objects.filter(id=id).update(generation=F("generation") + 1, due_at=now)


def hurry(model: Reconciled, id: int, now: int) -> None:
    """It was put off: try again now."""
    model.objects.filter(id=id, due_at__gt=now).update(due_at=now)


def hurry_all(model: Reconciled, ids: list[int], now: int) -> int:
    """As `hurry`; how many were put off."""
    return model.objects.filter(id__in=ids, due_at__gt=now).update(due_at=now)
