"""How comparisons with the platforms went, written down while they go on."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from postroom.store.models import DriftRun

LINES: Final = 500
"""Of one comparison; of more only the number is kept."""
KEPT: Final = 30
"""Comparisons."""
_LONGEST: Final = 500


def noted(lines: Iterable[str], now: Callable[[], int]) -> Iterator[str]:
    """The same lines, all of which must be taken. What fails is written down and goes on."""
    run = DriftRun.objects.create(started_at=now())
    DriftRun.objects.filter(pk__lte=run.pk - KEPT).delete()
    try:
        for line in lines:
            run.found += 1
            if run.found <= LINES:
                run.lines.append(line[:_LONGEST])
            yield line
        run.ended_at = now()
    except Exception as error:
        run.failure = f"{type(error).__name__}: {error}"[:1000]
        raise
    finally:
        run.save()
