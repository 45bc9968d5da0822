"""Many askers of the same question, one who works out the answer."""

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class SingleFlight(Generic[Answer]):
    """A program that opens sixteen connections at once sends the same password sixteen times: it is hashed once.

    Nothing is remembered beyond the moment at which the answer is there. Shared by threads.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way: dict[Hashable, Future[Answer]] = {}

    def ask(self, question: Hashable, work: Callable[[], Answer]) -> Answer:
        """What `work` returns or raises, be it this thread's or one's that asked a moment earlier."""
        with self._lock:
            answer = self._under_way.get(question)
            mine = answer is None
            if answer is None:
                answer = self._under_way[question] = Future()
        if mine:
            self._work_out(question, answer, work)
        return answer.result()

    def _work_out(self, question: Hashable, answer: Future[Answer], work: Callable[[], Answer]) -> None:
        try:
            answer.set_result(work())
        except BaseException as error:  # noqa: BLE001 -- handed to everybody who waits, this thread included
            answer.set_exception(error)
        finally:
            with self._lock:
                del self._under_way[question]
