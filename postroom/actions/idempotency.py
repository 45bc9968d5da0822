"""The same request twice is done once, and answered twice (IETF draft httpapi-idempotency-key-header).

A request with a key first notes that it is at work, in a transaction of its own: so another one with the same key is
told at once. What it does and what it answers are then written in one transaction: a process that is killed leaves the
note and nothing else, and the same request may be made again a minute later.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

import msgspec
from django.conf import settings
from django.db import transaction

from postroom.actions.action import writes
from postroom.core.errors import KeyReused, StillRunning
from postroom.core.sealing import BrokenSealError, seal, unseal
from postroom.store.models import IdempotentAnswer

KEPT = 86_400_000
"""Milliseconds for which an answer is given again."""
PATIENCE = 60_000
"""Milliseconds after which a request that has not answered is taken for dead."""
_PURPOSE = "idempotent answer"


class Answer(msgspec.Struct, frozen=True):
    status: int
    headers: dict[str, str]
    body: bytes


class Ticket(msgspec.Struct, frozen=True):
    key: str
    fingerprint: str
    now: int


def ticket(who: str, key: str, request: tuple[str | bytes, ...], now: int) -> Ticket:
    """`request` is all that makes one request another than the next."""
    return Ticket(_digest((who, key)), _digest(request), now)


def _digest(parts: tuple[str | bytes, ...]) -> str:
    whole = hashlib.sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        whole.update(len(raw).to_bytes(8) + raw)
    return whole.hexdigest()


@writes()
def begin(mine: Ticket) -> Answer | None:
    """The answer that was given before; None: go on, the key is yours. Raises KeyReused, StillRunning."""
    fresh = {"fingerprint": mine.fingerprint, "created_at": mine.now}
    known, made = IdempotentAnswer.objects.get_or_create(key=mine.key, defaults=fresh)
    if made:
        return None
    if known.created_at < mine.now - KEPT:
        _take_over(known, fresh)
        return None
    if known.fingerprint != mine.fingerprint:
        raise KeyReused
    if known.status is not None:
        return _read(known)
    if known.created_at > mine.now - PATIENCE:
        raise StillRunning
    _take_over(known, fresh)
    return None


def _take_over(known: IdempotentAnswer, fresh: dict[str, object]) -> None:
    unfinished = IdempotentAnswer.objects.filter(key=known.key, created_at=known.created_at, status=known.status)
    if not unfinished.update(**fresh, status=None, body="", headers={}):
        raise StillRunning


def _read(known: IdempotentAnswer) -> Answer | None:
    try:
        body = unseal(known.body, settings.SECRET_KEY, _PURPOSE)
    except BrokenSealError:  # the deployment's secret was changed since
        raise KeyReused from None
    return Answer(known.status or 0, known.headers, body.encode("latin-1"))


@contextmanager
def finishing(mine: Ticket, *, together: bool) -> Iterator[Callable[[Answer], None]]:
    """Around the work: call what is given with the answer. `together`: both are written, or neither."""
    with transaction.atomic() if together else nullcontext():
        yield lambda answer: keep(mine, answer)


@writes()
def keep(mine: Ticket, answer: Answer) -> None:
    """Raises StillRunning when another process has taken this request for dead and done it."""
    body = seal(answer.body.decode("latin-1"), settings.SECRET_KEY, _PURPOSE)
    own = IdempotentAnswer.objects.filter(key=mine.key, created_at=mine.now, status=None)
    if not own.update(status=answer.status, headers=answer.headers, body=body):
        raise StillRunning


@writes()
def forget(mine: Ticket) -> None:
    """It came to nothing: the same request may be tried again."""
    IdempotentAnswer.objects.filter(key=mine.key, created_at=mine.now, status=None).delete()


@writes()
def forget_before(time: int) -> None:
    IdempotentAnswer.objects.filter(created_at__lt=time).delete()
