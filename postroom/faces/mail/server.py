"""Both listeners in one process: `postroom mail helper`."""

import asyncio
import signal
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from django.conf import settings

from postroom.faces.mail import passwords, policy
from postroom.faces.mail.listener import Listener
from postroom.faces.mail.passwords import Passwords
from postroom.faces.mail.policy import Policy
from postroom.faces.mail.tally import Tally
from postroom.faces.mail.threads import Threads


class Server:
    """Three pools: a sign-in takes a tenth of a second to hash, and mail that goes out must not wait for that, nor
    for statistics."""

    def __init__(self, secret: str) -> None:
        self._counting = Threads("policy", 1 if settings.IS_SQLITE else 4)
        self._hashing = Threads("passwords", 2 if settings.IS_SQLITE else 4)
        self._writing = Threads("statistics", 1)
        self._tally = Tally(self._writing)
        self._policy = Listener(Policy(self._counting), policy.LONGEST)
        self._passwords = Listener(Passwords(self._hashing, secret, self._tally.note), passwords.LONGEST_HEAD)

    async def start(self, policy_port: int, http_port: int, given: Sequence[Any] = (None, None)) -> tuple[int, int]:
        """The ports taken: free ones for 0. `given`: in their place, sockets that listen already."""
        self._regularly = asyncio.create_task(self._tally.write_regularly())
        return await self._policy.start(policy_port, given[0]), await self._passwords.start(http_port, given[1])

    async def stop(self) -> None:
        await asyncio.gather(self._policy.stop(), self._passwords.stop())
        await self._regularly_ended()
        await self._tally.write_the_rest()
        self._writing.close()
        self._counting.close()
        self._hashing.close()

    async def _regularly_ended(self) -> None:
        """Not in the middle of writing, where nobody would know whether it was done."""
        async with self._tally.at_rest:
            self._regularly.cancel()


class Doors(msgspec.Struct, frozen=True):
    """Where to listen."""

    policy_port: int
    http_port: int
    given: Sequence[Any] = (None, None)
    """Sockets of somebody who keeps them open while we are away."""


def run(doors: Doors, secret: str, ready: Callable[[int, int], None]) -> None:
    """Until SIGTERM or SIGINT."""
    asyncio.run(_run(doors, secret, ready))


async def _run(doors: Doors, secret: str, ready: Callable[[int, int], None]) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    server = Server(secret)
    ready(*await server.start(doors.policy_port, doors.http_port, doors.given))
    await stop.wait()
    await server.stop()
