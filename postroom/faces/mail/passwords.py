"""What is asked over HTTP (docs/mailstack.md): by Dovecot about passwords (`POST /token`, `/verify`, `/rehash`), by
webmail about its first screen (`POST /preset`). Dovecot also tells what it has delivered (`POST /arrived`).

As much of HTTP/1.1 as Dovecot's Lua client speaks. Granian can be embedded too, but now and then its threads
outlive the loop and end the process with an abort.
"""

import asyncio
import base64
import binascii
import hmac
import logging
import time
import traceback
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable, Mapping

import msgspec

from postroom.actions import mail_signin, webmail
from postroom.core.address import fold
from postroom.core.errors import SignInRefused, TryAgain
from postroom.faces.mail.listener import Nonsense
from postroom.faces.mail.threads import Threads

log = logging.getLogger("postroom.mail")

LONGEST_HEAD = 8192
LONGEST_BODY = 4096
_BODY_WITHIN = 10.0  # seconds

_REASONS = {
    200: "OK", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
    411: "Length Required", 413: "Content Too Large", 500: "Internal Server Error", 503: "Service Unavailable",
}  # fmt: skip


class Request(msgspec.Struct, frozen=True):
    verb: str
    path: str
    secret: str
    body: bytes
    goes_on: bool

    def __repr__(self) -> str:
        return f"{self.verb} {self.path}"  # the rest is secret


class TokenQuestion(msgspec.Struct, frozen=True):
    login: str
    password: str
    service: str = ""


class PasswordQuestion(msgspec.Struct, frozen=True):
    login: str
    password: str


class LoginQuestion(msgspec.Struct, frozen=True):
    login: str


_token_question = msgspec.json.Decoder(TokenQuestion).decode
_password_question = msgspec.json.Decoder(PasswordQuestion).decode
_login_question = msgspec.json.Decoder(LoginQuestion).decode


class Passwords:
    def __init__(
        self, threads: Threads, secret: str, note: Callable[[bytes], None], clock: Callable[[], float] = time.time
    ) -> None:
        """`note` takes what Dovecot tells; raises MsgspecError."""
        self._threads = threads
        self._note = note
        self._secret = secret.encode()
        self._clock = clock
        self._questions = {
            "/token": self._token, "/verify": self._verify, "/rehash": self._rehash, "/preset": self._preset,
            "/arrived": self._arrived,
        }  # fmt: skip

    async def hear(self, reader: StreamReader, writer: StreamWriter) -> Request:
        verb, path, version, headers = parse_head(await reader.readuntil(b"\r\n\r\n"))
        length = length_of(headers)
        if headers.get("expect", "").lower() == "100-continue":  # Dovecot waits two seconds for that
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        async with asyncio.timeout(_BODY_WITHIN):
            body = await reader.readexactly(length)
        goes_on = version == "HTTP/1.1" and headers.get("connection", "").lower() != "close"
        return Request(verb, path, secret_of(headers), body, goes_on)

    async def answer(self, request: Request) -> tuple[bytes, bool]:
        try:
            status, told = await self._answer(request)
        except msgspec.MsgspecError:
            status, told = 400, {"error": "the body is not the JSON that was expected"}
        except SignInRefused as refused:
            status, told = 403, {"error": str(refused)}
        except TryAgain as error:
            status, told = 503, {"error": str(error)}
        except Exception as error:  # noqa: BLE001 -- logged, as far as it holds no secret
            # Without its text, which could hold what was asked.
            place = "".join(traceback.format_tb(error.__traceback__))
            log.error("%r: %s\n%s", request, type(error).__name__, place)
            status, told = 500, {"error": "Postroom cannot answer; its log says more"}
        return written(status, told, goes_on=request.goes_on), request.goes_on

    async def _answer(self, request: Request) -> tuple[int, Mapping[str, object]]:
        if not hmac.compare_digest(request.secret.encode(), self._secret):
            log.warning("%r without the right secret", request)
            return 401, {"error": "the header X-Postroom-Secret is missing or wrong"}
        ask = self._questions.get(request.path)
        if ask is None:
            return 404, {"error": f"there are {', '.join(self._questions)}"}
        if request.verb != "POST":
            return 405, {"error": "use POST"}
        return await ask(request.body)

    async def _token(self, body: bytes) -> tuple[int, Mapping[str, object]]:
        asked = _token_question(body)
        login = fold(asked.login)
        opens = _could_be_login(login) and await self._threads.run(
            mail_signin.token_opens, login, asked.password, self._clock()
        )
        if opens:
            log.info("%s signed in to %s with a token", login, asked.service[:20] or "mail")
        return (200, {}) if opens else (403, {"error": "no token of this account"})

    async def _verify(self, body: bytes) -> tuple[int, Mapping[str, object]]:
        asked = _password_question(body)
        login = fold(asked.login)
        fits = _could_be_login(login) and await self._threads.run(
            mail_signin.password_opens, login, asked.password, self._clock()
        )
        return (200, {}) if fits else (403, {"error": "not the password of this account, or not ours to check"})

    async def _preset(self, body: bytes) -> tuple[int, Mapping[str, object]]:
        login = fold(_login_question(body).login)
        found = await self._threads.run(webmail.preset, login) if _could_be_login(login) else None
        return (200, msgspec.structs.asdict(found)) if found else (403, {"error": "no such account"})

    async def _rehash(self, body: bytes) -> tuple[int, Mapping[str, object]]:
        asked = _password_question(body)
        login = fold(asked.login)
        if not _could_be_login(login):
            return 403, {"error": "no such account"}
        return 200, {"rehashed": await self._threads.run(mail_signin.rehash, login, asked.password)}

    async def _arrived(self, body: bytes) -> tuple[int, Mapping[str, object]]:
        self._note(body)
        return 200, {}


