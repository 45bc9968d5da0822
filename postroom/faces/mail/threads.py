"""Threads for what blocks: the database and hashing must not hold up the loop that listens."""

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import connections

from postroom.actions.action import DATABASE_GONE, database_gone
from postroom.actions.lane import LANE

log = logging.getLogger("postroom.mail")

P = ParamSpec("P")
R = TypeVar("R")


class Threads:
    """A fixed number, so that the number of database connections is fixed too."""

    def __init__(self, name: str, number: int) -> None:
        self._number = number
        self._pool = ThreadPoolExecutor(number, thread_name_prefix=name)

    async def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """What the function returns or raises; Overloaded where the database does not answer."""

        def in_lane() -> R:
            try:
                with LANE:
                    return function(*args, **kwargs)
            except DATABASE_GONE as error:
                log.error("the database: %s", error)
                raise database_gone(error) from error  # here, where the broken connection is this thread's

        return await asyncio.get_running_loop().run_in_executor(self._pool, in_lane)

    def close(self) -> None:
        """Each thread gives its connection back: they meet, so that none of them does it twice."""
        meeting = threading.Barrier(self._number)

        def leave() -> None:
            connections.close_all()
            meeting.wait(10)

        for _ in range(self._number):
            self._pool.submit(leave)
        self._pool.shutdown()
