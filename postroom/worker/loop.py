"""The worker: looks for due rows, due checks and due jobs until it is told to stop.

Any number of workers may run: rows and jobs are claimed by a lease, which a killed worker cannot keep.
"""

import logging
import threading
import time
from collections.abc import Callable

from postroom.actions.action import DATABASE_ERRORS, database_gone
from postroom.store import due
from postroom.store.models import Domain, Mailbox
from postroom.worker import checks, copying, jobs, lost_keys, outgoing, reconcile

log = logging.getLogger("postroom.worker")

_BATCH = 50
_AT_A_TIME = 2000
"""Milliseconds after which what else is due has its turn."""
LEAVE = 10.0  # seconds in which a copy under way may come to the end of a message; else its lease has to end
IDLE = 0.2  # seconds between looks when there was nothing to do: two index look-ups


def milliseconds() -> int:
    return time.time_ns() // 1_000_000


def round_once(now: Callable[[], int] = milliseconds) -> int:
    """One look at everything; how many things were done. Domains before their mailboxes."""
    did = 0
    for model, work in ((Domain, reconcile.domain), (Mailbox, reconcile.mailbox)):
        did += _rows(model, work, now)
    return did + outgoing.send_due(now) + _jobs(now)


def _rows(model: due.Reconciled, work: Callable[[int, Callable[[], int]], None], now: Callable[[], int]) -> int:
    """Claimed together, done one after another. When calls are slow the last ones are given back."""
    latest = now() + _AT_A_TIME
    ids = due.claim(model, now(), reconcile.LEASE, _BATCH)
    for number, id in enumerate(ids):
        if now() > latest:
            due.give_back(model, ids[number:])
            return number
        work(id, now)
    return len(ids)


def _jobs(now: Callable[[], int]) -> int:
    latest, did = now() + _AT_A_TIME, 0
    while now() <= latest and jobs.run_one(now):
        did += 1
    return did


def until_idle(now: Callable[[], int] = milliseconds, rounds: int = 1000) -> None:
    """Do all that is due, for tests and one-off commands."""
    for _ in range(rounds):
        if not round_once(now) + checks.round_once(now):
            return


def run(stop: threading.Event) -> None:
    log.info("worker ready")
    threads = [*copying.start(stop, milliseconds), checks.start(stop, milliseconds), lost_keys.start(stop)]
    periodic_jobs_exist = False
    while not stop.is_set():
        try:
            if not periodic_jobs_exist:
                jobs.ensure_periodic(milliseconds())
                periodic_jobs_exist = True
            did = round_once()
        except DATABASE_ERRORS as error:
            log.warning("%s", database_gone(error))
            stop.wait(1)
            continue
        if not did:
            stop.wait(IDLE)
    for thread in threads:
        thread.join(timeout=LEAVE)
    log.info("worker stopped")