def secret_of(headers: Mapping[str, str]) -> str:
    """In a header of its own; or as a password, for Dovecot's exporter has nothing but a URL to put it in."""
    kind, _, written = headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return headers.get("x-postroom-secret", "")
    try:
        return base64.b64decode(written, validate=True).decode("latin-1").partition(":")[2]
    except binascii.Error:
        return ""


def parse_head(head: bytes) -> tuple[str, str, str, dict[str, str]]:
    """Verb, path, version, and headers with their names in small letters. Raises Nonsense."""
    first, *lines = head.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or words[2] not in {"HTTP/1.0", "HTTP/1.1"}:
        raise Nonsense("that is not HTTP", _refusal(400))
    headers: dict[str, str] = {}
    for name, colon, value in (line.partition(":") for line in lines):
        if not colon or name.lower() in headers:
            raise Nonsense("a header is no header, or is there twice", _refusal(400))
        headers[name.lower()] = value.strip(" \t")
    return words[0], words[1], words[2], headers


def length_of(headers: Mapping[str, str]) -> int:
    """Of the body. Raises Nonsense where that is not told or too much."""
    if "transfer-encoding" in headers:
        raise Nonsense("the body has no length", _refusal(411))
    length = headers.get("content-length", "0")
    if not length.isascii() or not length.isdecimal():
        raise Nonsense("the length of the body is no number", _refusal(400))
    if len(length) > 9 or int(length) > LONGEST_BODY:
        raise Nonsense(f"the body has more than {LONGEST_BODY} bytes", _refusal(413))
    return int(length)


def _could_be_login(login: str) -> bool:
    return 0 < len(login) <= 254 and login.isprintable()


def _refusal(status: int) -> bytes:
    return written(status, {"error": _REASONS[status]}, goes_on=False)


def written(status: int, told: Mapping[str, object], *, goes_on: bool) -> bytes:
    body = msgspec.json.encode(told)
    head = (
        f"HTTP/1.1 {status} {_REASONS[status]}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: {'keep-alive' if goes_on else 'close'}\r\n\r\n"
    )
    return head.encode("latin-1") + body
