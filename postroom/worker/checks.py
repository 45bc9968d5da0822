"""Domains whose check is due. Threads wait for DNS and platforms; one of them alone writes down what they found.

A check that takes too long is given up: its thread is left to itself, and what it still says is not listened to.
What a killed worker was checking comes back when its lease ends (store/due_checks.py).
"""

import logging
import queue
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

import msgspec
from django.conf import settings
from django.db import connection

from postroom.actions import domain_checks
from postroom.actions.action import DATABASE_ERRORS, DATABASE_GONE, database_gone
from postroom.core import domain_news
from postroom.core.errors import TryAgain
from postroom.core.records import DomainRecord, Origin
from postroom.drivers import make
from postroom.drivers.contract import CALL_LIMIT, DriverError, TemporaryFailure
from postroom.drivers.examining import Examined, examine
from postroom.store import due_checks, rows
from postroom.store.models import Domain
from postroom.store.platform_records import domain_record

log = logging.getLogger("postroom.worker.checks")

GIVE_UP: Final = 3 * CALL_LIMIT
"""Seconds: the calls of one check, each of which a driver has to end by itself."""
LEASE: Final = 120_000
_IDLE: Final = 0.5
_LEFT_ALONE: Final = 4
"""Times as many threads as check at once may be left to themselves before no more checks are begun."""

Clock = Callable[[], int]


class Question(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    claimed: int
    platform: tuple[str, Mapping[str, object]]
    """Its driver and settings."""
    record: DomainRecord
    ownership: str


Answer = Examined | str
"""A str is why there is none (core/domain_news.py)."""


def round_once(now: Clock) -> int:
    """All that is due, here and now; how many there were."""
    questions = _claim(now(), settings.CHECK_THREADS)
    for question in questions:
        _write_down(question, ask(question), now())
    return len(questions)


def _claim(now: int, limit: int) -> list[Question]:
    until = now + LEASE
    return [found for id in due_checks.claim(now, until, limit) if (found := _question(id, until)) is not None]


def _question(id: int, claimed: int) -> Question | None:
    row = rows.domain_by_id(id)
    if row is None:
        return None
    asked = Domain.objects.values_list("platform__driver", "platform__settings", "ownership")
    driver, settings, ownership = asked.get(id=id)
    platform = driver, settings
    return Question(id=id, claimed=claimed, platform=platform, record=domain_record(row), ownership=ownership)


def ask(question: Question) -> Answer:
    """Touches no row: any thread may do this."""
    try:
        return examine(make(*question.platform), question.record, question.ownership, repair=True)
    except DriverError as failure:
        log.warning("check of %s: %s", question.record.name, failure.reason)
        return _why(failure)
    except Exception:
        # A fault of ours with one domain must not keep the others waiting.
        log.exception("check of %s", question.record.name)
        return domain_news.FAULT


def _why(failure: DriverError) -> str:
    return domain_news.PLATFORM_AWAY if isinstance(failure, TemporaryFailure) else domain_news.PLATFORM_REFUSED


def _write_down(question: Question, answer: Answer, now: int) -> None:
    origin, id = _origin(now), question.id
    if isinstance(answer, str):
        domain_checks.record_failure(origin, id, answer, question.claimed)
    else:
        worker = domain_checks.WORKER
        domain_checks.record(worker, origin, id, answer.report, answer.wanted, question.claimed)


def _origin(now: int) -> Origin:
    return Origin(face="worker", application="check", request_id="", at=datetime.fromtimestamp(now / 1000, UTC))


class Checker:
    """Many checks at once. Everything but `ask` happens in the thread that calls `turn`."""

    def __init__(self, now: Clock, at_once: int, give_up: float = GIVE_UP) -> None:
        self._now, self._at_once, self._give_up = now, at_once, give_up
        self._answers: queue.SimpleQueue[tuple[Question, Answer]] = queue.SimpleQueue()
        self._running: dict[int, tuple[Question, float]] = {}
        """By the domain's id: what was asked, and when it is given up."""
        self._left_alone = 0

    def turn(self, wait: float) -> bool:
        """Begin what is due, write down what was found within `wait` seconds; whether there is more to do."""
        self._begin()
        if not self._running:
            return False
        self._collect(wait)
        self._give_up_late_ones()
        return True

    def _begin(self) -> None:
        free = self._at_once - len(self._running)
        if free <= 0 or self._left_alone >= _LEFT_ALONE * self._at_once:
            return
        for question in _claim(self._now(), free):
            self._running[question.id] = question, time.monotonic() + self._give_up
            thread = threading.Thread(target=self._ask, args=(question,), name=f"check-{question.id}", daemon=True)
            thread.start()

    def _ask(self, question: Question) -> None:
        self._answers.put((question, ask(question)))

    def _collect(self, wait: float) -> None:
        try:
            question, answer = self._answers.get(timeout=wait)
            while True:
                self._hear(question, answer)
                question, answer = self._answers.get_nowait()
        except queue.Empty:
            return

    def _hear(self, question: Question, answer: Answer) -> None:
        running = self._running.get(question.id)
        if running is None or running[0] is not question:
            self._left_alone -= 1  # it was given up
            return
        del self._running[question.id]
        self._keep(question, answer)

    def _give_up_late_ones(self) -> None:
        late = [question for question, until in self._running.values() if time.monotonic() >= until]
        for question in late:
            log.warning("check of %s: given up after %s seconds", question.record.name, self._give_up)
            del self._running[question.id]
            self._left_alone += 1
            self._keep(question, domain_news.TOOK_TOO_LONG)

    def _keep(self, question: Question, answer: Answer) -> None:
        try:
            _write_down(question, answer, self._now())
        except TryAgain as refusal:  # it comes back when its lease ends
            log.warning("check of %s: %s", question.record.name, refusal)
        except DATABASE_GONE:
            raise
        except Exception:
            log.exception("check of %s", question.record.name)

    def leave(self) -> None:
        """Give back what is being asked, so that another worker need not wait for our leases."""
        for question, _ in self._running.values():
            due_checks.give_back([question.id], question.claimed, self._now())


def start(stop: threading.Event, now: Clock) -> threading.Thread:
    thread = threading.Thread(target=_run_until, args=(stop, now), name="checks", daemon=True)
    thread.start()
    return thread


def _run_until(stop: threading.Event, now: Clock) -> None:
    checker = Checker(now, settings.CHECK_THREADS)
    while not stop.is_set():
        more = False
        try:
            more = checker.turn(_IDLE)
        except DATABASE_ERRORS as error:
            log.warning("%s", database_gone(error))
        except Exception:
            log.exception("checks")
        if not more:
            stop.wait(_IDLE)
    try:
        checker.leave()
    except DATABASE_ERRORS as error:
        log.warning("%s", database_gone(error))
    connection.close()
