"""POST /control/<command> with a JSON object of arguments; docs/dimail-fake.md."""

from typing import Final
from wsgiref.types import WSGIEnvironment

import msgspec

from postroom.core.errors import BadRequest, PostroomError
from postroom.faces.dimail_fake.commands import Fake, Told, run

PREFIX: Final = "/control/"
_LARGEST: Final = 10_000_000
_DIGITS: Final = 12
"""Of a length; thousands of them Python does not read."""


def answer(environ: WSGIEnvironment, fake: Fake) -> tuple[str, Told]:
    """The status, and what is to be encoded."""
    if environ["REQUEST_METHOD"] != "POST":
        return "405 Method Not Allowed", {"error": "call it with POST and a JSON object"}
    name = environ["PATH_INFO"].removeprefix(PREFIX).strip("/")
    try:
        return "200 OK", run(fake, name, _arguments(environ))
    except msgspec.MsgspecError as error:
        return "400 Bad Request", {"error": str(error)}
    except PostroomError as error:
        return "400 Bad Request", {"error": str(error), "hints": dict(error.hints)}


def _arguments(environ: WSGIEnvironment) -> bytes:
    announced = environ.get("CONTENT_LENGTH") or "0"
    is_length = announced.isdecimal() and len(announced) <= _DIGITS and not environ.get("HTTP_TRANSFER_ENCODING")
    if not is_length or int(announced) > _LARGEST:
        raise BadRequest(f"The body must say how long it is, and be at most {_LARGEST} bytes")
    body: bytes = environ["wsgi.input"].read(int(announced))
    return body or b"{}"
