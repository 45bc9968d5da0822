"""When a domain is checked next. All times are milliseconds since the epoch; hours are those of UTC.

What waits for its owner is looked at every hour, at a minute of its own state, so that the three never come together;
what works once a day, at a minute that comes from the domain's number: those are spread evenly over the day.
"""

from collections.abc import Mapping
from typing import Final

from postroom.core.lifecycle import DomainState

_MINUTE: Final = 60_000
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR

WAITING: Final[Mapping[DomainState, int]] = {
    DomainState.PENDING: 0,
    DomainState.ACTION_REQUIRED: 30,
    DomainState.FAILED: 45,
}
"""The minute of the hour."""

_MINUTES_A_DAY: Final = 1440
_STRIDE: Final = 619
"""Has no divisor in common with 1440: numbers in a row get minutes far apart, and every minute comes equally often."""

SOON: Final = _MINUTE
"""After a check that could not be made, once: most servers are back then."""


def regular(status: str, domain_id: int, now: int) -> int | None:
    """The first regular time after `now`; None for what is not checked by itself."""
    if status in WAITING:
        return _next(now, _HOUR, WAITING[DomainState(status)] * _MINUTE)
    if status == DomainState.ENABLED:
        return _next(now, _DAY, domain_id * _STRIDE % _MINUTES_A_DAY * _MINUTE)
    return None


def after_failure(status: str, domain_id: int, now: int, *, again: bool) -> int | None:
    """After a check that could not be made; `again`: neither could the one before. Then an hour at most."""
    usual = regular(status, domain_id, now)
    return usual and min(usual, now + (_HOUR if again else SOON))


def _next(now: int, period: int, offset: int) -> int:
    return now - (now - offset) % period + period
