"""In front of the dimail face: faults that were asked for, the control surface, and the mail platform in step."""

import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Final, TypeAlias
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import msgspec

from postroom.faces.dimail_fake import control, in_step
from postroom.faces.dimail_fake.commands import Fake
from postroom.faces.dimail_fake.faults import Call, Fault, Reply

DROP: Final = "postroom.drop"
"""The key under which the server gives a function that ends the connection without an answer."""
HEALTH: Final = "/healthz"

Headers: TypeAlias = list[tuple[str, str]]


class Answer(msgspec.Struct, frozen=True):
    status: str
    headers: Headers
    body: bytes


class Door:
    """A WSGI application. It answers when the platform has what the call has changed."""

    def __init__(self, face: WSGIApplication, fake: Fake, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._face = face
        self._fake = fake
        self._sleep = sleep

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == HEALTH:
            answer: Answer | None = Answer("200 OK", [("Content-Type", "text/plain; charset=utf-8")], b"ok\n")
        elif path.startswith(control.PREFIX):
            answer = self._commanded(environ)
        else:
            answer = self._called(environ)
        if answer is None:
            environ[DROP]()
            answer = Answer("500 Internal Server Error", [], b"")  # nobody is left to read it
        start_response(answer.status, answer.headers)
        return [answer.body]

    def _commanded(self, environ: WSGIEnvironment) -> Answer:
        status, found = control.answer(environ, self._fake)
        body = msgspec.json.encode(found)
        return Answer(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))], body)

    def _called(self, environ: WSGIEnvironment) -> Answer | None:
        """None: the connection is to be dropped."""
        method = environ["REQUEST_METHOD"]
        path = environ.get("PATH_INFO", "").encode("latin-1").decode(errors="replace")
        fault = self._fake.faults.next_for(method, path)
        answer = self._answered(environ, fault)
        self._fake.faults.note(
            Call(
                at=datetime.now(UTC).isoformat(timespec="milliseconds"),
                method=method,
                path=path,
                query=environ.get("QUERY_STRING", ""),
                scheme=environ.get("HTTP_AUTHORIZATION", "").partition(" ")[0].lower(),
                status=int(answer.status[:3]) if answer else None,
                fault=fault is not None,
            )
        )
        return answer

    def _answered(self, environ: WSGIEnvironment, fault: Fault | None) -> Answer | None:
        if fault is None:
            return self._truly(environ)
        true = self._truly(environ) if fault.done else None
        if fault.delay:
            self._sleep(fault.delay)
        if fault.drop:
            return None
        if fault.reply:
            return _told(fault.reply)
        return true or self._truly(environ)

    def _truly(self, environ: WSGIEnvironment) -> Answer:
        seen: list[tuple[str, Headers]] = []

        def start(status: str, headers: Headers, *_: object) -> Callable[[bytes], object]:
            seen.append((status, headers))
            return _no_writing

        body = b"".join(self._face(environ, start))
        in_step.bring()
        status, headers = seen[-1]
        return Answer(status, headers, body)


def _told(reply: Reply) -> Answer:
    headers = [("Content-Type", reply.content_type), ("Content-Length", str(len(reply.body)))]
    return Answer(f"{reply.status} Told to", headers, reply.body)


def _no_writing(_: bytes) -> None:
    raise NotImplementedError("the face answers by what it returns")
