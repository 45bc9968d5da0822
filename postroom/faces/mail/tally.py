"""What Dovecot tells about each delivery (docs/mailstack.md), added up in memory and written once in two seconds.

Deliveries do not wait for us, and the database is not written for each of them.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import date

import msgspec

from postroom.actions import mail_flow
from postroom.core import periods
from postroom.core.address import fold
from postroom.core.mail.traffic import Arrived
from postroom.faces.mail.threads import Threads

log = logging.getLogger("postroom.mail")

PAUSE = 2.0  # seconds
MOST = 100_000
"""Accounts held while the database cannot be written; then no more are taken up."""
LONGEST_LOGIN = 254
_MOST_BYTES = 2**40
_LAST_TRIES = 3


class Fields(msgspec.Struct, frozen=True):
    user: str
    message_vsize: int = 0
    action_name: str = ""


class Event(msgspec.Struct, frozen=True):
    """As Dovecot writes it: `metric …` in dovecot.conf says which there are."""

    event: str
    fields: Fields


_event = msgspec.json.Decoder(Event).decode


def parse(body: bytes) -> tuple[str, Arrived]:
    """Login and what is to be added for it. Raises MsgspecError."""
    told = _event(body)
    login = fold(told.fields.user)
    if not (0 < len(login) <= LONGEST_LOGIN and login.isprintable()):
        raise msgspec.ValidationError("no login")
    match told.event, told.fields.action_name:
        case "mail_delivery_finished", _:
            return login, Arrived(delivered=1, bytes_in=min(max(0, told.fields.message_vsize), _MOST_BYTES))
        case "sieve_runtime_script_finished", _:
            return login, Arrived(spam=1)
        case "sieve_action_finished", "redirect":
            return login, Arrived(forwarded=1)
        case "sieve_action_finished", "vacation":
            return login, Arrived(autoresponses=1)
    raise msgspec.ValidationError("no event that is counted")


class Tally:
    def __init__(self, threads: Threads, clock: Callable[[], float] = time.time) -> None:
        self._threads = threads
        self._clock = clock
        self._held: dict[tuple[date, str], Arrived] = {}
        self._overflowing = False
        self.at_rest = asyncio.Lock()
        """Held while it writes."""

    def note(self, body: bytes) -> None:
        """Raises MsgspecError."""
        login, arrived = parse(body)
        self._add((periods.today(int(self._clock() * 1000)), login), arrived)

    def _add(self, key: tuple[date, str], arrived: Arrived) -> None:
        known = self._held.get(key)
        if known is not None:
            known.add(arrived)
        elif len(self._held) < MOST:
            self._held[key] = arrived
        elif not self._overflowing:
            self._overflowing = True
            log.error("statistics: the mail of %d accounts waits to be counted, that of more is not counted", MOST)

    async def write_now(self) -> bool:
        """False: what there is waits for another time, since the database does not take it."""
        async with self.at_rest:
            return await self._write()

    async def _write(self) -> bool:
        told, self._held = self._held, {}
        for day in sorted({day for day, _ in told}):
            counts = {login: arrived for (of, login), arrived in told.items() if of == day}
            try:
                await self._threads.run(mail_flow.note_arrived, day, counts)
            except Exception as error:  # noqa: BLE001 -- whatever it is, the counts must not be lost
                log.error("statistics: %d counts wait: %s: %s", len(told), type(error).__name__, error)
                for key, arrived in told.items():
                    self._add(key, arrived)
                return False
            told = {key: arrived for key, arrived in told.items() if key[0] != day}
        self._overflowing = False
        return True

    async def write_regularly(self) -> None:
        while True:
            await asyncio.sleep(PAUSE)
            await self.write_now()

    async def write_the_rest(self) -> None:
        for number in range(_LAST_TRIES):
            if number:
                await asyncio.sleep(0.5)
            if await self.write_now():
                return
        lost = sum(arrived.delivered for arrived in self._held.values())
        log.error("statistics: the database is away, so %d deliveries are not counted", lost)
