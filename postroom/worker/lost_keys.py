"""Servers that lost what they keep in memory get it back, in a thread of its own: no mail goes out until they have it.

No lease is taken, since one that a killed worker held would keep all mail waiting. Two workers that give the same
keys back at the same time do no harm.
"""

import logging
import threading
from typing import Final

from django.db import connection

from postroom.actions.action import DATABASE_ERRORS, database_gone
from postroom.worker import table_readers

log = logging.getLogger("postroom.worker.keys")

_EVERY: Final = 2.0


def give_back() -> None:
    for platform in table_readers.refill_all():
        log.warning("platform %s had lost its keys; it has them again", platform)


def start(stop: threading.Event) -> threading.Thread:
    thread = threading.Thread(target=_run_until, args=(stop,), name="lost-keys", daemon=True)
    thread.start()
    return thread


def _run_until(stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            give_back()
        except DATABASE_ERRORS as error:
            log.warning("%s", database_gone(error))
        except Exception:
            log.exception("lost keys")
        stop.wait(_EVERY)
    connection.close()
