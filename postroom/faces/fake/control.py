"""POST /fake/<command> with a JSON object of arguments. Plain WSGI, only where the operator switched it on."""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

import msgspec

from postroom.actions import live
from postroom.core.errors import PostroomError

PREFIX = "/fake/"
_LARGEST = 1_000_000


def respond(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    status, answer = _answer(environ)
    body = msgspec.json.encode(answer)
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def _answer(environ: WSGIEnvironment) -> tuple[str, dict[str, object]]:
    if environ["REQUEST_METHOD"] != "POST":
        return "405 Method Not Allowed", {"error": "call it with POST and a JSON object"}
    try:
        arguments = msgspec.json.decode(environ["wsgi.input"].read(_LARGEST) or b"{}", type=dict[str, object])
        return "200 OK", live.command_fake(environ["PATH_INFO"].removeprefix(PREFIX).strip("/"), arguments)
    except msgspec.MsgspecError as error:
        return "400 Bad Request", {"error": str(error)}
    except PostroomError as error:
        return "400 Bad Request", {"error": str(error), "hints": dict(error.hints)}
