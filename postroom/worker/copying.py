"""Copying mail from other people's servers: a mailbox at a time, a little of it each turn, in threads of its own.

Each message is stored here first and written down as done second. A worker that is killed in between leaves one
message of which nobody knows; the next turn looks whether our folder has it since the mark that was written last.
"""

import logging
import threading
import traceback
from collections.abc import Callable

from django.conf import settings
from django.db import connection

from postroom.actions.action import DATABASE_ERRORS, database_gone
from postroom.core import inheritance
from postroom.core.sealing import BrokenSealError, unseal
from postroom.drivers.contract import DriverError, PermanentFailure, TemporaryFailure
from postroom.drivers.copying import opening
from postroom.drivers.copying.contract import Place
from postroom.store import copying, rows
from postroom.store.models import Copy
from postroom.worker.copy_turn import LEASE, Turn
from postroom.worker.own_mailbox import open_sink
from postroom.worker.reconcile import wait_after

log = logging.getLogger("postroom.worker.copying")

MOST_ATTEMPTS = 40  # failures in a row: with waits of up to an hour, a day and a half
_IDLE = 1.0
Clock = Callable[[], int]


def turn(now: Clock, stop: threading.Event | None = None) -> bool:
    """Work on the copy that is due longest; whether there was one."""
    copy = copying.claim(now(), LEASE)
    if copy is None:
        return False
    began = now()
    try:
        _work(copy, now, stop or threading.Event(), began)
    except copying.LostLease:
        log.warning("copy %s: another worker has it now", copy.pk)
    return True


def _work(copy: Copy, now: Clock, stop: threading.Event, began: int) -> None:
    password = ""
    try:
        password = _password(copy)
        finished = _run(copy, password, now, stop)
    except DriverError as failure:
        reason = _without(password, failure.reason)
        wait = failure.retry_in if isinstance(failure, TemporaryFailure) else None
        _failed(copy, reason, wait, now)
    except (copying.LostLease, *DATABASE_ERRORS):
        raise
    except Exception as error:  # noqa: BLE001 -- told in the log, without the password
        # One copy that trips over a fault of ours must not keep the others waiting.
        log.error("copy %s: %s", copy.pk, _without(password, traceback.format_exc()))
        _failed(copy, f"a fault in Postroom ({type(error).__name__}); its log says more", 60.0, now)
    else:
        if finished:
            copying.trace(copy, now(), "Done")
            copying.end(copy, now(), worked=now() - began)
        else:
            copying.give_back(copy, began, now())


def _without(password: str, text: str) -> str:
    """Servers repeat what they were told, and so do errors."""
    return text.replace(password, "…") if password else text


def _failed(copy: Copy, reason: str, wait: float | None, now: Clock) -> None:
    """`wait`: seconds until it is sensible to try again; None: never."""
    log.warning("copy %s into %s: %s", copy.pk, copy.address, reason)
    if wait is None or copy.attempts + 1 >= MOST_ATTEMPTS:
        copying.trace(copy, now(), f"Given up: {reason}")
        copying.end(copy, now(), failure=reason)
        return
    copying.trace(copy, now(), f"Will be tried again: {reason}")
    copying.put_off(copy, reason, now() + wait_after(copy.attempts, wait))


def _password(copy: Copy) -> str:
    try:
        return unseal(copy.secret, settings.SECRET_KEY, copying.PURPOSE)
    except BrokenSealError:
        raise PermanentFailure(
            "The password was sealed with another POSTROOM_SECRET_KEY; ask for the copy anew"
        ) from None


def _run(copy: Copy, password: str, now: Clock, stop: threading.Event) -> bool:
    """Whether everything was copied."""
    row = rows.mailbox_by_id(copy.mailbox_id)
    if row is None or row.deleted_at is not None:
        raise PermanentFailure(f"{copy.address} was deleted")
    if row.type != "mailbox":
        raise PermanentFailure(f"{row.address} is no longer a mailbox")
    place = Place(
        method=copy.method, host=copy.host, port=copy.port, login=copy.login, password=password,
        allowed=settings.COPY_ALLOWED_NETWORKS, largest=settings.COPY_LARGEST_MESSAGE,
    )  # fmt: skip
    sink = open_sink(row)
    try:
        source = opening.source(place)
        try:
            if copy.started_at is None:
                copying.trace(copy, now(), f"Started: {copy.login} on {copy.host}:{copy.port} by {copy.method}")
            copying.begin(copy, now())
            return Turn(copy, source, sink, now, stop).run(_spam_folder(row))
        finally:
            source.close()
    finally:
        sink.close()


def _spam_folder(row: rows.MailboxRow) -> str:
    above = inheritance.inherited(row.domain.settings, row.domain.company.settings)
    return str(row.settings.get("spamfolder") or above.get("spamfolder") or "Spam")


def start(stop: threading.Event, now: Clock) -> list[threading.Thread]:
    threads = [
        threading.Thread(target=_run_until, args=(stop, now), name=f"copying-{number}", daemon=True)
        for number in range(settings.COPY_THREADS)
    ]
    for thread in threads:
        thread.start()
    return threads


def _run_until(stop: threading.Event, now: Clock) -> None:
    while not stop.is_set():
        did = False
        try:
            did = turn(now, stop)
        except DATABASE_ERRORS as error:
            log.warning("%s", database_gone(error))
        except Exception:
            log.exception("copying")
        if not did:
            stop.wait(_IDLE)
    connection.close()
