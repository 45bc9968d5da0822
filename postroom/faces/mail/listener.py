"""A loopback port: requests come in one after the other on each of many connections."""

import asyncio
import logging
from asyncio import StreamReader, StreamWriter
from typing import Any, Protocol, TypeVar

log = logging.getLogger("postroom.mail")

Request = TypeVar("Request")

MOST_CONNECTIONS = 1000
"""Postfix and Dovecot have a connection a process; that many processes they do not have."""
_IDLE = 900.0  # seconds; Postfix itself gives up an idle connection after 300
_LAST_ANSWERS = 10.0  # seconds that requests under way get at the end


class Nonsense(Exception):
    """No request. The connection is closed, after `farewell`."""

    def __init__(self, reason: str, farewell: bytes = b"") -> None:
        super().__init__(reason)
        self.farewell = farewell


class Talk(Protocol[Request]):
    """One way of asking and answering."""

    async def hear(self, reader: StreamReader, writer: StreamWriter) -> Request:
        """The next request. Raises Nonsense, IncompleteReadError, LimitOverrunError."""

    async def answer(self, request: Request) -> tuple[bytes, bool]:
        """What to write, and whether the connection goes on. Never raises: there is an answer to every request."""


class Listener:
    def __init__(self, talk: Talk[Request], longest: int) -> None:
        """`longest`: bytes that a request, or its head, may have."""
        self._talk: Talk[Request] = talk
        self._longest = longest
        self._open: set[asyncio.Task[None]] = set()
        self._busy: set[asyncio.Task[None]] = set()
        self._stopping = False

    async def start(self, port: int, given: Any = None) -> int:
        """The port that was taken: a free one for 0. `given`: a socket that listens already."""
        where: dict[str, Any] = {"sock": given} if given else {"host": "127.0.0.1", "port": port, "backlog": 512}
        self._server = await asyncio.start_server(self._accept, **where, limit=self._longest)
        taken: int = self._server.sockets[0].getsockname()[1]
        return taken

    async def stop(self) -> None:
        """No more requests; those under way are answered."""
        self._stopping = True
        self._server.close()
        for task in self._open - self._busy:
            task.cancel()
        if self._open:
            await asyncio.wait(self._open, timeout=_LAST_ANSWERS)
        for task in self._open:
            task.cancel()

    async def _accept(self, reader: StreamReader, writer: StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or self._stopping or len(self._open) >= MOST_CONNECTIONS:
            writer.close()
            return
        self._open.add(task)
        try:
            await self._converse(task, reader, writer)
        except Nonsense as nonsense:
            log.warning("closed a connection: %s", nonsense)
            writer.write(nonsense.farewell)
        except asyncio.LimitOverrunError:
            log.warning("closed a connection: more than %d bytes without an end", self._longest)
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError, TimeoutError):
            pass  # the other side has left, or we leave
        finally:
            self._open.discard(task)
            writer.close()

    async def _converse(self, task: "asyncio.Task[None]", reader: StreamReader, writer: StreamWriter) -> None:
        goes_on = True
        while goes_on and not self._stopping:
            async with asyncio.timeout(_IDLE):
                request = await self._talk.hear(reader, writer)
            self._busy.add(task)
            try:
                answer, goes_on = await self._talk.answer(request)
                writer.write(answer)
                await writer.drain()
            finally:
                self._busy.discard(task)
