"""The domains whose check is due. While one is being checked its next time is the end of the lease."""

from collections.abc import Sequence
from typing import Final

from postroom.core.check_times import WAITING
from postroom.core.lifecycle import DomainState
from postroom.store.models import Domain
from postroom.store.sql import claiming, execute

# First those that somebody waits for, and only then those that work: after a day off there may be many of these.
_TURNS: Final = (tuple(WAITING), (DomainState.ENABLED,))
_DUE: Final = (
    'SELECT "id" FROM "store_domain" WHERE "status" IN ({states}) AND "check_at" <= %s AND "applied_generation" > 0 '
    'ORDER BY "check_at" LIMIT %s'
)
_CLAIM: Final = 'UPDATE "store_domain" SET "check_at" = %s WHERE "id" IN (SELECT "id" FROM due) RETURNING "id"'


def claim(now: int, until: int, limit: int) -> list[int]:
    """At most `limit` ids; ours until then."""
    claimed: list[int] = []
    for states in _TURNS:
        if len(claimed) < limit:
            claimed += _claim(states, now, until, limit - len(claimed))
    return claimed


def _claim(states: Sequence[str], now: int, until: int, limit: int) -> list[int]:
    statement = claiming(_DUE.format(states=", ".join(["%s"] * len(states))), _CLAIM)
    return [id for (id,) in execute(statement, (*states, now, limit, until)).fetchall()]


def give_back(ids: Sequence[int], until: int, now: int) -> None:
    """Claimed and not checked: free for everybody."""
    Domain.objects.filter(id__in=list(ids), check_at=until).update(check_at=now)
